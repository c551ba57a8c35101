"""What speaks for a draft: asking for a round of trying it, and reading what came out. The round itself is told elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.database import POSTED
from services.models.base import new_id
from services.models.draft_evidence import REPLAY, RUNNING, SCENARIOS, DraftEvidence
from services.models.process_drafts import ProcessDraft
from services.people import Actor
from services.process_drafts.storing import package_of

__all__ = ["REPLAY", "SCENARIOS", "ask_evidence", "find_evidence", "list_running"]


def find_evidence(session: Session, draft: ProcessDraft, kind: str) -> DraftEvidence | None:
    """Return what speaks for a draft as it is now; None when nothing was tried since its files last changed.

    Raises:
        PackageRefused: The draft cannot be read.
    """
    digest = package_of(session, draft).digest
    mine = select(DraftEvidence).where(DraftEvidence.draft_id == draft.id, DraftEvidence.kind == kind)
    return session.scalars(mine.where(DraftEvidence.digest == digest)).one_or_none()


def ask_evidence(
    session: Session, draft: ProcessDraft, kind: str, *, actor: Actor, now: datetime, only: Sequence[str] | None = None
) -> DraftEvidence:
    """Ask for a round; it is carried out in the background, and goes on after a stop. One that runs is left alone.

    Args:
        only: The scenarios to run; what the others gave is kept while the files are the same.

    Raises:
        PackageRefused: The draft cannot be read.
    """
    package = package_of(session, draft)
    mine = select(DraftEvidence).where(DraftEvidence.draft_id == draft.id, DraftEvidence.kind == kind)
    row = session.scalars(mine.with_for_update()).one_or_none()
    if row is not None and row.state == RUNNING and row.digest == package.digest:
        return row
    kept: dict[str, Any] = dict(row.report) if row is not None and row.digest == package.digest and only is not None else {}
    if row is None:
        row = DraftEvidence(id=new_id(), draft_id=draft.id, kind=kind)
        session.add(row)
    row.digest, row.state, row.ended_at = package.digest, RUNNING, None
    row.started_by, row.started_at = actor.person, now
    row.done = row.total = row.failed = 0
    row.report = {**kept, "todo": sorted(package.scenarios) if only is None else list(only)} if kind == SCENARIOS else {}
    session.info[POSTED] = True  # whoever waits for something to do looks at once
    return row


def list_running(session: Session) -> list[DraftEvidence]:
    """Return the rounds that are not finished: finished cases first, which take seconds where scenarios take a minute."""
    unfinished = select(DraftEvidence).where(DraftEvidence.state == RUNNING)
    return list(session.scalars(unfinished.order_by(DraftEvidence.kind, DraftEvidence.started_at, DraftEvidence.id)))
