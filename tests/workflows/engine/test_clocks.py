"""The clock of a task stands still while somebody else is asked, and what protects life goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.workflows.engine.conftest import NOON, CaseInHand, Start, flows
from tests.workflows.engine.test_events import OUTER, boundary, timer
from workflows import diagrams, engine
from workflows.engine import NotOpen

REMINDED = OUTER + '<userTask id="u"/><task id="r"/><task id="late"/>'


def shift(moment: datetime, since: datetime, until: datetime) -> datetime:
    return moment + (until - since)


def hold(case: CaseInHand, token: str | None = None, **length: float) -> None:
    run = case.run
    engine.hold_clock(run, token or case.token("u"), run.now + timedelta(**length), shift)
    case._keep(run)


def go_on(case: CaseInHand, token: str | None = None, *, at: datetime | None = None) -> None:
    run = case.run
    engine.start_clock(run, token or case.token("u"), at or run.now, shift)
    case._keep(run)


def marked(name: str, inside: str, clock_of: str, *, interrupting: bool = False) -> str:
    said = f'<extensionElements><zeebe:properties><zeebe:property name="clock_of" value="{clock_of}"/></zeebe:properties></extensionElements>'
    return boundary(name, said + inside, interrupting=interrupting)


def test_reminder_and_end_of_a_task_move_on_by_the_time_that_its_clock_stood(start: Start) -> None:
    case = start(
        REMINDED
        + boundary("b", timer("PT4H"), interrupting=False)
        + boundary("end", timer("PT8H"))
        + flows("s>u", "b>r", "end>late")
    )
    case.advance(hours=1)
    hold(case, days=5)

    assert case.advance(hours=10) == 0
    go_on(case)

    assert case.run.wake_at == NOON + timedelta(hours=14)
    case.advance(hours=3)
    assert "r" in case.entered
    case.advance(hours=4)
    assert (case.open, "late" in case.entered) == ([], True)


def test_a_clock_that_nobody_starts_again_runs_on_by_itself(start: Start) -> None:
    cycle = boundary("b", timer("R3/PT4H", "timeCycle"), interrupting=False)
    inside = OUTER + '<userTask id="u"/><task id="r"/>' + cycle + flows("s>u", "b>r")
    case = start(inside)
    hold(case, days=5)

    case.advance(days=5, hours=4)
    assert case.entered.count("r") == 1
    go_on(case, at=NOON + timedelta(days=5))  # too late to have any effect

    assert case.run.wake_at == NOON + timedelta(days=5, hours=8)


def test_holding_twice_holds_once_and_what_has_fired_stays_fired(start: Start) -> None:
    inside = (
        REMINDED
        + boundary("b", timer("PT1H"), interrupting=False)
        + boundary("c", timer("PT6H"), interrupting=False)
        + flows("s>u", "b>r", "c>late")
    )
    case = start(inside)
    case.advance(hours=2)
    hold(case, days=5)
    hold(case, days=9)

    case.advance(hours=1)
    go_on(case)
    case.advance(hours=1)
    go_on(case)

    assert case.run.wake_at == NOON + timedelta(hours=7)
    assert case.entered.count("r") == 1


def test_moments_from_outside_stand_unless_the_diagram_counts_them_to_the_clock(start: Start) -> None:
    day = timer("2026-12-03T12:00:00Z", "timeDate")
    inside = (
        REMINDED
        + boundary("arrival", day)
        + marked("due", timer("2026-12-02T12:00:00Z", "timeDate"), "u")
        + marked("fixed", timer("P1D"), "case")
        + flows("s>u", "arrival>late", "due>r", "fixed>r")
    )
    case = start(inside)
    hold(case, days=9)

    assert engine.stops_at(case.run, case.token("u")) == NOON + timedelta(days=2)
    assert case.run.wake_at == NOON + timedelta(days=1)  # the one that the case keeps
    case.advance(days=2)
    assert (case.entered.count("r"), case.open) == (1, [])


def test_the_hard_stop_around_a_task_stands_and_its_neighbours_clock_runs(start: Start) -> None:
    inner = (
        '<subProcess id="p"><startEvent id="s2"/><parallelGateway id="g"/><userTask id="u"/><userTask id="v"/>'
        + boundary("b", timer("PT4H"), on="u", interrupting=False)
        + boundary("c", timer("PT4H"), on="v", interrupting=False)
        + '<task id="r"/><task id="q"/>'
        + flows("s2>g", "g>u", "g>v", "b>r", "c>q")
        + "</subProcess>"
    )
    case = start(OUTER + inner + '<task id="late"/>' + boundary("hard", timer("PT12H"), on="p") + flows("s>p", "hard>late"))
    hold(case, days=5)

    assert engine.stops_at(case.run, case.token("u")) == NOON + timedelta(hours=12)
    case.advance(hours=5)
    assert (case.entered.count("q"), case.entered.count("r")) == (1, 0)
    case.advance(hours=8)
    assert (case.open, case.status) == ([], "completed")


def repeated(start: Start, *boundaries: str) -> tuple[CaseInHand, list[str]]:
    """Two runs of one activity, and their tokens."""
    loop = '<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="x"/></extensionElements></multiInstanceLoopCharacteristics>'
    inside = OUTER + f'<userTask id="u">{loop}</userTask><task id="r"/><task id="late"/>' + "".join(boundaries)
    case = start(inside + flows("s>u", "b>r", "end>late"))
    return case, case.run.open_tokens


def test_timers_of_a_repeated_task_stand_as_long_as_the_clock_of_any_of_its_runs(start: Start) -> None:
    reminder, end = boundary("b", timer("PT4H"), interrupting=False), boundary("end", timer("PT8H"))
    case, (first, second) = repeated(start, reminder, end)
    case.advance(hours=1)
    hold(case, first, days=5)
    case.advance(hours=1)
    hold(case, second, days=5)
    assert engine.stops_at(case.run, first) is None, "its own end is no hard stop"

    case.advance(hours=2)
    go_on(case, first)
    assert case.run.wake_at == NOON + timedelta(days=5, hours=5), "the other still waits for an answer"
    case.advance(hours=10)
    go_on(case, second)

    assert case.run.wake_at == NOON + timedelta(hours=17), "they stood from the first hour to the fourteenth, once"
    case.advance(hours=3)
    assert "r" in case.entered
    case.advance(hours=4)
    assert (case.open, "late" in case.entered) == ([], True)


def test_a_run_that_is_never_answered_holds_its_neighbours_timers_no_longer_than_its_time(start: Start) -> None:
    end = boundary("end", timer("PT8H"))
    case, (first, second) = repeated(start, boundary("b", timer("R/PT4H", "timeCycle"), interrupting=False), end)
    hold(case, first, days=5)
    case.advance(days=5, hours=1)
    hold(case, second, days=5)
    case.advance(hours=2)
    go_on(case, second)
    go_on(case, first, at=NOON + timedelta(days=5))

    assert case.run.wake_at == NOON + timedelta(days=5, hours=6)
    assert engine.stops_at(case.run, second) is None
    case.advance(hours=7)
    assert case.open == []


def test_only_the_clock_of_an_open_task_can_be_held(start: Start) -> None:
    case = start(OUTER + '<userTask id="u"/>' + flows("s>u"))
    token = case.token("u")
    case.do("u")

    with pytest.raises(NotOpen):
        engine.hold_clock(case.run, token, NOON + timedelta(days=1), shift)


def test_a_timer_of_the_clock_of_no_task_and_an_unknown_clock_are_refused() -> None:
    properties = '<extensionElements><zeebe:properties><zeebe:property name="clock" value="wokring"/></zeebe:properties></extensionElements>'
    inside = (
        OUTER
        + f'<userTask id="u">{properties}</userTask><endEvent id="e"/>'
        + marked("b", timer("PT1H"), "w")
        + flows("s>u", "u>e", "b>e")
    )
    xml = f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="x" id="d"><process id="main" isExecutable="true">{inside}</process></definitions>'

    problems = diagrams.check_diagram(diagrams.read_diagram(xml.encode(), name="test.bpmn"))

    assert sorted(problem.where for problem in problems) == ["b", "u"]


def count(case: CaseInHand) -> None:
    """Let the timers that were armed count working days, of which every second day is one."""
    run = case.run
    engine.count_working_days(run, lambda _token, since, days: since + timedelta(days=2 * days))
    case._keep(run)


def of_working_days(inside: str) -> str:
    said = '<extensionElements><zeebe:properties><zeebe:property name="clock" value="working"/></zeebe:properties></extensionElements>'
    return OUTER + f'<userTask id="u">{said}</userTask><task id="r"/>' + inside


def test_durations_and_cycles_on_a_task_of_working_days_count_them_in_every_round(start: Start) -> None:
    cycle = boundary("b", timer("R3/P2D", "timeCycle"), interrupting=False)
    case = start(of_working_days(cycle + flows("s>u", "b>r")))
    count(case)
    count(case)

    assert case.run.wake_at == NOON + timedelta(days=4), "once, however often it is asked"
    case.advance(days=4)
    count(case)
    assert case.run.wake_at == NOON + timedelta(days=8)
    assert case.last.counted == [("b", "2026-12-07T12:00:00+00:00", "2026-12-09T12:00:00+00:00", 0)]


@pytest.mark.parametrize(
    ("text", "kind"), [('="2026-12-05T12:00:00Z"', "timeDate"), ("R2/2026-12-05T12:00:00Z/P2D", "timeCycle")]
)
def test_moments_that_somebody_worked_out_are_counted_no_more(start: Start, text: str, kind: str) -> None:
    case = start(of_working_days(boundary("b", timer(text, kind), interrupting=False) + flows("s>u", "b>r")))
    count(case)

    assert case.run.wake_at == NOON + timedelta(days=4)


def test_timers_of_other_tasks_count_every_day(start: Start) -> None:
    case = start(
        of_working_days(boundary("b", timer("P2D"), interrupting=False) + flows("s>u", "b>r")).replace("working", "elapsed")
    )
    count(case)

    assert case.run.wake_at == NOON + timedelta(days=2)


def test_a_clock_of_working_days_that_stood_goes_on_from_where_it_was(start: Start) -> None:
    cycle = boundary("b", timer("R3/P2D", "timeCycle"), interrupting=False)
    case = start(of_working_days(cycle + flows("s>u", "b>r")))
    count(case)
    case.advance(days=1)
    hold(case, days=5)
    case.advance(days=1)
    go_on(case)

    assert case.run.wake_at == NOON + timedelta(days=5)
