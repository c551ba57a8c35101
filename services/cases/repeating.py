"""Asking for the same again: a new draft with the answers of a request that was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import definitions, drafts
from services.cases.loading import get_case, look_into
from services.cases.starting import ensure_may_start
from services.errors import CaseEmptied, NotFound
from services.models.cases import Case, RequestDraft
from services.people import Actor
from workflows import forms
from workflows.forms.fields import asked


def may_repeat(case: Case, actor: Actor) -> bool:
    """Say whether the actor may ask for the same again: the request is theirs, whatever became of it, and says what it was."""
    return case.emptied_at is None and _is_own(case, actor)


def repeat_request(session: Session, case_id: str, *, actor: Actor, now: datetime) -> RequestDraft:
    """Begin a draft with the answers of an earlier request of the actor; dates, files and confirmations stay out of it.

    Raises:
        NotFound: There is no such request of the actor.
        CaseEmptied: What it asked for was removed when its time was over.
        NotYourRole: The actor may no longer start this process.
        OperationFailed: Its answers cannot be read any more.
    """
    case = get_case(session, case_id)
    if not _is_own(case, actor):
        raise NotFound
    if case.emptied_at is not None:
        raise CaseEmptied
    version = definitions.current_version(session, case.process_key)
    ensure_may_start(session, version, actor=actor, now=now)
    package = definitions.get_package(session, version.id)
    name = package.manifest.start_form
    form = package.forms[name] if name else forms.EMPTY
    known = look_into(session, case, now=now).variables
    answers = {**form.default_answers({"requester": actor.person}), **dict(_repeated(form.fields, known))}
    return drafts.create_draft(session, case.process_key, actor=actor, now=now, answers=answers)


def _is_own(case: Case, actor: Actor) -> bool:
    return actor.person in {case.requester, case.started_by}


def _repeated(fields: tuple[forms.Field, ...], known: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the answers that hold for another time as well: none that name a moment, a file, or confirm something.

    That something else than a box confirms, the form says by the property `repeat: no`.
    """
    for field in asked(fields):
        value = known.get(field.key)
        confirms = field.kind in {"datetime", "filepicker", "checkbox"} or field.properties.get("repeat") == "no"
        if confirms or value is None:
            continue
        if field.kind == "dynamiclist":
            rows = value if isinstance(value, list) else []
            yield field.key, [dict(_repeated(field.fields, row)) for row in rows if isinstance(row, Mapping)]
        elif field.kind == "group":
            yield field.key, dict(_repeated(field.fields, value if isinstance(value, Mapping) else {}))
        else:
            yield field.key, value
