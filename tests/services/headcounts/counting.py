"""Head counts for tests, in few words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from services import bus, definitions, demo, headcounts, jobs, people
from services.database import Database, upgrade
from services.mailers import MemoryMailer
from services.models import Base
from services.models.cases import Case
from services.models.headcounts import Headcount, HeadcountPerson
from services.posting import post_event
from tests.services.travel.journeys import NOW, PROCESSES, Journeys

NORTH = "XA-NOR"
MINUTE = timedelta(minutes=1)
#: Who works in the north of the demo world.
THERE = ["amadou.keita", "fatou.lindgren", "omar.brightwell"]


def fill_counting(url: str) -> None:
    """Load the world, publish head counts beside journeys and crises, and do what is due without anybody asking."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
        for key in ("crisis_activation", "head_count", "travel_clearance"):
            definitions.publish(session, definitions.read_folder(PROCESSES / key), by="system", now=NOW)
    do_what_is_due(database, MemoryMailer(), NOW)
    database.dispose()


def do_what_is_due(database: Database, mailer: MemoryMailer, now: datetime) -> None:
    """Let the jobs run until nothing more follows from what they did."""
    for _ in range(4):
        jobs.run_once(database, mailer, now)
        bus.dispatch(database, now)


class Counting(Journeys):
    """A database in which people are counted."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.mailer = MemoryMailer()

    def call(self, kind: str = "MSG_HEADCOUNT", area: str = NORTH, now: datetime = NOW, **payload: Any) -> str:
        """Something happens in an area; the id of the head count that is open there then."""
        self.post(kind, area, now, **payload)
        self.go_on(now)
        with self.database.reading() as session:
            return session.scalars(select(Headcount.case_id).where(Headcount.area == area, Headcount.closed_at.is_(None))).one()

    def post(self, kind: str, area: str, now: datetime = NOW, **payload: Any) -> None:
        with self.database.transaction() as session:
            post_event(session, kind, area=area, payload=payload, by="system", now=now)

    def go_on(self, now: datetime = NOW) -> None:
        """Everything that is due is done."""
        do_what_is_due(self.database, self.mailer, now)

    def answer(self, person: str, state: str, now: datetime = NOW, about: str | None = None, **further: str) -> None:
        """Somebody answers for themselves or a dependant, and the head count hears of it."""
        with self.database.transaction() as session:
            actor = people.actor_named(session, person)
            asked = headcounts.list_asked(session, actor=actor, now=now)
            mine = [one.listed.id for one in asked if one.listed.person == (about or person)]
            headcounts.answer(session, mine[0], state, actor=actor, now=now, **further)
        self.go_on(now)

    def persons(self, case_id: str) -> dict[str, HeadcountPerson]:
        with self.database.reading() as session:
            rows = session.scalars(select(HeadcountPerson).where(HeadcountPerson.case_id == case_id))
            return {row.person: row for row in rows}

    def states(self, case_id: str) -> dict[str, str]:
        return {person: row.state for person, row in self.persons(case_id).items()}

    def number_of(self, case_id: str, person: str) -> int:
        return self.persons(case_id)[person].no

    def rows(self, model: type[Base], **where: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(model).filter_by(**where)))

    def add(self, *rows: Base) -> None:
        with self.database.transaction() as session:
            session.add_all(rows)

    def told(self, code: str) -> set[str]:
        """Who got a mail with a text."""
        return {letter.person for letter in self.mailer.letters if letter.code == code}

    def started(self, process: str) -> list[Case]:
        return self.rows(Case, process_key=process)
