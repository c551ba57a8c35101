"""Changing, repeating and following a request on its pages, and its journeys in a calendar."""

from __future__ import annotations

import re

import pytest
from icalendar import Calendar
from sqlalchemy import select

from services import attachments, cases
from services.models.cases import Task
from services.models.clearances import Certificate, ClearanceLine
from services.models.register_changes import RegisterChange
from tests.databases import NOW
from tests.pages import flaws_of
from tests.services.leave import STRANGER
from tests.webapp.test_privacy import OFFICER, TRAVELLER, number, stop

CHANGE = {"changes.0.kind": "DATES", "changes.0.stop": "1", "changes.0.depart_at": "2026-12-22T19:00"}

ANSWERS = {
    "travel_kind": "OFFICIAL",
    "purpose_code": "MISSION",
    "purpose_text": "Work with the partners of the office on site",
    "mobile": "+41795550100",
    "second_email": "traveller@example.org",
    "emergency_name": "Alex Doe",
    "emergency_relation": "SIBLING",
    "emergency_phone": "+41225550100",
    "advisory_ack": ["XB-CAP 1"],
    "declaration": True,
}
__all__ = ["number"]


@pytest.fixture
def traveller(enter, number):
    return enter(TRAVELLER)


def events_of(answer):
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def test_a_change_is_shown_field_by_field_before_it_is_sent_and_to_those_who_decide(enter, traveller, number):
    check = traveller.post(f"/cases/{number}/change", **CHANGE)
    back = traveller.post(f"/cases/{number}/change", _back="yes", **CHANGE)
    unsent = traveller.get(f"/cases/{number}")
    sent = traveller.post(f"/cases/{number}/change", _checked="yes", **CHANGE)

    assert "Check your change before you send it" in check.text
    assert "What this means" in check.text
    assert "A part of your request is being decided now." in check.text
    assert "The clearance stands" not in check.text
    assert flaws_of(check.text) == flaws_of(back.text) == []
    assert 'value="2026-12-22T19:00"' in back.text
    assert "Changed since version 1" not in unsent.text
    assert sent.location == f"/cases/{number}"
    mine, officers = traveller.get(f"/cases/{number}"), enter(OFFICER).get(f"/cases/{number}")
    for page in (mine, officers):
        assert "Changed since version 1 (1 field)" in page.text
        assert "When do you leave?" in page.text
        assert flaws_of(page.text) == []
    assert "changed the request" in mine.text


def test_a_change_elsewhere_is_not_shown_to_whom_it_does_not_concern(enter, traveller, number):
    changed = CHANGE | {"changes.0.stop": "2", "changes.0.depart_at": "2026-12-24T11:00"}
    traveller.post(f"/cases/{number}/change", _checked="yes", **changed)

    page = enter(OFFICER).get(f"/cases/{number}")

    assert "Changed since version 1" not in page.text
    assert "Highlands" not in page.text
    card = enter(OFFICER).get("/inbox?view=team").text
    assert "The traveller has sent a change that waits for this decision." in card
    assert 'class="versions"' not in card


def test_a_change_that_changes_nothing_cannot_be_sent(traveller, number):
    check = traveller.post(f"/cases/{number}/change", **{"changes.0.kind": "DATES", "changes.0.stop": "1"})

    assert "Nothing in your request would be different" in check.text
    assert "Send change" not in check.text


def test_the_history_shows_decisions_alone_when_asked(traveller, number):
    everything, decisions = traveller.get(f"/cases/{number}"), traveller.get(f"/cases/{number}?history=decisions")

    assert "sent the request" in re.split('id="history"', everything.text)[1]
    assert "sent the request" not in re.split('id="history"', decisions.text)[1]
    assert flaws_of(decisions.text) == []


def test_where_it_is_names_what_may_follow_as_possible_and_never_a_way_back(traveller, number):
    page = traveller.get(f"/cases/{number}").text

    where = page[page.index('id="where"') : page.index("Show as diagram")]
    assert "Correct your request" not in where
    assert "Find out why nobody decided" not in where


def test_the_moments_of_a_stop_are_shown_on_the_clock_of_its_place(leave, enter):
    actor = leave.actor("traveller.14")
    stops = [stop("XC-CAP", "2026-12-20T09:00:00Z", "2026-12-22T09:00:00Z")]
    answers = ANSWERS | {"stops": stops, "advisory_ack": ["XC-CAP 1"]}
    with leave.database.transaction() as session:
        known = cases.start_case(session, "travel_clearance", actor=actor, answers=answers, now=NOW).number

    page = enter("traveller.14").get(f"/cases/{known}").text

    facts = page[page.index('id="facts"') : page.index('id="history"')]
    assert "13:30 UTC+4:30" in facts
    assert "09:00 UTC<" not in facts


def test_a_case_that_waits_for_nobody_says_so_and_tells_what_rules_decided(leave, enter):
    actor = leave.actor("traveller.14")
    answers = ANSWERS | {"stops": [stop("XB-CAP", "2026-12-20T09:00:00Z", "2026-12-22T09:00:00Z")]}
    with leave.database.transaction() as session:
        case = cases.start_case(session, "travel_clearance", actor=actor, answers=answers, now=NOW)
        known, waits = case.number, session.scalars(select(Task).where(Task.case_id == case.id, Task.state == "OPEN")).all()
    assert waits == []

    page = enter("traveller.14").get(f"/cases/{known}").text

    where = page[page.index('id="where"') : page.index("Show as diagram")]
    assert "Grant by rule" in where
    assert "automatic, under a standing rule" in where
    assert "Nothing waits for a person now." in where


@pytest.mark.parametrize("is_over", [False, True])
def test_a_request_that_was_sent_is_repeated_as_a_draft(traveller, enter, number, is_over):
    if is_over:
        traveller.post(f"/cases/{number}/withdraw", reason="My plans changed")
    offered = traveller.get(f"/cases/{number}")

    answer = traveller.post(f"/requests/repeat/{number}")
    page = traveller.get(answer.location)

    assert "Repeat this request" in offered.text
    assert flaws_of(offered.text) == []
    assert "without dates, files and confirmations" in page.text
    assert "Where do you go, and why?" in page.text
    assert enter(STRANGER).post(f"/requests/repeat/{number}").status_code == 404


def test_the_page_on_which_a_request_is_checked_says_what_will_happen(traveller, leave):
    draft = traveller.post("/requests/new/leave_request").location.rpartition("/")[0]
    early = traveller.get(f"{draft}/ahead")
    page = traveller.get(f"{draft}/1").text
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    traveller.post(f"{draft}/1", revision=revision, onward="next", days="3", reason="Rest after the mission", area="XA-NOR")

    check = traveller.get(f"{draft}/check")

    assert "Nothing was sent and nobody was told" in check.text
    assert "Review the request" in check.text
    assert "Approve the request" in check.text
    assert "UNDSS clearance officer: " in check.text
    assert flaws_of(check.text) == flaws_of(early.text) == flaws_of(page) == []
    assert f'data-ahead="{draft}/ahead"' in page
    with leave.database.reading() as session:
        assert cases.list_cases(session, actor=leave.actor(TRAVELLER), now=NOW, process_key="leave_request")[1] == 0


def test_a_calendar_is_read_under_a_secret_address_until_it_is_taken_back(pages, traveller, enter, number):
    made = traveller.post("/profile/calendar")
    address = re.search(r'value="http://localhost(/calendar/[\w-]+/trips\.ics)"', made.text)[1]
    program = pages.test_client()

    feed = program.get(address)
    same = program.get(address, headers={"If-None-Match": feed.headers["ETag"]})
    due = program.get(address.replace("trips", "tasks"))
    unknown = program.get(address.replace("trips", "anything"))

    assert feed.mimetype == "text/calendar"
    assert "private" in feed.headers["Cache-Control"]
    assert same.status_code == 304
    assert unknown.status_code == 404
    assert events_of(due) == []
    first, second = events_of(feed)
    assert str(first["uid"]).startswith(f"{number}-S1.{TRAVELLER}@")
    assert "Tesh" in str(first["summary"])
    assert first["status"] == "TENTATIVE"
    for secret in ("ME214", "Duty officer", "HOTEL", "partners"):
        assert secret not in feed.text
    assert flaws_of(made.text) == flaws_of(traveller.get("/profile/calendar").text) == []
    assert address not in traveller.get("/profile/calendar").text

    traveller.post(f"/cases/{number}/withdraw", reason="My plans changed")
    after = events_of(program.get(address))
    assert [str(event["uid"]) for event in after] == [str(event["uid"]) for event in (first, second)]
    assert {event["status"] for event in after} == {"CANCELLED"}
    assert after[0]["sequence"] > first["sequence"]

    traveller.post("/profile/calendar/revoke")
    assert program.get(address).status_code == 404
    assert "calendar" in enter(OFFICER).get("/profile").text


def test_the_history_shows_changes_of_registers_before_and_after_to_those_in_the_area(leave, enter, traveller, number):
    with leave.database.transaction() as session:
        for area, before in (("XC-CAP", "Old town"), ("XB-HIG", "Old hut")):
            line = session.scalars(select(ClearanceLine).where(ClearanceLine.area == area)).one()
            change = {"before": {"place": before}, "after": {"place": "New place"}, "reason": "Corrected on request"}
            session.add(RegisterChange(register="clearances", entry=line.id, act="CHANGED", by=OFFICER, at=NOW, **change))

    mine, officers = traveller.get(f"/cases/{number}").text, enter(OFFICER).get(f"/cases/{number}").text
    decisions = traveller.get(f"/cases/{number}?history=decisions").text

    assert "Old town" in mine
    assert "Old hut" in mine
    assert "Corrected on request" in mine
    assert "Old town" in officers
    assert "Old hut" not in officers
    assert "Old town" not in decisions


def test_a_file_says_its_fingerprint_and_with_which_version_it_came(leave, traveller, number):
    with leave.database.transaction() as session:
        case = cases.find_case_by_key(session, number)
        actor = leave.actor(TRAVELLER)
        kept = attachments.keep_attachment(session, name="map.png", content=b"\x89PNG\r\n\x1a\nmap", actor=actor, now=NOW)
        kept.case_id, kept.attached_at = case.id, NOW
        fingerprint = kept.sha256
    one_version = traveller.get(f"/cases/{number}").text
    traveller.post(f"/cases/{number}/change", _checked="yes", **CHANGE)

    page = traveller.get(f"/cases/{number}").text

    assert f"SHA-256 {fingerprint}" in one_version
    assert "came with version" not in one_version
    assert "came with version" in page
    assert flaws_of(page) == []


def test_the_own_page_offers_cleared_journeys_for_the_calendar(leave, enter):
    page = enter(TRAVELLER).get("/")

    assert flaws_of(page.text) == []
    assert "calendar.ics" not in page.text


def test_one_request_is_added_to_a_calendar_by_those_who_travel_in_it(traveller, enter, number):
    mine, officers = traveller.get(f"/cases/{number}/calendar.ics"), enter(OFFICER).get(f"/cases/{number}/calendar.ics")

    assert len(events_of(mine)) == 2
    assert mine.headers["Content-Disposition"] == f'attachment; filename="{number}.ics"'
    assert officers.status_code == 404


def test_home_and_certificate_offer_every_cleared_journey_for_the_calendar_to_those_who_travel(leave, traveller, enter, number):
    with leave.database.transaction() as session:
        case = cases.find_case_by_key(session, number)
        case.status = "CLEARED"
        session.add_all(
            Certificate(
                number=f"{number}-V{version}",
                case_id=case.id,
                version=version,
                status=status,
                issued_at=NOW,
                stops=[],
                check_code=f"{version:016}",
            )
            for version, status in ((1, "VOID"), (2, "VALID"))
        )
    link = f'href="/cases/{number}/calendar.ics"'

    certificate = traveller.get(f"/certificates/{number}-V2").text

    assert link in traveller.get("/").text
    assert link in certificate
    assert flaws_of(certificate) == []
    assert link not in traveller.get(f"/certificates/{number}-V1").text
    assert link not in enter("lina.marchetti").get("/").text


def test_the_drawing_opens_where_the_case_is_and_shows_the_whole_in_parts(traveller, number):
    here, whole = traveller.get(f"/cases/{number}/diagram"), traveller.get(f"/cases/{number}/diagram?show=whole")

    assert "where it is now" in here.text
    assert "Part 1 of" in whole.text
    assert len(here.text) < len(whole.text)
    assert flaws_of(here.text) == flaws_of(whole.text) == []
