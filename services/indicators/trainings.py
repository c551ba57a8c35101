"""K10, K11 and K13: trainings that people at dangerous places, counsellors, and everybody with a duty have passed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from services.indicators.assessments import FIELD
from services.indicators.shape import Asked, Member, Part, Unit, Value, Why, count, part_share, share
from services.indicators.statements import ON, UNTIL, Extent
from services.models.areas import Area, AreaState
from services.models.duties import TrainingAssignment
from services.models.organisations import Organisation
from services.models.people import Dependant, Person
from services.models.plans import DutyStation
from services.models.trainings import TrainingRecord

STRESS, COUNSELLING = "STRESS", "CISM"
STAFF, FAMILY = "staff", "family"
CUMULATIVE = "cumulative"
AUDIENCES = ("managers", "security", "personnel")
_NO_STAFF = ("PARTNER", "VISITOR")
_AREAS: BindParameter[str] = bindparam("areas", expanding=True)


def is_trained(person: Any, course: Any) -> ColumnElement[bool]:
    """Say in SQL whether a person holds a course on the reference date: passed by then, not expired, not revoked."""
    record = aliased(TrainingRecord)
    return (
        exists()
        .where(
            record.person == person,
            record.course == course,
            record.issued_on <= ON,
            or_(record.valid_to.is_(None), record.valid_to >= ON),
            record.revoked.is_(False),
        )
        .correlate_except(record)
    )


def stress_management(session: Session, asked: Asked) -> Value:
    """K10: of the staff and recognised family at field duty stations of high risk, those with a valid stress training."""
    high = {"high_level": asked.settings.high_level, "high_risks": sorted(asked.settings.high_risks)}
    values = asked.values(areas=sorted(session.scalars(_dangerous(asked.extent), asked.values(**high))))
    staff = {row.code: row for row in session.execute(_staff(asked.extent), values)}
    family = {row.code: row for row in session.execute(_family(asked.extent), values) if row.code not in staff}
    members = [_person(row, STAFF) for row in staff.values()] + [_person(row, FAMILY) for row in family.values()]
    return share("K10", asked, members, [part_share(STAFF, members), part_share(FAMILY, members)])


@cache
def _dangerous(extent: Extent) -> Select[str]:
    """Select the areas of field duty stations that are of high risk on the reference date."""
    newer = aliased(AreaState)
    latest = select(func.max(newer.valid_from)).where(newer.area == AreaState.area, newer.valid_from < UNTIL)
    high = or_(
        AreaState.security_level >= bindparam("high_level"), AreaState.residual_risk.in_(bindparam("high_risks", expanding=True))
    )
    return (
        select(AreaState.area)
        .join(Area, Area.code == AreaState.area)
        .where(
            AreaState.valid_from == latest.correlate(AreaState).scalar_subquery(),
            high,
            Area.location_class == FIELD,
            extent.covers(AreaState.area),
            exists().where(
                DutyStation.area == AreaState.area,
                DutyStation.opened_on <= ON,
                or_(DutyStation.closed_on.is_(None), DutyStation.closed_on > ON),
            ),
        )
    )


@cache
def _staff(extent: Extent) -> Any:
    return (
        select(Person.code, Person.name, Person.duty_area.label("area"), is_trained(Person.code, STRESS).label("trained"))
        .join(Organisation, Organisation.code == Person.organisation)
        .where(Person.duty_area.in_(_AREAS), *_in_service(extent))
        .order_by(Person.code)
    )


def _in_service(extent: Extent) -> list[ColumnElement[bool]]:
    """Say in SQL who is in the service of an organisation of the system on the reference date."""
    return [
        Organisation.unsms_member.is_(True),
        extent.employs(Person.organisation),
        Person.contract_type.not_in(_NO_STAFF),
        or_(Person.contract_from.is_(None), Person.contract_from <= ON),
        or_(Person.contract_to.is_(None), Person.contract_to >= ON),
    ]


@cache
def _family(extent: Extent) -> Any:
    """Select recognised family: where they live themselves, or where their sponsor is posted."""
    sponsor = aliased(Person)
    area = func.coalesce(Person.duty_area, sponsor.duty_area)
    return (
        select(Person.code, Person.name, area.label("area"), is_trained(Person.code, STRESS).label("trained"))
        .join(Dependant, Dependant.person == Person.code)
        .join(sponsor, sponsor.code == Dependant.sponsor)
        .join(Organisation, Organisation.code == sponsor.organisation)
        .where(
            area.in_(_AREAS),
            Organisation.unsms_member,
            extent.employs(sponsor.organisation),
            Dependant.recognised_from <= ON,
            or_(Dependant.recognised_to.is_(None), Dependant.recognised_to >= ON),
        )
        .distinct()
        .order_by(Person.code)
    )


def _person(row: Row[Any], group: str) -> Member:
    return Member(
        register="people",
        entry=row.code,
        label=row.name,
        numerator=1 if row.trained else 0,
        why=() if row.trained else (Why("NOT_TRAINED", STRESS),),
        parts=frozenset({group}),
        area=row.area,
    )


def counsellors(session: Session, asked: Asked) -> Value:
    """K11: persons whose certificate for critical incident stress management was issued in the period; beside it all so far."""
    rows = session.execute(_issued(asked.extent), asked.values()).all()
    new = {row.code: row for row in rows if row.issued_on >= asked.period.start}
    earlier = {row.code: row for row in rows if row.code not in new}
    members = [_counsellor(row, is_new=row.code in new) for row in (new | earlier).values()]
    beside = Part(name=CUMULATIVE, value=Decimal(len(members)), unit=Unit.COUNT, numerator=len(members), has_list=True)
    return count("K11", asked, members, [beside])


@cache
def _issued(extent: Extent) -> Any:
    return (
        select(TrainingRecord.id, Person.code, Person.name, Person.duty_area, TrainingRecord.issued_on)
        .join(Person, Person.code == TrainingRecord.person)
        .where(
            TrainingRecord.course == COUNSELLING,
            TrainingRecord.revoked.is_(False),
            TrainingRecord.issued_on <= ON,
            extent.employs(Person.organisation),
            extent.covers(Person.duty_area),
        )
        .order_by(Person.code, TrainingRecord.issued_on)
    )


def _counsellor(row: Row[*tuple[Any, ...]], *, is_new: bool) -> Member:
    return Member(
        register="trainings",
        entry=row.id,
        label=row.name,
        numerator=1 if is_new else 0,
        denominator=0,
        why=() if is_new else (Why("ISSUED_BEFORE", row.issued_on.isoformat()),),
        parts=frozenset({CUMULATIVE}),
        area=row.duty_area,
    )


def mandatory_trainings(session: Session, asked: Asked) -> Value:
    """K13: of the courses that had to be passed by the reference date, those that are passed and valid on it."""
    members = list(_assigned(session.execute(_due(asked.extent), asked.values())))
    return share("K13", asked, members, [part_share(name, members) for name in AUDIENCES])


@cache
def _due(extent: Extent) -> Any:
    assigned = TrainingAssignment
    columns = (assigned.id, assigned.course, assigned.due_on, assigned.audience, Person.name, Person.duty_area)
    return (
        select(*columns, is_trained(assigned.person, assigned.course).label("passed"))
        .join(Person, Person.code == TrainingAssignment.person)
        .join(Organisation, Organisation.code == Person.organisation)
        .where(
            TrainingAssignment.binding,
            TrainingAssignment.due_on <= ON,
            or_(TrainingAssignment.withdrawn_on.is_(None), TrainingAssignment.withdrawn_on > ON),
            extent.covers(Person.duty_area),
            extent.employs(Person.organisation),
            or_(Person.contract_to.is_(None), Person.contract_to >= ON),
        )
        .order_by(Person.code, TrainingAssignment.course, TrainingAssignment.due_on)
    )


def _assigned(rows: Any) -> Iterator[Member]:
    for row in rows:
        yield Member(
            register="training-assignments",
            entry=row.id,
            label=f"{row.name}: {row.course}",
            numerator=1 if row.passed else 0,
            why=() if row.passed else (Why("NOT_PASSED", row.due_on.isoformat()),),
            parts=frozenset({row.audience.lower()}),
            area=row.duty_area,
        )
