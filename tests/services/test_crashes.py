"""Dying at every place on the way of a decision: either all of it happened or nothing did."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.errors import OperationFailed
from services.faults import FaultInjected
from services.models import AuditEntry, Decision, OutboxMessage, Task
from tests.services.crashing import ACTS, ask
from tests.services.leave import REVIEWER, Leave, count_rows
from tests.services.power import PowerFailure, fail_at

ROOT = Path(__file__).resolve().parents[2]
Die = Callable[..., list[dict[str, Any]]]
TABLES = (AuditEntry, Decision, Task, OutboxMessage)
POINTS = (
    "complete.after_load",
    "complete.after_decision",
    "complete.after_engine",
    "store.before_state",
    "store.after_tasks",
    "store.after_flush",
    "complete.after_store",
    "commit.before",
)


def state_of(leave: Leave) -> tuple[int, ...]:
    with leave.database.reading() as session:
        return count_rows(session, *TABLES)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failure_at_any_statement_changes_nothing_and_the_next_try_succeeds(leave: Leave, when: str) -> None:
    case_id = leave.start()
    task, before, failed = leave.open_task(case_id), state_of(leave), 0
    answers = {"by": REVIEWER, "answers": {"advice": "RECOMMEND"}}
    leave.actor(REVIEWER)

    for number in range(1, 40):
        stop = fail_at(leave.database, number, when)
        try:
            leave.complete(task.id, **answers)
        except PowerFailure:
            failed += 1
            continue
        finally:
            stop()
        break

    assert failed >= 7
    assert leave.problems() == []
    assert leave.case(case_id).revision == 2
    assert state_of(leave) != before


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("act", sorted(ACTS))
def test_after_each_failure_everything_is_as_before(embedded_leave: Leave, act: str, when: str) -> None:
    leave = embedded_leave
    case_id = leave.start()
    if act == "take_back":
        leave.review(case_id)
    if act == "answer":
        ask(leave, case_id)
    leave.actor(REVIEWER)
    before = state_of(leave)

    for number in range(1, 40):
        stop = fail_at(leave.database, number, when)
        try:
            ACTS[act](leave, case_id)
        except (PowerFailure, OperationFailed):  # inside an operation the engine says which step it was
            stop()
            assert state_of(leave) == before
            assert leave.problems() == []
            continue
        stop()
        assert state_of(leave) != before
        return
    pytest.fail("It never came through.")


@pytest.mark.parametrize("point", POINTS)
def test_a_failure_between_the_statements_changes_nothing(
    embedded_leave: Leave, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = embedded_leave
    task, before = leave.open_task(leave.start()), state_of(leave)
    monkeypatch.setenv("SC_FAULT", f"{point}=raise")

    with pytest.raises((FaultInjected, OperationFailed)):
        leave.complete(task.id, by=REVIEWER, answers={"advice": "RECOMMEND"})

    assert state_of(leave) == before
    monkeypatch.delenv("SC_FAULT")
    assert leave.problems() == []


@pytest.fixture(scope="module")
def die() -> Iterator[Die]:
    """Give a function that lets other processes die while they act on a case: `die(leave, case_id, "complete")`.

    One program forks them all: starting it takes longer than most of them live.
    """
    arguments = [sys.executable, "-B", "-m", "tests.services.crashing"]
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:

        def deaths(leave: Leave, case_id: str, act: str, *places: str) -> list[dict[str, Any]]:
            print(leave.database.url, case_id, act, *places, file=program.stdin, flush=True)
            return json.loads(program.stdout.readline())

        yield deaths


AFTERWARDS = {"complete": [1, 2, ["approve"]], "start": [2, 1, ["review"]], "timer": [1, 2, ["review"]], "withdraw": [1, 2, []]}
"""What is there when an act came through: how many cases, the revision of the case, its open steps."""


@pytest.mark.parametrize("act", sorted(AFTERWARDS))
def test_a_process_that_is_killed_at_any_statement_leaves_the_case_whole(leave: Leave, die: Die, act: str) -> None:
    deaths = die(leave, leave.start(), act)

    killed, last = deaths[:-1], deaths[-1]
    assert len(killed) >= 5
    assert {death["ended"] for death in killed} == {137}
    assert [death["found"] for death in killed if death["found"] != [1, 1, ["review"]]] == []
    assert (last["ended"], last["found"]) == (0, AFTERWARDS[act])
    assert [death["problems"] for death in deaths if death["problems"]] == []


def test_taking_back_is_whole_or_has_not_happened_wherever_the_process_is_killed(leave: Leave, die: Die) -> None:
    case_id = leave.start()
    leave.review(case_id)

    deaths = die(leave, case_id, "take_back")

    killed, last = deaths[:-1], deaths[-1]
    assert len(killed) >= 10
    assert {death["ended"] for death in killed} == {137}
    assert [death["found"] for death in killed if death["found"] != [1, 2, ["approve"]]] == []
    assert (last["ended"], last["found"]) == (0, [1, 3, ["review"]])
    assert [death["problems"] for death in deaths if death["problems"]] == []


UNASKED = [0, 0, 0, "2026-12-01T13:00:00+00:00", "2026-12-02T09:00:00+00:00", None, None]
"""Questions, answers and notices; when the case wakes, and the step is due; from when to when at the latest its clock stands."""
HELD = ["2026-12-01T09:00:00+00:00", "2026-12-06T09:00:00+00:00"]
ASKED = [1, 0, 1, "2026-12-06T13:00:00+00:00", "2026-12-07T09:00:00+00:00", *HELD]
ANSWERED = [1, 1, 2, "2026-12-01T18:00:00+00:00", "2026-12-02T14:00:00+00:00", None, None]


@pytest.mark.parametrize("act", ["ask", "answer"])
def test_question_answer_and_clock_are_whole_or_have_not_happened_wherever_the_process_is_killed(
    leave: Leave, die: Die, act: str
) -> None:
    case_id = leave.start()
    before, after, revision = (UNASKED, ASKED, 1) if act == "ask" else (ASKED, ANSWERED, 2)
    if act == "answer":
        ask(leave, case_id)

    deaths = die(leave, case_id, act)

    killed, last = deaths[:-1], deaths[-1]
    assert len(killed) >= 8
    assert {death["ended"] for death in killed} == {137}
    assert [death for death in killed if (death["talk"], death["found"]) != (before, [1, revision, ["review"]])] == []
    assert (last["ended"], last["talk"], last["found"]) == (0, after, [1, revision + 1, ["review"]])
    assert [death["problems"] for death in deaths if death["problems"]] == []


COMMITTED = {"answer": ANSWERED, "ask": ASKED, "start": [2, 1, ["review"]], "timer": [1, 2, ["review"]]}


@pytest.mark.parametrize("act", sorted(COMMITTED))
def test_what_was_acknowledged_is_there_after_the_process_is_killed(leave: Leave, die: Die, act: str) -> None:
    case_id = leave.start()
    if act == "answer":
        ask(leave, case_id)

    [death] = die(leave, case_id, act, "commit.after")

    assert (death["ended"], death["problems"]) == (137, [])
    assert COMMITTED[act] in (death["found"], death["talk"])


@pytest.mark.parametrize(("place", "revision", "element"), [("commit.before", 1, "review"), ("commit.after", 2, "approve")])
def test_what_was_committed_before_the_process_is_killed_is_there(
    leave: Leave, die: Die, place: str, revision: int, element: str
) -> None:
    [death] = die(leave, leave.start(), "complete", place)

    assert (death["at"], death["ended"], death["found"], death["problems"]) == (place, 137, [1, revision, [element]], [])
