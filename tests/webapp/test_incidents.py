"""When a step fails: what the person reads, and what those see and do who look after the process."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from services import cases, definitions, drafts, jobs, tasks
from services.models import CaseIncident
from services.operations.bodies import OnlyAtHeadquarters
from services.operations.exercises import EvaluatorsMissing
from tests.pages import flaws_of
from tests.services.booking import ADMINISTRATOR, FOLDER, OTHER_OWNER, OWNER, ROOM, publish_booking
from tests.services.leave import NOW, REQUESTER, REVIEWER, STRANGER
from workflows import packages

HOUR = timedelta(hours=1)


@pytest.fixture
def booking(leave, monkeypatch):
    made = publish_booking(leave)
    made.enter_operations(monkeypatch.setitem)
    return made


def publish_changed(booking, *changes):
    """A later version of the process, for cases that start from now on."""
    files = dict(definitions.read_folder(FOLDER).files)
    for old, new in changes:
        assert old.encode() in files["booking_main.bpmn"]
        files["booking_main.bpmn"] = files["booking_main.bpmn"].replace(old.encode(), new.encode())
    with booking.database.transaction() as session:
        definitions.publish(session, packages.read_package("booking", files), by="system", now=NOW)


@pytest.fixture
def stopped(booking, clock):
    """A case that was put aside."""
    booking.fail("try.remind")
    case_id = booking.start_booking()
    for hours in (1, 2, 3):
        jobs.fire_due_timers(booking.database, NOW + hours * HOUR)
    clock.advance(hours=4)
    return case_id


def address_of(booking, case_id):
    return f"/failed-steps/{cases.reference_of(booking.incident(case_id))}"


def complete(person, task_id, **answers):
    page = person.get(f"/tasks/{task_id}").text
    hidden = {name: re.search(rf'name="{name}" value="(\w+)"', page)[1] for name in ("revision", "idempotency_key")}
    return person.post(f"/tasks/{task_id}", **hidden, **answers)


def reference_in(page):
    return re.search(r"code ([0-9A-F]{8})", page.text)[1]


# The person whose act failed.


def test_a_person_reads_what_failed_and_keeps_what_was_typed(booking, enter):
    booking.fail("try.book")
    case_id = booking.start_booking()
    task_id, reviewer = booking.open_task(case_id).id, enter(REVIEWER)

    page = complete(reviewer, task_id, remarks="Please with a window")

    assert page.status_code == 500
    assert "The step “Book the room”, which follows, could not be carried out." in page.text
    assert reference_in(page) == cases.reference_of(booking.incident(case_id))
    assert "Please with a window" in page.text
    assert "Please with a window" in reviewer.get(f"/tasks/{task_id}").text, "it is a draft as well"
    assert flaws_of(page.text) == []
    assert booking.case(case_id).state == "OPEN"


def test_what_the_answers_make_impossible_is_said_beside_them_and_is_no_failure(booking, leave, enter):
    booking.fail("try.book", EvaluatorsMissing(number=2))
    task_id, reviewer = booking.open_task(booking.start_booking()).id, enter(REVIEWER)

    page = complete(reviewer, task_id, remarks="Please with a window")

    assert page.status_code == 422
    assert str(EvaluatorsMissing(number=2)) in html.unescape(page.text)
    assert "Please with a window" in page.text
    assert flaws_of(page.text) == []
    with leave.database.reading() as session:
        assert session.scalars(select(CaseIncident)).all() == []
    booking.mend("try.book")
    assert complete(reviewer, task_id, remarks="Please with a window").status_code == 303


def test_what_stops_a_step_that_nobody_answers_is_a_failure_whatever_it_says(booking, clock):
    booking.fail("try.remind", EvaluatorsMissing(number=2))
    case_id = booking.start_booking()

    jobs.fire_due_timers(booking.database, NOW + HOUR)

    assert str(EvaluatorsMissing(number=2)) in booking.incident(case_id).cause


def test_the_same_button_works_once_the_cause_is_mended(booking, enter):
    booking.fail("try.book")
    case_id = booking.start_booking()
    task_id, reviewer = booking.open_task(case_id).id, enter(REVIEWER)
    complete(reviewer, task_id, remarks="x")
    booking.mend("try.book", booked=True)

    answer = complete(reviewer, task_id, remarks="x")

    assert answer.status_code == 303
    assert booking.incident(case_id).state == "CLOSED"
    assert booking.problems() == []


def test_a_request_that_cannot_be_sent_stays_a_draft(booking, enter):
    publish_changed(
        booking,
        ('<zeebe:formDefinition formId="ask" />', '<zeebe:formDefinition formId="ask" /><zeebe:taskSchedule dueDate="=room" />'),
    )
    actor = booking.actor(REQUESTER)
    with booking.database.transaction() as session:
        answers = {"room": ROOM, "area": "XA-NOR"}
        draft_id = drafts.create_draft(session, "booking", actor=actor, now=NOW, answers=answers).id

    page = enter(REQUESTER).post(f"/requests/{draft_id}/check")

    assert page.status_code == 500
    incident = booking.incident(None)
    assert reference_in(page) == cases.reference_of(incident)
    assert (incident.act, incident.element, incident.about) == ("start", "ask", draft_id)
    assert ROOM not in incident.cause
    assert flaws_of(page.text) == []
    with booking.database.reading() as session:
        assert drafts.get_draft(session, draft_id, actor=actor)


def test_a_request_that_its_answers_make_impossible_is_looked_at_and_refused_on_its_page(leave, enter):
    answers = {"area": "XA", "body": "SMG", "reason": "The heads should meet again."}
    with leave.database.transaction() as session:
        actor = leave.actor("naledi.vanter")
        draft_id = drafts.create_draft(session, "security_bodies", actor=actor, now=NOW, answers=answers).id
    adviser = enter("naledi.vanter")

    looked_at = adviser.get(f"/requests/{draft_id}/check")
    sent = adviser.post(f"/requests/{draft_id}/check")

    assert (looked_at.status_code, sent.status_code) == (200, 422)
    for page in (looked_at, sent):
        assert str(OnlyAtHeadquarters(area="Arvenia")) in html.unescape(page.text)
        assert answers["reason"] in page.text
    assert "It cannot be sent like this." in looked_at.text
    with leave.database.reading() as session:
        assert session.scalars(select(CaseIncident)).all() == []


def test_a_message_that_cannot_be_handled_keeps_its_text(booking, enter):
    publish_changed(booking, ("MSG_MOVE", "MSG_WITHDRAW"))
    booking.fail("try.move")
    case_id = booking.start_booking()
    number = booking.case(case_id).number

    page = enter(REQUESTER).post(f"/cases/{number}/withdraw", reason="Other plans, sadly")

    assert page.status_code == 500
    assert "Other plans, sadly" in page.text
    assert reference_in(page) == cases.reference_of(booking.incident(case_id))
    assert booking.case(case_id).revision == 1


# Those who look after the process.


@pytest.mark.parametrize("person", [OWNER, ADMINISTRATOR])
def test_caretakers_find_the_failure_by_a_link_with_a_count(booking, stopped, enter, person):
    caretaker = enter(person)

    home = caretaker.get("/").text
    listed = caretaker.get("/failed-steps")
    page = caretaker.get(address_of(booking, stopped))

    assert re.search(r'Failed steps <span class="nav-count">1</span>', home)
    assert "Remind the desk" in listed.text
    for said in ("Remind the desk", "try.remind", booking.case(stopped).number, "Room booking, version 1", "There is no room …."):
        assert said in page.text
    assert [flaws_of(each.text) for each in (listed, page)] == [[], []]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_of_the_case_is_on_those_pages(booking, stopped, enter, language):
    caretaker = enter(OWNER)
    with caretaker.client.session_transaction() as session:
        session["locale"] = language

    pages = caretaker.get("/failed-steps").text + caretaker.get(address_of(booking, stopped)).text

    for secret in (ROOM, "Lake View", REQUESTER, "Lina Marchetti"):
        assert secret not in pages
    assert caretaker.get(f"/cases/{booking.case(stopped).number}").status_code == 404


@pytest.mark.parametrize("person", [STRANGER, REVIEWER, REQUESTER, OTHER_OWNER])
def test_nobody_else_sees_or_repairs_it(booking, stopped, enter, person):
    other, address = enter(person), address_of(booking, stopped)

    assert other.get("/failed-steps").status_code == (200 if person == OTHER_OWNER else 403)
    assert other.get(address).status_code == 404
    assert "Remind the desk" not in other.get("/failed-steps").text
    for act in ("retry", "skip", "change", "dismiss", "look"):
        assert other.post(f"{address}/{act}", reason="x").status_code == 404
    assert booking.incident(stopped).state == "STOPPED"
    assert booking.entries(stopped, "repair") == booking.entries(stopped, "break_glass") == []


def test_trying_again_after_mending_it(booking, stopped, enter):
    owner, address = enter(OWNER), address_of(booking, stopped)

    again = owner.post(f"{address}/retry")
    assert again.status_code == 303
    assert "It failed again: There is no room …." in owner.get(address).text
    assert booking.incident(stopped).attempts == 4
    booking.mend("try.remind")
    owner.post(f"{address}/retry")

    page = owner.get(address).text
    assert "Repaired" in page
    assert "Try again now" not in page
    assert booking.case(stopped).state == "OPEN"
    assert "Remind the desk" in owner.get("/failed-steps?view=repaired").text
    assert owner.post(f"{address}/retry").status_code == 409
    assert booking.problems(now=NOW + 3 * HOUR) == []


def test_leaving_a_step_out_needs_a_reason_and_says_so_beside_what_was_typed(booking, stopped, enter):
    owner, address = enter(OWNER), address_of(booking, stopped)

    refused = owner.post(f"{address}/skip", reason=" ")
    assert (refused.status_code, "Say why." in refused.text) == (422, True)
    assert flaws_of(refused.text) == []

    owner.post(f"{address}/skip", reason="The desk was told.")
    assert booking.case(stopped).state == "OPEN"


def test_changing_what_the_step_reads(booking, stopped, enter):
    owner, address = enter(OWNER), address_of(booking, stopped)
    booking.mend("try.remind")

    refused = owner.post(f"{address}/change", **{"value.room": "Garden 3", "reason": ""})
    assert refused.status_code == 422
    assert "Garden 3" in refused.text
    owner.post(f"{address}/change", **{"value.room": '["Garden", 3]', "reason": "Typing error"})

    assert booking.calls[-1] == ("try.remind", ["Garden", 3])
    assert booking.case(stopped).state == "OPEN"


def test_breaking_the_glass_shows_the_values_once_and_the_case_says_who_did(booking, stopped, enter):
    owner, address = enter(OWNER), address_of(booking, stopped)

    page = owner.post(f"{address}/look", reason="To find the room.")

    assert ROOM in page.text
    assert "There is no room Lake View 12" in page.text, "the cause in full"
    assert flaws_of(page.text) == []
    assert ROOM not in owner.get(address).text
    history = enter(REQUESTER).get(f"/cases/{booking.case(stopped).number}").text
    assert "broke the glass to see what a failed step reads" in history
    assert "To find the room." in history


def test_what_a_person_did_is_not_offered_to_be_done_again(booking, enter):
    booking.fail("try.book")
    case_id = booking.start_booking()
    booking.ask_in_vain(case_id)
    owner, address = enter(OWNER), address_of(booking, case_id)

    page = owner.get(address).text
    assert "Try again now" not in page
    assert "Somebody was completing the task “Look at the request”." in page
    assert owner.post(f"{address}/retry").status_code == 422
    owner.post(f"{address}/skip", reason="Booked by telephone.")
    assert "The step will be left out." in owner.get(address).text
    owner.post(f"{address}/dismiss", reason="Not needed.")

    assert booking.incident(case_id).closed_how == "dismiss"


def test_the_requester_reads_that_the_case_stopped(booking, stopped, enter):
    page = enter(REQUESTER).get(f"/cases/{booking.case(stopped).number}").text

    assert "This request stopped by an error." in page


def test_a_state_that_cannot_be_read_is_shown_without_a_step(booking, leave, enter):
    from sqlalchemy import text

    case_id = leave.start()
    with booking.database.transaction() as session:
        session.execute(text("UPDATE cases SET engine_state = :rot"), {"rot": b"rot"})
    jobs.fire_due_timers(booking.database, NOW + 5 * HOUR)

    page = enter(OWNER).get(address_of(booking, case_id))

    assert "A step that is not known" in page.text
    assert "It is not known which step of the case it was" in page.text
    assert flaws_of(page.text) == []


def test_files_and_drafts_of_a_failed_act_are_kept_apart_by_person(booking, enter):
    booking.fail("try.book")
    case_id = booking.start_booking()
    task = booking.open_task(case_id)
    complete(enter(REVIEWER), task.id, remarks="Mine")

    with booking.database.reading() as session:
        view = tasks.get_task(session, task.id, actor=booking.actor(REVIEWER), now=NOW)
        assert view.draft is not None
        assert session.query(CaseIncident).one().actor == REVIEWER
