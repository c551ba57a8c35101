"""K1 and K2: how premises keep the minimum standards, and how often somebody entered them without leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from services.indicators.shape import Asked, Member, Part, Unit, Value, Why, count, part_count, part_share, share, tenths
from services.indicators.statements import ON, SINCE, START, UNTIL, Extent
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
    surveyed = dict(session.execute(_surveyed(asked.extent), asked.values()).all())
    oldest = add_months(asked.on, -asked.settings.survey_months)
    values = asked.values(premises=[code for code, on in surveyed.items() if on is not None])
    members = [_answered(answer, is_old=answer.surveyed_on < oldest) for answer in session.execute(_answers(), values)]
    members += _unsurveyed(surveyed)
    return share("K1", asked, members, [part_share(OLD, members), part_count(UNSURVEYED, members)])


@cache
def _answers() -> Any:
    """Select the answers of the newest surveys of some premises."""
    columns = (
        SurveyAnswer.premises,
        SurveyAnswer.surveyed_on,
        SurveyAnswer.no,
        SurveyAnswer.question,
        SurveyAnswer.answer,
        SurveyAnswer.weight,
    )
    newest = _latest().where(PremisesSurvey.premises == SurveyAnswer.premises).scalar_subquery()
    answers = select(*columns).where(
        SurveyAnswer.premises.in_(bindparam("premises", expanding=True)),
        SurveyAnswer.surveyed_on == newest,
        SurveyAnswer.answer != NOT_APPLICABLE,
    )
    return answers.order_by(SurveyAnswer.premises, SurveyAnswer.no)


@cache
def _surveyed(extent: Extent) -> Select[str, date | None]:
    latest = _latest().where(PremisesSurvey.premises == Premises.code).correlate(Premises).scalar_subquery()
    at_headquarters = exists().where(
        DutyStation.area == Premises.area,
        DutyStation.ds_type.in_(HEADQUARTERS),
        DutyStation.opened_on <= ON,
        or_(DutyStation.closed_on.is_(None), DutyStation.closed_on > ON),
    )
    return (
        select(Premises.code, latest)
        .where(
            extent.covers(Premises.area),
            Premises.valid_from <= ON,
            or_(Premises.valid_to.is_(None), Premises.valid_to >= ON),
            at_headquarters,
        )
        .order_by(Premises.code)
    )


def _latest() -> Select[date | None]:
    return select(func.max(PremisesSurvey.surveyed_on)).where(PremisesSurvey.surveyed_on <= ON)


def _answered(answer: Row[Any], *, is_old: bool) -> Member:
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
    values = asked.values()
    members = [_breach(row, area) for row, area in session.execute(_happened(asked.extent), values)]
    entries = int(session.scalar(_entered(asked.extent), values) or 0)
    confirmed = sum(member.numerator for member in members)
    rate = tenths(Decimal(asked.settings.entries_base) * confirmed / entries) if entries else None
    return count("K2", asked, members, [Part(name=RATE, value=rate, unit=Unit.RATE, numerator=confirmed, denominator=entries)])


@cache
def _happened(extent: Extent) -> Select[AccessBreach, str]:
    in_period = (AccessBreach.happened_at >= SINCE, AccessBreach.happened_at < UNTIL)
    breaches = select(AccessBreach, Premises.area).join(Premises, Premises.code == AccessBreach.premises)
    return breaches.where(extent.covers(Premises.area), *in_period).order_by(AccessBreach.number)


@cache
def _entered(extent: Extent) -> Select[int]:
    counted = select(func.coalesce(func.sum(EntryCount.entries), 0)).join(Premises, Premises.code == EntryCount.premises)
    return counted.where(extent.covers(Premises.area), EntryCount.month >= START, EntryCount.month <= ON)


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
