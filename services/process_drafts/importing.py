"""Taking files from outside into a draft: first what would change, then the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.models.process_drafts import ProcessDraft
from services.people import Actor
from services.process_drafts.files import replace_files
from services.process_drafts.keeping import get_draft
from services.process_drafts.storing import ensure_fit, ensure_open, files_of
from workflows import packages
from workflows.comparing import Difference, compare
from workflows.errors import PackageRefused
from workflows.packages.manifest import FILE as MANIFEST


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What a draft would be with the files from outside.

    Attributes:
        files: All files that the draft would have.
        added, changed, removed: Names of files.
        differences: What a case would notice; None where the draft cannot be read as it is now.
    """

    files: Mapping[str, bytes]
    added: list[str]
    changed: list[str]
    removed: list[str]
    differences: list[Difference] | None


def preview_import(session: Session, draft: ProcessDraft, files: Mapping[str, bytes]) -> Preview:
    """Say what taking files into a draft would change. A folder with a process.toml replaces all; other files are added.

    Raises:
        DraftClosed: It is not worked on any more.
        FileRefused: A file cannot be part of a process.
        PackageRefused: A file from outside cannot be read; carries every problem of those files.
    """
    ensure_open(draft)
    for name, content in files.items():
        ensure_fit(name, content)
    known = files_of(session, draft)
    wanted = dict(files) if MANIFEST in files else {**known, **files}
    new = _read(draft.process_key, wanted, files)
    try:
        old: packages.Package | None = packages.read_package(draft.process_key, known)
    except PackageRefused:
        old = None
    return Preview(
        files=wanted,
        added=sorted(wanted.keys() - known.keys()),
        changed=sorted(name for name in wanted.keys() & known.keys() if wanted[name] != known[name]),
        removed=sorted(known.keys() - wanted.keys()),
        differences=compare(old, new) if old is not None and new is not None else None,
    )


def import_files(
    session: Session, draft_id: str, files: Mapping[str, bytes], *, revision: int, actor: Actor, now: datetime
) -> ProcessDraft:
    """Take files into a draft; raises as `preview_import`, and SavedMeanwhile when somebody saved since it was shown."""
    draft = get_draft(session, draft_id, actor=actor, now=now)
    wanted = preview_import(session, draft, files).files
    return replace_files(session, draft_id, wanted, revision=revision, actor=actor, now=now)


def _read(key: str, wanted: Mapping[str, bytes], files: Mapping[str, bytes]) -> packages.Package | None:
    """Read what the draft would be; what was wrong in it before is no reason to refuse what comes."""
    try:
        return packages.read_package(key, wanted)
    except PackageRefused as refusal:
        own = [problem for problem in refusal.problems if problem.where.split(": ")[0] in files]
        if own or MANIFEST in files:
            raise PackageRefused(own or refusal.problems) from None
        return None
