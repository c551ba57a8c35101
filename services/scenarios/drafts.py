"""The draft of a process that a story begins with: for stories about changing processes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import definitions
from services.models.base import new_id
from services.models.definitions import ProcessVersion
from services.models.draft_evidence import DONE, REPLAY, SCENARIOS, DraftEvidence
from services.models.process_drafts import ProcessDraft
from services.process_drafts import storing

REGISTER = "process_drafts"


def begin_draft(session: Session, draft_id: str, told: Mapping[str, Any], *, now: datetime) -> None:
    """Begin a draft of a published process for a story.

    Args:
        told: `process` and `by`; `write`, texts by the names of files; `tried`, whether all that is asked for was tried with it.
    """
    version: ProcessVersion = definitions.current_version(session, told["process"])
    session.refresh(version, ["bundle"])
    author = str(told["by"])
    draft = ProcessDraft(
        id=draft_id,
        process_key=version.key,
        number=1,
        title=version.title,
        base_version_id=version.id,
        created_by=author,
        created_at=now,
        saved_by=author,
        saved_at=now,
        authors=[author],
    )
    session.add(draft)
    session.flush()
    written = {name: str(text).encode() for name, text in dict(told.get("write") or {}).items()}
    storing.add_files(session, draft, {**definitions.unpack(version.bundle), **written}, by=author, now=now)
    if told.get("tried"):
        note_tried(session, draft, now)


def note_tried(session: Session, draft: ProcessDraft, now: datetime) -> None:
    """Put down that everything that is asked for was tried with the present files of a draft."""
    package = storing.package_of(session, draft)
    for kind, total in ((SCENARIOS, len(package.scenarios)), (REPLAY, 0)):
        session.add(
            DraftEvidence(
                id=new_id(),
                draft_id=draft.id,
                kind=kind,
                digest=package.digest,
                state=DONE,
                done=total,
                total=total,
                started_by=draft.created_by,
                started_at=now,
                ended_at=now,
            )
        )
    session.flush()
