"""The files of a draft: reading and saving them, so that nobody overwrites what somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer
from sqlalchemy.orm.exc import StaleDataError

from services import people
from services.errors import FileRefused, NotFound, SavedMeanwhile
from services.models.process_drafts import DraftFile, ProcessDraft
from services.people import Actor
from services.process_drafts.keeping import get_draft
from services.process_drafts.storing import add_files, ensure_fit, ensure_open


class FileMissing(FileRefused):
    """A process needs “{name}”, so it cannot be taken away."""


def list_files(session: Session, draft: ProcessDraft) -> list[DraftFile]:
    """Return the files of a draft by name, without their contents."""
    return list(session.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id).order_by(DraftFile.name)))


def read_file(session: Session, draft: ProcessDraft, name: str) -> DraftFile:
    """Return a file with its content.

    Raises:
        NotFound: The draft has no such file.
    """
    found = session.get(DraftFile, (draft.id, name), options=[undefer(DraftFile.content)])
    if found is None:
        raise NotFound
    return found


def save_file(
    session: Session, draft_id: str, name: str, content: bytes, *, revision: int | None, actor: Actor, now: datetime
) -> DraftFile:
    """Save a file. What was saved already as it is stays untouched, with its revision.

    Args:
        revision: Of the file when it was read; None for one that did not exist then.

    Raises:
        NotFound: There is no such draft for the actor.
        DraftClosed: It is not worked on any more.
        FileRefused: The file cannot be part of a process.
        SavedMeanwhile: Somebody saved it since it was read; nothing was changed.
    """
    draft = get_draft(session, draft_id, actor=actor, now=now)
    ensure_open(draft)
    ensure_fit(name, content)
    kept = session.get(DraftFile, (draft.id, name), options=[undefer(DraftFile.content)])
    if kept is not None and kept.content == content and revision is not None:
        return kept
    _ensure_unchanged(session, draft, kept, revision)
    if kept is None:
        kept = DraftFile(draft_id=draft.id, name=name, content=content, revision=1)
        session.add(kept)
    else:
        kept.content = content
        kept.revision += 1
    kept.saved_by, kept.saved_at = actor.person, now
    _touch(session, draft, actor=actor, now=now)
    return kept


def remove_file(session: Session, draft_id: str, name: str, *, revision: int, actor: Actor, now: datetime) -> None:
    """Take a file out of a draft.

    Raises:
        NotFound, DraftClosed, SavedMeanwhile: As for saving.
        FileMissing: The process cannot be without it.
    """
    draft = get_draft(session, draft_id, actor=actor, now=now)
    ensure_open(draft)
    kept = read_file(session, draft, name)
    _ensure_unchanged(session, draft, kept, revision)
    if name == "process.toml":
        raise FileMissing(name=name)
    session.delete(kept)
    _touch(session, draft, actor=actor, now=now)


def replace_files(
    session: Session, draft_id: str, files: Mapping[str, bytes], *, revision: int, actor: Actor, now: datetime
) -> ProcessDraft:
    """Put a whole bundle in the place of all files of a draft.

    Args:
        revision: Of the draft when it was read.

    Raises:
        NotFound, DraftClosed, FileRefused, SavedMeanwhile: As for saving; then nothing was changed.
    """
    draft = get_draft(session, draft_id, actor=actor, now=now)
    ensure_open(draft)
    if draft.revision != revision:
        raise _saved_meanwhile(session, draft.saved_by, draft.saved_at)
    for name, content in files.items():
        ensure_fit(name, content)
    session.execute(delete(DraftFile).where(DraftFile.draft_id == draft.id))
    session.expire_all()
    add_files(session, draft, files, by=actor.person, now=now, revision=draft.revision + 1)
    _touch(session, draft, actor=actor, now=now)
    return draft


def _ensure_unchanged(session: Session, draft: ProcessDraft, kept: DraftFile | None, revision: int | None) -> None:
    if (kept.revision if kept is not None else None) == revision:
        return
    by, at = (kept.saved_by, kept.saved_at) if kept is not None else (draft.saved_by, draft.saved_at)
    raise _saved_meanwhile(session, by, at)


def _touch(session: Session, draft: ProcessDraft, *, actor: Actor, now: datetime) -> None:
    draft.revision += 1
    by, at = draft.saved_by, draft.saved_at
    draft.saved_by, draft.saved_at = actor.person, now
    draft.authors = sorted({*draft.authors, actor.person})
    try:
        session.flush()
    except StaleDataError as error:
        raise _saved_meanwhile(session, by, at) from error


def _saved_meanwhile(session: Session, by: str, at: datetime) -> SavedMeanwhile:
    return SavedMeanwhile(by=people.names_of(session, [by])[by], at=at)
