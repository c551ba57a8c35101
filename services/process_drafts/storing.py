"""How drafts lie in the database, whoever may see them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from services import definitions
from services.errors import DraftClosed, FileRefused
from services.models.definitions import ProcessVersion
from services.models.process_drafts import WORKED_ON, DraftFile, ProcessDraft
from workflows import packages
from workflows.xml import XmlRefused, read_xml

MOST_BYTES = 2_000_000
KEPT_PACKAGES = 16
_LONGEST_NAME = 120
_NAME = re.compile(
    r"process\.toml|[\w][\w.\- ]*\.(?:bpmn|dmn|md)|forms/[\w][\w.\- ]*\.form|messages/[\w][\w.\- ]*\.md"
    r"|i18n/[a-z]{2}(?:_[A-Za-z]+)?\.toml|scenarios/[\w][\w.\- ]*\.ya?ml"
)
_packages: dict[tuple[str, int], packages.Package] = {}


class FileName(FileRefused):
    """A process has no file called “{name}”. It has process.toml, diagrams, tables, forms, messages, i18n and scenarios."""


class FileTooLarge(FileRefused):
    """“{name}” is too large: a file of a process has at most {most} bytes."""


class XmlUnfit(FileRefused):
    """“{name}” was not taken. {cause}."""


def ensure_open(draft: ProcessDraft) -> None:
    """Raise DraftClosed unless the draft is worked on."""
    if draft.state != WORKED_ON:
        raise DraftClosed


def ensure_fit(name: str, content: bytes) -> None:
    """Refuse what could never be part of a process, or would harm whoever reads it. What is merely unfinished is let through.

    Raises:
        FileName, FileTooLarge, XmlUnfit: As they say.
    """
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise FileName(name=name[:_LONGEST_NAME])
    if len(content) > MOST_BYTES:
        raise FileTooLarge(name=name, most=MOST_BYTES)
    if name.endswith((".bpmn", ".dmn")):
        try:
            read_xml(content)
        except XmlRefused as error:
            raise XmlUnfit(name=name, cause=str(error).rstrip(".")) from error


def add_files(
    session: Session, draft: ProcessDraft, files: Mapping[str, bytes], *, by: str, now: datetime, revision: int = 1
) -> None:
    """Put the files of a draft into the database.

    Args:
        revision: Of each of them; where files were replaced, one that none of the former ones had.
    """
    session.add_all(
        DraftFile(draft_id=draft.id, name=name, content=content, revision=revision, saved_by=by, saved_at=now)
        for name, content in sorted(files.items())
    )


def files_of(session: Session, draft: ProcessDraft) -> dict[str, bytes]:
    """Return all files of a draft by their names."""
    rows = session.execute(
        select(DraftFile.name, DraftFile.content).where(DraftFile.draft_id == draft.id).order_by(DraftFile.name)
    )
    return {row.name: row.content for row in rows}


def package_of(session: Session, draft: ProcessDraft) -> packages.Package:
    """Read a draft as the process it would be.

    Raises:
        PackageRefused: It cannot be read; carries every problem.
    """
    place = (draft.id, draft.revision)
    kept = _packages.get(place)
    if kept is not None:
        return kept
    made = packages.read_package(draft.process_key, files_of(session, draft))
    while len(_packages) >= KEPT_PACKAGES:
        _packages.pop(next(iter(_packages)), None)
    _packages[place] = made
    return made


def base_package(session: Session, draft: ProcessDraft) -> packages.Package | None:
    """Return the published process that the draft began as, with its scenarios; None for a new process."""
    if draft.base_version_id is None:
        return None
    version = session.get_one(ProcessVersion, draft.base_version_id, options=[undefer(ProcessVersion.bundle)])
    return packages.read_package(version.key, definitions.unpack(version.bundle))
