"""Beginning, finding, copying and giving up drafts. Only those see them who look after the process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services import authority, definitions
from services.errors import NotFound
from services.models.base import new_id
from services.models.definitions import ProcessVersion
from services.models.process_drafts import DISCARDED, SENT, WORKED_ON, ProcessDraft
from services.people import SYSTEM, Actor
from services.process_drafts.storing import add_files, ensure_fit, ensure_open, files_of
from services.roles import PROCESS_OWNER
from workflows import packages
from workflows.errors import PackageRefused


def may_own(session: Session, key: str | None, *, actor: Actor, now: datetime) -> bool:
    """Whether the actor looks after a process, everywhere; after any at all when none is named."""
    if actor.person == SYSTEM.person:
        return True
    return authority.looks_after(session, actor.person, _owner_role(session, key), now)


def list_drafts(session: Session, *, actor: Actor, now: datetime, key: str | None = None) -> list[ProcessDraft]:
    """Return the drafts that are worked on or reviewed, the newest first; none for whoever looks after no process."""
    chosen = select(ProcessDraft).where(ProcessDraft.state.in_((WORKED_ON, SENT)))
    if key is not None:
        chosen = chosen.where(ProcessDraft.process_key == key)
    drafts = session.scalars(chosen.order_by(ProcessDraft.saved_at.desc(), ProcessDraft.id)).all()
    owned = {each: may_own(session, each, actor=actor, now=now) for each in {draft.process_key for draft in drafts}}
    return [draft for draft in drafts if owned[draft.process_key]]


def get_draft(session: Session, draft_id: str, *, actor: Actor, now: datetime) -> ProcessDraft:
    """Return a draft.

    Raises:
        NotFound: There is no such draft, or the actor does not look after its process.
    """
    draft = session.get(ProcessDraft, draft_id)
    if draft is None or not may_own(session, draft.process_key, actor=actor, now=now):
        raise NotFound
    return draft


def open_draft(session: Session, key: str, *, actor: Actor, now: datetime, version: int | None = None) -> ProcessDraft:
    """Begin a draft with what is published.

    Args:
        version: Of the process; None takes the one in use.

    Raises:
        NotPublished: There is no such process or version.
        NotFound: The actor does not look after it.
    """
    base = definitions.current_version(session, key) if version is None else definitions.get_version(session, key, version)
    _ensure_owns(session, key, actor=actor, now=now)
    session.refresh(base, ["bundle"])
    return _begin(session, key, base.title, definitions.unpack(base.bundle), base=base, actor=actor, now=now)


def create_draft(session: Session, key: str, files: Mapping[str, bytes], *, actor: Actor, now: datetime) -> ProcessDraft:
    """Begin a draft with files of one's own: a new process, or one that was drawn elsewhere.

    Raises:
        NotFound: The actor looks after no such process.
        FileRefused: A file cannot be part of a process.
    """
    _ensure_owns(session, key, actor=actor, now=now)
    for name, content in files.items():
        ensure_fit(name, content)
    base = definitions.current_version(session, key) if definitions.is_published(session, key) else None
    return _begin(session, key, _title_of(key, files), files, base=base, actor=actor, now=now)


def copy_draft(
    session: Session, draft_id: str, *, actor: Actor, now: datetime, changed: Mapping[str, bytes] | None = None
) -> ProcessDraft:
    """Begin a draft with the files of another one, some of them changed: so two who saved at once both keep what they wrote.

    Raises:
        NotFound: There is no such draft for the actor.
        FileRefused: A changed file cannot be part of a process.
    """
    source = get_draft(session, draft_id, actor=actor, now=now)
    for name, content in (changed or {}).items():
        ensure_fit(name, content)
    base = session.get(ProcessVersion, source.base_version_id) if source.base_version_id else None
    files = {**files_of(session, source), **(changed or {})}
    copied = _begin(session, source.process_key, source.title, files, base=base, actor=actor, now=now)
    copied.authors = sorted({*source.authors, actor.person})
    return copied


def discard_draft(session: Session, draft_id: str, *, actor: Actor, now: datetime) -> ProcessDraft:
    """Give a draft up. Its files stay, so that it can be copied.

    Raises:
        NotFound: There is no such draft for the actor.
        DraftClosed: It is before its reviewer, or over.
    """
    draft = get_draft(session, draft_id, actor=actor, now=now)
    ensure_open(draft)
    draft.state = DISCARDED
    draft.revision += 1
    draft.saved_by, draft.saved_at = actor.person, now
    return draft


def _ensure_owns(session: Session, key: str, *, actor: Actor, now: datetime) -> None:
    if not may_own(session, key, actor=actor, now=now):
        raise NotFound


def _begin(
    session: Session,
    key: str,
    title: str,
    files: Mapping[str, bytes],
    *,
    base: ProcessVersion | None,
    actor: Actor,
    now: datetime,
) -> ProcessDraft:
    newest = session.scalar(select(func.max(ProcessDraft.number)).where(ProcessDraft.process_key == key)) or 0
    draft = ProcessDraft(
        id=new_id(),
        process_key=key,
        number=newest + 1,
        title=title,
        base_version_id=base.id if base is not None else None,
        state=WORKED_ON,
        revision=1,
        created_by=actor.person,
        created_at=now,
        saved_by=actor.person,
        saved_at=now,
        authors=[actor.person],
    )
    session.add(draft)
    add_files(session, draft, files, by=actor.person, now=now)
    return draft


def _owner_role(session: Session, key: str | None) -> str:
    """Name the role that owns a process; that of a process owner while it has no version yet."""
    if key is not None and definitions.is_published(session, key):
        return str(definitions.current_version(session, key).manifest.get("owner_role") or PROCESS_OWNER)
    return PROCESS_OWNER


def _title_of(key: str, files: Mapping[str, bytes]) -> str:
    try:
        return packages.read_package(key, files).manifest.title
    except PackageRefused:
        return key
