"""What became of finished cases on a draft, as a page shows it: counts and elements, and no case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from services.models.draft_evidence import REPLAY
from services.models.process_drafts import ProcessDraft
from services.process_drafts import package_of
from services.process_drafts.evidence import find_evidence
from services.replays import base_names
from webapp.presenters.studio.scenarios import Progress, name_element
from webapp.presenters.texts import Texts
from webapp.speech import gettext
from workflows.packages import Package
from workflows.replaying import FAILED, WAITING


@dataclass(frozen=True, kw_only=True)
class Way:
    """Cases that leave their path in the same way."""

    cases: int
    now: str
    before: str
    then: str


@dataclass(frozen=True, kw_only=True)
class ReplayPage:
    """What became of finished cases.

    Attributes:
        unrecorded: How many cannot be run again, because their record does not say enough.
        unlike: How many do not come out the same even on their own version.
        refused: Why the draft cannot be run at all.
    """

    progress: Progress | None
    same: int = 0
    different: int = 0
    waiting: int = 0
    failed: int = 0
    unrecorded: int = 0
    unlike: int = 0
    ways: list[Way] = field(default_factory=list)
    refused: str = ""


def get_replay(session: Session, draft: ProcessDraft) -> ReplayPage:
    """Read what became of finished cases on a draft.

    Raises:
        PackageRefused: The draft cannot be read.
    """
    package = package_of(session, draft)
    found = find_evidence(session, draft, REPLAY)
    if found is None:
        return ReplayPage(progress=None)
    report: dict[str, Any] = found.report
    groups = report.get("groups", [])
    counts = {kind: sum(each["cases"] for each in groups if each["kind"] == kind) for kind in ("DIFFERENT", WAITING, FAILED)}
    names = base_names(session, draft.process_key)
    return ReplayPage(
        progress=Progress.of(found),
        same=report.get("same", 0),
        different=counts["DIFFERENT"],
        waiting=counts[WAITING],
        failed=counts[FAILED],
        unrecorded=report.get("unrecorded", 0),
        unlike=report.get("unlike", 0),
        ways=[_way(package, names, each) for each in groups],
        refused=report.get("refused", ""),
    )


def _way(package: Package, names: dict[str, str], group: dict[str, Any]) -> Way:
    texts = Texts.of(package)

    def named(element: str | None) -> str:
        if element is None:
            return gettext("the end of the path")
        known = name_element(package, texts, element)
        return known if known != element else texts.element(element, names.get(element) or element)

    then = gettext("It comes to its end.")
    if group["kind"] == WAITING:
        then = gettext("It waits for an answer that nobody has given: {step}.").format(step=named(group["at"]))
    elif group["kind"] == FAILED:
        then = gettext("It fails: {step}.").format(step=named(group["at"]))
    return Way(cases=group["cases"], now=named(group["now"]), before=named(group["before"]), then=then)
