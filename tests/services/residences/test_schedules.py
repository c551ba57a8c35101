"""Schedules: versions that replace one another, interim approvals, what is payable on a day, and who is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from services import authority, cases, people, posting
from services.cases.loading import look_into
from services.errors import NotAllowed, NotFound
from services.models.authority import RoleHolding
from services.models.cases import OPEN, Case, Task
from services.models.clearances import KpiEvent
from services.models.people import Person
from services.models.residences import Residence, Schedule
from services.registers import schedules
from tests.services.residences.homes import (
    CERTIFIED,
    COMPLETE,
    MEETING,
    NOW,
    TEAM,
    VERIFIED,
    Homes,
    at,
    claimed,
    drafted,
    measure,
)
from workflows.errors import AnswersInvalid

FIRST = "RSM-XA-CAP-2026-v2"
NEXT = "RSM-XA-CAP-2027-v3"


def approve(homes: Homes, case_id: str, now: Any = NOW, *, days: int = 14, **do_answers: Any) -> None:
    """Take a draft that was commented on through everybody to its publication."""
    later = now + timedelta(days=days)
    homes.pass_time(later)
    homes.do(case_id, "dara.quill", "rsm_smt", later, **MEETING)
    homes.do(case_id, "ingrid.sollerman", "rsm_do", later, **({"decision": "APPROVE"} | do_answers))
    homes.do(case_id, "celeste.maron", "rsm_desk", later, **COMPLETE)
    homes.do(case_id, "viktor.amsel", "rsm_dir", later, dir_decision="APPROVE")


def cover_on(homes: Homes, code: str, day: date, residence: str = "RES-XA-CAP-01") -> str | None:
    with homes.database.reading() as session:
        found = schedules.find_cover(session, session.get_one(Residence, residence), code, [day])
        return found.schedule.number if found else None


def test_a_new_version_begins_where_the_old_one_ends(homes: Homes) -> None:
    approve(homes, homes.draft())

    found = homes.schedules("XA-CAP")
    assert (found[NEXT].status, found[NEXT].valid_from) == ("IN_FORCE", date(2027, 1, 1))
    assert (found[FIRST].status, found[FIRST].valid_to, found[FIRST].superseded_by) == ("SUPERSEDED", date(2026, 12, 31), NEXT)
    assert cover_on(homes, "RS05", date(2026, 12, 31)) == FIRST
    assert cover_on(homes, "RS05", date(2027, 1, 1)) == NEXT


def test_a_version_that_was_replaced_has_no_days_of_grace(embedded_homes: Homes) -> None:
    assert cover_on(embedded_homes, "RS03", date(2027, 1, 15)) == FIRST  # recurring, and nothing has replaced it

    approve(embedded_homes, embedded_homes.draft())  # without RS03

    assert cover_on(embedded_homes, "RS03", date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("code", "day", "is_covered"),
    [
        ("RS01", date(2027, 1, 30), True),
        ("RS01", date(2027, 1, 31), False),
        ("RS05", date(2026, 12, 31), True),
        ("RS05", date(2027, 1, 1), False),
        ("RS10", date(2026, 6, 1), False),
        ("RS05", date(2025, 12, 31), False),
    ],
)
def test_recurring_costs_have_thirty_days_of_grace_and_others_none(
    embedded_homes: Homes, code: str, day: date, is_covered: bool
) -> None:
    assert (cover_on(embedded_homes, code, day) is not None) == is_covered


def test_every_month_that_is_claimed_has_to_be_covered(embedded_homes: Homes) -> None:
    guard = claimed(
        measure="RS01",
        cost_kind="RECURRING",
        amount=700,
        months=3,
        period_from="2026-12-01",
        invoice_on="2026-11-30",
        invoice_no="G",
    )

    case_id = embedded_homes.claim("noemi.hart", "RES-XA-CAP-01", guard)

    assert embedded_homes.case(case_id).outcome == "REJECTED"  # February lies beyond the days of grace


def test_an_interim_approval_stands_beside_the_schedule_and_holds_thirty_days(homes: Homes) -> None:
    case_id = homes.start(
        "residential_measures", "naledi.vanter", {"area": "XA-CAP", "trigger": "INCIDENT", "reason": "A series of burglaries."}
    )
    homes.do(case_id, "naledi.vanter", "rsm_draft", **drafted(measures=[measure("RS07", cap=250)]))
    day = NOW + timedelta(days=1)
    homes.pass_time(day)
    homes.do(case_id, "dara.quill", "rsm_smt", day, **MEETING)
    emergency = {"emergency": True, "emergency_reason": "Nine burglaries in ten days.", "incident_ref": "INC-2026-0041"}
    homes.do(case_id, "ingrid.sollerman", "rsm_do", day, decision="APPROVE", **emergency)

    interim = homes.schedules("XA-CAP")[f"{NEXT}-I"]
    assert (interim.status, interim.valid_from, interim.valid_to) == ("INTERIM", date(2026, 12, 2), date(2026, 12, 31))
    assert cover_on(homes, "RS05", day.date()) == FIRST
    assert cover_on(homes, "RS07", day.date()) == interim.number
    assert homes.open_tasks(case_id) == ["rsm_desk"]

    homes.pass_time(at(1, 1, 10, 2027))

    assert homes.schedules("XA-CAP")[interim.number].status == "LAPSED"
    assert cover_on(homes, "RS07", date(2026, 12, 31)) == interim.number
    assert cover_on(homes, "RS07", date(2027, 1, 1)) is None
    assert homes.open_tasks(case_id) == ["rsm_desk"]


def test_a_refusal_by_headquarters_ends_the_interim_approval_too(embedded_homes: Homes) -> None:
    homes = embedded_homes
    case_id = homes.start(
        "residential_measures", "naledi.vanter", {"area": "XA-CAP", "trigger": "INCIDENT", "reason": "A series of burglaries."}
    )
    homes.do(case_id, "naledi.vanter", "rsm_draft", **drafted(measures=[measure("RS07", cap=250)]))
    day = NOW + timedelta(days=1)
    homes.pass_time(day)
    homes.do(case_id, "dara.quill", "rsm_smt", day, **MEETING)
    emergency = {"emergency": True, "emergency_reason": "Nine burglaries in ten days.", "incident_ref": "INC-2026-0041"}
    homes.do(case_id, "ingrid.sollerman", "rsm_do", day, decision="APPROVE", **emergency)
    homes.do(case_id, "celeste.maron", "rsm_desk", day, **COMPLETE)
    later = day + timedelta(days=3)
    homes.do(case_id, "viktor.amsel", "rsm_dir", later, dir_decision="REFUSE", reasons="The series ended with the arrests.")

    assert (homes.case(case_id).state, homes.case(case_id).outcome) == ("COMPLETED", "REFUSED")
    assert cover_on(homes, "RS07", later.date()) == f"{NEXT}-I"
    assert cover_on(homes, "RS07", later.date() + timedelta(days=1)) is None


def correct(homes: Homes, **corrected: Any) -> str:
    """Have an approved schedule returned by the desk and corrected, in wording as the adviser says; the id of the case."""
    case_id = homes.draft()
    later = NOW + timedelta(days=14)
    homes.pass_time(later)
    homes.do(case_id, "dara.quill", "rsm_smt", later, **MEETING)
    homes.do(case_id, "ingrid.sollerman", "rsm_do", later, decision="APPROVE")
    remarks = "Name the risks as the assessment does."
    homes.do(case_id, "celeste.maron", "rsm_desk", later, desk_decision="RETURN", desk_remarks=remarks)
    homes.do(case_id, "naledi.vanter", "rsm_fix", later, change_kind="EDITORIAL", **drafted(**corrected))
    return case_id


def test_other_words_go_back_to_the_desk(homes: Homes) -> None:
    worded = [measure(risk_ref="Burglary by day"), measure("RS01", cost_kind="RECURRING", cap=900)]

    case_id = correct(homes, measures=worded)

    assert homes.open_tasks(case_id) == ["rsm_desk"]


@pytest.mark.parametrize(
    "changes",
    [
        {"measures": [measure(cap=900), measure("RS01", cost_kind="RECURRING", cap=900)]},
        {"measures": [measure(covers="INTL_LOCAL"), measure("RS01", cost_kind="RECURRING", cap=900)]},
        {"valid_to": "2027-04-29"},
        {"yearly_total": 104000},
    ],
)
def test_what_was_approved_is_not_changed_by_calling_it_wording(embedded_homes: Homes, changes: dict[str, Any]) -> None:
    case_id = correct(embedded_homes, **changes)

    assert embedded_homes.open_tasks(case_id) == ["rsm_do"]


def test_the_register_shows_what_the_official_lowered_before_headquarters_decides(homes: Homes) -> None:
    case_id = homes.draft()
    later = NOW + timedelta(days=14)
    homes.pass_time(later)
    homes.do(case_id, "dara.quill", "rsm_smt", later, **MEETING)
    less = {"limits": [{"measure": "RS05", "cap": 650}], "removed": ["RS01"], "ends_on": "2027-03-31"}
    reasons = "Doors are cheaper since the summer."
    homes.do(case_id, "ingrid.sollerman", "rsm_do", later, decision="APPROVE_MODIFIED", reasons=reasons, **less)

    with homes.database.reading() as session:
        lines = schedules.lines_of(session, NEXT)
        desk = session.scalars(select(Task).where(Task.case_id == case_id, Task.element == "rsm_desk")).one()
    assert homes.schedules("XA-CAP")[NEXT].valid_to == date(2027, 3, 31)
    assert [(line.measure, line.cap_cents) for line in lines] == [("RS05", 65000)]
    assert "650 instead of 800" in str(desk.card)


def test_a_measure_stands_in_a_schedule_once(embedded_homes: Homes) -> None:
    with pytest.raises(AnswersInvalid, match="stands twice"):
        embedded_homes.draft(measures=[measure(), measure()])


def test_silence_is_recorded_as_no_comment_and_each_organisation_is_asked_on_its_own(embedded_homes: Homes) -> None:
    homes = embedded_homes
    case_id = homes.draft()
    homes.do(case_id, "clara.jimenez", "rsm_comment", answer="CONCERN", comment="Who pays the deposit?", concern="COST")
    with pytest.raises((NotAllowed, NotFound, AssertionError)):
        homes.do(case_id, "clara.jimenez", "rsm_comment", answer="AGREE")

    homes.pass_time(NOW + timedelta(days=14))

    with homes.database.reading() as session:
        said = {
            row["organisation"]: row["answer"]
            for row in look_into(session, session.get_one(Case, case_id), now=NOW).variables["comments"]
        }
    assert said["WIPO"] == "CONCERN"
    assert {answer for organisation, answer in said.items() if organisation != "WIPO"} == {"NO_COMMENT"}
    assert {"UNAH", "UNVX", "UNFR"} <= set(said)


def test_the_designated_official_is_not_asked_as_head_of_the_own_organisation(embedded_homes: Homes) -> None:
    homes = embedded_homes
    case_id = homes.draft()

    with homes.database.reading() as session:
        found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.organisation == "UNFR")
        task = session.scalars(found).one()
        assert [one.person for one in authority.candidates(session, task, NOW)] == ["marta.ilves"]


def test_whoever_drafted_does_not_decide_even_in_the_officials_place(embedded_homes: Homes) -> None:
    homes = embedded_homes
    case_id = homes.draft()
    homes.pass_time(NOW + timedelta(days=14))
    homes.do(case_id, "dara.quill", "rsm_smt", NOW + timedelta(days=14), **MEETING)

    with homes.database.transaction() as session:
        holdings = authority.people_in_role(session, role="DO", area="XA-CAP", now=NOW)
        assert holdings == ["ingrid.sollerman"]
        task = session.scalars(select(Task).where(Task.case_id == case_id, Task.element == "rsm_do")).one()
        assert "naledi.vanter" not in [one.person for one in authority.candidates(session, task, NOW)]


def test_two_drafts_for_one_area_do_not_stand_beside_each_other(embedded_homes: Homes) -> None:
    homes = embedded_homes
    homes.draft()

    second = homes.start(
        "residential_measures", "naledi.vanter", {"area": "XA-CAP", "trigger": "NEW", "reason": "By mistake again."}
    )

    assert (homes.case(second).state, homes.case(second).status) == ("COMPLETED", "JOINED")


def test_a_renewal_is_opened_sixty_days_before_the_end_and_only_once(homes: Homes) -> None:
    homes.pass_time(NOW)
    homes.pass_time(NOW + timedelta(days=1))

    opened = homes.cases("residential_measures")
    assert [(case.area, case.requester) for case in opened] == [("XA-CAP", "system")]
    assert homes.open_tasks(opened[0].id) == ["rsm_draft"]


def test_a_new_assessment_opens_a_review_once_per_version(homes: Homes) -> None:
    for version in ("SRM-XC-CAP-2026-02", "SRM-XC-CAP-2026-02", "SRM-XC-CAP-2027-01"):
        with homes.database.transaction() as session:
            payload = {"area": "XC-CAP", "version": version, "reason": "The assessment was endorsed."}
            posting.post_event(session, "MSG_START_RSM_REVIEW", area="XC-CAP", payload=payload, by="system", now=NOW)
        homes.pass_time(NOW)

    reviews = [case for case in homes.cases("residential_measures") if case.area == "XC-CAP"]
    assert [case.status for case in reviews] == ["DRAFT", "JOINED"]


def test_the_older_case_ends_and_open_claims_look_again_when_a_version_is_published(homes: Homes) -> None:
    first = homes.draft()
    approve(homes, first)
    claim = homes.claim("noemi.hart", "RES-XA-CAP-01")
    homes.do(claim, "naledi.vanter", "rmc_verify", **VERIFIED)
    second = homes.draft(now=NOW + timedelta(days=20), valid_from="2027-02-01")
    approve(homes, second, NOW + timedelta(days=20), days=21)  # two holidays lie between
    homes.pass_time(NOW + timedelta(days=42))

    assert (homes.case(first).state, homes.case(first).outcome) == ("COMPLETED", "SUPERSEDED")
    assert homes.case(second).state == "OPEN"
    homes.do(claim, "salome.brandt", "rmc_certify", NOW + timedelta(days=42), **CERTIFIED)
    assert homes.open_tasks(claim) == ["rmc_certify"]  # the facts were read again, and finance certifies what they say
    homes.do(claim, "salome.brandt", "rmc_certify", NOW + timedelta(days=42), **CERTIFIED)
    assert homes.case(claim).outcome == "PAID"


def test_a_rise_of_the_level_asks_the_adviser_and_the_wish_for_a_new_version_opens_one(homes: Homes) -> None:
    case_id = homes.draft()
    approve(homes, case_id)
    later = NOW + timedelta(days=40)
    with homes.database.transaction() as session:
        posting.post_event(
            session, "SIG_LEVEL_UP", area="XA-CAP", payload={"old": 3, "new": 4, "mode": "MANUAL"}, by="system", now=later
        )
    homes.pass_time(later)
    assert homes.open_tasks(case_id) == ["rsm_still_right"]

    homes.do(
        case_id, "naledi.vanter", "rsm_still_right", later, still_right="REVISE", review_reason="Guards are needed by day too."
    )
    homes.pass_time(later)

    opened = [case for case in homes.cases("residential_measures") if case.id != case_id and case.area == "XA-CAP"]
    assert "rsm_draft" in [element for case in opened for element in homes.open_tasks(case.id)]


def test_indicators_are_fed_by_what_happens(embedded_homes: Homes) -> None:
    homes = embedded_homes
    approve(homes, homes.draft())

    with homes.database.reading() as session:
        counted = {row.name: row.facts for row in session.scalars(select(KpiEvent))}
    assert counted["rsm.submitted"]["number"] == NEXT
    assert counted["rsm.approved"] == {"authority": "DRO_DIR", "days": 14, "number": NEXT}


def test_the_adviser_may_withdraw_through_the_page_until_headquarters_decides(embedded_homes: Homes) -> None:
    homes = embedded_homes
    case_id = homes.draft()

    with homes.database.transaction() as session:
        actor = people.actor_named(session, "naledi.vanter")
        cases.withdraw(session, case_id, actor=actor, reason="A new assessment is on its way.", now=NOW)

    assert homes.case(case_id).outcome == "WITHDRAWN"
    assert homes.schedules("XA-CAP")[NEXT].status == "WITHDRAWN"


def test_versions_of_an_area_are_counted_without_gaps(embedded_homes: Homes) -> None:
    with embedded_homes.database.reading() as session:
        assert schedules.next_version(session, "XA-CAP") == 3
        assert schedules.next_version(session, "XF-CAP") == 1
        assert session.get_one(Schedule, FIRST).version == 2
        assert session.get_one(Person, "naledi.vanter").duty_area == "XA-CAP"


def test_only_members_of_the_team_make_its_quorum_and_dissent_reaches_the_official_by_name(embedded_homes: Homes) -> None:
    case_id = embedded_homes.draft()
    later = NOW + timedelta(days=14)
    embedded_homes.pass_time(later)

    with pytest.raises(AnswersInvalid):
        embedded_homes.do(case_id, "dara.quill", "rsm_smt", later, **MEETING | {"present": [*TEAM[:3], "lina.marchetti"]})
    dissent = [{"member": TEAM[4], "position": "AGAINST", "text": "Guards cost more than they prevent."}]
    embedded_homes.do(case_id, "dara.quill", "rsm_smt", later, **MEETING | {"positions": dissent})

    with embedded_homes.database.reading() as session:
        card = session.scalars(select(Task.card).where(Task.case_id == case_id, Task.element == "rsm_do")).one()
    assert {"label": "Dissent", "value": ["Omar Brightwell: Guards cost more than they prevent."]} in card
    assert any("Dissent in the team" in row.get("flags", []) for row in card)


def test_where_nobody_is_entered_as_a_member_there_is_no_quorum(embedded_homes: Homes) -> None:
    case_id = embedded_homes.draft()
    with embedded_homes.database.transaction() as session:
        session.execute(delete(RoleHolding).where(RoleHolding.role == "SMT"))
    later = NOW + timedelta(days=14)
    embedded_homes.pass_time(later)

    embedded_homes.do(case_id, "dara.quill", "rsm_smt", later, **MEETING | {"present": []})

    with embedded_homes.database.reading() as session:
        opened = session.scalars(select(Task.element).where(Task.case_id == case_id, Task.state == OPEN)).all()
    assert list(opened) == ["rsm_draft"]
