"""What a message of a person carries, read by the form of the message as the answers of a task are.

The event that catches the message names its form. Messages without a form, and those of the system, carry what they carry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import attachments, authority, definitions, registers
from services.cases import officials
from services.cases.loading import look_into
from services.models.cases import Case
from services.people import Actor
from workflows import forms
from workflows.diagrams import Element
from workflows.packages import ASK_FORM, Package

#: Messages that take a request back: whichever process, they ask for the reason only.
WITHDRAWALS = frozenset({"MSG_WITHDRAW", "MSG_WITHDRAW_ASSESSMENT"})
WITHDRAWN_BY = "withdrawn_by"
_WHY = "Why do you withdraw the request?"


def withdrawal_form(label: str = _WHY) -> forms.Form:
    """Ask only why: it is the same for every process whose event names no form."""
    limits = forms.Limits(required=True, most_length=1000)
    reason = forms.Field(kind="textarea", id="reason", key="reason", label=label, limits=limits)
    return forms.Form(id="withdraw", name="withdraw", fields=(reason,))


def read_payload(
    session: Session, case: Case, name: str, payload: Mapping[str, Any], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Turn what a person sends into values; a withdrawal says who withdraws, whatever was sent.

    Args:
        case: The case that waits for it, with its engine state.

    Raises:
        AnswersInvalid: It is not what the form of the message asks for.
    """
    package = definitions.get_package(session, case.version_id)
    event, form = find_form(package, name)
    if form is None:
        return dict(payload)
    known = look_into(session, case, now=now).variables
    asker = authority.asker_of(session, actor.person, now)
    scope = {
        **known,
        "rows": _rows(session, case, event, known, actor=actor, now=now),
        "options": registers.options_for(session, form, asker=asker, now=now, answers=payload),
    }
    named = forms.named_files(form.fields, payload)
    files = attachments.references_for(session, named, person=actor.person)
    answers = form.read_answers(payload, scope, now=now, files=files)
    return {**answers, WITHDRAWN_BY: actor.person} if name in WITHDRAWALS else answers


def find_form(package: Package, name: str) -> tuple[Element | None, forms.Form | None]:
    """Find the form of a message, with the event that names it."""
    for event in _catching(package, name):
        if ASK_FORM in event.properties:
            return event, package.forms.get(event.properties[ASK_FORM])
    return None, withdrawal_form() if name in WITHDRAWALS else None


def _catching(package: Package, name: str) -> Iterator[Element]:
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if element.event is not None and element.event.kind == "message" and element.event.name == name:
                yield element


def _rows(
    session: Session, case: Case, event: Element | None, known: Mapping[str, Any], *, actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    """List what an official may send the message about, as the form chooses from it; names are for pages only."""
    if event is None or not officials.is_for_officials(event):
        return []
    found = officials.list_rows(session, case, event, known, actor=actor, now=now)
    return [{**row, "area_name": row["area"], "who": ""} for row in found]
