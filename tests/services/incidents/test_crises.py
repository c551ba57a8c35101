"""Crises and risk avoidance: who is called away, who stays, and what counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services import cases
from services.errors import AlreadyOpen
from services.models.clearances import ClearanceLine, KpiEvent
from services.models.people import Dependant
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW

REASON = "Heavy fighting since dawn close to the offices."


def avoid(security: Security, area: str, groups: list[str], by: str = "ingrid.sollerman", **further: Any) -> str:
    """The official takes people out of danger at once."""
    case = security.start(
        "crisis_activation",
        by,
        kind="AVOIDANCE",
        area=area,
        reason=REASON,
        measure="RELOCATION",
        groups=groups,
        destination="KE-NBO",
        immediate="IMMEDIATE_DANGER",
        **further,
    )
    security.do(case, by, "eva_decide", decision="APPROVE", reasons="The road may be closed tomorrow.")
    security.dispatch()
    return case


def statuses(security: Security, case_id: str) -> dict[str, str]:
    return {line.person: line.status for line in security.rows(ClearanceLine, case_id=case_id)}


def make_dependant(security: Security, person: str, sponsor: str) -> None:
    since = NOW.date() - timedelta(days=900)
    security.add(Dependant(sponsor=sponsor, person=person, relation="SPOUSE", birth_year=1985, recognised_from=since))


def test_when_families_leave_only_their_journeys_are_stopped(journeys: Security) -> None:
    make_dependant(journeys, "traveller.01", "paula.reyes")
    staff = journeys.ask("iris.calder", "XA-CAP")
    family = journeys.ask("traveller.01", "XA-CAP")

    avoid(journeys, "XA-CAP", ["FAMILY"])

    assert statuses(journeys, staff) == {"iris.calder": "GRANTED"}
    assert statuses(journeys, family) == {"traveller.01": "REVOKED"}


def test_who_is_essential_keeps_the_clearance(security: Security) -> None:
    essential = security.ask("iris.calder", "XA-CAP")
    other = security.ask("petra.strand", "XA-CAP")

    avoid(security, "XA-CAP", ["NON_ESSENTIAL"], essential=[{"person": "iris.calder"}])

    assert statuses(security, essential) == {"iris.calder": "GRANTED"}
    assert statuses(security, other) == {"petra.strand": "REVOKED"}


def test_a_request_of_which_somebody_leaves_is_stopped_as_a_whole(security: Security) -> None:
    make_dependant(security, "traveller.01", "iris.calder")
    case = security.ask("iris.calder", "XA-CAP", travellers=[{"person": "iris.calder"}, {"person": "traveller.01"}])

    avoid(security, "XA-CAP", ["FAMILY"])

    assert set(statuses(security, case).values()) == {"REVOKED"}


def test_everybody_leaves_when_everybody_is_called(security: Security) -> None:
    case = security.ask("iris.calder", "XA-CAP")

    avoid(security, "XA-CAP", ["ALL"])

    assert statuses(security, case) == {"iris.calder": "REVOKED"}


def test_two_areas_may_be_in_a_crisis_at_once_and_one_area_only_once(security: Security) -> None:
    for area in ("XA-NOR", "XA-EST"):
        security.start("crisis_activation", "naledi.vanter", kind="CRISIS", area=area, reason=REASON)

    with pytest.raises(AlreadyOpen):
        security.start("crisis_activation", "ingrid.sollerman", kind="CRISIS", area="XA-NOR", reason=REASON)


def test_an_activation_is_timed_from_its_report(security: Security) -> None:
    case = security.start("crisis_activation", "naledi.vanter", kind="CRISIS", area="XA-NOR", reason=REASON)
    later = NOW + timedelta(minutes=50)
    with security.database.transaction() as session:
        cases.fire_timers(session, case, later)
    security.do(case, "ingrid.sollerman", "cri_confirm", now=later, decision="ACTIVATE")

    facts = security.rows(KpiEvent, name="cri.activated")[0].facts
    assert facts == {"minutes": 50, "timely": True, "provisional": False}
