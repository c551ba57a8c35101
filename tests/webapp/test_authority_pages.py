"""Why somebody may decide or may not, and the oversight page."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from services.models.audit import AuditEntry
from services.models.cases import Task
from services.models.confinements import CaseConfinement
from services.models.residences import Payment
from tests.databases import NOW
from tests.pages import flaws_of
from tests.services.leave import APPROVER, REQUESTER, REVIEWER, STRANGER
from tests.services.residences.homes import LONG_AGO, OLD_PAYMENT, Homes
from tests.statements import watch_statements


@pytest.fixture
def task_id(leave):
    return leave.open_task(leave.start()).id


@pytest.fixture
def approval_id(leave):
    """A step that waits for its second look: the first one was taken by the clearance officer."""
    case_id = leave.start()
    leave.review(case_id)
    return leave.open_task(case_id).id


def test_the_answer_stands_first_then_every_check_then_who_else(enter, approval_id):
    able, unable = enter(APPROVER).get(f"/tasks/{approval_id}/authority"), enter(REVIEWER).get(f"/tasks/{approval_id}/authority")

    assert "You may act on this as Chief Security Adviser for Arvenia North (Halden)" in able.text
    assert "You may not act on this: it is for the role Chief Security Adviser, which is not held." in unable.text
    assert "Whoever recommended before on the same matter does not take this step (rule S3)." in unable.text
    assert "Naledi Vanter (you)" in able.text
    assert able.text.index("You may act") < able.text.index("Is the step still open?") < able.text.index("Who may act now")
    assert "Director, Regional Operations: 1 person could act" in able.text
    assert flaws_of(able.text) == flaws_of(unable.text) == []


def test_whoever_asked_reads_how_many_may_act_and_no_names(enter, task_id):
    page = enter(REQUESTER).get(f"/tasks/{task_id}/authority")

    assert page.status_code == 200
    assert "Whoever made the request does not decide on it (rule S1)." in page.text
    assert "1 person may act on this now." in page.text
    assert "Yusra Ben-Halim" not in page.text
    assert "Ask about another person" not in page.text


@pytest.mark.parametrize("overseer", ["amina.sorel", "mirela.castellan", "naledi.vanter"])
def test_who_oversees_asks_about_others_by_name_and_address(enter, approval_id, overseer):
    person = enter(overseer)

    named = person.get(f"/tasks/{approval_id}/authority?person=Yusra+Ben-Halim")
    addressed = person.get(f"/tasks/{approval_id}/authority?person=naledi.vanter@demo.example")
    unknown = person.get(f"/tasks/{approval_id}/authority?person=Nobody+There")

    assert "May Yusra Ben-Halim decide this?" in named.text
    assert "may act on this as Chief Security Adviser" in addressed.text
    assert "Nobody is known as “Nobody There”" in unknown.text
    assert [flaws_of(page.text) for page in (named, addressed, unknown)] == [[], [], []]


def test_the_page_is_not_there_for_strangers_nor_about_others_for_those_who_do_not_oversee(enter, leave, task_id):
    assert enter(STRANGER).get(f"/tasks/{task_id}/authority").status_code == 404
    assert enter(REQUESTER).get(f"/tasks/{task_id}/authority?person=yusra.ben-halim").status_code == 404
    assert enter("amina.sorel").get(f"/tasks/{task_id}/authority").status_code == 200
    with leave.database.transaction() as session:
        case_id = session.get_one(Task, task_id).case_id
        session.add(CaseConfinement(case_id=case_id, person=REVIEWER, since=NOW, why="Drill"))

    assert enter("amina.sorel").get(f"/tasks/{task_id}/authority").status_code == 404
    assert enter(REVIEWER).get(f"/tasks/{task_id}/authority").status_code == 200


def test_a_refusal_says_why_and_leads_to_every_check(enter, approval_id):
    person = enter(REVIEWER)
    link = f'href="/tasks/{approval_id}/authority"'

    shown, refused = person.get(f"/tasks/{approval_id}"), person.post(f"/tasks/{approval_id}", revision="1", decision="GRANT")

    assert "1 other person may act on this." in shown.text
    assert shown.text.count(link) == 2
    assert refused.status_code == 403
    assert link in refused.text
    assert flaws_of(refused.text) == []


def test_every_page_of_somebody_signed_in_leads_to_the_report_of_an_incident(enter, pages):
    person = enter(STRANGER)

    for address in ("/", "/inbox", "/cases", "/profile", "/nothing-here"):
        assert 'href="/requests/new/incident"' in person.get(address).text, address
    assert person.get("/requests/new/incident").status_code == 200
    assert "/requests/new/incident" not in pages.test_client().get("/sign-in").text


def test_the_oversight_page_shows_each_reader_what_is_theirs_to_oversee(enter, leave, task_id):
    auditor, adviser, coordinator = (enter(who).get("/oversight") for who in ("amina.sorel", "naledi.vanter", "mirela.castellan"))

    assert "Belmora" in auditor.text
    assert "Belmora" not in adviser.text
    assert "Ingrid Sollerman" in adviser.text
    assert "Per Aldous Vane" in coordinator.text
    assert "Yusra Ben-Halim" not in coordinator.text
    for page in (auditor, adviser, coordinator):
        assert "B52" in page.text
        assert 'href="/registers/role-holdings"' in page.text
        assert flaws_of(page.text) == []
    for person in ("lina.marchetti", "pavel.eriksen", "mika.tarn"):
        assert enter(person).get("/oversight").status_code == 404
        assert 'href="/oversight"' not in enter(person).get("/profile").text


def test_the_oversight_page_takes_few_queries_however_much_there_is_to_oversee(enter, leave):
    counts = []
    for who in ("naledi.vanter", "amina.sorel"):
        person = enter(who)
        person.get("/oversight")
        statements: list[str] = []
        stop = watch_statements(leave.database, statements.append)
        person.get("/oversight")
        stop()
        counts.append(len(statements))

    assert max(counts) <= 20


@pytest.mark.parametrize("reader", ["amina.sorel", "jonas.keel", "naledi.vanter"])
def test_every_link_of_the_oversight_page_leads_somewhere_for_its_reader(enter, leave, reader):
    person = enter(reader)

    links = set(re.findall(r'href="(/(?:registers|indicators)/[^"]+)"', person.get("/oversight").text))

    assert {link: person.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert links


def test_the_page_says_what_it_is_about_with_names_and_not_with_codes(enter, leave, approval_id):
    with leave.database.transaction() as session:
        session.get_one(Task, approval_id).subject = "EXH_CERTIFY of naledi.vanter"

    explained, handed = (enter(APPROVER).get(f"/tasks/{approval_id}/{page}") for page in ("authority", "hand-over"))

    assert "of Naledi Vanter" in explained.text
    assert "of Naledi Vanter" in handed.text
    assert "naledi.vanter</p>" not in explained.text


def test_overdue_steps_are_listed_as_far_as_the_reader_sees_their_cases(enter, leave, task_id):
    with leave.database.transaction() as session:
        task = session.get_one(Task, task_id)
        task.due_at, number = NOW.replace(year=2025), leave.case(task.case_id).number

    page, hidden = enter("amina.sorel").get("/oversight/overdue/DSSO"), enter("naledi.vanter").get("/oversight/overdue/DSSO")

    assert number in page.text
    assert flaws_of(page.text) == []
    assert number not in hidden.text
    assert "1 more is in a case that you do not see." in hidden.text
    assert "1 more" not in enter("emeka.strand").get("/oversight/overdue/DSSO").text
    assert enter(REVIEWER).get("/oversight/overdue/DSSO").status_code == 404


def test_whoever_visits_a_residence_reads_its_address_and_that_is_kept(enter, leave):
    homes = Homes(leave.database)
    with leave.database.transaction() as session:
        session.get_one(Payment, OLD_PAYMENT).installed_on = LONG_AGO  # else it is a second installation
    case_id = homes.claim("noemi.hart", "RES-XA-CAP-01")
    task_id, address = leave.open_task(case_id).id, "12 Harbour Steps, flat 4"
    verifier = enter("naledi.vanter")
    task = verifier.get(f"/tasks/{task_id}")
    assert "Show where the residence is" in task.text
    assert address not in task.text

    shown = verifier.post(f"/tasks/{task_id}/address")

    assert address in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert flaws_of(shown.text) == []
    assert address not in verifier.get(f"/tasks/{task_id}").text
    assert "read where the residence is" in verifier.get(f"/cases/{homes.case(case_id).number}").text
    with leave.database.reading() as session:
        kept = session.scalars(select(AuditEntry).where(AuditEntry.act == "read_address")).all()
    assert [(row.actor, row.payload["residence"]) for row in kept] == [("naledi.vanter", "RES-XA-CAP-01")]
    assert not any(address in str(row.payload) for row in kept)
    for person in ("noemi.hart", "ingrid.sollerman", "amina.sorel", STRANGER):
        assert enter(person).post(f"/tasks/{task_id}/address").status_code == 404, person
    assert leave.problems() == []
