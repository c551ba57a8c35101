"""What happens without anybody asking: due timers, area events, outgoing notices.

The rows are the truth; every job may run twice.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services import area_events, cases, letters, outbox, timers
from services.database import Database
from services.errors import Busy, StaleRevision
from services.faults import fault
from services.models.outbox import OutboxMessage
from services.outbox import Letter, Mailer

MOST_ROUNDS = 50
SWEEP_S = 60.0
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
    events = area_events.dispatch_area_events(database, now)
    return Report(timers=fired, incidents=incidents, events=events, letters=deliver(database, mailer, now))


def fire_due_timers(database: Database, now: datetime) -> tuple[int, int]:
    """Fire the timers of all cases that have any due: each case in a transaction of its own.

    A case that fails is put aside as an incident, so that it never keeps the others waiting. Answers how many fired and failed.
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
    sent = 0
    for _ in range(MOST_ROUNDS):
        with database.transaction() as session:
            claimed = outbox.claim_due(session, now)
            composed = [(message, _compose(session, message, now)) for message in claimed]
        if not composed:
            break
        for message, written in composed:
            fault("outbox.before_send")
            failure = written if isinstance(written, str) else _send(mailer, written)
            fault("outbox.before_mark")
            with database.transaction() as session:
                if failure is None:
                    outbox.mark_sent(session, message.id, now)
                    sent += 1
                else:
                    outbox.mark_failed(session, message, failure, now)
    return sent


def run_forever(
    database: Database,
    mailer: Mailer,
    clock: Callable[[], datetime],
    *,
    stop: threading.Event,
    pause_s: float = SWEEP_S,
) -> None:
    """Run all jobs again and again until told to stop; a round that fails is logged, and the next one comes."""
    while not stop.is_set():
        try:
            run_once(database, mailer, clock())
        except Exception:  # noqa: BLE001  whatever it was, the next round must come
            _log.exception("A round of jobs failed")
        stop.wait(pause_s)


def start_thread(
    database: Database, mailer: Mailer, clock: Callable[[], datetime], *, pause_s: float = SWEEP_S
) -> threading.Event:
    """Run all jobs beside the web server, in the one process of the embedded database. Answers what stops them."""
    stop = threading.Event()
    work = threading.Thread(
        target=run_forever, args=(database, mailer, clock), kwargs={"stop": stop, "pause_s": pause_s}, name="jobs", daemon=True
    )
    work.start()
    return stop


def _fire(database: Database, case_id: str, now: datetime) -> str:
    try:
        with database.transaction() as session:
            case = cases.fire_timers(session, case_id, now)
        return "nothing" if case is None else "fired"
    except (Busy, StaleRevision):
        return "nothing"  # somebody else is at it; the next round looks again
    except Exception as error:  # noqa: BLE001  a poisoned case must not keep the others waiting, whatever poisons it
        _log.warning("Case %s was put aside: %s", case_id, error)
        detail = traceback.format_exc()
        with database.transaction() as session:
            cases.open_incident(session, case_id, cause=str(error), now=now, detail=detail)
        return "incident"


def _compose(session: Session, message: OutboxMessage, now: datetime) -> list[Letter] | str:
    """Write the letters of a notice, or say why that is not possible."""
    try:
        return letters.compose(session, message, now=now)
    except Exception as error:  # noqa: BLE001  one bad text must not keep the other notices waiting
        _log.warning("Notice %s cannot be written: %s", message.id, error)
        return str(error) or type(error).__name__


def _send(mailer: Mailer, written: list[Letter]) -> str | None:
    try:
        for letter in written:
            mailer.send(letter)
    except OSError as error:
        return str(error) or type(error).__name__
    return None
