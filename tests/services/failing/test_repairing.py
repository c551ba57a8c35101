"""How a step that failed is repaired, by whom, and what is kept of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services import cases
from services.cases import caretaking, incidents, repairing
from services.errors import (
    IncidentClosed,
    NotFound,
    OperationFailed,
    OwnMatter,
    ReasonMissing,
    RepairRefused,
)
from services.models import AuditEntry
from tests.services.booking import ADMINISTRATOR, OTHER_OWNER, OWNER, ROOM, Booking
from tests.services.failing.steps import DUE, HOUR, repair, stop, sweep
from tests.services.leave import NOW, REQUESTER, REVIEWER, STRANGER
from workflows import engine


def test_trying_again_after_the_cause_is_mended_lets_the_case_go_on(booking: Booking) -> None:
    case_id = stop(booking)
    booking.mend("try.remind")

    repair(booking, repairing.retry_step, booking.incident(case_id).id)

    incident = booking.incident(case_id)
    assert (incident.state, incident.closed_by, incident.closed_how) == ("CLOSED", OWNER, "retry")
    assert (booking.case(case_id).state, booking.case(case_id).failures) == ("OPEN", 0)
    assert [entry.act for entry in all_entries(booking, case_id)] == ["start", "incident", "repair", "timer"]
    [entry] = booking.entries(case_id, "repair")
    assert (entry.actor, entry.payload["how"], entry.payload["state"]) == (OWNER, "retry", ["INCIDENT", "OPEN"])
    assert booking.problems(now=DUE + HOUR) == []


def all_entries(booking: Booking, case_id: str) -> list[AuditEntry]:
    with booking.database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.case_id == case_id).order_by(AuditEntry.seq)))


def test_trying_again_in_vain_changes_nothing_but_the_count(booking: Booking) -> None:
    case_id = stop(booking)
    incident = booking.incident(case_id)

    with pytest.raises(OperationFailed) as failed:
        repair(booking, repairing.retry_step, incident.id)
    with booking.database.transaction() as session:
        incidents.note_again(session, incident.id, failed.value, now=DUE + HOUR)

    again = booking.incident(case_id)
    assert (again.state, again.attempts, again.failed_at) == ("STOPPED", 4, DUE + HOUR)
    assert booking.case(case_id).state == "INCIDENT"
    assert booking.entries(case_id, "repair") == []


def test_a_step_can_be_left_out_with_a_reason(booking: Booking) -> None:
    case_id = stop(booking)
    calls = len(booking.calls)

    repair(booking, repairing.skip_step, booking.incident(case_id).id, reason="The desk knows.")

    assert len(booking.calls) == calls, "it is not carried out"
    [entry] = booking.entries(case_id, "repair")
    assert (entry.payload["how"], entry.payload["reason"], entry.payload["element"]) == ("skip", "The desk knows.", "remind")
    [fired] = booking.entries(case_id, "timer")
    assert ["skipped", "remind"] in fired.payload["trail"]
    assert ["left", "end_reminded"] in fired.payload["trail"]
    assert booking.case(case_id).state == "OPEN"
    assert booking.problems(now=DUE + HOUR) == []


def test_a_step_behind_a_task_is_left_out_when_the_person_tries_again(booking: Booking) -> None:
    booking.fail("try.book")
    case_id = booking.start_booking()
    incident = booking.ask_in_vain(case_id)
    calls = len(booking.calls)

    repair(booking, repairing.skip_step, incident.id, reason="Booked by telephone.", now=NOW)
    assert (booking.open_task(case_id).element, booking.incident(case_id).state) == ("ask", "FAILED")
    booking.ask(case_id)

    assert len(booking.calls) == calls
    assert booking.open_task(case_id).element == "confirm"
    assert booking.incident(case_id).state == "CLOSED"
    assert booking.problems() == []


def test_a_variable_that_the_step_reads_can_be_changed_and_no_other(booking: Booking) -> None:
    case_id = stop(booking)
    booking.mend("try.remind")
    incident_id = booking.incident(case_id).id
    with booking.database.reading() as session:
        assert repairing.names_of(session, booking.incident(case_id)) == ["room"]
    for values in ({"area": "XB"}, {}, {"room": "A", "outcome": "GRANTED"}):
        with pytest.raises(RepairRefused):
            repair(booking, repairing.change_variables, incident_id, values=values, reason="Typing error")

    repair(booking, repairing.change_variables, incident_id, values={"room": "Garden 3"}, reason="Typing error")

    assert booking.calls[-1] == ("try.remind", "Garden 3")
    [entry] = booking.entries(case_id, "repair")
    assert (entry.payload["variables"], entry.payload["reason"]) == (["room"], "Typing error")
    assert "Garden" not in str(entry.payload)
    with booking.database.reading() as session:
        case = cases.get_case(session, case_id)
        assert cases.loading.look_into(session, case, now=NOW).variables["room"] == "Garden 3"
    assert booking.problems(now=DUE + HOUR) == []


@pytest.mark.parametrize("act", [repairing.skip_step, repairing.dismiss_incident, repairing.break_glass])
def test_whatever_changes_or_shows_a_case_needs_a_reason(embedded_booking: Booking, act) -> None:
    booking = embedded_booking
    booking.fail("try.book")
    incident = booking.ask_in_vain(booking.start_booking())

    with pytest.raises(ReasonMissing):
        repair(booking, act, incident.id, reason="  ")


def test_a_failed_act_of_a_person_is_not_repeated_for_them_and_can_be_dismissed(booking: Booking) -> None:
    booking.fail("try.book")
    case_id = booking.start_booking()
    incident = booking.ask_in_vain(case_id)
    with pytest.raises(RepairRefused):
        repair(booking, repairing.retry_step, incident.id)

    repair(booking, repairing.dismiss_incident, incident.id, reason="Mended in the office.", now=NOW)

    assert (booking.incident(case_id).closed_how, booking.case(case_id).failures) == ("dismiss", 0)
    assert booking.entries(case_id, "repair")[0].payload["reason"] == "Mended in the office."
    with pytest.raises(IncidentClosed):
        repair(booking, repairing.dismiss_incident, incident.id, reason="Again.")
    with pytest.raises(RepairRefused):
        repair(booking, repairing.dismiss_incident, booking.incident(stop(booking)).id, reason="Let it be.")
    assert booking.problems(now=DUE + HOUR) == []


def test_the_values_are_shown_only_behind_a_glass_and_the_case_says_who_broke_it(booking: Booking) -> None:
    case_id = stop(booking)

    seen = repair(booking, repairing.break_glass, booking.incident(case_id).id, reason="To find the room.")

    assert seen.values == {"room": ROOM}
    [entry] = booking.entries(case_id, "break_glass")
    assert (entry.actor, entry.payload["variables"], entry.payload["reason"]) == (OWNER, ["room"], "To find the room.")
    with booking.database.reading() as session:
        view = cases.read_case(session, case_id, actor=booking.actor(REQUESTER), now=NOW)
    assert [event.act for event in view.history][-1] == "break_glass"
    assert booking.problems(now=DUE + HOUR) == []


def test_those_who_look_after_the_process_or_the_system_see_incidents_and_nobody_else(booking: Booking) -> None:
    case_id = stop(booking)
    incident_id = booking.incident(case_id).id
    for person, sees in ((OWNER, 1), (ADMINISTRATOR, 1), (OTHER_OWNER, 0), (REVIEWER, 0), (REQUESTER, 0), (STRANGER, 0)):
        actor = booking.actor(person)
        with booking.database.reading() as session:
            assert len(caretaking.list_incidents(session, actor=actor, now=NOW)) == sees, person
            count = caretaking.count_waiting(session, actor=actor, now=NOW)
        assert count == (sees if person in {OWNER, ADMINISTRATOR, OTHER_OWNER} else None), person
        if not sees:
            for act in (repairing.retry_step, repairing.break_glass):
                with pytest.raises(NotFound):
                    repair(booking, act, incident_id, by=person, **({"reason": "x"} if act is repairing.break_glass else {}))
    with booking.database.reading() as session, pytest.raises(NotFound):
        cases.read_case(session, case_id, actor=booking.actor(OWNER), now=NOW)


def test_nobody_repairs_the_own_case(booking: Booking) -> None:
    booking.fail("try.remind")
    case_id = booking.start_booking(by=OWNER)
    sweep(booking, DUE)

    with pytest.raises(OwnMatter):
        repair(booking, repairing.retry_step, booking.incident(case_id).id)


def test_an_incident_is_found_by_the_code_that_people_speak_of(embedded_booking: Booking) -> None:
    incident = embedded_booking.incident(stop(embedded_booking))
    actor = embedded_booking.actor(ADMINISTRATOR)

    with embedded_booking.database.reading() as session:
        found = caretaking.read_incident(session, cases.reference_of(incident), actor=actor, now=NOW)
        assert found.incident.id == incident.id
        for reference in ("", "%", "________", incident.id[:4]):
            with pytest.raises(NotFound):
                caretaking.read_incident(session, reference, actor=actor, now=NOW)


@pytest.mark.parametrize(
    ("element", "may"),
    [
        ({"kind": "serviceTask", "operation": "notify.send"}, True),
        ({"kind": "scriptTask", "script": ("1", "x")}, True),
        ({"kind": "sendTask", "operation": "notify.send"}, True),
        ({"kind": "endEvent", "operation": "notify.send"}, True),
        ({"kind": "serviceTask", "operation": "x", "properties": {"act": "DECIDE"}}, False),
        ({"kind": "businessRuleTask", "called_decision": ("D1", "x")}, False),
        ({"kind": "userTask"}, False),
        ({"kind": "exclusiveGateway"}, False),
        ({"kind": "callActivity"}, False),
        ({"kind": "intermediateCatchEvent"}, False),
    ],
)
def test_only_what_the_system_carries_out_and_nobody_decides_is_left_out(element, may) -> None:
    assert (engine.why_not_left_out(engine.Element(id="x", **element)) == "") is may
