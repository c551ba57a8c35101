"""Notification texts: one file per code, a subject and a body per language, placeholders in braces."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows import feel
from workflows.packages.findings import Findings

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
MISSING = "—"
_HEADING = re.compile(r"^# ([a-z]{2})[ \t]*$", re.MULTILINE)
_BRACES = re.compile(r"\{([^{}]*)\}")
# A path and nothing else: a text for people is no place for a calculation.
_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*|\[-?\d{1,4}\])*")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")

Show = Callable[[Any, str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A notification text.

    Attributes:
        texts: Subject and body by language.
        placeholders: The paths that its texts mention, in any language.
    """

    code: str
    texts: Mapping[str, tuple[str, str]]
    placeholders: frozenset[str]

    def render(self, locale: str, variables: Mapping[str, Any], *, show: Show | None = None) -> tuple[str, str]:
        """Return subject and body in a language, or in English where it has no such text.

        Args:
            show: Writes a value for a reader of a language; without it, as FEEL writes it. What is missing is a dash.
        """
        language = locale.replace("-", "_").partition("_")[0].lower()
        language = next(each for each in (language, "en", *self.texts) if each in self.texts)
        write = show or _plain
        values = {path: _value(path, variables) for path in self.placeholders}

        def fill(text: str) -> str:
            return _BRACES.sub(lambda found: _shown(values.get(found.group(1)), language, write), text)

        subject, body = self.texts[language]
        # A value with a line break in a subject would be a header of its own.
        return _BREAKS.sub(" ", fill(subject)).strip(), fill(body)


def _shown(value: Any, language: str, write: Show) -> str:
    return MISSING if value is None or value in ("", []) else write(value, language)


def _plain(value: Any, language: str) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(each, language) for each in value)
    return str(feel.to_json(feel.parse("string(it)").evaluate({"it": value})))


def _value(path: str, variables: Mapping[str, Any]) -> Any:
    return feel.to_json(feel.parse(path).evaluate(variables))


def read_message(file: str, content: bytes, findings: Findings) -> Message | None:
    """Read messages/<code>.md; None, with problems noted, when it cannot be used."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        findings.report(file, "The file is not written in UTF-8.")
        return None
    opening, *rest = _HEADING.split(text)
    if opening.strip() or not rest:
        findings.report(file, "The file must begin with a line that names a language, such as # en.")
        return None
    texts: dict[str, tuple[str, str]] = {}
    for language, section in zip(rest[::2], rest[1::2], strict=True):
        if language in texts or language not in LANGUAGES:
            findings.report(file, "{language} stands twice, or is no language here.", language=language)
        texts[language] = _read_section(file, language, section, findings)
    placeholders = frozenset(path for parts in texts.values() for part in parts for path in _BRACES.findall(part))
    for path in sorted(placeholders):
        if not _is_path(path):
            findings.report(file, "{placeholder} is no path of a variable.", placeholder=f"{{{path}}}")
            return None
    code = file.rpartition("/")[2].removesuffix(".md")
    return Message(code=code, texts=texts, placeholders=placeholders)


def _read_section(file: str, language: str, section: str, findings: Findings) -> tuple[str, str]:
    subject, _, body = section.strip().partition("\n")
    if not subject.strip() or not body.strip():
        findings.report(file, "The text in {language} needs a subject, an empty line, and a body.", language=language)
    elif body.partition("\n")[0].strip():
        findings.report(file, "In {language}, an empty line must stand between subject and body.", language=language)
    return subject.strip(), body.strip()


def _is_path(path: str) -> bool:
    if not _PATH.fullmatch(path):
        return False
    try:
        feel.parse(path)
    except feel.FeelError:
        return False
    return True
