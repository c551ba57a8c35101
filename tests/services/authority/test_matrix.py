"""Nobody decides on their own matter, their family's, or what they drafted, prepared or recommended; by no way at all.

The tasks are those that the stories of the published processes bring up: each task that judges is looked at when it is first
about to be completed, by somebody who then does complete it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from services import definitions
from services.database import Database
from services.models.cases import Task
from services.people import Actor
from services.scenarios import Worlds, complete, find_scenarios, read_others, run_scenario
from tests.services.authority.matrix import JUDGING, PREPARING, Matrix
from tests.services.case_rows import NOW, add_case, add_task
from workflows.packages import Package
from workflows.scenarios import Do, Scenario

PROCESSES = Path(__file__).resolve().parents[3] / "bpmn"
FOLDERS = list(definitions.process_folders(PROCESSES))
#: What somebody may have prepared before and still judge, because it is another matter. By task, the elements before it.
_LATER = "comes after this step, and prepares what others judge"
_REPORT = "a situation report proposes nothing"
_EXERCISE = "is about an exercise, or an action that follows from it, not about the plan's text"


def _each(tasks: str, elements: str, why: str) -> dict[str, dict[str, str]]:
    return {task: dict.fromkeys(elements.split(), why) for task in tasks.split()}


def _merge(*parts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {task: {key: why for part in parts for key, why in part.get(task, {}).items()} for part in parts for task in part}


OTHER_MATTERS = _merge(
    _each("eva_smt eva_decide eva_review eva_decide_alone eva_decide_usg", "cri_sitrep", _REPORT),
    _each("cri_confirm cri_provisional cri_ratify cri_lead", "cri_sitrep", _REPORT),
    _each("cpt_smt_item cpt_plan_approve", "cpt_ex_design cpt_host_notice cpt_ex_ask cpt_ex_run cpt_aar", _EXERCISE),
    _each("cpt_smt_item cpt_plan_approve", "cpt_ask_credit cpt_action_do", _EXERCISE),
    _each("cpt_ex_approve cpt_postpone_decide", "cpt_update", "the text of the plan is another matter than an exercise"),
    _each("cpt_ex_approve", "cpt_ex_ask cpt_ex_run cpt_aar cpt_action_do cpt_ask_credit", _LATER),
    _each("cpt_postpone_decide", "cpt_ex_run cpt_aar cpt_action_do cpt_ask_credit", _LATER),
    _each("cpt_postpone_decide cpt_evaluate cpt_sign", "cpt_host_notice", "what the host authorities answered is no part of it"),
    _each("cpt_evaluate", "cpt_action_do cpt_ask_credit", _LATER),
    _each("cpt_sign", "cpt_ex_ask", "asking for another day prepares nothing of what is signed"),
    _each("cpt_sign", "cpt_action_do", "an action is closed by somebody else than who did it (cpt_action_close)"),
    _each("inc_triage", "inc_flash inc_record", _LATER),
    _each("inc_endorse", "inc_flash", "the first notice is no part of the record that is endorsed"),
    _each("rsm_smt rsm_do rsm_dir rsm_usg", "rsm_still_right", _LATER),
    _each("hc_follow", "hc_test", "calling the yearly test proposes nothing"),
    _each("smg_decide", "smg_agenda smg_meet", "a meeting of that group ends without a recommendation to be decided on"),
    _each("tn_late tn_assess", "tn_coordinate_host", "what the host country answered is no assessment, and comes after it"),
    _each("sev_advise sev_decide", "sev_report sev_report_security", _LATER),
    _each("trn_verify", "trn_follow_up", "a list of those who are late is a case of its own, and no certificate"),
    _each("mos_confirm", "mos_do", "an action is verified by somebody else than who carried it out (mos_verify)"),
    _each("mos_verify", "mos_survey mos_propose", "who found a fault may say whether it is mended"),
    _each("acb_review", "acb_do", _LATER),
    _each("sup_desk sup_refusal sup_release sup_dir", "sup_report", _LATER),
    _each("hc_follow", "hc_wardens hc_help", "who looked for people, or helped one, proposes nothing by that"),
)


def acts_of(package: Package) -> dict[str, str]:
    """The acts of all user tasks of a process."""
    elements = (element for diagram in package.diagrams.values() for element in diagram.elements.values())
    return {element.id: element.properties.get("act", "") for element in elements if element.kind == "userTask"}


def judging(package: Package) -> set[str]:
    return {element for element, act in acts_of(package).items() if act in JUDGING or act.startswith("=")}


def choose_stories(folder: Path, wanted: set[str]) -> list[tuple[Scenario, set[str]]]:
    """The fewest stories in which all wanted tasks are completed, each with those that it is chosen for."""
    told = {
        scenario.name: (
            scenario,
            {step.do for step in scenario.steps if isinstance(step, Do) and step.refused is None and not step.process},
        )
        for scenario in find_scenarios(folder)
    }
    left, chosen = set(wanted), []
    while left:
        scenario, done = max(told.values(), key=lambda each: (len(each[1] & left), -len(each[0].steps)))
        assert done & left, f"no story completes {sorted(left)}"
        chosen.append((scenario, done & left))
        left -= done
    return chosen


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nobody_with_a_stake_gets_through(folder: Path, worlds: Worlds) -> None:
    package = definitions.read_folder(folder)
    prepared = {element: act for element, act in acts_of(package).items() if act in PREPARING}
    wanted = judging(package)
    seen: dict[str, list[str]] = {}

    def look_first(session: Session, task: Task, answers: Mapping[str, Any], /, *, actor: Actor, now: datetime) -> None:
        if task.element in wanted - set(seen):
            others = OTHER_MATTERS.get(task.element, {})
            matrix = Matrix(session=session, task=task, now=now, prepared=prepared, allowed=set(others), turn=len(seen))
            seen[task.element] = matrix.faults()
        complete(session, task, answers, actor=actor, now=now)

    for scenario, _ in choose_stories(folder, wanted):
        with worlds.open(scenario, package, read_others(scenario, PROCESSES)) as database:
            assert run_scenario(database, scenario, completing=look_first).failures == []

    assert set(seen) == wanted
    assert [fault for faults in seen.values() for fault in faults] == []


def test_the_same_holds_on_every_database(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        case = add_case(session)
        for turn, (role, act) in enumerate((("DO", "DECIDE"), ("HOA", "ENDORSE"), ("CSA", "RECOMMEND"))):
            task = add_task(session, case, role, act=act, separate_from=["drafted"])
            assert Matrix(session=session, task=task, now=NOW, prepared={"drafted": "DRAFT"}, turn=turn).faults() == []
