"""What the reader may work on in the studio."""

from __future__ import annotations

from sqlalchemy.orm import Session

from services import process_drafts
from services.errors import NotFound
from services.models.process_drafts import ProcessDraft
from webapp.context import actor, now


def find_draft(session: Session, draft_id: str) -> ProcessDraft:
    """Return a draft of the reader's.

    Raises:
        NotFound: There is no such draft, or the reader does not look after its process.
    """
    return process_drafts.get_draft(session, draft_id, actor=actor(), now=now())


def ensure_owner(session: Session, key: str) -> None:
    """Raise NotFound unless the reader looks after a process."""
    if not process_drafts.may_own(session, key, actor=actor(), now=now()):
        raise NotFound
