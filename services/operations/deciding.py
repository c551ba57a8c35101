"""The facts of one unit before it is routed, and the record of what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, literal_column, or_, select

from services import certificates
from services.certificates import describe_conditions
from services.models.areas import StandingOrder
from services.models.audit import Decision
from services.models.base import UtcDateTime
from services.models.clearances import ClearanceLine, Waiver
from services.operations.catalogue import operation
from services.operations.excepting import SUSPENSION
from services.operations.moments import find_moment, hours_until, not_before_least, read_moment, write_moment
from services.operations.places import nights_of_unit, release_places, settle_places
from services.operations.routing import count_route
from services.operations.stops import set_status
from services.operations.work import Work
from services.prepared import Prepared, PreparedRow
from services.registers import areas, ceilings, clearances, officials

BEFORE_ARRIVAL = timedelta(hours=24)
ANSWER_WITHIN = timedelta(days=5)
VALID_BEFORE = timedelta(hours=12)
VALID_AFTER = timedelta(hours=24)
STATUS_OF = {"GRANT": "GRANTED", "GRANT_COND": "GRANTED_COND", "DENY": "DENIED", "REFUSE": "REFUSED", "UNDECIDED": "UNDECIDED"}
GRANTING = ("GRANT", "GRANT_COND")
FAMILY = "P-FAMILY"
#: Stands like this in decisions that no person took; pages say it in the language of the reader.
BY_RULE_SENTENCE = "By rule, under standing order {order}."
_ASKED = Prepared(
    lambda: select(Waiver.id, Waiver.code, Waiver.stop_key).where(
        Waiver.case_id == bindparam("case_id", type_=String), Waiver.status == "ASKED"
    )
)
_ORDERED = Prepared(
    lambda: (
        select(StandingOrder.number)
        .where(
            StandingOrder.area == bindparam("area", type_=String),
            StandingOrder.valid_from <= bindparam("now", type_=UtcDateTime),
            or_(StandingOrder.valid_to.is_(None), StandingOrder.valid_to > bindparam("now", type_=UtcDateTime)),
        )
        .order_by(StandingOrder.valid_from.desc())
        .limit(literal_column("1"))
    )
)


@operation("stop.facts")
def facts(work: Work, *, stop: dict[str, Any]) -> dict[str, Any]:
    """Read fresh from the registers what the routing of a unit rests on."""
    arrive_at, from_at = read_moment(stop["arrive_at"]), read_moment(stop["from_at"])
    there = areas.facts_for_stay(work.session, stop["area"], arrive_at=arrive_at, now=work.now)
    lines = clearances.lines_of_unit(work.session, work.case.id, stop["key"])
    set_status(work, (line for line in lines if line.status in clearances.OPEN_STATUSES), "PENDING")
    work.set_status("IN_DECISION")
    codes = {waiver.code for waiver in _asked_waivers(work, stop["key"])}
    protected = officials.list_protected(
        work.session,
        [line.person for line in lines],
        area=stop["area"],
        arrive_at=arrive_at,
        depart_at=read_moment(stop["depart_at"]),
        now=work.now,
    )
    return {
        "facts": {
            "requirement": stop["requirement"],
            "residual_risk": there.risk,
            "area_status": there.status,
            "security_level": there.level,
            "waiver_requested": _is_waiver_asked(codes, there.status),
            "family_exception": FAMILY in codes,
            "ceiling_enabled": there.ceiling is not None,
            "ceiling_free": _count_free(work, stop, there),
            "protected_person": bool(protected),
            "protection": list(officials.describe(protected)),
            "srm_valid": there.srm_valid,
            "area_mode": there.mode,
            "hours_to_arrival": hours_until(from_at, work.now),
            "arrive_at": write_moment(arrive_at),
            "answer_until": not_before_least(min(work.now + ANSWER_WITHIN, from_at - BEFORE_ARRIVAL), work.now),
            "lift_until": not_before_least(from_at - BEFORE_ARRIVAL, work.now),
        }
    }


def _is_waiver_asked(codes: set[str], status: str) -> bool:
    """Say whether a waiver leads to the Designated Official; into a suspended area only the exception from that does."""
    return SUSPENSION in codes if status == "SUSPENDED" else bool(codes - {FAMILY})


def _asked_waivers(work: Work, unit_key: str) -> Sequence[PreparedRow]:
    return [row for row in _ASKED.recall(work.session, case_id=work.case.id) if row.stop_key == unit_key]


def _count_free(work: Work, unit: dict[str, Any], there: areas.AreaFacts) -> int:
    """Count the places left for this unit: one too few for all of its persons counts as none, its own reservation as free."""
    if there.room is None:
        return 0
    nights = nights_of_unit(work, unit)
    own = min(ceilings.count_held(work.session, unit["key"]).values(), default=0)
    return ceilings.count_free(work.session, unit["area"], nights, there.room) + own - (int(unit["person_count"]) - 1)


@operation("stop.record")
def record(
    work: Work,
    *,
    stop: dict[str, Any],
    decision: str,
    by: str,
    mode: str | None,
    tier: float | None,
    reason_code: str | None,
    reason_text: str | None,
    conditions: list[Any] | None,
    valid_from: str | None,
    valid_to: str | None,
) -> dict[str, Any]:
    """Enter what was decided about a unit into the register, with its decision record, places and waivers."""
    granted = decision in GRANTING
    start = find_moment(valid_from) or read_moment(stop["arrive_at"]) - VALID_BEFORE
    end = find_moment(valid_to) or read_moment(stop["depart_at"]) + VALID_AFTER
    told = describe_conditions(conditions or []) if granted else []
    found = work.find_decision(stop["key"], "DECIDE") if by == "PERSON" else None
    if found is None:
        period = (start, end) if granted else (None, None)
        found = _decide(work, stop, decision, by, reason_code=reason_code, reason_text=reason_text, period=period)
    lines = clearances.lines_of_unit(work.session, work.case.id, stop["key"])
    for line in lines:
        _settle(line, found, mode=mode, tier=tier)
        line.conditions = told
        line.valid_from, line.valid_to = (start, end) if granted else (line.valid_from, line.valid_to)
    set_status(work, lines, STATUS_OF[decision])
    settle_places(work, stop, granted=granted)
    if not granted:
        _suspend_certificate(work, stop)
    _settle_waivers(work, stop, found, granted=granted, end=read_moment(stop["depart_at"]))
    if by == "RULE" and mode:
        count_route(work, stop["area"], mode=mode, tier=tier)
    _count(work, stop, found, tier=tier)
    return {"stop_result": {"stop": stop["key"], "status": STATUS_OF[decision], "decision_id": found.id}}


def _decide(
    work: Work,
    unit: dict[str, Any],
    decision: str,
    by: str,
    *,
    reason_code: str | None,
    reason_text: str | None,
    period: tuple[datetime | None, datetime | None],
) -> Decision:
    """Record a decision that no person took. Silence is never consent: the clock only ever denies."""
    act = "GRANT" if decision in GRANTING else ("LAPSE" if decision == "UNDECIDED" else "DENY")
    order = _standing_order(work, unit["area"]) if by == "RULE" else None
    text = reason_text or (BY_RULE_SENTENCE.format(order=order) if order else None)
    return work.record_decision(
        act=act,
        outcome=decision,
        line=unit["key"],
        area=unit["area"],
        reason_code=reason_code,
        reason_text=text,
        valid_from=period[0],
        valid_to=period[1],
    )


def _standing_order(work: Work, area: str) -> str | None:
    orders = _ORDERED.recall(work.session, area=area, now=work.now)
    return orders[0].number if orders else None


def _settle(line: ClearanceLine, decision: Decision, *, mode: str | None, tier: float | None) -> None:
    line.decision_id = decision.id
    line.mode = mode
    line.tier = None if tier is None else int(tier)


def _suspend_certificate(work: Work, unit: dict[str, Any]) -> None:
    """A certificate that still allows a stop which was now denied must not be travelled on."""
    certificate = certificates.find_current(work.session, work.case.id)
    if certificate is not None and any(stop["unit"] == unit["key"] for stop in certificate.stops):
        certificates.suspend(certificate, "DENIED")


def _settle_waivers(work: Work, unit: dict[str, Any], decision: Decision, *, granted: bool, end: datetime) -> None:
    for asked in _asked_waivers(work, unit["key"]):
        waiver = work.session.get_one(Waiver, asked.id)
        waiver.status = "GRANTED" if granted else "DENIED"
        waiver.decision_id = decision.id
        waiver.valid_to = end.date() if granted else None
        work.count("tsc.waiver", area=unit["area"], granted=granted, code=waiver.code)


def _count(work: Work, unit: dict[str, Any], decision: Decision, *, tier: float | None) -> None:
    if decision.outcome == "UNDECIDED":
        work.count("tsc.undecided", area=unit["area"])
        return
    work.count("tsc.decided", area=unit["area"], tier=tier, outcome=decision.outcome)
    if decision.supersedes_id is None or decision.outcome in GRANTING:
        return
    if work.session.get_one(Decision, decision.supersedes_id).outcome in GRANTING:
        work.count("tsc.revoked", area=unit["area"], reason=decision.reason_code)


@operation("stop.mark")
def mark(work: Work, *, stop: dict[str, Any], status: str) -> dict[str, Any]:
    """Mark a unit as held, deferred or returned; a deferred one waits for a place and holds none."""
    set_status(work, clearances.lines_of_unit(work.session, work.case.id, stop["key"]), status)
    if status in {"HELD", "DEFERRED"}:
        work.set_status("ON_HOLD")
    if status == "HELD":
        count_route(work, stop["area"], mode="HOLD", tier=None)
    if status == "DEFERRED":
        release_places(work, unit=stop["key"], area=stop["area"])
    return {}


@operation("stop.escalate")
def escalate(work: Work, *, stop: dict[str, Any] | None, element: Any, role: str | None, person: str | None) -> dict[str, Any]:
    """Let a further role or person act on an overdue step; whoever could act before still can."""
    elements = [element] if isinstance(element, str) else list(element or [])
    line = str(stop["key"]) if stop else None
    if role or person:
        work.add_candidate(elements, line, role=role or None, person=None if role else person, why="Overdue")
    return {}
