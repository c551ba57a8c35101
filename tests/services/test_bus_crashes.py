"""The dispatcher killed at every place, and run twice at the same moment: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from services import bus, invariants, jobs
from services.database import Database
from services.errors import AlreadyOpen, Busy
from services.faults import FaultInjected, forget_passes
from services.mailers import MemoryMailer
from services.models.bus import BusReceipt
from tests.services.watching import MESSAGE, NOW, OPENS, Watches, shout, watch
from tests.statements import watch_statements

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 20
POINTS = ("bus.before_tell", "bus.before_mark", "commit.before", "commit.after", "store.before_state", "store.after_flush")


def prepare(watches: Watches) -> list[str]:
    """Something to tell, something to open and a message to hand over."""
    watches.publish(watch(OPENS), shout(MESSAGE))
    waiting = [watches.start(area="XA-NOR"), watches.start(area="XC-CAP")]
    watches.post("SIG_ALARM", reason="Fire")
    watches.post("OPEN_WATCH", "XA-EST")
    watches.start("shout", key="post XC-CAP", reason="Call")
    return waiting


def ensure_all_done_once(watches: Watches, waiting: list[str]) -> None:
    assert [watches.heard(case) for case in waiting] == [["Fire"], ["Fire", "Call"]]
    assert [case.area for case in watches.cases()] == ["XA-NOR", "XC-CAP", "XA-EST"]
    assert all(each.handled_at is not None for each in watches.events())
    with watches.database.reading() as session:
        assert [str(problem) for _, found in invariants.check_cases(session, now=NOW) for problem in found] == []


def test_a_dispatcher_that_is_killed_at_any_statement_loses_nothing_and_repeats_nothing(watches: Watches) -> None:
    waiting = prepare(watches)
    arguments = [sys.executable, "-B", "-m", "tests.services.bus_crashing", watches.database.url]

    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)

    came = json.loads(done.stdout)
    assert came["ended"] == 0
    assert came["deaths"] >= 30
    ensure_all_done_once(watches, waiting)


@pytest.mark.parametrize("point", POINTS)
def test_a_failure_between_two_statements_loses_nothing_and_repeats_nothing(
    embedded_watches: Watches, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = prepare(embedded_watches)

    for count in range(1, 8):
        forget_passes()
        monkeypatch.setenv("SC_FAULT", f"{point}@{count}=raise")
        with suppress(FaultInjected):
            embedded_watches.dispatch()
        monkeypatch.delenv("SC_FAULT")
        for case in embedded_watches.cases():
            if case.state == "INCIDENT":
                embedded_watches.repair(case.id)
    embedded_watches.dispatch(NOW)
    embedded_watches.dispatch(NOW.replace(day=2))

    ensure_all_done_once(embedded_watches, waiting)


def test_two_workers_at_the_same_moment_tell_everybody_once(watches: Watches) -> None:
    waiting = prepare(watches)
    workers = [Database(watches.database.url) for _ in range(3)]
    barrier = threading.Barrier(len(workers))

    def work(database: Database) -> None:
        barrier.wait(WAIT_S)
        for _ in range(3):
            bus.dispatch(database, NOW)

    with ThreadPoolExecutor(len(workers)) as pool:
        list(pool.map(work, workers))
    for database in workers:
        database.dispose()
    watches.dispatch()

    ensure_all_done_once(watches, waiting)
    with watches.database.reading() as session:
        assert {receipt.action for receipt in session.scalars(select(BusReceipt))} == {"TOLD", "OPENED"}


def test_of_two_people_who_open_a_case_about_the_same_at_the_same_moment_one_does(watches: Watches) -> None:
    watches.publish(watch('once = "=area"\n' + OPENS))
    barrier = threading.Barrier(4)

    def start(_number: int) -> str:
        barrier.wait(WAIT_S)
        try:
            return watches.start(area="XA-NOR")
        except (AlreadyOpen, Busy) as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(start, range(4)))

    assert len(watches.cases()) == 1
    assert len([each for each in came if each in {"AlreadyOpen", "Busy"}]) == 3


def test_what_an_act_puts_onto_the_bus_is_told_without_waiting_for_the_next_round(embedded_watches: Watches) -> None:
    watches = embedded_watches
    watches.publish(watch(), shout())
    case, told = watches.start(), hear_of_receipts(watches.database)

    stop = jobs.start_thread(watches.database, MemoryMailer(), lambda: NOW, pause_s=3600)
    watches.start("shout", reason="Fire")

    assert told.wait(WAIT_S)
    stop.set()
    for thread in threading.enumerate():
        if thread.name == "jobs":
            thread.join(WAIT_S)
    assert watches.heard(case) == ["Fire"]


def test_a_worker_looks_at_the_bus_more_often_than_at_everything_else(watches: Watches) -> None:
    watches.publish(watch(), shout())
    case, stop, worker = watches.start(), threading.Event(), Database(watches.database.url)
    told = hear_of_receipts(worker)
    facts = {"stop": stop, "pause_s": 3600, "bus_pause_s": 0.05}
    thread = threading.Thread(target=jobs.run_forever, args=(worker, MemoryMailer(), lambda: NOW), kwargs=facts)
    thread.start()

    watches.start("shout", reason="Fire")

    assert told.wait(WAIT_S)
    stop.set()
    thread.join(WAIT_S)
    worker.dispose()
    assert watches.heard(case) == ["Fire"]


def hear_of_receipts(database: Database) -> threading.Event:
    """Answer what is set when a receipt is written."""
    told = threading.Event()

    def see(statement: str) -> None:
        if statement.startswith("INSERT INTO event_receipts"):
            told.set()

    watch_statements(database.engine, after=see)
    return told
