"""Stories in which several processes play: events as steps, tasks of other cases, and what must be there besides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.operations import CATALOGUE
from services.operations.catalogue import operation
from services.operations.work import Work
from services.scenarios import Result, read_others, run_scenario
from services.scenarios.worlds import ProcessMissing
from tests.services.watching import OPENS, shout, watch
from workflows.packages import Package
from workflows.scenarios import ScenarioRefused, read_scenario

START = {"as": "lina.marchetti", "answers": {"area": "XC-CAP", "reason": "Fire"}}
DAILY = '[[opens]]\ndaily = "watch.due"\nstart = "called"\nonce = "=due.area"\n[opens.answers]\narea = "=due.area"\n'


@pytest.fixture
def tell(worlds):
    """Give a function that tells a story: `tell(watch(), shout(), {"event": …}, process="watch", …)`."""

    def run(main: Package, *rest: Any, start: Any = START, **expect: Any) -> Result:
        others = [each for each in rest if isinstance(each, Package)]
        story = {
            "process": main.key,
            "also": [each.key for each in others],
            "now": "2026-12-01T09:00:00Z",
            "start": start,
            "steps": [each for each in rest if not isinstance(each, Package)],
            "expect": expect,
        }
        scenario = read_scenario(story, name="story.yaml")
        with worlds.open(scenario, main, others) as database:
            return run_scenario(database, scenario)

    return run


def test_an_event_is_a_step_and_other_processes_react_to_it(tell) -> None:
    result = tell(
        shout(),
        watch(OPENS),
        {"event": "OPEN_WATCH", "area": "XA-NOR", "payload": {"severity": "MAJOR"}},
        {"tasks": [{"id": "look", "area": "XA-NOR"}], "process": "watch"},
        {"as": "yusra.ben-halim", "do": "look", "process": "watch"},
        {"tasks": [], "process": "watch"},
        state="completed",
        cases=[
            {"process": "watch", "count": 1, "state": "open", "area": "XA-NOR"},
            {"process": "watch", "count": 0, "area": "XC-CAP"},
            {"process": "watch"},
        ],
    )

    assert result.failures == []


def test_a_story_may_be_about_a_case_that_an_event_starts(tell) -> None:
    start = {"event": "OPEN_WATCH", "area": "XC-CAP"}

    result = tell(watch(OPENS), {"tasks": [{"id": "look", "area": "XC-CAP"}]}, start=start, state="open", path=["called", "look"])

    assert result.failures == []
    assert result.number == "WAT-2026-000001"


def test_a_story_may_be_about_a_case_that_is_due(tell) -> None:
    @operation("watch.due")
    def ask(work: Work) -> dict[str, Any]:
        """Say that one area is due on the first, and another two days later."""
        return {"due": [{"area": {1: "XA-NOR", 3: "XC-CAP"}.get(work.now.day, "XA-EST")}]}

    try:
        result = tell(
            watch(DAILY),
            {"advance": "P2DT1H"},
            start={"daily": "watch.due"},
            path=["called", "look"],
            variables={"area": "XA-NOR"},
            cases=[{"process": "watch", "count": 2}, {"process": "watch", "area": "XC-CAP", "count": 1}],
        )
    finally:
        del CATALOGUE["watch.due"]

    assert result.failures == []


@pytest.mark.parametrize(
    ("start", "steps", "expect", "sentence"),
    [
        (
            START,
            [],
            {"cases": [{"process": "watch", "state": "open"}]},
            "There are 0 cases of watch (state open), not at least one.",
        ),
        (START, [], {"cases": [{"process": "shout", "count": 1}]}, "There are 0 cases of shout, not 1."),
        (START, [{"tasks": [{"id": "look"}], "process": "watch"}], {}, "step 1 (look): not open: look"),
        ({"event": "NOTHING"}, [], {}, "start: No case has started by that."),
    ],
)
def test_what_is_not_as_expected_of_other_cases_is_said(tell, start, steps, expect, sentence) -> None:
    assert tell(shout(), watch(OPENS), *steps, start=start, **expect).failures == [sentence]


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"start": {}}, "start.as: as is missing."),
        ({"start": {"as": "a", "event": "X"}}, "start: A case starts in one way"),
        ({"start": {"event": "X", "by": "a"}}, "start.by: by is not known here."),
        ({"steps": [{"event": "X", "key": "1"}]}, "steps.0.key: key is not known here."),
        ({"expect": {"cases": [{"process": "watch", "state": "lost"}]}}, "expect.cases.0.state: lost is no state of a case."),
        ({"expect": {"cases": [{"count": 1}]}}, "expect.cases.0.process: process is missing."),
        ({"also": "watch"}, "also: A list is expected here."),
    ],
)
def test_a_story_that_is_written_wrongly_is_refused(part: dict[str, Any], problem: str) -> None:
    story = {"process": "shout", "now": "2026-12-01T09:00:00Z", "start": START} | part

    with pytest.raises(ScenarioRefused) as refused:
        read_scenario(story, name="story.yaml")

    assert problem in str(refused.value)


def test_a_process_that_a_story_needs_must_lie_beside_its_own(tmp_path: Path) -> None:
    story = {"process": "shout", "also": ["nowhere"], "now": "2026-12-01T09:00:00Z", "start": START}

    with pytest.raises(ProcessMissing, match="nowhere"):
        read_others(read_scenario(story, name="story.yaml"), tmp_path)
