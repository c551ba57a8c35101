"""What registers say about travellers: type, cover, trainings, and the operators that carry them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from services.models.organisations import Organisation
from services.models.people import Dependant, Person
from services.models.trainings import TrainingRecord
from services.models.travel import AirOperator, OperatorAdvice, OperatorApproval
from services.prepared import Prepared
from services.recall import recall

ADULT_AGE = 18
#: Advice older than this no longer counts.
ADVICE_AGE = timedelta(days=183)
_PEOPLE = select(Person).where(Person.code.in_(bindparam("codes", expanding=True)))
_DEPENDANTS = select(Dependant).where(Dependant.person.in_(bindparam("codes", expanding=True)))
_Row = TypeVar("_Row", Person, Dependant)
_NEWEST = (
    select(OperatorAdvice.rating)
    .where(OperatorAdvice.operator == AirOperator.code)
    .order_by(OperatorAdvice.given_on.desc())
    .limit(1)
    .scalar_subquery()
)
_RATED = Prepared(
    lambda: (
        select(AirOperator.code, _NEWEST.label("rating")).where(
            or_(AirOperator.code == bindparam("named"), AirOperator.name == bindparam("named"))
        )
    ).limit(1)
)
_APPROVALS = Prepared(
    lambda: select(OperatorApproval.kind, OperatorApproval.case_number).where(
        OperatorApproval.operator == bindparam("operator"),
        or_(OperatorApproval.organisation.is_(None), OperatorApproval.organisation == bindparam("organisation")),
        OperatorApproval.valid_from <= bindparam("on"),
        or_(OperatorApproval.valid_to.is_(None), OperatorApproval.valid_to >= bindparam("on")),
    )
)


def people_by_code(session: Session, codes: Collection[str]) -> dict[str, Person]:
    """Return persons by their codes."""
    return _by_code(session, Person, codes, lambda asked: {row.code: row for row in session.scalars(_PEOPLE, asked)})


def _by_code(
    session: Session, model: type[_Row], codes: Collection[str], read: Callable[[dict[str, list[str]]], dict[str, _Row]]
) -> dict[str, _Row]:
    """Return the rows of some persons in order of code, asking only for those of whom this act has not asked before."""
    known: dict[str, _Row | None] = recall(session, model, "by code", dict)
    if missing := [code for code in codes if code not in known]:
        known |= dict.fromkeys(missing) | read({"codes": missing})
    found = ((code, known[code]) for code in sorted(set(codes)))
    return {code: row for code, row in found if row is not None}


def dependants_by_person(session: Session, codes: Collection[str]) -> dict[str, Dependant]:
    """Return who of some persons is a recognised dependant of somebody."""
    return _by_code(session, Dependant, codes, lambda asked: {row.person: row for row in session.scalars(_DEPENDANTS, asked)})


def find_organisation(session: Session, code: str | None) -> Organisation | None:
    """Return an organisation."""
    return recall(session, Organisation, code, lambda: session.get(Organisation, code or ""))


def type_of(person: Person, dependant: Dependant | None, on: date) -> str:
    """Say what the tables call this person on a day."""
    if dependant is None:
        return person.person_type
    return "DEPENDANT_MINOR" if on.year - dependant.birth_year < ADULT_AGE else "DEPENDANT_ADULT"


def is_covered(session: Session, person: Person, dependant: Dependant | None, on: date) -> bool:
    """Say whether the security management system covers this person's travel on a day."""
    if dependant is not None:
        return dependant.recognised_from <= on <= (dependant.recognised_to or on)
    organisation = find_organisation(session, person.organisation)
    return organisation is not None and organisation.unsms_member and person.contract_type != "PARTNER"


def trainings_by_person(session: Session, codes: Collection[str], course: str) -> dict[str, TrainingRecord]:
    """Return each person's longest valid record of a course."""
    query = select(TrainingRecord).where(
        TrainingRecord.person.in_(codes), TrainingRecord.course == course, TrainingRecord.revoked.is_(False)
    )
    found: dict[str, TrainingRecord] = {}
    for record in session.scalars(query):
        best = found.get(record.person)
        if best is None or (record.valid_to or date.max) > (best.valid_to or date.max):
            found[record.person] = record
    return found


def state_of_training(record: TrainingRecord | None, *, arrive_on: date, depart_on: date) -> str:
    """Say how a training stands over a whole stay: VALID, EXPIRES_DURING_STAY, EXPIRED or NONE."""
    if record is None:
        return "NONE"
    if record.valid_to is None or record.valid_to >= depart_on:
        return "VALID"
    return "EXPIRES_DURING_STAY" if record.valid_to >= arrive_on else "EXPIRED"


def find_operator(session: Session, named: str) -> AirOperator | None:
    """Return the operator that a traveller named by code or by name."""
    return session.scalars(select(AirOperator).where(or_(AirOperator.code == named, AirOperator.name == named)).limit(1)).first()


def latest_advice(session: Session, operator: str) -> OperatorAdvice | None:
    """Return the newest advice on an operator."""
    query = select(OperatorAdvice).where(OperatorAdvice.operator == operator)
    return session.scalars(query.order_by(OperatorAdvice.given_on.desc()).limit(1)).first()


def status_of_operator(session: Session, named: str | None, *, organisation: str, case_number: str, on: date) -> str:
    """Say whether people may fly with an operator: APPROVED, NOT_LISTED or NOT_RECOMMENDED."""
    rated = _RATED.recall(session, named=named) if named else []
    if not rated:
        return "NOT_LISTED"
    if rated[0].rating == "NOT_RECOMMENDED":
        return "NOT_RECOMMENDED"
    approvals = _APPROVALS.recall(session, operator=rated[0].code, organisation=organisation, on=on)
    counts = any(row.kind != "ONCE" or row.case_number == case_number for row in approvals)
    return "APPROVED" if counts else "NOT_LISTED"
