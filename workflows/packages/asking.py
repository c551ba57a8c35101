"""Messages that people send to a case: what the event that catches one says of its form, and of who may send it about what."""

from __future__ import annotations

from collections.abc import Collection

from workflows.diagrams import Element
from workflows.packages.findings import Findings
from workflows.packages.package import Package

#: The form that asks for what the message carries.
ASK_FORM = "ask.form"
#: What an event that catches a message of a person says of it before it is sent.
ASK_NOTE = "ask.note"
#: An expression for whether it is offered now; without it, as long as the case waits for it.
ASK_WHEN = "ask.when"
#: The roles that may send it, after commas; without it the parties of the case may.
ASK_ROLE = "ask.role"
#: An expression for the rows that officials may send it about, each with a `key` and an `area`.
ASK_ROWS = "ask.rows"
#: The answer that has the key of the row that is meant; without it there is one row, which is meant.
ASK_ROW = "ask.row"
#: The act that sending it is, from which the rules of separation follow as on a task; without it an official decides.
ASK_ACT = "ask.act"


def roles_asked(event: Element) -> list[str]:
    """Return the codes of the roles that may send the message; none when it is for the parties of the case."""
    return [role.strip() for role in event.properties.get(ASK_ROLE, "").split(",") if role.strip()]


def check_asking(package: Package, roles: Collection[str] | None, findings: Findings) -> None:
    """Name what is missing for a message to be sent by people."""
    for file, diagram in package.diagrams.items():
        for event in diagram.elements.values():
            if event.event is not None and event.event.kind == "message":
                _check_event(f"{file}: {event.id}", event, package, roles, findings)


def _check_event(place: str, event: Element, package: Package, roles: Collection[str] | None, findings: Findings) -> None:
    form = event.properties.get(ASK_FORM)
    if form is not None and form not in package.forms:
        findings.report(
            place,
            "There is no form “{form}”.{hint}",
            "Create it in the folder forms, or choose one that exists.",
            form=form,
            hint="",
        )
    if roles is not None:
        for role in sorted(set(roles_asked(event)) - set(roles)):
            findings.report(place, "There is no role {role}.", role=role)
    if ASK_ROLE in event.properties and not {ASK_FORM, ASK_ROWS} <= event.properties.keys():
        findings.report(
            place,
            "It is said which role sends this message, but not how it is asked about what.",
            "Write ask.form, ask.rows (an expression for the rows) and ask.row (the answer that chooses one).",
        )
