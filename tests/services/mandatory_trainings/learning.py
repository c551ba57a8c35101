"""The demo world with its trainings, for tests of what people have to learn."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from services import mandatory_trainings, people, trainings
from services.attachments import keep_attachment
from services.mandatory_trainings import ToDo
from services.models.areas import AreaState
from services.models.authority import RoleHolding
from services.models.duties import TrainingAssignment
from services.models.notices import Notice
from services.models.trainings import TrainingRecord
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW, fill_world

TODAY = NOW.date()
KEY = "mandatory_training"
PUBLISHED = (KEY, "travel_clearance")


def fill_learning(url: str) -> None:
    """Load the world and publish the process beside travel clearance."""
    fill_world(url, *PUBLISHED)


def days(number: int) -> date:
    """The day so many days from today."""
    return TODAY + timedelta(days=number)


class Learning(Security):
    """A database in which people have to learn something."""

    def look(self, after: int = 0) -> bool:
        """The worker looks at everybody, so many days from now."""
        return mandatory_trainings.look_once(self.database, NOW + timedelta(days=after))

    def asked(self, person: str, course: str | None = None) -> list[TrainingAssignment]:
        """What somebody was ever assigned, in the order of the days by which it is due."""
        with self.database.reading() as session:
            found = select(TrainingAssignment).where(TrainingAssignment.person == person)
            rows = session.scalars(found.order_by(TrainingAssignment.due_on, TrainingAssignment.course))
            return [row for row in rows if course in (None, row.course)]

    def to_do(self, person: str, after: int = 0) -> list[ToDo]:
        with self.database.reading() as session:
            return mandatory_trainings.list_to_do(session, person=person, now=NOW + timedelta(days=after))

    def passed(self, person: str, course: str, *, valid_to: date | None = None, revoked: bool = False) -> str:
        """Somebody passed a course long ago; what was on record of it is gone."""
        with self.database.transaction() as session:
            session.execute(delete(TrainingRecord).where(TrainingRecord.person == person, TrainingRecord.course == course))
            row = TrainingRecord(person=person, course=course, issued_on=date(2020, 1, 1), valid_to=valid_to, revoked=revoked)
            session.add(row)
            session.flush()
            return row.id

    def revoke(self, record: str, now: datetime = NOW) -> None:
        with self.database.transaction() as session:
            actor = people.actor_named(session, "jonas.keel")
            trainings.revoke_training(session, session.get_one(TrainingRecord, record), actor=actor, now=now)

    def appoint(self, person: str, role: str, *, since: int, area: str = "XA", until: datetime | None = None) -> None:
        begun = NOW + timedelta(days=since)
        self.add(RoleHolding(person=person, role=role, area=area, valid_from=begun, valid_to=until))

    def change_area(self, area: str, after: int, **rules: Any) -> None:
        """From a moment on other rules hold in an area."""
        with self.database.transaction() as session:
            found = select(AreaState).where(AreaState.area == area).order_by(AreaState.valid_from.desc()).limit(1)
            before = session.scalars(found).one()
            kept = {column.key: getattr(before, column.key) for column in AreaState.__table__.columns}
            begins = {"id": None, "valid_from": NOW + timedelta(days=after) - timedelta(hours=1)}
            session.add(AreaState(**{key: value for key, value in (kept | begins | rules).items() if key != "id"}))

    def assign(self, person: str, course: str, *, due: int, **more: Any) -> None:
        """Somebody assigns a course by hand."""
        row = {"audience": "PERSONNEL", "assigned_on": days(due - 30), "due_on": days(due)}
        self.add(TrainingAssignment(person=person, course=course, **(row | more)))

    def keep_file(self, person: str) -> str:
        with self.database.transaction() as session:
            actor = people.actor_named(session, person)
            return keep_attachment(session, name="certificate.pdf", content=b"%PDF-1.7", actor=actor, now=NOW).id

    def told(self, code: str) -> list[tuple[str, dict[str, Any]]]:
        """Who was told something, and what."""
        with self.database.reading() as session:
            found = select(Notice).where(Notice.code == code).order_by(Notice.person, Notice.source)
            return [(notice.person, notice.variables) for notice in session.scalars(found)]
