"""Attachments in answers: references to files that are kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.forms.fields import Field, FileLimits, asked
from workflows.forms.leaves import WrongAnswer, in_sentence

_Places = Iterator[tuple[dict[str, Any], str, Field, str]]
_PARTS = {"file": str, "name": str, "size": int, "type": str}


def file_places(fields: tuple[Field, ...], raw: Any, where: str = "") -> _Places:
    """Yield where raw answers name files, or could: the mapping, the key in it, the field, and its path as pages write it."""
    if not isinstance(raw, dict):
        return
    for field in asked(fields):
        name = f"{where}.{field.key}" if where else field.key
        if field.kind == "filepicker":
            yield raw, field.key, field, name
        elif field.kind == "group":
            yield from file_places(field.fields, raw.get(field.key), name)
        elif field.kind == "dynamiclist":
            listed = raw.get(field.key)
            for number, row in enumerate(listed if isinstance(listed, list) else []):
                yield from file_places(field.fields, row, f"{name}.{number}")


def named_files(fields: tuple[Field, ...], raw: Any) -> frozenset[str]:
    """Return the ids of the files that raw answers name."""
    return frozenset(each for place, key, _, _ in file_places(fields, raw) for each in identities(place.get(key)))


def identities(answer: Any) -> list[str]:
    """Return the ids in an answer: one or several, each an id or a reference."""
    listed = answer if isinstance(answer, list) else [answer]
    found = (each.get("file") if isinstance(each, Mapping) else each for each in listed)
    return [each for each in found if isinstance(each, str) and each]


def check_files(field: Field, answer: list[Any], files: Mapping[str, Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return references {file, name, size, type}, once each.

    Args:
        files: The attachments at hand by id. What they say counts, not what the answer says about them; None believes the answer.

    Raises:
        WrongAnswer: Too many, too large, of another type, or not at hand.
    """
    limits = field.files or FileLimits()
    references = {reference["file"]: reference for reference in (_reference(field, each, files) for each in answer)}
    if len(references) > limits.most_files:
        sentence = "{label} can have one file only" if limits.most_files == 1 else "{label} can have {most} files or fewer"
        raise WrongAnswer(sentence, label=field.label, most=limits.most_files)
    for reference in references.values():
        _check_file(field, limits, reference)
    return list(references.values())


def _reference(field: Field, answer: Any, files: Mapping[str, Mapping[str, Any]] | None) -> dict[str, Any]:
    identity = answer.get("file") if isinstance(answer, Mapping) else answer
    found = files.get(identity) if files is not None and isinstance(identity, str) else answer
    if not isinstance(found, Mapping):
        raise WrongAnswer("A file for {label} is no longer there. Add it again", label=in_sentence(field.label))
    reference: dict[str, Any] = {**{part: found.get(part) for part in _PARTS}, "file": identity}
    if isinstance(reference["size"], str) and reference["size"].isascii() and reference["size"].isdigit():
        reference["size"] = int(reference["size"])  # a page sends everything as text
    if any(not isinstance(reference[part], kind) or isinstance(reference[part], bool) for part, kind in _PARTS.items()):
        raise WrongAnswer("A file for {label} is no longer there. Add it again", label=in_sentence(field.label))
    return reference


def _check_file(field: Field, limits: FileLimits, reference: Mapping[str, Any]) -> None:
    if limits.most_bytes is not None and reference["size"] > limits.most_bytes:
        facts = {"name": reference["name"], "most": in_words(limits.most_bytes), "size": in_words(reference["size"])}
        raise WrongAnswer("The file {name} must be smaller than {most} (yours is {size})", **facts)
    if limits.accept and not any(_fits(each, reference) for each in limits.accept):
        raise WrongAnswer(
            "The file {name} must be one of these: {accept}", name=reference["name"], accept=", ".join(limits.accept)
        )


def _fits(accepted: str, reference: Mapping[str, Any]) -> bool:
    """Tell whether a file fits ".pdf", "image/png" or "image/*"."""
    if accepted.startswith("."):
        return str(reference["name"]).lower().endswith(accepted)
    media = str(reference["type"]).lower()
    return media.startswith(accepted[:-1]) if accepted.endswith("/*") else media == accepted


def in_words(size: int) -> str:
    """Write a number of bytes as people do: "20 MB"."""
    for unit, factor in (("MB", 1_000_000), ("KB", 1_000)):
        if size >= factor:
            return f"{size / factor:.1f}".removesuffix(".0") + f" {unit}"
    return f"{size} B"
