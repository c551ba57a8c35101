"""Boards for tests: people at stops around one moment, in a few words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services import demo, locator
from services.database import Database, upgrade
from services.locator import Board, Part, Scope
from services.models.areas import AreaState
from services.models.cases import Case
from services.models.clearances import ClearanceLine, Movement
from services.models.confinements import CaseConfinement
from services.models.people import Person
from tests.services.case_rows import actor, add_case, add_line

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
#: An area with a ceiling of 40, of which 37 places are filled by those who are posted there.
AREA = "XA-NOR"
ADVISER, WARDEN, AUDITOR = "naledi.vanter", "fatou.lindgren", "amina.sorel"


def fill_boards(url: str) -> None:
    """Load people, areas and offices; nobody travels."""
    upgrade(url)
    database = Database(url, durable=False)
    with database.transaction() as session:
        demo.load_world(session, NOW)
        session.execute(update(AreaState).where(AreaState.area == AREA).values(checkin_required=True))
    database.dispose()


class Boards:
    """A database in which people stand on boards."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.count = 0

    def put(self, status: str, *, person: str, hours: tuple[int, int] = (-24, 24), area: str = AREA, **columns: Any) -> str:
        """Somebody is at a stop from and until so many hours from now; the key of the stop."""
        self.count += 1
        with self.database.transaction() as session:
            organisation = session.get_one(Person, person).organisation
            case = add_case(session, requester=person, organisation=organisation, number=self.count)
            times = {"arrive_at": NOW + hours[0] * HOUR, "depart_at": NOW + hours[1] * HOUR}
            columns = {"facts": {}, "conditions": [], **times, **columns}
            return add_line(session, case, person=person, area=area, status=status, **columns).stop_key

    def hear(self, stop: str, kind: str, *, hours: int = 0, safe: str | None = None) -> None:
        """Something is entered about whoever is at a stop, so many hours from now."""
        with self.database.transaction() as session:
            line = session.scalars(select(ClearanceLine).where(ClearanceLine.stop_key == stop)).one()
            facts = {"case_id": line.case_id, "stop_key": stop, "person": line.person, "area": line.area}
            at = NOW + hours * HOUR
            session.add(Movement(kind=kind, at=at, safe=safe, recorded_at=at, recorded_by="system", place="Airport", **facts))

    def confine(self, stop: str) -> None:
        """The case of a stop is kept among few: the Under-Secretary-General alone."""
        with self.database.transaction() as session:
            line = session.scalars(select(ClearanceLine).where(ClearanceLine.stop_key == stop)).one()
            session.add(CaseConfinement(case_id=line.case_id, role="USG", since=NOW))

    def number(self, stop: str) -> str:
        """The number of the case of a stop."""
        with self.database.reading() as session:
            query = select(Case.number).join(ClearanceLine, ClearanceLine.case_id == Case.id)
            return session.scalars(query.where(ClearanceLine.stop_key == stop)).one()

    @contextmanager
    def opened(self, person: str, area: str = AREA, **narrowed: Any) -> Iterator[tuple[Session, Scope]]:
        """Open the board of an area as somebody."""
        with self.database.reading() as session:
            scope = locator.open_scope(session, area, actor=actor(person), now=NOW)
            yield session, replace(scope, **narrowed)

    def board(self, person: str = ADVISER, area: str = AREA, **narrowed: Any) -> Board:
        """Read the board of an area as somebody."""
        with self.opened(person, area, **narrowed) as (session, scope):
            return locator.read_board(session, scope)

    def people(self, part: Part, person: str = ADVISER, **narrowed: Any) -> list[str]:
        """Who stands on one list, by code."""
        return [row.person for row in self.board(person, **narrowed).lists[part]]
