"""K4: duty stations that keep every plan up to date and tested, as the phase of their life requires."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from services import definitions
from services.errors import NotPublished
from services.indicators.premises import HEADQUARTERS
from services.indicators.shape import Asked, Member, Part, Value, Why, part_share, percent, share
from services.indicators.statements import ON, UNTIL, Extent
from services.models.exercises import Exercise
from services.models.plans import DutyStation, Plan, PlanVersion
from services.registers.plans import TABLE, Required, add_months, meets_minimum

PROCESS = "crisis_plan"
REQUIRED_PLANS = ("CRISIS", "EVACUATION", "CONTINGENCY")
AT_HEADQUARTERS, FIELD, IN_CRISIS = "headquarters", "field", "crisis"
#: The reason that stands for what is not known.
UNKNOWN = "HISTORY_UNKNOWN"
Table = Callable[[str, str, Plan], Required]


def plans_kept(session: Session, asked: Asked) -> Value:
    """K4: duty stations where every required plan is up to date and tested. Stations in crisis are shown apart.

    The months and the least exercise come from the cycle table of the published process, for the phase the station is in.
    """
    rows = session.execute(_stations_with_plans(asked.extent), asked.values()).all()
    table, history = _table(session, asked), _History(session, asked)
    stations = {station.code: station for station, _ in rows}
    plans: dict[str, list[Plan]] = {}
    for station, plan in rows:
        plans.setdefault(station.code, []).extend([plan] if plan is not None else [])
    members = [
        _member(station, list(_lacking(station, plans[code], table, history, asked))) for code, station in stations.items()
    ]
    return share("K4", asked, members, [_apart(name, members) for name in (AT_HEADQUARTERS, FIELD, IN_CRISIS)])


def _apart(name: str, members: list[Member]) -> Part:
    if name != IN_CRISIS:
        return part_share(name, members)
    crisis = [member for member in members if IN_CRISIS in member.parts]
    kept = sum(not any(why.code != "IN_CRISIS" for why in member.why) for member in crisis)
    return Part(name=name, value=percent(kept, len(crisis)), numerator=kept, denominator=len(crisis), has_list=True)


@cache
def _stations_with_plans(extent: Extent) -> Any:
    kept = and_(Plan.duty_station == DutyStation.code, or_(Plan.retired_on.is_(None), Plan.retired_on > ON))
    return (
        select(DutyStation, Plan)
        .outerjoin(Plan, kept)
        .where(
            extent.covers(DutyStation.area),
            DutyStation.opened_on <= ON,
            or_(DutyStation.closed_on.is_(None), DutyStation.closed_on > ON),
        )
        .order_by(DutyStation.code, Plan.code)
    )


def _member(station: DutyStation, lacking: list[Why]) -> Member:
    crisis = station.phase == "CRISIS"
    group = AT_HEADQUARTERS if station.ds_type in HEADQUARTERS else FIELD
    # Where nothing is known to be lacking, but not everything is known, a station is neither kept nor not kept.
    unknown = bool(lacking) and all(why.code == UNKNOWN for why in lacking)
    return Member(
        register="duty-stations",
        entry=station.code,
        label=station.code,
        numerator=0 if lacking or crisis else 1,
        denominator=0 if crisis or unknown else 1,
        why=(Why("IN_CRISIS"), *lacking) if crisis else tuple(lacking),
        parts=frozenset({IN_CRISIS} if crisis else {group}),
        area=station.area,
    )


def _lacking(station: DutyStation, plans: list[Plan], table: Table, history: _History, asked: Asked) -> Iterator[Why]:
    """Say what a station lacks on the reference date, plan by plan, and of which plan it is not known what held then."""
    for plan_type in REQUIRED_PLANS:
        if not any(plan.plan_type == plan_type for plan in plans):
            yield Why("PLAN_MISSING", plan_type)
    for plan in plans:
        required = table(station.phase, station.ds_type, plan)
        updated_on = history.updated_on(plan)
        if history.is_unknown(plan, is_tested=bool(required.test_months)):
            yield Why(UNKNOWN, plan.code)
            continue
        if updated_on is None or updated_on < add_months(asked.on, -required.update_months):
            yield Why("PLAN_NOT_UPDATED", plan.code)
        if required.test_months:
            tested_on, kind = history.tested(plan)
            if tested_on is None or tested_on < add_months(asked.on, -required.test_months):
                yield Why("PLAN_NOT_TESTED", plan.code)
            elif kind is not None and not meets_minimum(plan.plan_type, kind, required.min_test):
                yield Why("TEST_TOO_SMALL", plan.code)


_VERSIONS = (
    select(PlanVersion.plan, PlanVersion.approved_at)
    .where(PlanVersion.status.in_(("IN_FORCE", "SUPERSEDED")), PlanVersion.approved_at < UNTIL)
    .order_by(PlanVersion.approved_at)
)
_TESTS = (
    select(Exercise.plan, Exercise.ran_on, Exercise.ex_type)
    .where(Exercise.status == "TESTED", Exercise.ran_on <= ON)
    .order_by(Exercise.ran_on)
)


class _History:
    """When plans were updated and tested, as of the reference date: what happened after it is left out."""

    def __init__(self, session: Session, asked: Asked) -> None:
        """Read the versions and tests up to the reference date."""
        self._on = asked.on
        self._approved: dict[str, datetime] = {}
        for plan, approved_at in session.execute(_VERSIONS, asked.values()):
            if approved_at is not None:
                self._approved[plan] = approved_at
        self._tested = {row.plan: (row.ran_on, row.ex_type) for row in session.execute(_TESTS, asked.values())}

    def updated_on(self, plan: Plan) -> date | None:
        """Return the day of the last update."""
        if plan.updated_on is not None and plan.updated_on <= self._on:
            return plan.updated_on
        approved = self._approved.get(plan.code)
        return approved.date() if approved is not None else None

    def is_unknown(self, plan: Plan, *, is_tested: bool) -> bool:
        """Say whether the plan was updated or tested since, and nothing tells any more what held before."""
        since = plan.updated_on is not None and plan.updated_on > self._on and plan.code not in self._approved
        tested_since = plan.tested_on is not None and plan.tested_on > self._on and plan.code not in self._tested
        return plan.starts_on <= self._on and (since or (is_tested and tested_since))

    def tested(self, plan: Plan) -> tuple[date | None, str | None]:
        """Return the day and the kind of the last test that counts."""
        if plan.tested_on is not None and plan.tested_on <= self._on:
            return plan.tested_on, plan.test_type
        # Without a later test the plan says so itself: a test that lost its credit is no longer on it.
        return self._tested.get(plan.code, (None, None)) if plan.tested_on is not None else (None, None)


def _own_months(_phase: str, _ds_type: str, plan: Plan) -> Required:
    return Required(update_months=plan.update_months, test_months=plan.test_months, min_test=plan.min_test)


def _table(session: Session, asked: Asked) -> Table:
    """Give the cycle table of the process, or what the plans themselves say where the process is not published."""
    try:
        version = definitions.current_version(session, PROCESS)
    except NotPublished:
        return _own_months
    decision = definitions.get_package(session, version.id).decisions[TABLE]
    known: dict[tuple[str, str, str], Required] = {}

    def required(phase: str, ds_type: str, plan: Plan) -> Required:
        asked_for = (phase, ds_type, plan.plan_type)
        if asked_for not in known:
            facts = {"phase": phase, "ds_type": ds_type, "plan_type": plan.plan_type}
            value = decision.decide(TABLE, facts, now=asked.until).value
            known[asked_for] = Required(
                update_months=int(value["update_months"]),
                test_months=int(value["test_months"]),
                min_test=str(value["min_test"]),
            )
        return known[asked_for]

    return required
