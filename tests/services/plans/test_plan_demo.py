"""The demo: every duty station with its plans, and cycles in all states."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.authority import people_in_role
from services.database import Database
from services.models.areas import Area
from services.models.cases import OPEN, Case, Task
from services.models.plans import DutyStation, Plan, PlanCycle, PlanVersion
from tests.services.plans.cycles import NOW


def test_every_duty_station_keeps_a_plan_of_each_kind(demo_database: Database) -> None:
    with demo_database.reading() as session:
        stations = session.scalars(select(DutyStation)).all()
        kinds = Counter(session.scalars(select(Plan.duty_station)))
        areas = set(session.scalars(select(Area.code).where(Area.kind.in_(("HQ_MAIN", "FIELD_CAPITAL", "FIELD_SUB")))))

    assert {station.area for station in stations} == areas
    assert all(kinds[station.code] == 3 for station in stations)
    assert {station.phase for station in stations} == {"ESTABLISHED", "STARTUP", "DRAWDOWN"}


def test_every_plan_has_the_version_in_force_that_it_says(demo_database: Database) -> None:
    with demo_database.reading() as session:
        in_force = dict(
            session.execute(select(PlanVersion.plan, PlanVersion.version).where(PlanVersion.status == "IN_FORCE")).all()
        )
        plans = dict(session.execute(select(Plan.code, Plan.version)).all())

    assert in_force == plans


@pytest.mark.parametrize("role", ["PLO", "EXC", "EVAL", "CSA", "DO", "HGL", "SMTSEC", "DRO_DESK"])
def test_every_duty_station_has_somebody_for_each_step(demo_database: Database, role: str) -> None:
    with demo_database.reading() as session:
        areas = session.scalars(select(DutyStation.area)).all()
        assert [area for area in areas if not people_in_role(session, role=role, area=area, now=NOW)] == []


def test_the_demo_shows_cycles_in_all_states(demo_database: Database) -> None:
    with demo_database.reading() as session:
        found = session.execute(
            select(PlanCycle, Case.status).join(Case, Case.id == PlanCycle.case_id).where(Case.process_key == "crisis_plan")
        ).all()
        told = [(cycle, status) for cycle, status in found if cycle.opened_at < NOW - timedelta(hours=30)]
        open_steps = set(session.scalars(select(Task.element).where(Task.state == OPEN)))

    assert len(told) == 22
    assert {cycle.result for cycle, _ in told} >= {None, "TESTED", "UPDATED", "CANCELLED"}
    assert {status for _, status in told} >= {
        "TESTED",
        "TESTED_CONDITIONAL",
        "OVERDUE",
        "PAUSED",
        "UPDATED",
        "CANCELLED",
        "EVALUATION",
    }
    wanted = "cpt_update cpt_review cpt_smt_item cpt_plan_approve cpt_ex_design cpt_ex_approve cpt_host_notice cpt_ex_ask"
    assert open_steps >= set(f"{wanted} cpt_evaluate cpt_aar cpt_sign cpt_action_do cpt_overdue_follow".split())
