"""What speaks for and against a draft, in figures: for its authors before they send it, and for whoever reviews it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import definitions
from services.models.definitions import ProcessVersion
from services.models.draft_evidence import DONE, REPLAY, SCENARIOS, DraftEvidence
from services.models.process_drafts import ProcessDraft
from services.process_drafts import checking, evidence, storing
from workflows import comparing, packages
from workflows.comparing import Difference
from workflows.diagrams.soundness import SOUND
from workflows.errors import PackageRefused
from workflows.replaying import FAILED, WAITING


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A draft as it is now.

    Attributes:
        digest: Of its files; empty when they cannot be read.
        base, in_use: Numbers of the version it began as and of the one in use; None for none.
        changed: Whether any file is another one than in the version in use.
        differences: How many sentences it takes to say what differs from it for a case.
        problems: What keeps it from being published; `advice` does not.
        unproved: How many of its processes could not be proved to come to their end; what is unsound is a problem besides.
        scenarios, passed: How many stories it has, and how many ended as they should with exactly these files.
        replayed, differ, stuck: How many finished cases were tried again, went another way, or did not get on; None before that.
    """

    draft: int
    digest: str
    base: int | None
    in_use: int | None
    changed: bool
    differences: int
    problems: int
    advice: int
    unstaffed: int
    unproved: int
    scenarios: int
    passed: int
    replayed: int | None
    differ: int | None
    stuck: int | None

    @property
    def ready(self) -> bool:
        """Whether it can be sent to its reviewer."""
        is_tried = self.passed == self.scenarios and self.replayed is not None
        return self.changed and self.problems == 0 and is_tried


def look_at(session: Session, draft: ProcessDraft, *, now: datetime) -> dict[str, Any]:
    """Say in figures what speaks for a draft, as a case keeps it."""
    look = find_look(session, draft, now=now)
    return {**asdict(look), "ready": look.ready, **{name: getattr(look, name) or 0 for name in ("replayed", "differ", "stuck")}}


def find_look(session: Session, draft: ProcessDraft, *, now: datetime) -> Look:
    """Find out what speaks for a draft as it is now."""
    examined = checking.examine(session, draft, now=now)
    try:
        package = storing.package_of(session, draft)
    except PackageRefused:
        package = None
    tried = evidence.find_evidence(session, draft, SCENARIOS) if package is not None else None
    again = evidence.find_evidence(session, draft, REPLAY) if package is not None else None
    base = session.get(ProcessVersion, draft.base_version_id) if draft.base_version_id is not None else None
    return Look(
        draft=draft.number,
        digest=package.digest if package is not None else "",
        base=base.version if base is not None else None,
        in_use=number_in_use(session, draft.process_key),
        changed=package is not None and package.digest != _digest_in_use(session, draft.process_key),
        differences=len(list_differences(session, draft, package)),
        problems=len(examined.problems),
        advice=len(examined.findings) - len(examined.problems),
        unstaffed=examined.unstaffed,
        unproved=sum(proof.verdict != SOUND for proof in examined.proved.values()),
        scenarios=len(package.scenarios) if package is not None else 0,
        passed=_passed(tried),
        **_replayed(again),
    )


def list_differences(session: Session, draft: ProcessDraft, package: packages.Package | None) -> Sequence[Difference]:
    """Return what differs from the version in use; a new process differs by being there."""
    in_use = number_in_use(session, draft.process_key)
    if package is None:
        return []
    if in_use is None:
        return [Difference(where=draft.process_key, sentence="This process is new.", part="process", kind="added")]
    version = definitions.get_version(session, draft.process_key, in_use)
    session.refresh(version, ["bundle"])
    return comparing.compare(packages.read_package(version.key, definitions.unpack(version.bundle)), package)


def number_in_use(session: Session, key: str) -> int | None:
    """Name the version that new cases take; None for a process that was never published."""
    return definitions.current_version(session, key).version if definitions.is_published(session, key) else None


def _digest_in_use(session: Session, key: str) -> str | None:
    return definitions.current_version(session, key).digest if definitions.is_published(session, key) else None


def _passed(tried: DraftEvidence | None) -> int:
    return tried.done - tried.failed if tried is not None and tried.state == DONE else 0


def _replayed(again: DraftEvidence | None) -> dict[str, int | None]:
    if again is None or again.state != DONE:
        return {"replayed": None, "differ": None, "stuck": None}
    groups = again.report.get("groups", ())
    other = sum(group["cases"] for group in groups)
    stuck = sum(group["cases"] for group in groups if group["kind"] in (WAITING, FAILED))
    return {"replayed": again.report.get("same", 0) + other, "differ": other - stuck, "stuck": stuck}
