"""What is known of premises: what they are called, when they were last surveyed, and which need a survey."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.models.cases import Case
from services.models.premises import Premises, PremisesSurvey
from services.registers.plans import add_months
from services.waiting import is_open
from workflows.errors import SafeconductError

#: A survey counts for so long. Source: H-MOSS are looked at every year.
VALID_MONTHS = 12
#: So long before that is over, the next survey is asked for; and so long whoever surveys has when it is over already.
PLANNED_BEFORE, TIME_TO_SURVEY = timedelta(days=60), timedelta(days=30)


class PremisesUnknown(SafeconductError):
    """There are no premises {premises} in use."""


def get_premises(session: Session, code: str, on: date) -> Premises:
    """Return premises that are in use.

    Raises:
        PremisesUnknown: There are none of this code, or they are not in use that day.
    """
    found = session.get(Premises, code)
    if found is None or found.valid_from > on or (found.valid_to is not None and found.valid_to < on):
        raise PremisesUnknown(premises=code)
    return found


def name_of(premises: Premises) -> str:
    """Say what premises are called."""
    return str(premises.name.get("en", premises.code))


def last_survey(session: Session, code: str) -> PremisesSurvey | None:
    """Return the newest survey of premises."""
    query = select(PremisesSurvey).where(PremisesSurvey.premises == code).order_by(PremisesSurvey.surveyed_on.desc())
    return session.scalars(query.limit(1)).first()


def is_under_way(session: Session, premises: Premises) -> bool:
    """Say whether premises are being surveyed now."""
    return (
        premises.case_id is not None and session.scalar(select(Case.id).where(Case.id == premises.case_id, is_open())) is not None
    )


def list_due(session: Session, on: date, *, most: int) -> list[tuple[str, date]]:
    """List premises in use that need a survey, with the day on which the last one ceases to count; the longest overdue first.

    Premises that never were surveyed, and those that somebody surveys now, are told apart by the case: only the former are in.
    """
    latest = select(PremisesSurvey.premises, func.max(PremisesSurvey.surveyed_on).label("on"))
    latest_of = latest.group_by(PremisesSurvey.premises).subquery()
    surveyed_now = select(Case.id).where(Case.id == Premises.case_id, is_open()).exists()
    query = (
        select(Premises.code, Premises.valid_from, latest_of.c.on)
        .outerjoin(latest_of, latest_of.c.premises == Premises.code)
        .where(Premises.valid_from <= on, or_(Premises.valid_to.is_(None), Premises.valid_to >= on), ~surveyed_now)
    )
    found = [(code, add_months(last, VALID_MONTHS) if last else since) for code, since, last in session.execute(query)]
    due = sorted((day, code) for code, day in found if day <= on + PLANNED_BEFORE)
    return [(code, day) for day, code in due[:most]]
