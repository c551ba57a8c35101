"""Support to a Security Management Team: who decides, what people travel with, and which check-in stops the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services import cases, drafts, people
from services.errors import MessageNotExpected, NotAllowed, NotFound
from services.indicators import Asked, quarter_of, response
from services.models.authority import RoleHolding
from services.models.cases import RequestDraft
from services.models.clearances import KpiEvent
from services.models.notices import Notice
from services.models.support import Deployment, DeploymentMember
from services.registers import deployments
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW, request_to
from workflows.errors import AnswersInvalid

KEY, AREA = "surge_support", "XB-CAP"
ADVISER, DESK, DIRECTOR, SUPERVISOR = "emeka.strand", "celeste.maron", "viktor.amsel", "thandi.roswell"
EDDA, JOSS = "edda.marlow", "joss.tremaine"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEED = {"area": AREA, "kind": "EXPERTISE", "need": "Somebody who has set up movement control.", "skills": "Convoys", "days": 30}
REPORT = {"report": "Movement control was set up.", "lessons": "Bring two radios."}


@pytest.fixture
def surges(journeys: Security) -> Security:
    return journeys.publish(KEY)


@pytest.fixture
def embedded_surges(security: Security) -> Security:
    return security.publish(KEY)


def ask(surges: Security, **answers: object) -> str:
    return surges.start(KEY, ADVISER, **(NEED | answers))


def chosen(surges: Security, *persons: str) -> str:
    """The desk has chosen people, and their supervisor has released them."""
    case_id = ask(surges)
    surges.do(case_id, DESK, "sup_desk", desk="RECOMMEND")
    surges.do(case_id, DESK, "sup_select", selection="ASK", persons=[{"person": person} for person in persons])
    for _ in persons:
        surges.do_first(case_id, SUPERVISOR, "sup_release", release="YES")
    return case_id


def sent(surges: Security, *persons: str) -> str:
    case_id = chosen(surges, *persons)
    surges.do(case_id, DIRECTOR, "sup_dir", approval="APPROVE")
    return case_id


def arrive(surges: Security, person: str, after: timedelta) -> str:
    """Somebody who is sent gets a clearance and checks in; the number of the travel request."""
    with surges.database.transaction() as session:
        answers = request_to(AREA, days=10, nights=30, purpose_code="SURGE")
        trip = cases.start_case(session, "travel_clearance", actor=people.actor_named(session, person), answers=answers, now=NOW)
    if "tsc_supervisor_endorse" in surges.open_tasks(trip.id):
        surges.do(trip.id, SUPERVISOR, "tsc_supervisor_endorse", decision="APPROVE")
    surges.send(trip.id, "MSG_CHECKIN", {"kind": "ARRIVED", "person": person}, NOW + after)
    surges.dispatch(NOW + after)
    return trip.number


def k9(surges: Security) -> tuple[int, int]:
    with surges.database.reading() as session:
        value = response.deployments(session, Asked(period=quarter_of(NOW.date()), on=NOW.date(), area="XB"))
    return value.numerator, value.denominator or 0


def test_each_who_is_sent_finds_a_travel_request_prepared_and_their_check_ins_stop_the_clock(surges: Security) -> None:
    case_id = sent(surges, EDDA, JOSS)

    prepared = surges.rows(RequestDraft)
    assert sorted(draft.person for draft in prepared) == [EDDA, JOSS]
    assert prepared[0].answers["purpose_code"] == "SURGE"
    assert prepared[0].answers["stops"] == [{"stop_type": "DESTINATION", "area": AREA}]
    told = surges.rows(Notice, code="N-SUP-10")
    assert {notice.address for notice in told} == {f"/requests/{draft.id}/1" for draft in prepared}
    with surges.database.reading() as session, pytest.raises(NotFound):
        drafts.get_draft(session, prepared[0].id, actor=people.actor_named(session, DESK))

    first = arrive(surges, EDDA, 240 * HOUR)

    (deployment,) = surges.rows(Deployment, case_id=case_id)
    assert (deployment.arrived_at, deployment.complete_at) == (NOW + 240 * HOUR, None)
    assert surges.rows(DeploymentMember, person=EDDA)[0].travel_request == first
    assert surges.open_tasks(case_id) == ["sup_travel"]
    assert k9(surges) == (1, 1)

    arrive(surges, JOSS, 250 * HOUR)

    assert surges.rows(Deployment, case_id=case_id)[0].complete_at == NOW + 250 * HOUR
    surges.do(case_id, ADVISER, "sup_report", NOW + 20 * DAY, **REPORT)
    assert surges.case(case_id).outcome == "DEPLOYED_IN_TIME"
    assert [row.facts["in_time"] for row in surges.rows(KpiEvent, name="surge.arrived")] == [True, True]
    assert surges.problems(now=NOW + 20 * DAY) == []


def test_an_arrival_after_the_hours_is_late_however_late_it_was_approved(embedded_surges: Security) -> None:
    case_id = sent(embedded_surges, EDDA)

    arrive(embedded_surges, EDDA, 240 * HOUR + timedelta(minutes=1))

    embedded_surges.do(
        case_id, ADVISER, "sup_report", NOW + 20 * DAY, report="Movement control was set up.", lessons="Bring radios."
    )
    assert embedded_surges.case(case_id).outcome == "DEPLOYED_LATE"
    assert k9(embedded_surges) == (0, 1)


def test_a_check_in_elsewhere_or_of_somebody_else_stops_no_clock(embedded_surges: Security) -> None:
    case_id = sent(embedded_surges, EDDA)

    arrive(embedded_surges, JOSS, 240 * HOUR)

    (deployment,) = embedded_surges.rows(Deployment, case_id=case_id)
    assert deployment.arrived_at is None
    with embedded_surges.database.reading() as session:
        assert deployments.expecting(session, EDDA, AREA) == [deployment.number]
        assert deployments.expecting(session, EDDA, "XA-NOR") == []
        assert deployments.expecting(session, JOSS, AREA) == []
    assert k9(embedded_surges) == (0, 1)


def test_nobody_decides_who_asked_chose_or_is_to_be_sent(embedded_surges: Security) -> None:
    everywhere = {"role": "DRO_DIR", "area": None, "valid_from": NOW - DAY}
    embedded_surges.add(*(RoleHolding(person=person, **everywhere) for person in (ADVISER, DESK, EDDA, SUPERVISOR)))
    case_id = chosen(embedded_surges, EDDA)

    for person in (ADVISER, DESK, EDDA, SUPERVISOR):
        with pytest.raises(NotAllowed):
            embedded_surges.do(case_id, person, "sup_dir", approval="APPROVE")
    embedded_surges.do(case_id, DIRECTOR, "sup_dir", approval="APPROVE")

    assert embedded_surges.rows(DeploymentMember, person=EDDA)[0].released_by == SUPERVISOR


@pytest.mark.parametrize(
    ("area", "adviser", "persons"),
    [
        (AREA, ADVISER, [ADVISER]),
        (AREA, ADVISER, ["victor.hale"]),  # has no supervisor
        (AREA, ADVISER, [EDDA, EDDA]),
        ("XA-CAP", "naledi.vanter", ["noemi.hart"]),  # works there
    ],
)
def test_the_desk_chooses_people_from_elsewhere_whom_somebody_can_release(
    embedded_surges: Security, area: str, adviser: str, persons: list[str]
) -> None:
    case_id = embedded_surges.start(KEY, adviser, **(NEED | {"area": area}))
    embedded_surges.do(case_id, DESK, "sup_desk", desk="RECOMMEND")

    with pytest.raises(AnswersInvalid):
        embedded_surges.do(case_id, DESK, "sup_select", selection="ASK", persons=[{"person": one} for one in persons])


def test_only_the_supervisor_releases(embedded_surges: Security) -> None:
    case_id = ask(embedded_surges)
    embedded_surges.do(case_id, DESK, "sup_desk", desk="RECOMMEND")
    embedded_surges.do(case_id, DESK, "sup_select", selection="ASK", persons=[{"person": EDDA}])

    for person in (EDDA, DESK, "odile.farrant"):
        with pytest.raises((NotAllowed, NotFound)):
            embedded_surges.do(case_id, person, "sup_release", release="YES")

    assert embedded_surges.open_tasks(case_id) == ["sup_release"]


def test_a_withdrawal_ends_it_and_counts_as_missed_only_when_the_hours_were_over(surges: Security) -> None:
    early, late = sent(surges, EDDA), sent(surges, JOSS)
    for case_id, at in ((early, NOW + DAY), (late, NOW + 11 * DAY)):
        with surges.database.transaction() as session:
            cases.withdraw(session, case_id, actor=people.actor_named(session, ADVISER), reason="Not needed.", now=at)

    assert [surges.case(case_id).status for case_id in (early, late)] == ["CANCELLED", "CANCELLED"]
    assert k9(surges) == (0, 1)
    with surges.database.transaction() as session, pytest.raises(MessageNotExpected):
        cases.withdraw(session, early, actor=people.actor_named(session, ADVISER), reason="Again.", now=NOW + 2 * DAY)


def test_nobody_there_in_time_is_told_to_those_in_charge_and_closes_nothing(embedded_surges: Security) -> None:
    case_id = ask(embedded_surges)

    embedded_surges.wait(case_id, NOW + 12 * DAY)

    assert embedded_surges.open_tasks(case_id) == ["sup_desk"]
    assert embedded_surges.case(case_id).status == "WITH_DESK"
    assert {"N-SUP-05", "N-ALL-10", "N-ALL-11"} <= set(embedded_surges.notices(case_id))
