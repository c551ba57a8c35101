"""Whether the rules of process.toml fit the diagram that they start, the form that they read, and the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from workflows import feel
from workflows.diagrams import Element
from workflows.forms import Field
from workflows.packages.findings import Findings
from workflows.packages.manifest import FILE, place_of
from workflows.packages.package import Package
from workflows.packages.reactions import Listens, Opens, formulas

EVENT, DUE, CASE = "event", "due", "case"
REQUESTER = "requester"


def check_reactions(package: Package, operations: Collection[str] | None, findings: Findings) -> None:
    """Check everything by which a process reacts."""
    starts = start_events(package)
    for number, opens in enumerate(package.manifest.opens, start=1):
        _check_opens(opens, place_of("opens", number), starts, operations, findings)
    for number, listens in enumerate(package.manifest.listens, start=1):
        _check_listens(listens, place_of("listens", number), operations, findings)
    _check_once(package, findings)
    _check_entered(package, starts, findings)


def start_events(package: Package) -> dict[str, Element]:
    """Return the start events of the main process, by id."""
    main = package.manifest.main
    found = (each for diagram in package.diagrams.values() for each in diagram.elements.values())
    return {each.id: each for each in found if each.kind == "startEvent" and each.scope == main}


def find_start(package: Package, start: str | None) -> Element | None:
    """Find the start event that a rule enters: by its message or signal, by its id, or the one without a trigger."""
    return _find_start(start_events(package), start)


def _find_start(starts: dict[str, Element], start: str | None) -> Element | None:
    if start is None:
        return next((each for each in starts.values() if each.event is None or each.event.kind == "none"), None)
    named = (each for each in starts.values() if each.event is not None and each.event.name == start)
    return starts.get(start) or next(named, None)


def _check_opens(
    opens: Opens, where: str, starts: dict[str, Element], operations: Collection[str] | None, findings: Findings
) -> None:
    if _find_start(starts, opens.start) is None:
        known = ", ".join(_names_of(starts)) or "-"
        if opens.start is None:
            findings.report(
                where, "The main process has no start event without a trigger.", "Name one in start: {known}.", known=known
            )
        else:
            findings.report(
                where, "The main process has no start event for {start}.", "Known here: {known}.", start=opens.start, known=known
            )
    _check_operation(opens.daily, "daily", where, operations, findings)
    subject = EVENT if opens.daily is None else DUE
    _check_condition(opens.when, {subject}, where, findings)
    for name, value in (("once", opens.once), ("answers", opens.answers)):
        _check_formulas(name, value, {subject}, where, findings)


def _check_listens(listens: Listens, where: str, operations: Collection[str] | None, findings: Findings) -> None:
    _check_operation(listens.targets, "targets", where, operations, findings)
    _check_condition(listens.when, {EVENT, CASE}, where, findings)
    for name, value in (("key", listens.key), ("payload", listens.payload)):
        _check_formulas(name, value, {EVENT, CASE}, where, findings)


def _names_of(starts: dict[str, Element]) -> Iterator[str]:
    for start in starts.values():
        if start.event is not None and start.event.kind != "none":
            yield start.event.name or start.id


def _check_operation(name: str | None, field: str, where: str, operations: Collection[str] | None, findings: Findings) -> None:
    if name is not None and operations is not None and name not in operations:
        findings.report(where, "{field} names {operation}, which is no operation.", field=field, operation=name)


def _check_once(package: Package, findings: Findings) -> None:
    once, form = package.manifest.once, package.manifest.start_form
    if once is None or form is None or form not in package.forms:
        return
    asked = set(_keys(package.forms[form].fields))
    _check_formulas("once", once, {*asked, REQUESTER}, FILE, findings)


def _keys(fields: tuple[Field, ...]) -> Iterator[str]:
    """The names of the answers at the top of a form: a group without a key is only a frame around its fields."""
    for field in fields:
        if field.key:
            yield field.key
        else:
            yield from _keys(field.fields)


def _check_entered(package: Package, starts: dict[str, Element], findings: Findings) -> None:
    """A start event with a trigger that no rule enters would never start anything."""
    entered = {found.id for opens in package.manifest.opens if (found := _find_start(starts, opens.start)) is not None}
    for start in starts.values():
        if start.id not in entered and start.event is not None and start.event.kind != "none":
            findings.report(
                FILE, "Nothing enters the start event {id}.", "Write an [[opens]] with start = “{name}”.",
                id=start.id, name=start.event.name or start.id,
            )  # fmt: skip


def _check_condition(text: str | None, known: Collection[str], where: str, findings: Findings) -> None:
    if text is not None:
        _check_formulas("when", f"={text.removeprefix('=')}", known, where, findings)


def _check_formulas(name: str, value: Any, known: Collection[str], where: str, findings: Findings) -> None:
    for text in formulas(value):
        try:
            expression = feel.parse(text)
        except feel.FeelError as error:
            findings.report(where, "{name} cannot be read: {reason}", name=name, reason=str(error))
            continue
        for unknown in sorted(expression.names - set(known)):
            findings.report(
                where, "{name} mentions {unknown}, which is not known here.", "Known here: {known}.",
                name=name, unknown=unknown, known=", ".join(sorted(known)),
            )  # fmt: skip
