"""From what is due to letters: notices of the outbox, mails that were held, and the digest of the day.

Everything here runs inside the transaction of the job; letters leave after it, and `settle` notes which of them have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, cast, exists, or_, select, update
from sqlalchemy.orm import Session

from services import authority, definitions
from services.errors import OperationFailed
from services.models.cases import Case, Task
from services.models.notices import Notice, NoticePreference
from services.models.outbox import OutboxMessage
from services.models.people import Person
from services.notices.planning import DAILY, DIGEST, OFF, is_digest_due, plan
from services.notices.preferences import readers
from services.notices.receiving import NO_CIRCLE, circle_of, known_people, receivers_of
from services.notices.telling import keep_notices, tell
from services.notices.texts import find_text
from services.notices.wording import say_moment, words_for
from services.notices.writing import Said, list_lines, say_notice, write_letter
from services.outbox import LEASE, LONGEST_PAUSE, MOST_ATTEMPTS, Letter
from services.people import Actor
from services.registers.phones import trip_phones_of

DIGEST_CODE = "N-ALL-07"
_ASKING = {"task", "reminder"}
_MOST_LISTED = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A letter with the notice that it is of."""

    notice_id: str
    letter: Letter


def dispatch(session: Session, message: OutboxMessage, *, now: datetime) -> list[Due]:
    """Tell everybody who is to receive a notice now, on their pages; answers the letters that may leave now.

    Raises:
        OperationFailed: There is no such text, neither in the process nor among the common ones.
    """
    text = find_text(definitions.get_package(session, message.version_id), message.code)
    if text is None:
        raise OperationFailed(cause=f'There is no text "{message.code}".')
    received = receivers_of(session, message, now=now)
    kept = keep_notices(session, message, text, [person.code for person, _ in received], now=now)
    habits = readers(session, list(kept))
    leaving = []
    for person, locale in received:
        notice = kept[person.code]
        if notice.mailed_at is not None or notice.mail_at is not None or notice.digest:
            continue
        reader = habits[person.code]
        planned = plan(reader.habits, reader.calendar, kind=notice.kind, urgent=notice.urgent, now=now)
        notice.digest = planned.digest
        if planned.mail_at is not None and planned.mail_at <= now:
            leaving.append((notice, person, locale))
        else:
            notice.mail_at = planned.mail_at
    return _write(session, leaving, now=now)


def claim_held(session: Session, now: datetime, *, limit: int = 50) -> list[Due]:
    """Take mails whose moment has come, for the time of a lease. Who may no longer know of a case is not written to."""
    due = select(Notice).where(Notice.mail_at <= now).order_by(Notice.mail_at, Notice.id)
    claimed = list(session.scalars(due.limit(limit).with_for_update(skip_locked=True)))
    leaving = []
    people = {person.code: (person, locale) for person, locale in known_people(session, {one.person for one in claimed})}
    habits = readers(session, list(people))
    for notice in claimed:
        known = people.get(notice.person)
        is_off = known is not None and not notice.urgent and habits[notice.person].habits.way_of(notice.kind) == OFF
        if known is None or (is_off and notice.kind != DIGEST) or not _may_still_be_told(session, notice, now):
            notice.mail_at = None
            continue
        notice.attempts += 1
        notice.mail_at = now + LEASE
        leaving.append((notice, *known))
    return _write(session, leaving, now=now)


def _may_still_be_told(session: Session, notice: Notice, now: datetime) -> bool:
    """Say whether somebody to whom a mail was held back would still receive the notice now."""
    if notice.case_id is None:
        return True
    message = session.get(OutboxMessage, notice.source)
    if message is not None:
        return any(person.code == notice.person for person, _ in receivers_of(session, message, now=now))
    return bool(authority.who_may_know(session, notice.case_id, [notice.person], now))


def _write(session: Session, leaving: Sequence[tuple[Notice, Person, str]], *, now: datetime) -> list[Due]:
    urgent = {person.code for notice, person, _ in leaving if notice.urgent}
    phones = trip_phones_of(session, urgent, now) if urgent else {}
    written = []
    for notice, person, locale in leaving:
        if notice.code == DIGEST_CODE:
            written.append(Due(notice_id=notice.id, letter=_write_digest(session, notice, person, locale, now)))
            continue
        case = session.get(Case, notice.case_id) if notice.case_id else None
        circle = NO_CIRCLE
        if case is not None:
            area = notice.variables.get("area")
            with_tasks = notice.kind in _ASKING
            circle = circle_of(session, case.id, area=area, with_tasks=with_tasks, now=now)
        phone = phones.get(person.code) or person.mobile or ""
        letter = write_letter(session, notice, person, locale=locale, case=case, circle=circle, phone=phone)
        written.append(Due(notice_id=notice.id, letter=letter))
    return written


def settle(session: Session, sent: Iterable[str], now: datetime) -> None:
    """Note which mails have left."""
    ids = list(sent)
    if ids:
        rows = update(Notice).where(Notice.id.in_(ids)).values(mailed_at=now, mail_at=None)
        session.execute(rows, execution_options={"synchronize_session": False})


def put_off(session: Session, notice_id: str, now: datetime) -> None:
    """Note that a mail that was held could not be sent: try again later, less and less often, and give up in the end."""
    notice = session.get(Notice, notice_id)
    if notice is not None and notice.mailed_at is None:
        given_up = notice.attempts >= MOST_ATTEMPTS
        notice.mail_at = None if given_up else now + min(timedelta(minutes=2**notice.attempts), LONGEST_PAUSE)


def prepare_digests(session: Session, now: datetime) -> int:
    """Put down the digests that are due: for each person once a day, however many workers look. Answers how many.

    A digest lists what was kept for it and what waits for the person; with nothing to list there is none.
    """
    prepared = 0
    chosen = session.scalars(select(NoticePreference.person).where(_wants_digest())).all()
    for person, reader in readers(session, chosen).items():
        row = session.get_one(NoticePreference, person)
        day = is_digest_due(reader.habits, reader.calendar, sent_on=row.digested_on, now=now)
        if day is None or not _take_day(session, person, day):
            continue
        kept = _kept_for_digest(session, person, now)
        waiting = _waiting_for(session, person, now) if reader.habits.way_of(DIGEST) == DAILY or kept else []
        if kept or waiting:
            listed = {"notices": [notice.id for notice in kept], "tasks": waiting, "day": day.isoformat()}
            facts = listed | {"count": len(kept), "waiting": len(waiting)}
            tell(session, [person], DIGEST_CODE, source=f"digest-{day}", variables=facts, address="/inbox", now=now, is_read=True)
            prepared += 1
        for notice in kept:
            notice.digest, notice.mailed_at = False, now
    return prepared


def _wants_digest() -> Any:
    return cast(NoticePreference.kinds, String).like(f"%{DAILY}%")


_IS_ANY_DUE = select(or_(exists().where(Notice.mail_at <= bindparam("now")), exists().where(_wants_digest())))


def _take_day(session: Session, person: str, day: date) -> bool:
    """Take the digest of a day for oneself; of several workers one gets it."""
    free = or_(NoticePreference.digested_on.is_(None), NoticePreference.digested_on < day)
    rows = update(NoticePreference).where(NoticePreference.person == person, free).values(digested_on=day)
    taken: Any = session.execute(rows, execution_options={"synchronize_session": False})
    return bool(taken.rowcount)


def _kept_for_digest(session: Session, person: str, now: datetime) -> list[Notice]:
    kept = select(Notice).where(Notice.person == person, Notice.digest.is_(True), Notice.mailed_at.is_(None))
    found = session.scalars(kept.order_by(Notice.told_at, Notice.id)).all()
    return [notice for notice in found if _may_still_be_told(session, notice, now)]


def _waiting_for(session: Session, person: str, now: datetime) -> list[str]:
    """Return the ids of the tasks that wait for somebody, the most pressing first."""
    actor = Actor(person=person, account="", name=person)
    tasks = authority.visible_tasks(actor, now).order_by(Task.due_at.is_(None), Task.due_at, Task.id).limit(_MOST_LISTED)
    return [task.id for task in session.scalars(tasks)]


def _write_digest(session: Session, notice: Notice, person: Person, locale: str, now: datetime) -> Letter:
    """Write a digest: what is new, and what waits; each with the page that it leads to."""
    ids = notice.variables.get("notices", [])
    query = select(Notice, Case).outerjoin(Case, Case.id == Notice.case_id).where(Notice.id.in_(ids))
    news = [
        _for_mail(session, each, person, locale, case, now)
        for each, case in session.execute(query.order_by(Notice.told_at, Notice.id))
    ]
    wanted = notice.variables.get("tasks", [])
    tasks = select(Task, Case.number).join(Case, Case.id == Task.case_id).where(Task.id.in_(wanted))
    waiting = []
    for task, number in session.execute(tasks.order_by(Task.due_at.is_(None), Task.due_at, Task.id)):
        due = say_moment(task.due_at, locale, words_for(session, [], area=task.area).zone) if task.due_at else ""
        line = " · ".join(part for part in (number, task.subject, due) if part)
        waiting.append(Said(subject=line, body="", path=f"/tasks/{task.id}"))
    lists = {"news": list_lines(news) or None, "tasks": list_lines(waiting) or None}
    return write_letter(session, notice, person, locale=locale, case=None, more=lists)


def _for_mail(session: Session, notice: Notice, person: Person, locale: str, case: Case | None, now: datetime) -> Said:
    """Say a notice as its own mail would have."""
    circle = circle_of(session, case.id, area=None, with_tasks=False, now=now) if case is not None else NO_CIRCLE
    letter = write_letter(session, notice, person, locale=locale, case=case, circle=circle)
    said = say_notice(session, notice, locale=locale, case=case)
    return Said(subject=letter.subject, body="", path=said.path)


def is_anything_due(session: Session, now: datetime) -> bool:
    """Say whether there may be a mail to send besides those of the outbox. One query."""
    return bool(session.scalar(_IS_ANY_DUE, {"now": now}))
