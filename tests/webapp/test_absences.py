"""The pages of being away, of notifications, and of how somebody wants to be told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from lxml import html

from services import absences, jobs, outbox
from services.absences import Instead, Wish
from services.cases import get_case
from services.mailers import MemoryMailer
from services.models.authority import Absence
from services.models.notices import NoticePreference
from tests.pages import flaws_of
from tests.services.leave import APPROVER, NOW, REQUESTER, REVIEWER

SUBSTITUTE = "kofi.drummond"
DAY = timedelta(days=1)


def declare(leave, person=REVIEWER, substitute=SUBSTITUTE, begins=NOW, ends=NOW + 5 * DAY):
    wish = Wish(begins_at=begins, ends_at=ends, instead=(Instead(person=substitute),))
    with leave.database.transaction() as session:
        return absences.declare_absence(session, wish, actor=leave.actor(person), now=NOW)


def rows_of(leave):
    with leave.database.reading() as session:
        return session.query(Absence).all()


def unread_of(page):
    found = html.document_fromstring(page.text).xpath("//a[contains(@class, 'header-notices')]//*[@class='nav-count']/text()")
    return found[0].strip() if found else ""


def test_an_absence_is_declared_on_the_page_changed_and_cancelled(leave, enter):
    person = enter("celeste.maron")
    form = person.get("/absences/new")
    assert flaws_of(form.text) == []
    assert "UTC−5" in form.text
    assert "Viktor Amsel" in form.text
    answers = {
        "begins_at": "2026-12-07T08:00",
        "ends_at": "2026-12-11T18:00",
        "substitutes.0.person": "viktor.amsel",
        "substitutes.0.areas": ["XA", "XB"],
        "substitutes.1.other": "Gabriel Noor",
        "note": "The file lies on my desk.",
    }

    sent = person.post("/absences/new", **answers)

    assert sent.headers["Location"] == "/absences"
    page = person.get("/absences")
    assert flaws_of(page.text) == []
    assert "Viktor Amsel" in page.text
    assert "The file lies on my desk." in page.text
    rows = rows_of(leave)
    assert sorted((row.substitute, row.area) for row in rows if row.area) == [("viktor.amsel", "XA"), ("viktor.amsel", "XB")]
    assert {row.valid_from.isoformat() for row in rows} == {"2026-12-07T13:00:00+00:00"}, "08:00 in New York"

    key = rows[0].declaration
    kept = person.get(f"/absences/{key}")
    assert flaws_of(kept.text) == []
    assert 'value="2026-12-07T08:00"' in kept.text
    assert person.post(f"/absences/{key}", **answers | {"ends_at": "2026-12-10T18:00"}).status_code == 303
    assert {row.valid_to.isoformat() for row in rows_of(leave)} == {"2026-12-10T23:00:00+00:00"}
    assert person.post(f"/absences/{key}/end").status_code == 303
    assert rows_of(leave) == []


def test_what_does_not_fit_comes_back_beside_its_question_with_the_text_kept(leave, enter):
    person = enter(REVIEWER)
    answers = {
        "begins_at": "2026-12-07T08:00",
        "ends_at": "2026-12-11T18:00",
        "substitutes.0.other": "Nobody Known",
        "substitutes.1.other": "Elif Tanaka",
    }

    page = person.post("/absences/new", **answers)

    assert page.status_code == 422
    assert flaws_of(page.text) == []
    assert "There is a problem" in page.text
    assert 'href="#substitutes.0.other"' in page.text
    assert "Elif Tanaka is neither of your organisation nor of your duty station." in page.text
    assert 'value="Nobody Known"' in page.text
    assert "Who cannot stand in, and why" not in page.text or "acts on no case" in page.text
    assert person.post("/absences/new", begins_at="", ends_at="soon").status_code == 422


def test_another_row_for_a_substitute_comes_without_scripts(enter):
    page = enter(REVIEWER).post("/absences/new", _add="substitutes", begins_at="2026-12-07T08:00")

    assert page.status_code == 200
    assert 'id="substitutes.0.person"' in page.text
    assert 'value="2026-12-07T08:00"' in page.text


def test_a_substitute_decides_for_somebody_and_everything_says_so(leave, enter):
    case_id = leave.start()
    task = leave.open_task(case_id)
    key = declare(leave)
    person = enter(SUBSTITUTE)

    pane = person.get(f"/tasks/{task.id}")
    assert "Yusra Ben-Halim" in pane.text
    listed = person.get("/inbox?view=team").text.partition('class="inbox-pane')[0]
    assert "<strong>For Yusra Ben-Halim</strong>" in listed
    leave.complete(task.id, by=SUBSTITUTE, answers={"advice": "RECOMMEND"})

    case = person.get("/cases/LV-2026-000001")
    assert "Kofi Drummond for Yusra Ben-Halim, UNDSS clearance officer, ad interim" in case.text
    assert "Kofi Drummond for Yusra Ben-Halim" in person.get(f"/tasks/{task.id}").text
    assert "<strong>For Yusra Ben-Halim</strong>" in person.get("/inbox?view=done").text
    report = enter(REVIEWER).get(f"/absences/{key}/report")
    assert flaws_of(report.text) == []
    assert "Decided in your place (1)" in report.text
    assert "Kofi Drummond recommended" in report.text
    assert person.get(f"/absences/{key}/report").status_code == 404
    assert leave.problems() == []


def test_whoever_is_away_reads_so_in_the_inbox_and_beside_every_task(leave, enter):
    task = leave.open_task(leave.start())
    declare(leave)
    person = enter(REVIEWER)

    for address in ("/inbox", f"/tasks/{task.id}"):
        page = person.get(address)
        said = re.sub(r"<[^>]+>", "", page.text)
        assert "You are away until Sun 6 Dec" in said or "You are away until" in said, address
        assert "Kofi Drummond acts for you." in said
        assert flaws_of(page.text) == []
    assert "You are away until" not in enter(APPROVER).get("/inbox").text


def test_somebody_declines_to_stand_in(leave, enter):
    key = declare(leave)
    person = enter(SUBSTITUTE)
    page = person.get("/absences")
    assert "You stand in for others" in page.text
    assert flaws_of(page.text) == []

    assert person.post(f"/absences/{key}/decline", reason="I travel myself").status_code == 303

    assert "You stand in for others" not in person.get("/absences").text
    assert "I travel myself" in enter(REVIEWER).get("/notifications").text
    assert person.post(f"/absences/{key}/decline").status_code == 404


@pytest.mark.parametrize("act", ["", "/end", "/decline"])
def test_nobody_touches_the_absence_of_somebody_else(leave, enter, act):
    key = declare(leave, begins=NOW + DAY)

    assert (
        enter(APPROVER).post(f"/absences/{key}{act}", begins_at="2026-12-07T08:00", ends_at="2026-12-08T08:00").status_code == 404
    )
    assert len(rows_of(leave)) == 1


def test_notifications_are_counted_opened_and_marked(leave, enter):
    case_id = leave.start()
    with leave.database.transaction() as session:
        for outcome in ("GRANT", "DENY"):
            outbox.enqueue(
                session,
                outbox.notice(
                    get_case(session, case_id), "N-LV-01", now=NOW, to_person=REQUESTER, variables={"outcome": outcome}
                ),
            )
    jobs.deliver(leave.database, MemoryMailer(), NOW)
    person = enter(REQUESTER)
    page = person.get("/notifications")
    assert flaws_of(page.text) == []
    assert unread_of(page).startswith("2")
    assert page.text.count("Your leave request LV-2026-000001 was decided") == 2

    opened = person.post(re.search(r'action="(/notifications/\w+/open)"', page.text)[1])

    assert opened.headers["Location"] == "/cases/LV-2026-000001"
    assert unread_of(person.get("/profile")).startswith("1")
    assert person.post("/notifications/read").status_code == 303
    assert unread_of(person.get("/profile")) == ""
    assert "Nothing yet." in enter(REVIEWER).get("/notifications").text
    assert person.get("/notifications?page=9").status_code == 200


def test_somebody_chooses_how_to_be_told(leave, enter):
    person = enter(REVIEWER)
    page = person.get("/profile/notifications")
    assert flaws_of(page.text) == []
    assert "cannot be switched off" in page.text
    kinds = {f"kinds.{kind}": "AT_ONCE" for kind in ("task", "reminder", "request", "decision", "substitution")}
    answers = kinds | {"kinds.digest": "DAILY", "kinds.decision": "OFF", "quiet_from": "22:00", "quiet_to": "06:30"}

    refused = person.post("/profile/notifications", **answers | {"quiet_to": ""})
    saved = person.post("/profile/notifications", **answers, working_time="true")

    assert (refused.status_code, saved.status_code) == (422, 303)
    assert 'href="#quiet_to"' in refused.text
    assert flaws_of(refused.text) == []
    with leave.database.reading() as session:
        row = session.get_one(NoticePreference, REVIEWER)
    assert (row.kinds["decision"], row.kinds["digest"], row.quiet_from, row.working_time) == ("OFF", "DAILY", "22:00", True)
    assert 'value="22:00"' in person.get("/profile/notifications").text
