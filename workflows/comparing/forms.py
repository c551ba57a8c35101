"""What differs between the forms of two versions, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflows.comparing.differences import CHANGED, Difference, kind_of, pairs, shown
from workflows.forms import Field, Form
from workflows.packages import Package

_SENTENCES = {
    "label": "Form {form}: the question “{old}” now reads “{new}”.",
    "required": "Form {form}: “{field}” must be answered: {new}, before {old}.",
    "options": "Form {form}: “{field}” now offers {new}, before {old}.",
    "hide": "Form {form}: “{field}” is now left out when {new}, before when {old}.",
    "kind": "Form {form}: “{field}” became another kind of question: {new}, before {old}.",
}
_OTHER_SENTENCE = "Form {form}: {what} of “{field}” became {new}, before {old}."


def compare_forms(old: Package, new: Package) -> Iterator[Difference]:
    """Say what differs in the forms of two packages."""
    for key, before, after in pairs(old.forms, new.forms):
        if before is None or after is None:
            sentence = "The form {form} is new." if before is None else "The form {form} is gone."
            yield _difference(key, key, kind_of(before, after), sentence)
        else:
            yield from _compare(key, before, after)


def _compare(form: str, old: Form, new: Form) -> Iterator[Difference]:
    was, is_now = (dict(_fields(each.fields)) for each in (old, new))
    for key, before, after in pairs(was, is_now):
        name = (after or before or {}).get("label") or key
        if before is None or after is None:
            sentence = "Form {form}: the question “{field}” is new." if before is None else "Form {form}: “{field}” is gone."
            yield _difference(form, key, kind_of(before, after), sentence, field=name)
            continue
        for what in before:
            if before[what] != after[what]:
                facts = {"field": name, "what": what, "old": shown(before[what]), "new": shown(after[what])}
                yield _difference(form, key, CHANGED, _SENTENCES.get(what, _OTHER_SENTENCE), **facts)
    kept = [key for key in was if key in is_now]
    if kept != [key for key in is_now if key in was]:
        yield _difference(form, form, CHANGED, "Form {form}: the questions come in another order.")


def _fields(fields: tuple[Field, ...], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for each in fields:
        key = f"{path}{each.key or each.id}"
        yield key, _facts_of(each)
        yield from _fields(each.fields, f"{key}.")


def _facts_of(each: Field) -> dict[str, Any]:
    limits, choices = each.limits, each.choices
    return {
        "label": each.label or each.text,
        "kind": each.kind,
        "required": shown(limits.required),
        "options": shown([f"{choice.label} ({choice.value})" for choice in choices.fixed] if choices else ())
        + (f" {choices.key or choices.register or shown(choices.expression)}" if choices and not choices.fixed else ""),
        "hide": shown(each.hide),
        "description": each.description,
        "default": shown(each.default),
        "locked": shown(each.locked),
        "limits": shown(
            [
                *(limits.least, limits.most, limits.least_length, limits.most_length, limits.pattern, limits.text_format),
                *(limits.not_past, limits.decimals, *((rule.holds, rule.sentence) for rule in limits.rules)),
            ]
        ),
        "rows": shown(each.rows),
        "files": shown([each.files.accept, each.files.most_files, each.files.most_bytes] if each.files else ()),
        "properties": shown(dict(each.properties)),
    }


def _difference(form: str, where: str, kind: str, sentence: str, **facts: Any) -> Difference:
    file = f"forms/{form}.form"
    return Difference(where=where, part="form", kind=kind, file=file, sentence=sentence, facts={"form": form, **facts})
