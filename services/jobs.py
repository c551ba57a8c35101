"""What happens without anybody asking: due timers, events on the bus, outgoing notices.

The rows are the truth; every job may run twice.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from services import (
    absences,
    account_links,
    account_mails,
    attachments,
    authority,
    bus,
    cases,
    ended_contracts,
    mandatory_trainings,
    notices,
    outbox,
    retention,
    tasks,
    timers,
)
from services.authority.ways import NOW
from services.cases import batches
from services.database import Database
from services.errors import Busy, StaleRevision
from services.faults import fault
from services.indicators import nightly
from services.models.cases import STOPPED
from services.models.outbox import OutboxMessage
from services.outbox import Mailer
from services.process_drafts import proving

MOST_ROUNDS = 50
#: How many cases are emptied, and how many removed, in one round.
MOST_FORGOTTEN = 100
SWEEP_S = 60.0
#: A worker does not hear of the commits of the web server; this often it looks at the bus between two rounds.
BUS_S = 5.0
_log = logging.getLogger("safeconduct.jobs")


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """How much one round of jobs did."""

    timers: int = 0
    incidents: int = 0
    events: int = 0
    letters: int = 0


def run_once(database: Database, mailer: Mailer, now: datetime) -> Report:
    """Do everything that is due by now."""
    fired, incidents = fire_due_timers(database, now)
    events = bus.dispatch(database, now)
    forget_files(database, now)
    forget_ways_back(database, now)
    forget_movements(database, now)
    forget_cases(database, now)
    nightly.measure_once(database, now)
    mandatory_trainings.look_once(database, now)
    ended_contracts.tell_once(database, now)
    batches.carry_on_all(database, now)
    hand_back(database, now)
    return Report(timers=fired, incidents=incidents, events=events, letters=deliver(database, mailer, now))


def hand_back(database: Database, now: datetime) -> None:
    """Give back what substitutes have in hand when an absence is over, and report it to whoever was away."""
    with database.reading() as session:
        ended = absences.list_ended(session, now)
    for absence_id in ended:
        try:
            with database.transaction() as session:
                absences.hand_back(session, absence_id, now=now)
        except (Busy, StaleRevision):
            continue  # somebody is at one of its cases; the next round looks again


def forget_files(database: Database, now: datetime) -> None:
    """Remove files that somebody added and never sent."""
    with database.reading() as session:
        unsent = attachments.list_unsent(session, now)
    if unsent:
        with database.transaction() as session:
            attachments.forget(session, unsent)


def forget_ways_back(database: Database, now: datetime) -> None:
    """Forget how the last acts of ended cases could be taken back."""
    with database.reading() as session:
        kept = tasks.keeps_ways_back(session, now)
    if kept:
        with database.transaction() as session:
            tasks.forget_ways_back(session, now)


def forget_movements(database: Database, now: datetime) -> None:
    """Forget where people were whose journey ended long ago; how many they were stays."""
    with database.reading() as session:
        outdated = retention.list_outdated_movements(session, now)
    if outdated:
        with database.transaction() as session:
            retention.aggregate_movements(session, outdated)


def forget_cases(database: Database, now: datetime) -> None:
    """Empty the cases whose time is over for what people wrote in them, and remove those that were kept long enough.

    Each goes in a transaction of its own; one that cannot go does not keep the others, however many of these there are.
    """
    for find, forget in (
        (retention.list_due_to_empty, retention.empty_case),
        (retention.list_due_to_remove, retention.remove_case),
    ):
        gone, stay = 0, set[str]()
        while gone < MOST_FORGOTTEN:
            with database.reading() as session:
                due = find(session, now, beside=stay)
            if not due:
                break
            stay |= {case_id for case_id in due if not _forget(database, forget, case_id, now)}
            gone += len(due) - len(stay.intersection(due))


def _forget(database: Database, forget: Callable[..., bool], case_id: str, now: datetime) -> bool:
    """Let a case go; answers whether it went, or is no longer due."""
    try:
        with database.transaction() as session:
            forget(session, case_id, now=now)
    except (Busy, StaleRevision):
        return False  # somebody is at it; the next round looks again
    except Exception as error:  # noqa: BLE001  whatever keeps one case, the others go
        _log.warning("Case %s could not be forgotten: %s", case_id, type(error).__name__)
        return False
    return True


def fire_due_timers(database: Database, now: datetime) -> tuple[int, int]:
    """Fire the timers of all cases that have any due: each case in a transaction of its own.

    A case that fails is tried again later and put aside in the end, so that it never keeps the others waiting. Answers how many
    fired and how many were put aside.
    """
    fired = incidents = 0
    tried: set[str] = set()
    for _ in range(MOST_ROUNDS):
        with database.reading() as session:
            due = [case_id for case_id in timers.due_cases(session, now) if case_id not in tried]
        if not due:
            break
        for case_id in due:
            tried.add(case_id)
            outcome = _fire(database, case_id, now)
            fired += outcome == "fired"
            incidents += outcome == "incident"
    return fired, incidents


def deliver(database: Database, mailer: Mailer, now: datetime) -> int:
    """Send the notices that are due. Nothing is sent inside a transaction, and nothing that was not committed."""
    return (
        _deliver_outbox(database, mailer, now)
        + _deliver_held(database, mailer, now)
        + _deliver_of_accounts(database, mailer, now)
    )


class _Letters(Protocol):
    """Letters that are no notices, each under a key."""

    def is_any_due(self, session: Session, now: datetime) -> bool: ...
    def claim_due(self, session: Session, now: datetime) -> list[tuple[str, outbox.Letter]]: ...
    def settle(self, session: Session, key: str, failure: str | None, /, *, now: datetime) -> None: ...


def _deliver_of_accounts(database: Database, mailer: Mailer, now: datetime) -> int:
    """Send the links by which people choose their password, and what they are told about their account."""
    of_accounts: tuple[_Letters, ...] = (account_links, account_mails)
    with database.reading() as session:
        due = [letters for letters in of_accounts if letters.is_any_due(session, now)]
    return sum(_deliver_letters(database, mailer, letters, now) for letters in due)


def _deliver_letters(database: Database, mailer: Mailer, letters: _Letters, now: datetime) -> int:
    sent = 0
    for _ in range(MOST_ROUNDS):
        with database.transaction() as session:
            due = letters.claim_due(session, now)
        if not due:
            break
        for key, letter in due:
            failure = _try(mailer, letter)
            with database.transaction() as session:
                letters.settle(session, key, failure, now=now)
            sent += failure is None
    return sent


def _try(mailer: Mailer, letter: outbox.Letter) -> str | None:
    """Send a letter; answers what went wrong."""
    try:
        mailer.send(letter)
    except OSError as error:
        return str(error) or type(error).__name__
    return None


def _deliver_outbox(database: Database, mailer: Mailer, now: datetime) -> int:
    sent = 0
    for _ in range(MOST_ROUNDS):
        with database.transaction() as session:
            claimed = outbox.claim_due(session, now, only=authority.may_be_told(), parameters={NOW.key: now})
            composed = [(message, _compose(session, message, now)) for message in claimed]
        if not composed:
            break
        for message, written in composed:
            fault("outbox.before_send")
            left, failure = ([], written) if isinstance(written, str) else _send(mailer, written)
            fault("outbox.before_mark")
            with database.transaction() as session:
                notices.settle(session, left, now)
                if failure is None:
                    outbox.mark_sent(session, message.id, now)
                    sent += 1
                else:
                    outbox.mark_failed(session, message, failure, now)
    return sent


def _deliver_held(database: Database, mailer: Mailer, now: datetime) -> int:
    """Send the mails that waited for their hour, and the digests of the day."""
    with database.reading() as session:
        is_any = notices.is_anything_due(session, now)
    if not is_any:
        return 0
    with database.transaction() as session:
        notices.prepare_digests(session, now)
    sent = 0
    for _ in range(MOST_ROUNDS):
        with database.transaction() as session:
            due = notices.claim_held(session, now)
        if not due:
            break
        for one in due:
            left, _failure = _send(mailer, [one])
            with database.transaction() as session:
                notices.settle(session, left, now)
                if not left:
                    notices.put_off(session, one.notice_id, now)
            sent += len(left)
    return sent


def run_forever(
    database: Database,
    mailer: Mailer,
    clock: Callable[[], datetime],
    *,
    stop: threading.Event,
    pause_s: float = SWEEP_S,
    bus_pause_s: float = BUS_S,
    awake: threading.Event | None = None,
) -> None:
    """Run all jobs again and again until told to stop; a round that fails is logged, and the next one comes.

    Args:
        pause_s: How long it rests between two rounds, in seconds.
        bus_pause_s: How often it looks at the bus in the meantime, although nothing wakes it, in seconds.
        awake: Set whenever there is something on the bus, which is then told without waiting for the next round.
    """
    while not stop.is_set():
        _guarded(lambda: run_once(database, mailer, clock()))
        ends_at = time.monotonic() + pause_s

        def is_pausing(until: float = ends_at) -> bool:
            return time.monotonic() < until and not stop.is_set()

        _guarded(lambda: try_drafts(database, clock, is_pausing))
        while (left_s := ends_at - time.monotonic()) > 0 and not stop.is_set():
            if _rest(left_s, bus_pause_s, stop=stop, awake=awake):
                _guarded(lambda: bus.dispatch(database, clock()))
                _guarded(lambda: try_drafts(database, clock, is_pausing))


def try_drafts(database: Database, clock: Callable[[], datetime], goes_on: Callable[[], bool]) -> None:
    """Carry on what owners have asked to be tried, slice by slice; between two slices the bus is looked at."""
    while goes_on() and proving.carry_on(database, clock()):
        bus.dispatch(database, clock())


def _rest(left_s: float, bus_pause_s: float, *, stop: threading.Event, awake: threading.Event | None) -> bool:
    """Wait for the end of the pause, or until it is time to look at the bus before; says which."""
    if awake is None:
        return not stop.wait(min(left_s, bus_pause_s)) and left_s > bus_pause_s
    # What an act says may be held back for a moment, so the bus is looked at again although nothing wakes it.
    woken = awake.wait(min(left_s, bus_pause_s))
    awake.clear()
    return (woken or left_s > bus_pause_s) and not stop.is_set()


def start_thread(
    database: Database, mailer: Mailer, clock: Callable[[], datetime], *, pause_s: float = SWEEP_S
) -> threading.Event:
    """Run all jobs beside the web server, in the one process of the embedded database. Answers what stops them.

    What an act puts onto the bus is told as soon as the act is committed.
    """
    awake = threading.Event()
    stop = _Stop(awake)
    database.on_posted = awake.set
    work = threading.Thread(
        target=run_forever,
        args=(database, mailer, clock),
        kwargs={"stop": stop, "pause_s": pause_s, "awake": awake},
        name="jobs",
        daemon=True,
    )
    work.start()
    return stop


class _Stop(threading.Event):
    """Stops the jobs, also while they wait for something to do."""

    def __init__(self, awake: threading.Event) -> None:
        super().__init__()
        self._awake = awake

    def set(self) -> None:
        super().set()
        self._awake.set()


def _guarded(act: Callable[[], object]) -> None:
    try:
        act()
    except Exception:  # noqa: BLE001  whatever it was, the next round must come
        _log.exception("A round of jobs failed")


def _fire(database: Database, case_id: str, now: datetime) -> str:
    try:
        with database.transaction() as session:
            case = cases.fire_timers(session, case_id, now)
        return "nothing" if case is None else "fired"
    except (Busy, StaleRevision):
        return "nothing"  # somebody else is at it; the next round looks again
    except Exception as error:  # noqa: BLE001  a poisoned case must not keep the others waiting, whatever poisons it
        _log.warning("A timer of case %s failed: %s", case_id, type(error).__name__)
        with database.transaction() as session:
            incident = cases.note_attempt(session, case_id, error, now=now)
            return "incident" if incident is not None and incident.state == STOPPED else "nothing"


def _compose(session: Session, message: OutboxMessage, now: datetime) -> list[notices.Due] | str:
    """Tell the receivers of a notice and write their letters, or say why that is not possible."""
    try:
        with session.begin_nested():
            return notices.dispatch(session, message, now=now)
    except Exception as error:  # noqa: BLE001  one bad text must not keep the other notices waiting
        _log.warning("Notice %s cannot be written: %s", message.id, error)
        return str(error) or type(error).__name__


def _send(mailer: Mailer, written: list[notices.Due]) -> tuple[list[str], str | None]:
    """Send letters; answers which notices have left, and what went wrong with the next."""
    left: list[str] = []
    for one in written:
        if failure := _try(mailer, one.letter):
            return left, failure
        left.append(one.notice_id)
    return left, None
