"""The scenarios of a draft as a page shows them: what they tell, how they went, and what none of them passes."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup
from sqlalchemy.orm import Session

from services.models.draft_evidence import RUNNING, SCENARIOS, DraftEvidence
from services.models.process_drafts import ProcessDraft
from services.process_drafts import package_of
from services.process_drafts.coverage import Coverage, cover
from services.process_drafts.evidence import find_evidence
from webapp.presenters.drawings import Drawing, draw_marked
from webapp.presenters.moments import show_moment
from webapp.presenters.texts import Texts
from webapp.presenters.words import Word, word
from webapp.speech import gettext
from workflows.packages import Package


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a round is; `at` is when it ended."""

    done: int
    total: int
    failed: int
    is_running: bool
    at: Markup | None

    @classmethod
    def of(cls, found: DraftEvidence | None) -> Progress | None:
        """Read it off a round; None where there was none since the draft last changed."""
        if found is None:
            return None
        at = show_moment(found.ended_at) if found.ended_at is not None else None
        return cls(done=found.done, total=found.total, failed=found.failed, is_running=found.state == RUNNING, at=at)


@dataclass(frozen=True, kw_only=True)
class ScenarioRow:
    """One scenario; `result` is None while it was not run on these files."""

    name: str
    file: str
    about: str
    result: Word | None
    failures: list[str]


@dataclass(frozen=True, kw_only=True)
class ScenariosPage:
    """All scenarios of a draft.

    Attributes:
        never: What none that went well passes: name and id of elements, and of flows with what they lead from and to.
    """

    rows: list[ScenarioRow]
    progress: Progress | None
    share: int = 0
    never: list[tuple[str, str]] = field(default_factory=list)
    never_flows: list[tuple[str, str]] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)


def get_scenarios(session: Session, draft: ProcessDraft) -> ScenariosPage:
    """Read the scenarios of a draft and how they went.

    Raises:
        PackageRefused: The draft cannot be read.
    """
    package = package_of(session, draft)
    found = find_evidence(session, draft, SCENARIOS)
    results = found.report.get("results", {}) if found is not None else {}
    rows = [_row(package, name, results.get(name)) for name in sorted(package.scenarios)]
    progress = Progress.of(found)
    passed = {each for said in results.values() if not said["failures"] for each in said["passed"]}
    if not passed:
        return ScenariosPage(rows=rows, progress=progress)
    coverage = cover(package, passed)
    return ScenariosPage(
        rows=rows,
        progress=progress,
        share=coverage.share,
        never=_name_elements(package, coverage),
        never_flows=_name_flows(package, coverage),
        drawings=draw_marked(package, dict.fromkeys(coverage.passed, "done"), whole=True, every=True),
    )


def _row(package: Package, name: str, said: dict[str, list[str]] | None) -> ScenarioRow:
    file = next(
        (each for each in package.files if each.rpartition("/")[2].rpartition(".")[0] == name and "scenarios/" in each), ""
    )
    result = None
    if said is not None:
        result = word(gettext("Failed"), "bad") if said["failures"] else word(gettext("Passed"), "good")
    about = str(package.scenarios[name].get("about") or "")
    return ScenarioRow(name=name, file=file, about=about, result=result, failures=said["failures"] if said else [])


def name_element(package: Package, texts: Texts, element: str) -> str:
    """Say what an element of a draft is called; by its id where it has no name."""
    written = next((each.elements[element].name for each in package.diagrams.values() if element in each.elements), "")
    return texts.element(element, written) or element


def _name_elements(package: Package, coverage: Coverage) -> list[tuple[str, str]]:
    texts = Texts.of(package)
    return [(name_element(package, texts, key), key) for key in coverage.elements]


def _name_flows(package: Package, coverage: Coverage) -> list[tuple[str, str]]:
    texts = Texts.of(package)
    flows = {key: flow for diagram in package.diagrams.values() for key, flow in diagram.flows.items()}
    ends = {
        key: (name_element(package, texts, flows[key].source), name_element(package, texts, flows[key].target))
        for key in coverage.flows
    }
    return [(f"{source} → {target}", key) for key, (source, target) in ends.items()]
