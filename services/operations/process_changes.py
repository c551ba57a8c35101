"""Changing a process: its draft is closed, looked at, opened again, put into use or left."""

from __future__ import annotations

from typing import Any

from services import definitions
from services.errors import Declined
from services.models.process_drafts import PUBLISHED, SENT, WORKED_ON, ProcessDraft
from services.operations.catalogue import CATALOGUE, operation
from services.operations.work import Work
from services.process_drafts import looking, storing
from services.roles import ROLES
from workflows.errors import SafeconductError


class DraftGone(SafeconductError):
    """There is no draft that this case could be about."""


class ChangedSinceReview(Declined):
    """The draft is not what was reviewed. It cannot be put into use; send it again."""


@operation("process_change.open")
def open_change(work: Work, *, draft: str) -> dict[str, Any]:
    """Close a draft to changes and say what speaks for it. Whoever worked on it is a party of the case: not its approver."""
    found = _find(work, draft)
    found.state, found.case_id = SENT, work.case.id
    for person in found.authors:
        work.party(person, "DRAFTER")
    work.set_status("REQUESTED")
    return {"looked": looking.look_at(work.session, found, now=work.now), "title": found.title}


@operation("process_change.reopen")
def reopen_change(work: Work, *, draft: str) -> dict[str, Any]:
    """Let a draft be changed again."""
    _find(work, draft).state = WORKED_ON
    work.set_status("RETURNED")
    return {}


@operation("process_change.publish")
def publish_change(work: Work, *, draft: str, digest: str, in_use: int | None, note: str | None) -> dict[str, Any]:
    """Put a draft into use as the next version; not when another version came into use since it was reviewed."""
    found = _find(work, draft)
    if looking.number_in_use(work.session, found.process_key) != in_use:
        return {"published": False}
    package = storing.package_of(work.session, found)
    if package.digest != digest:
        raise ChangedSinceReview
    version = definitions.publish(
        work.session, package, by=found.saved_by, now=work.now, note=note or "", operations=CATALOGUE, roles=ROLES
    )
    found.state = PUBLISHED
    work.set_status("PUBLISHED")
    return {"published": True, "version": version.version, "outcome": "PUBLISHED"}


@operation("process_change.close")
def close_change(work: Work, *, draft: str, outcome: str) -> dict[str, Any]:
    """Leave things as they are; the draft can be worked on again."""
    _find(work, draft).state = WORKED_ON
    work.set_status(outcome)
    return {"outcome": outcome}


def _find(work: Work, draft: str) -> ProcessDraft:
    found = work.session.get(ProcessDraft, draft or "")
    if found is None:
        raise DraftGone
    return found
