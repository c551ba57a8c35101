"""K16: requests for advice on air operators that were answered within their time."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from services.indicators.shape import Asked, Member, Part, Unit, Value, Why, part_median, share
from services.indicators.statements import SINCE, UNTIL, Extent
from services.models.cases import Case
from services.models.clearances import KpiEvent

ASKED, ANSWERED = "avn.asked", "avn.answered"
REQUESTS, MEDIAN = "requests", "median_hours"


def advice_given(session: Session, asked: Asked) -> Value:
    """K16: of the requests to the aviation risk office in the period, those answered within the clock. A case may ask twice."""
    requests: list[tuple[Row[Any], Row[Any] | None]] = []
    waiting: dict[str, list[int]] = {}
    for row in session.execute(_events(asked.extent), asked.values()):
        if row.name == ASKED:
            waiting.setdefault(row.case_id, []).append(len(requests))
            requests.append((row, None))
        elif waiting.get(row.case_id):
            place = waiting[row.case_id].pop(0)
            requests[place] = (requests[place][0], row)
    listed = [(question, answer) for question, answer in requests if question.at >= asked.since]
    hours = [float(answer.facts["hours"]) for _, answer in listed if answer is not None]
    parts = [
        Part(name=REQUESTS, value=Decimal(len(listed)), unit=Unit.COUNT, numerator=len(listed)),
        part_median(MEDIAN, hours),
    ]
    return share("K16", asked, (_member(question, answer) for question, answer in listed), parts)


@cache
def _events(extent: Extent) -> Select[Any]:
    """Select questions up to the reference date, and all answers, of the cases that asked in the period."""
    lately = select(KpiEvent.case_id).where(KpiEvent.name == ASKED, KpiEvent.at >= SINCE, KpiEvent.at < UNTIL)
    return (
        select(KpiEvent.name, KpiEvent.case_id, KpiEvent.at, KpiEvent.facts, Case.number, Case.area)
        .join(Case, Case.id == KpiEvent.case_id)
        .where(
            KpiEvent.name.in_((ASKED, ANSWERED)),
            or_(KpiEvent.name == ANSWERED, KpiEvent.at < UNTIL),
            KpiEvent.case_id.in_(lately),
            extent.covers(Case.area),
            extent.employs(Case.organisation),
        )
        # Of the same moment, the question comes first.
        .order_by(KpiEvent.at, KpiEvent.name.desc(), KpiEvent.id)
    )


def _member(question: Row[Any], answer: Row[Any] | None) -> Member:
    in_time = answer is not None and bool(answer.facts["in_time"])
    late = Why("NOT_ANSWERED") if answer is None else Why("ANSWERED_LATE", f"{float(answer.facts['hours']):.1f}")
    return Member(
        register="cases",
        entry=question.number,
        label=question.number,
        numerator=1 if in_time else 0,
        why=() if in_time else (late,),
        area=question.area,
        case_id=question.case_id,
        is_case=True,
    )
