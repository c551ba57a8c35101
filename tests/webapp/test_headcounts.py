"""Being asked whether one is safe: whose rows are shown, that only a button answers, and the list for those who search."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services import bus, headcounts, jobs
from services.database import Database
from services.mailers import MemoryMailer
from services.models.headcounts import Headcount, HeadcountAnswer, HeadcountPerson
from services.models.people import Dependant
from services.posting import post_event
from tests.databases import FILLS
from tests.pages import flaws_of
from tests.services.leave import NOW, Leave
from tests.webapp.conftest import fill_pages

NORTH, ISLANDS = "XA-NOR", "XD-ISL"


def do_what_is_due(database: Database) -> None:
    for _ in range(2):
        jobs.run_once(database, MemoryMailer(), NOW)
        bus.dispatch(database, NOW)


def fill_settled(url: str) -> None:
    """Make the database of all pages, and do all that is due in it, so that a head count is the only thing that happens."""
    fill_pages(url)
    database = Database(url, durable=False)
    do_what_is_due(database)
    database.dispose()


FILLS["settled"] = fill_settled


@pytest.fixture
def leave(copy_database):
    """Give the people of all pages, with nothing left to do."""
    database = Database(copy_database("sqlite", "settled"))
    yield Leave(database=database)
    database.dispose()


@pytest.fixture
def call(leave):
    """Give a function that calls a head count of an area; its number."""

    def called(area=NORTH, **payload):
        with leave.database.transaction() as session:
            post_event(session, "MSG_HEADCOUNT", area=area, payload=payload, by="system", now=NOW)
        do_what_is_due(leave.database)
        with leave.database.reading() as session:
            return session.scalars(select(Headcount.number).where(Headcount.area == area)).one()

    return called


def row_of(leave, person):
    with leave.database.reading() as session:
        return session.scalars(select(HeadcountPerson).where(HeadcountPerson.person == person)).one()


def answers(leave):
    with leave.database.reading() as session:
        return list(session.scalars(select(HeadcountAnswer)))


def test_nobody_is_asked_without_a_head_count(enter):
    person = enter("amadou.keita")

    page = person.get("/safe")

    assert page.status_code == 200
    assert flaws_of(page.text) == []
    assert "Nobody asks you at the moment" in page.text
    assert 'href="/safe"' not in person.get("/").text


def test_the_reader_is_asked_on_the_home_page_and_answers_with_one_button(leave, enter, call):
    call(reason="Shells fell on the market.")
    person = enter("amadou.keita")
    assert 'href="/safe"' in person.get("/").text
    page = person.get("/safe")
    assert flaws_of(page.text) == []
    assert "Arvenia North (Halden): are you safe?" in page.text
    assert "Shells fell on the market." in page.text
    listed = row_of(leave, "amadou.keita").id

    sent = person.post(f"/safe/{listed}", state="SAFE", place="Clinic", words="")

    assert (sent.status_code, sent.headers["Location"]) == (303, "/safe")
    page = person.get("/safe").text
    assert "Answered:" in page
    assert "Clinic" in page
    assert 'href="/safe"' not in person.get("/").text
    person.post(f"/safe/{listed}", state="NEED_HELP")
    assert row_of(leave, "amadou.keita").state == "NEED_HELP"
    assert "call for help is passed on" in person.get("/safe").text


def test_only_a_button_answers(leave, enter, call):
    call()
    person = enter("amadou.keita")
    listed = row_of(leave, "amadou.keita").id

    for address in ("/safe?state=SAFE", f"/safe/{listed}", f"/safe/{listed}?state=SAFE"):
        person.get(address)
    person.client.post(f"/safe/{listed}", data={"state": "SAFE"})  # without the token of the page

    assert answers(leave) == []
    assert row_of(leave, "amadou.keita").state == "WAITING"


def test_enter_in_a_field_says_nothing(enter, call):
    call()
    page = enter("amadou.keita").get("/safe").text

    assert page.index('name="state" value=""') < page.index('name="state" value="SAFE"')


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"state": ""}, "Say that you are safe"), ({"state": "UNREACHED"}, "Say that you are safe"), ({}, "Say that you are safe")],
)
def test_bad_input_changes_nothing_and_says_what_to_do(leave, enter, call, typed, sentence):
    call()
    person = enter("amadou.keita")
    listed = row_of(leave, "amadou.keita").id

    refused = person.post(f"/safe/{listed}", words="I am in the cellar", **typed)

    assert refused.status_code == 400
    assert sentence in refused.text
    assert "I am in the cellar" in refused.text
    assert flaws_of(refused.text) == []
    assert answers(leave) == []


def test_words_that_are_too_long_come_back(leave, enter, call):
    call()
    listed = row_of(leave, "amadou.keita").id

    refused = enter("amadou.keita").post(f"/safe/{listed}", state="SAFE", place="x" * 121)

    assert refused.status_code == 400
    assert "at most 120 characters" in refused.text
    assert answers(leave) == []


def test_nobody_sees_or_answers_for_somebody_else(leave, enter, call):
    with leave.database.transaction() as session:
        since = NOW.date().replace(year=NOW.year - 1)
        session.add(
            Dependant(sponsor="amadou.keita", person="traveller.01", relation="SPOUSE", birth_year=1985, recognised_from=since)
        )
    number = call()
    listed = {person: row_of(leave, person).id for person in ("amadou.keita", "fatou.lindgren", "traveller.01")}
    sponsor, other = enter("amadou.keita"), enter("omar.brightwell")

    shown = sponsor.get("/safe").text
    assert listed["amadou.keita"] in shown
    assert listed["traveller.01"] in shown
    assert listed["fatou.lindgren"] not in shown
    assert listed["traveller.01"] not in other.get("/safe").text
    assert {other.post(f"/safe/{listed[person]}", state="SAFE").status_code for person in listed} == {404}
    assert other.post("/safe/nothing", state="SAFE").status_code == 404
    assert sponsor.get(f"/cases/{number}").status_code == 404
    assert answers(leave) == []
    assert sponsor.post(f"/safe/{listed['traveller.01']}", state="SAFE").status_code == 303
    assert [(row.source, row.by) for row in answers(leave)] == [("SPONSOR", "amadou.keita")]


def test_an_answer_that_comes_too_late_is_told_so(leave, enter, call):
    call(ISLANDS)
    people = ("bruno.castel", "lena.whitlock", "tavi.morau")
    for name in people:
        with leave.database.transaction() as session:
            headcounts.answer(session, row_of(leave, name).id, "SAFE", actor=leave.actor(name), now=NOW)
    bus.dispatch(leave.database, NOW)

    late = enter("tavi.morau").post(f"/safe/{row_of(leave, 'tavi.morau').id}", state="NEED_HELP")

    assert late.status_code == 409
    assert "report it as a security incident" in late.text


def test_wardens_and_advisers_see_the_list_with_its_totals(leave, enter, call):
    number = call(reason="Shells fell on the market.")
    with leave.database.transaction() as session:
        listed = row_of(leave, "amadou.keita").id
        headcounts.answer(session, listed, "NEED_HELP", place="Cellar <b>", actor=leave.actor("amadou.keita"), now=NOW)
    bus.dispatch(leave.database, NOW)

    for reader in ("fatou.lindgren", "naledi.vanter", "ingrid.sollerman", "amina.sorel"):
        page = enter(reader).get(f"/cases/{number}").text
        assert flaws_of(page) == []
        assert "Who is accounted for" in page
        assert page.index("Amadou Keita</bdi>") < page.index("Omar Brightwell</bdi>")
        assert "Cellar &lt;b&gt;" in page
        assert "Nobody has taken up the call for help yet" in page


def test_a_call_that_nobody_took_up_stays_on_top_also_when_the_person_says_safe(leave, enter, call):
    number = call(reason="Shells fell on the market.")
    for state in ("NEED_HELP", "SAFE"):
        with leave.database.transaction() as session:
            listed = row_of(leave, "omar.brightwell").id
            headcounts.answer(session, listed, state, actor=leave.actor("omar.brightwell"), now=NOW)
    bus.dispatch(leave.database, NOW)

    page = enter("fatou.lindgren").get(f"/cases/{number}").text

    assert page.index("Omar Brightwell</bdi>") < page.index("Amadou Keita</bdi>")
    assert "Nobody has taken up the call for help yet" in page


@pytest.mark.parametrize(("reader", "is_told"), [("fatou.lindgren", True), ("naledi.vanter", True), ("kofi.drummond", False)])
def test_the_board_tells_of_a_head_count_whom_it_concerns(enter, call, reader, is_told):
    number = call(reason="Shells fell on the market.")

    page = enter(reader).get(f"/areas/{NORTH}/board")

    assert page.status_code == 200
    assert flaws_of(page.text) == []
    assert (f'href="/cases/{number}"' in page.text) is is_told
    assert ("No answer yet: 3" in page.text) is is_told
    assert number not in enter(reader).get(f"/areas/{ISLANDS}/board").text
