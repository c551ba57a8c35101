"""process.toml: what a process is called, who owns it, who may start it, and what it reacts to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from workflows import feel
from workflows.errors import PackageRefused
from workflows.packages.findings import Findings
from workflows.packages.reactions import Listens, Opens, read_listens, read_opens

FILE = "process.toml"
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,7}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What process.toml says.

    Attributes:
        main: The id of the BPMN process that a case runs.
        start_roles: Who may start it; empty is everybody with an account.
        start_form: The id of the form that starts it; None asks nothing.
        content_form: The id of the form whose answers are what a case is about, shown to its readers after those of the start.
        area, organisation: Those of a case: FEEL over the start answers with a leading `=`, else the code itself.
        once: The key under which no second case may be open: FEEL over the start answers.
        needed_by: The moment by which the answer is needed, such as the first arrival: FEEL over the start answers.
        opens: Rules by which cases start without a person.
        listens: Rules by which open cases are told of events.
        sources: The policies that it carries out.
    """

    title: str
    main: str
    owner_role: str
    number_prefix: str
    about: str = ""
    start_roles: tuple[str, ...] = ()
    start_form: str | None = None
    content_form: str | None = None
    area: str | None = None
    organisation: str | None = None
    retention_days: int | None = None
    sources: tuple[str, ...] = ()
    once: str | None = None
    needed_by: str | None = None
    opens: tuple[Opens, ...] = ()
    listens: tuple[Listens, ...] = ()

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Yield names and JSON values, so that `dict(manifest)` is what can be stored."""
        for each in fields(self):
            value = getattr(self, each.name)
            yield each.name, [_plain(one) for one in value] if isinstance(value, tuple) else value


def _plain(value: str | Opens | Listens) -> Any:
    return value if isinstance(value, str) else dict(value)


_KINDS: Mapping[str, type] = {
    "title": str, "main": str, "owner_role": str, "number_prefix": str, "about": str, "start_roles": list, "start_form": str,
    "content_form": str,
    "area": str, "organisation": str, "retention_days": int, "sources": list, "once": str,
    "needed_by": str,
}  # fmt: skip
_RULES: Mapping[str, Callable[[Mapping[str, Any], str, Findings], Opens | Listens | None]] = {
    "opens": read_opens,
    "listens": read_listens,
}
_REQUIRED = ("title", "main", "owner_role", "number_prefix")


def read_manifest(content: bytes, findings: Findings) -> Manifest | None:
    """Read process.toml; None, with problems noted, when it cannot be used."""
    table = findings.toml(FILE, content)
    return None if table is None else _read_table(table, findings)


def manifest_from_json(stored: Mapping[str, Any]) -> Manifest:
    """Read what `dict(manifest)` has stored; what it did not know yet is missing there.

    Raises:
        PackageRefused: It is no manifest.
    """
    findings = Findings(problems=[])
    manifest = _read_table({name: value for name, value in stored.items() if value is not None}, findings)
    if manifest is None:
        raise PackageRefused(findings.problems)
    return manifest


def _read_table(table: Mapping[str, Any], findings: Findings) -> Manifest | None:
    before = len(findings.problems)
    for name in sorted(table.keys() - _KINDS.keys() - _RULES.keys()):
        known = ", ".join((*_KINDS, *_RULES))
        findings.report(FILE, "{name} is not known here.", "Known here: {known}.", name=name, known=known)
    for name in _REQUIRED:
        if not table.get(name):
            findings.report(FILE, "{name} is missing.", name=name)
    values = {name: _read_value(name, table[name], findings) for name in _KINDS if name in table}
    values |= {name: _read_rules(name, table[name], findings) for name in _RULES if name in table}
    if len(findings.problems) > before:
        return None
    _check(values, findings)
    return Manifest(**values) if len(findings.problems) == before else None


def _read_value(name: str, value: Any, findings: Findings) -> Any:
    kind = _KINDS[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        words = {str: "a text", int: "a whole number", list: "a list of texts"}[kind]
        findings.report(FILE, "{name} must be {kind}.", name=name, kind=words)
    elif isinstance(value, list):
        if not all(isinstance(each, str) for each in value):
            findings.report(FILE, "{name} must be {kind}.", name=name, kind="a list of texts")
        return tuple(value)
    return value


def _read_rules(name: str, value: Any, findings: Findings) -> tuple[Any, ...]:
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        findings.report(FILE, "{name} must be {kind}.", name=name, kind=f"tables, each headed [[{name}]]")
        return ()
    return tuple(_RULES[name](each, place_of(name, number), findings) for number, each in enumerate(value, start=1))


def place_of(name: str, number: int) -> str:
    """Say where a rule stands, for a problem in it."""
    return f"{FILE}: [[{name}]] {number}"


def _check(values: Mapping[str, Any], findings: Findings) -> None:
    if not _PREFIX.fullmatch(values["number_prefix"]):
        findings.report(FILE, "The number prefix {prefix} must be two to eight capital letters.", prefix=values["number_prefix"])
    if values.get("retention_days") is not None and values["retention_days"] < 0:
        findings.report(FILE, "retention_days must be 0 or more.")
    for name in ("area", "organisation", "once", "needed_by"):
        text = values.get(name, "")
        if text.startswith("="):
            try:
                feel.parse(text[1:])
            except feel.FeelError as error:
                findings.report(FILE, "{name} cannot be read: {reason}", name=name, reason=str(error))
