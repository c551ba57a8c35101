"""K1 and K2: how premises keep the minimum standards, and how often somebody entered them without leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from services.indicators.shape import Asked, Member, Part, Unit, Value, Why, count, part_count, part_share, share, tenths
from services.models.plans import DutyStation
from services.models.premises import NOT_APPLICABLE, YES, AccessBreach, EntryCount, Premises, PremisesSurvey, SurveyAnswer
from services.registers.plans import add_months

HEADQUARTERS = ("HQ_MAIN", "REGIONAL_COMMISSION")
OLD, UNSURVEYED = "old_surveys", "never_surveyed"
RATE = "per_entries"
_APART = {"STOPPED_AT_GATE": "STOPPED_AT_GATE", "REPORTED": "NOT_CONFIRMED", "DISMISSED": "DISMISSED"}


def minimum_standards(session: Session, asked: Asked) -> Value:
    """K1: weights of the standards that are kept, of those that apply, at headquarters and regional commissions.

    The newest survey on the reference date counts. One that is too old says nothing any more: its questions count as not kept.
    """
    surveyed = dict(session.execute(_surveyed(asked)).all())
    oldest = add_months(asked.on, -asked.settings.survey_months)
    latest = _latest(asked)
    answers = select(SurveyAnswer).where(
        SurveyAnswer.premises.in_([code for code, on in surveyed.items() if on is not None]),
        SurveyAnswer.surveyed_on == latest.where(PremisesSurvey.premises == SurveyAnswer.premises).scalar_subquery(),
        SurveyAnswer.answer != NOT_APPLICABLE,
    )
    ordered = session.scalars(answers.order_by(SurveyAnswer.premises, SurveyAnswer.no))
    members = [_answered(answer, is_old=answer.surveyed_on < oldest) for answer in ordered]
    members += _unsurveyed(surveyed)
    return share("K1", asked, members, [part_share(OLD, members), part_count(UNSURVEYED, members)])


def _surveyed(asked: Asked) -> Select[str, date | None]:
    latest = _latest(asked).where(PremisesSurvey.premises == Premises.code).correlate(Premises).scalar_subquery()
    at_headquarters = exists().where(
        DutyStation.area == Premises.area,
        DutyStation.ds_type.in_(HEADQUARTERS),
        DutyStation.opened_on <= asked.on,
        or_(DutyStation.closed_on.is_(None), DutyStation.closed_on > asked.on),
    )
    return (
        select(Premises.code, latest)
        .where(
            asked.covers(Premises.area),
            Premises.valid_from <= asked.on,
            or_(Premises.valid_to.is_(None), Premises.valid_to >= asked.on),
            at_headquarters,
        )
        .order_by(Premises.code)
    )


def _latest(asked: Asked) -> Select[date | None]:
    return select(func.max(PremisesSurvey.surveyed_on)).where(PremisesSurvey.surveyed_on <= asked.on)


def _answered(answer: SurveyAnswer, *, is_old: bool) -> Member:
    kept = answer.answer == YES and not is_old
    why = () if kept else (Why("OLD_SURVEY", answer.surveyed_on.isoformat()) if is_old else Why("ANSWERED_NO"),)
    return Member(
        register="survey-answers",
        entry=f"{answer.premises}~{answer.surveyed_on.isoformat()}~{answer.no}",
        label=f"{answer.premises} {answer.no}: {answer.question}",
        numerator=answer.weight if kept else 0,
        denominator=answer.weight,
        why=why,
        parts=frozenset({OLD}) if is_old else frozenset(),
    )


def _unsurveyed(surveyed: dict[str, date | None]) -> Iterator[Member]:
    for code, on in surveyed.items():
        if on is None:
            yield Member(
                register="premises",
                entry=code,
                label=code,
                denominator=0,
                why=(Why("NEVER_SURVEYED"),),
                parts=frozenset({UNSURVEYED}),
            )


def unauthorised_entries(session: Session, asked: Asked) -> Value:
    """K2: confirmed entries without leave in the period; beside it per 100,000 entries. Who was stopped at the gate is not in."""
    breaches = select(AccessBreach, Premises.area).join(Premises, Premises.code == AccessBreach.premises)
    happened = breaches.where(
        asked.covers(Premises.area), AccessBreach.happened_at >= asked.since, AccessBreach.happened_at < asked.until
    )
    members = [_breach(row, area) for row, area in session.execute(happened.order_by(AccessBreach.number))]
    counted = select(func.coalesce(func.sum(EntryCount.entries), 0)).join(Premises, Premises.code == EntryCount.premises)
    counted = counted.where(asked.covers(Premises.area), EntryCount.month >= asked.period.start, EntryCount.month <= asked.on)
    entries = int(session.scalar(counted) or 0)
    confirmed = sum(member.numerator for member in members)
    rate = tenths(Decimal(asked.settings.entries_base) * confirmed / entries) if entries else None
    return count("K2", asked, members, [Part(name=RATE, value=rate, unit=Unit.RATE, numerator=confirmed, denominator=entries)])


def _breach(row: AccessBreach, area: str) -> Member:
    apart = _APART.get(row.kind) or _APART.get(row.status)
    return Member(
        register="access-breaches",
        entry=row.number,
        label=row.number,
        numerator=0 if apart else 1,
        denominator=0,
        why=(Why(apart),) if apart else (),
        area=area,
    )
