"""Requests that are being filled in, kept per person until they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services import definitions
from services.errors import DraftChanged, NotFound
from services.models.base import new_id
from services.models.cases import RequestDraft
from services.people import Actor


def create_draft(
    session: Session, key: str, *, actor: Actor, now: datetime, answers: Mapping[str, Any] | None = None
) -> RequestDraft:
    """Begin a request for a process.

    Raises:
        NotPublished: There is no such process.
    """
    definitions.current_version(session, key)
    draft = RequestDraft(
        id=new_id(),
        process_key=key,
        person=actor.person,
        answers=dict(answers or {}),
        step="",
        revision=1,
        created_at=now,
        updated_at=now,
    )
    session.add(draft)
    return draft


def get_draft(session: Session, draft_id: str, *, actor: Actor) -> RequestDraft:
    """Return a draft of the actor; anybody else's is as if it did not exist.

    Raises:
        NotFound: There is no such draft of the actor.
    """
    draft = session.get(RequestDraft, draft_id)
    if draft is None or draft.person != actor.person:
        raise NotFound
    return draft


def list_drafts(session: Session, *, actor: Actor, limit: int = 50) -> list[RequestDraft]:
    """Return the actor's drafts, the latest first."""
    mine = select(RequestDraft).where(RequestDraft.person == actor.person)
    return list(session.scalars(mine.order_by(RequestDraft.updated_at.desc(), RequestDraft.id).limit(limit)))


def save_draft(
    session: Session,
    draft_id: str,
    *,
    actor: Actor,
    answers: Mapping[str, Any],
    now: datetime,
    step: str | None = None,
    revision: int | None = None,
) -> RequestDraft:
    """Keep what was typed so far, unchecked.

    Args:
        revision: The revision that the page was made from; when another window saved since, nothing is overwritten.

    Raises:
        NotFound: There is no such draft of the actor.
        DraftChanged: Another window saved it meanwhile.
    """
    draft = get_draft(session, draft_id, actor=actor)
    if revision is not None and revision != draft.revision:
        raise DraftChanged(at=draft.updated_at)
    draft.answers = dict(answers)
    draft.step = draft.step if step is None else step
    draft.revision += 1
    draft.updated_at = now
    return draft


def remove_draft(session: Session, draft_id: str, *, actor: Actor) -> None:
    """Throw a draft of the actor away; one that is gone already is fine."""
    session.execute(delete(RequestDraft).where(RequestDraft.id == draft_id, RequestDraft.person == actor.person))
