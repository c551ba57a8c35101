"""Moving a case with parallel branches, a part of its own, an armed timer and a repeated step that is half done."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services import cases, definitions, jobs
from services.cases import migrating
from services.cases.loading import look_into
from services.mailers import MemoryMailer
from services.models import ProcessVersion, Task
from tests.services.leave import NOW, REQUESTER, Leave
from workflows import packages

FOLDER = Path(__file__).parent / "processes" / "panel"
DAY = timedelta(days=1)
#: Everything that a token can stand on has another id in the second version.
RENAMED = {"prepare": "ready", "collect": "gather", "late": "overdue", "vote": "ballot", "join": "meet", "prepared": "is_ready"}


def second() -> packages.Package:
    files = dict(definitions.read_folder(FOLDER).files)
    diagram = files["panel_main.bpmn"].decode().replace("P3D", "P9D")
    for old, new in RENAMED.items():
        for before, after in (('"', '"'), (">", "<")):
            diagram = diagram.replace(f"{before}{old}{after}", f"{before}{new}{after}")
    files["panel_main.bpmn"] = diagram.replace('formId="ballot"', 'formId="vote"').encode()
    return packages.read_package("panel", files)


class Panel:
    """One case of the process, and ways to act in it."""

    def __init__(self, leave: Leave) -> None:
        self.leave = leave
        with leave.database.transaction() as session:
            definitions.publish(session, definitions.read_folder(FOLDER), by="system", now=NOW)
        actor = leave.actor(REQUESTER)
        with leave.database.transaction() as session:
            self.case_id = cases.start_case(session, "panel", actor=actor, answers={}, now=NOW).id

    @property
    def open(self) -> list[str]:
        return sorted(task.element for task in self._tasks())

    def _tasks(self) -> list[Task]:
        with self.leave.database.reading() as session:
            chosen = select(Task).where(Task.case_id == self.case_id, Task.state == "OPEN").order_by(Task.id)
            return list(session.scalars(chosen))

    def do(self, element: str, **answers: Any) -> None:
        task = next(task for task in self._tasks() if task.element == element)
        revision = self.leave.case(self.case_id).revision
        self.leave.complete(task.id, by=REQUESTER, answers=answers, revision=revision)

    def move(self, mapping: dict[str, str]) -> migrating.Report:
        with self.leave.database.transaction() as session:
            target = definitions.publish(session, second(), by="system", now=NOW)
            actor = self.leave.actor(REQUESTER)
            return migrating.migrate_case(session, self.case_id, target, mapping, actor=actor, now=NOW + DAY)

    def variables(self) -> dict[str, Any]:
        with self.leave.database.reading() as session:
            return dict(look_into(session, cases.get_case(session, self.case_id), now=NOW).variables)


@pytest.fixture
def panel(leave: Leave) -> Panel:
    return Panel(leave)


def test_a_case_in_the_middle_of_everything_goes_on_in_the_new_version(panel: Panel) -> None:
    panel.do("vote", vote="yes")
    panel.do("vote", vote="no")
    assert panel.open == ["collect", "vote", "vote"]

    report = panel.move(RENAMED)

    said = [str(each) for each in report.said]
    assert report.state == "MOVED", said
    assert panel.open == ["ballot", "ballot", "gather"]
    assert "vote: Vote goes on with 2 of 4 runs done." in said
    assert "overdue: The timer 3 days stays due at 2026-12-04 09:00 UTC." in said
    assert panel.leave.case(panel.case_id).wake_at == NOW + 3 * DAY
    for vote in ("no", "yes"):
        panel.do("ballot", vote=vote)
    assert panel.open == ["gather"]
    assert sorted(vote.split(":")[0] for vote in panel.variables()["votes"]) == ["a", "b", "c", "d"]
    panel.do("gather")
    panel.do("sign")
    assert panel.leave.case(panel.case_id).state == "COMPLETED"
    assert panel.leave.problems() == []


def test_the_timer_of_an_inner_step_fires_at_its_old_moment(panel: Panel) -> None:
    panel.move(RENAMED)

    jobs.run_once(panel.leave.database, MemoryMailer(), NOW + 3 * DAY)

    assert panel.open == ["ballot"] * 4
    assert panel.leave.problems(now=NOW + 3 * DAY) == []


@pytest.mark.parametrize("first", ["collect", "vote"])
def test_a_branch_that_waits_at_the_join_is_met_by_the_other(panel: Panel, first: str) -> None:
    for number in range(1 if first == "collect" else 4):
        panel.do(first, **({"vote": str(number)} if first == "vote" else {}))

    assert panel.move(RENAMED).state == "MOVED"

    while panel.open != ["sign"]:
        element = panel.open[0]
        panel.do(element, **({"vote": "x"} if element == "ballot" else {}))
    assert panel.leave.problems() == []


def test_every_token_without_a_place_is_named_at_once(panel: Panel) -> None:
    panel.do("vote", vote="yes")

    report = panel.move({})

    assert report.state == "REFUSED"
    assert sorted({problem.where for problem in report.problems}) == ["prepare", "vote"]
    assert panel.open == ["collect", "vote", "vote", "vote"]
    with panel.leave.database.reading() as session:
        version = session.get_one(ProcessVersion, panel.leave.case(panel.case_id).version_id)
    assert version.version == 1
