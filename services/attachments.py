"""Files that people attach: kept in the database beside what refers to them, so that one commit keeps both.

What a file is, is told by its first bytes; the name under which it comes decides nothing. A file is stored as it came, its hash
goes into the audit of the case, and it is only ever given back as a download.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session, undefer

from services import authority
from services.errors import NotFound
from services.models.attachments import Attachment
from services.models.base import new_id
from services.models.cases import Case, RequestDraft, TaskDraft
from services.models.questions import QuestionFile
from services.people import Actor
from workflows.errors import SafeconductError
from workflows.forms.attachments import in_words

MOST_BYTES = 10_000_000
#: How long a file waits for the answers that name it.
KEPT_UNSENT = timedelta(days=30)
#: How files begin, and what they are then.
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+')
_LONGEST_NAME = 200


class FileRefused(SafeconductError):
    """The file {name} cannot be kept."""


class FileEmpty(FileRefused):
    """The file {name} is empty. Choose it again."""


class FileTooLarge(FileRefused):
    """The file {name} must be smaller than {most} (yours is {size})."""


class FileUnknown(FileRefused):
    """The file {name} is neither a PDF nor a picture (JPEG, PNG). Save it as one of these."""


def keep_attachment(
    session: Session, *, name: str, content: bytes, actor: Actor, now: datetime, size: int | None = None
) -> Attachment:
    """Keep a file for the actor, until answers that name it are sent.

    Args:
        size: How large the file is, where no more was read of it than shows that it is too large.

    Raises:
        FileRefused: It is empty, too large, or of a kind that is not kept.
    """
    shown = _UNFIT.sub(" ", name).strip(" .")[-_LONGEST_NAME:] or "file"
    if not content:
        raise FileEmpty(name=shown)
    if len(content) > MOST_BYTES:
        raise FileTooLarge(name=shown, most=in_words(MOST_BYTES), size=in_words(size or len(content)))
    media_type = next((kind for beginning, kind in SIGNATURES if content.startswith(beginning)), None)
    if media_type is None:
        raise FileUnknown(name=shown)
    attachment = Attachment(
        id=new_id(),
        person=actor.person,
        case_id=None,
        name=shown,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        added_at=now,
        attached_at=None,
    )
    session.add(attachment)
    return attachment


def reference_of(attachment: Attachment) -> dict[str, Any]:
    """Return an attachment as answers name it."""
    return {"file": attachment.id, "name": attachment.name, "size": attachment.size, "type": attachment.media_type}


def references_for(
    session: Session, ids: Collection[str], *, person: str, case_id: str | None = None
) -> dict[str, dict[str, Any]]:
    """Return the files that a person's answers may name, by id: unsent ones of that person, and those of the case."""
    if not ids:
        return {}
    own = and_(Attachment.person == person, Attachment.case_id.is_(None))
    of_case = and_(Attachment.case_id == case_id, _is_of_form()) if case_id is not None else own
    found = session.scalars(select(Attachment).where(Attachment.id.in_(ids), or_(own, of_case)))
    return {each.id: reference_of(each) for each in found}


def attach(session: Session, case: Case, values: Mapping[str, Any], *, now: datetime) -> list[dict[str, str]]:
    """Give the files that answers name to their case; answers what the audit keeps of those that are new in it."""
    ids = set(_named(values))
    if not ids:
        return []
    new = session.scalars(select(Attachment).where(Attachment.id.in_(ids), Attachment.case_id.is_(None)).order_by(Attachment.id))
    facts = []
    for attachment in new:
        attachment.case_id, attachment.attached_at = case.id, now
        facts.append({"file": attachment.id, "name": attachment.name, "sha256": attachment.sha256})
    return facts


def _named(values: Any) -> Iterator[str]:
    """Yield the ids of the files that values refer to, at any depth."""
    if isinstance(values, Mapping):
        if isinstance(values.get("file"), str) and values.keys() == {"file", "name", "size", "type"}:
            yield values["file"]
        for inner in values.values():
            yield from _named(inner)
    elif isinstance(values, list):
        for inner in values:
            yield from _named(inner)


def list_attachments(session: Session, case_id: str) -> Sequence[Attachment]:
    """Return the files of a case, without their contents, in the order in which they came; not those of answers to questions."""
    query = select(Attachment).where(Attachment.case_id == case_id, _is_of_form())
    return session.scalars(query.order_by(Attachment.attached_at, Attachment.name)).all()


def _is_of_form() -> ColumnElement[bool]:
    """Leave out what came with the answer to a question: whoever reads it is told by `services.questions`."""
    return Attachment.id.not_in(select(QuestionFile.attachment_id))


def get_attachment(session: Session, attachment_id: str, *, actor: Actor, now: datetime) -> Attachment:
    """Return a file with its content.

    Raises:
        NotFound: There is no such file for this person: an unsent one is its person's alone, one of a case is for those who see
            the whole case or act on it.
    """
    query = select(Attachment).where(Attachment.id == attachment_id, _is_of_form()).options(undefer(Attachment.content))
    attachment = session.scalars(query).one_or_none()
    if attachment is None:
        raise NotFound
    if attachment.case_id is None:
        if attachment.person != actor.person:
            raise NotFound
        return attachment
    sight = authority.may_see_case(session, actor, session.get_one(Case, attachment.case_id), now)
    if attachment.person != actor.person and not may_open(sight):
        raise NotFound
    return attachment


def may_open(sight: authority.Sight) -> bool:
    """Say whether this much sight of a case includes its files."""
    return sight.areas is None or sight.acts


def list_unsent(session: Session, now: datetime) -> list[str]:
    """Return the ids of files that no answers were sent with for a month and that no draft names."""
    old = select(Attachment.id).where(Attachment.case_id.is_(None), Attachment.added_at < now - KEPT_UNSENT)
    unsent = set(session.scalars(old))
    if not unsent:
        return []
    for drafts in (RequestDraft.answers, TaskDraft.answers):
        for answers in session.scalars(select(drafts)):
            unsent -= set(_named(answers))
    return sorted(unsent)


def forget(session: Session, ids: Collection[str]) -> None:
    """Remove files that belong to no case."""
    session.execute(delete(Attachment).where(Attachment.id.in_(ids), Attachment.case_id.is_(None)))
