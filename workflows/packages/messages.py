"""Notification texts: one file per code, a subject and a body per language, placeholders in braces.

Above the first language a file may say what kind of notice it is (`kind: reminder`), and whether it can wait (`urgent: yes`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows import feel
from workflows.errors import PackageRefused
from workflows.packages.findings import Findings

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
MISSING = "—"
#: What a notice is about, as people choose how they want to be told of it.
KINDS = ("task", "reminder", "request", "decision", "substitution", "digest")
UNSAID = "decision"
_DECLARED = re.compile(r"(kind|urgent):[ \t]*(\S+)")
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
        kind: One of KINDS; None where the file does not say it.
        urgent: It concerns somebody's safety: nobody can switch it off, and it never waits.
    """

    code: str
    texts: Mapping[str, tuple[str, str]]
    placeholders: frozenset[str]
    kind: str | None = None
    urgent: bool = False

    def mentioned(self, language: str) -> frozenset[str]:
        """Tell which paths the text in one language mentions."""
        return frozenset(_BRACES.findall("\n".join(self.texts[language])))

    def render(self, locale: str, variables: Mapping[str, Any], *, show: Show | None = None) -> tuple[str, str]:
        """Return subject and body in a language, or in English where it has no such text.

        Args:
            show: Writes a value for a reader of a language; without it, as FEEL writes it. What is missing is a dash.
        """
        language = locale.replace("-", "_").partition("_")[0].lower()
        language = next(each for each in (language, "en", *self.texts) if each in self.texts)
        write = show or plain
        values = {path: _value(path, variables) for path in self.placeholders}

        def fill(text: str) -> str:
            return _BRACES.sub(lambda found: _shown(values.get(found.group(1)), language, write), text)

        subject, body = self.texts[language]
        # A value with a line break in a subject would be a header of its own.
        return _BREAKS.sub(" ", fill(subject)).strip(), fill(body)


def _shown(value: Any, language: str, write: Show) -> str:
    return MISSING if value is None or value in ("", []) else write(value, language)


def plain(value: Any, language: str) -> str:
    """Write a value as FEEL writes it."""
    if isinstance(value, list):
        return ", ".join(plain(each, language) for each in value)
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
    declared = _read_opening(file, opening, findings)
    if declared is None or not rest:
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
    kind, urgent = declared.get("kind"), declared.get("urgent") == "yes"
    return Message(code=code, texts=texts, placeholders=placeholders, kind=kind, urgent=urgent)


def read_messages(files: Mapping[str, bytes]) -> dict[str, Message]:
    """Read texts that belong to no process, by code.

    Raises:
        PackageRefused: With every problem of every file.
    """
    findings = Findings(problems=[])
    read = [read_message(file, content, findings) for file, content in sorted(files.items())]
    if findings.problems:
        raise PackageRefused(findings.problems)
    return {message.code: message for message in read if message is not None}


def _read_opening(file: str, opening: str, findings: Findings) -> dict[str, str] | None:
    """Read what stands above the first language; None when it is something else."""
    declared: dict[str, str] = {}
    for line in filter(None, map(str.strip, opening.splitlines())):
        found = _DECLARED.fullmatch(line)
        if found is None:
            return None
        declared[found.group(1)] = found.group(2)
    if declared.get("kind", UNSAID) not in KINDS:
        findings.report(file, "There is no kind of notice {kind}.", f"Choose one of: {', '.join(KINDS)}.", kind=declared["kind"])
    if declared.get("urgent", "no") not in {"yes", "no"}:
        findings.report(file, "urgent must be yes or no.")
    return declared


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
