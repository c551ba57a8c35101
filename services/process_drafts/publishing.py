"""Sending a draft to a second owner, and going back to an old version at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from services import cases, definitions
from services.errors import Conflict, NotFound
from services.models.cases import Case
from services.models.process_drafts import ProcessDraft
from services.people import Actor
from services.process_drafts import looking
from services.process_drafts.keeping import get_draft, may_own
from services.process_drafts.storing import ensure_open
from workflows.errors import SafeconductError

#: The process in which a change is reviewed; a folder like any other.
CHANGE = "process_change"


class NotReady(SafeconductError):
    """This draft cannot be sent yet: look at the list of what is missing."""


class InUseAlready(Conflict):
    """This version is in use already."""


def send_draft(
    session: Session, draft_id: str, *, note: str, effective_from: datetime | None, actor: Actor, now: datetime
) -> Case:
    """Send a draft to its reviewer: a case of the process for changes, whose requester the actor is.

    Raises:
        NotFound: There is no such draft for the actor.
        DraftClosed: It was sent already, or is over.
        NotReady: Something that has to be shown first is missing.
        AnswersInvalid: The note is missing, or the day has passed.
    """
    draft = get_draft(session, draft_id, actor=actor, now=now)
    ensure_open(draft)
    if not looking.find_look(session, draft, now=now).ready:
        raise NotReady
    answers = {"kind": "CHANGE", "process": draft.process_key, "draft": draft.id, "note": note}
    if effective_from is not None:
        answers["effective_from"] = effective_from.isoformat()
    return cases.start_case(session, CHANGE, actor=actor, answers=answers, now=now)


def roll_back(session: Session, key: str, number: int, *, note: str, actor: Actor, now: datetime) -> Case:
    """Let new cases take an old version again, at once; a second owner looks at it afterwards.

    Raises:
        NotPublished: There is no such version.
        NotFound: The actor does not look after the process.
        InUseAlready: It is in use.
        AnswersInvalid: The note is missing.
    """
    if not may_own(session, key, actor=actor, now=now):
        raise NotFound
    version = definitions.get_version(session, key, number)
    if definitions.current_version(session, key).id == version.id:
        raise InUseAlready
    answers = {"kind": "ROLLBACK", "process": key, "version": number, "note": note}
    case = cases.start_case(session, CHANGE, actor=actor, answers=answers, now=now)
    definitions.release(session, version, by=actor.person, now=now, note=note)
    return case


def find_review(session: Session, draft: ProcessDraft) -> Case | None:
    """Return the case in which a draft is reviewed."""
    return session.get(Case, draft.case_id) if draft.case_id is not None else None
