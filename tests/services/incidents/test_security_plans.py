"""Security plans that open by themselves, and what takes the place of what."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.models.authority import RoleHolding
from services.models.incidents import SecurityPlan
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW

SECTIONS = (
    "situation",
    "area_list",
    "persons",
    "assembly",
    "communications",
    "movement",
    "evacuation",
    "contingency",
    "contacts_text",
)
ITEMS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "n1", "n2", "n3", "n4")


def plan(security: Security, area: str, *, valid_to: date, signed_by: str = "ingrid.sollerman") -> None:
    """An area has a plan in force."""
    security.add(
        SecurityPlan(
            number=f"SPL-{area}-V1",
            area=area,
            version=1,
            status="ENDORSED",
            sections={"situation": "As last year"},
            signed_by=signed_by,
            signed_at=NOW - timedelta(days=300),
            valid_from=date(2026, 1, 16),
            valid_to=valid_to,
        )
    )


def asked(security: Security) -> list[tuple[str | None, list[str]]]:
    return [(case.area, security.open_tasks(case.id)) for case in security.cases_of("security_plan")]


def endorse(security: Security, case: str, now: datetime = NOW) -> None:
    sections = dict.fromkeys(SECTIONS, "As in the plan before it and verified.")
    security.do(case, "naledi.vanter", "spl_draft", now, **sections, change_note="Contacts are new.")
    team: dict[str, Any] = {"positions": [{"member": "bakari.thorne", "position": "SUPPORT"}], "advice": "The team supports it."}
    security.do(case, "bakari.thorne", "spl_smt", now, **team)
    security.do(case, "ingrid.sollerman", "spl_do", now, decision="APPROVE")
    security.do(case, "celeste.maron", "spl_desk", now, **dict.fromkeys(ITEMS, "PASS"))
    security.do(case, "viktor.amsel", "spl_dir", now, decision="ENDORSE")


def test_a_renewal_opens_sixty_days_before_the_end_and_only_once(journeys: Security) -> None:
    plan(journeys, "XA", valid_to=NOW.date() + timedelta(days=60))
    plan(journeys, "XB", valid_to=NOW.date() + timedelta(days=61), signed_by="sofia.lindqvist-rao")

    journeys.dispatch()
    assert asked(journeys) == [("XA", ["spl_draft"])]

    journeys.dispatch(NOW + timedelta(days=1))
    assert asked(journeys) == [("XA", ["spl_draft"]), ("XB", ["spl_draft"])]


def test_a_new_official_is_asked_to_sign_the_plan_of_the_one_before(security: Security) -> None:
    plan(security, "XA", valid_to=date(2027, 11, 1), signed_by="bakari.thorne")

    security.dispatch()

    assert asked(security) == [("XA", ["spl_sign"])]


def test_an_endorsed_plan_takes_the_place_of_the_one_before(security: Security) -> None:
    plan(security, "XA", valid_to=NOW.date() + timedelta(days=30))
    case = security.start("security_plan", "naledi.vanter", area="XA", kind="YEARLY", reason="The yearly renewal")

    endorse(security, case)

    plans = {row.number: (row.status, row.valid_to) for row in security.rows(SecurityPlan, area="XA")}
    assert plans == {
        "SPL-XA-V1": ("SUPERSEDED", NOW.date() + timedelta(days=30)),
        "SPL-XA-V2": ("ENDORSED", NOW.date() + timedelta(days=365)),
    }


def test_the_plan_in_force_is_stale_until_the_new_official_signs(security: Security) -> None:
    plan(security, "XA", valid_to=date(2027, 11, 1), signed_by="bakari.thorne")
    case = security.start("security_plan", "naledi.vanter", area="XA", kind="NEW_OFFICIAL", reason="Another official")
    late = NOW + timedelta(days=31)
    security.wait(case, late)
    assert [row.status for row in security.rows(SecurityPlan, area="XA")] == ["STALE"]

    security.do(case, "ingrid.sollerman", "spl_sign", late, choice="SIGN")

    found = security.rows(SecurityPlan, area="XA")[0]
    assert (found.status, found.signed_by) == ("ENDORSED", "ingrid.sollerman")


@pytest.mark.parametrize(("joined", "is_due"), [(1, False), (2, True)])
def test_a_plan_is_drafted_anew_when_more_than_a_fifth_of_its_people_changed(
    journeys: Security, joined: int, is_due: bool
) -> None:
    plan(journeys, "XA", valid_to=date(2027, 11, 15))  # it names an official, an adviser and, with these two, three wardens
    wardens = ["omar.brightwell", "amadou.keita", "hal.orsini", "mina.tavares"]
    since = [NOW - timedelta(days=700)] * 2 + [NOW - timedelta(days=10)] * joined
    rows = zip(wardens, since, strict=False)
    journeys.add(*(RoleHolding(person=person, role="WDN", area="XA-NOR", valid_from=at) for person, at in rows))

    journeys.dispatch()

    assert [case.area for case in journeys.cases_of("security_plan")] == (["XA"] if is_due else [])


def test_whoever_replaces_the_official_is_asked_before_the_plan_is_drafted_anew(security: Security) -> None:
    plan(security, "XA", valid_to=date(2027, 11, 15), signed_by="naledi.vanter")
    begun = {"area": "XA", "valid_from": NOW - timedelta(days=10)}
    security.add(
        RoleHolding(person="bakari.thorne", role="DO", **begun), RoleHolding(person="kofi.drummond", role="CSA", **begun)
    )

    security.dispatch()

    assert [tasks for _, tasks in asked(security)] == [["spl_sign"]]
