"""What pages say of a case that was emptied, and how a case is held: nothing fails on it, and nothing of it is shown any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services import calendar_tokens, cases, certificates, definitions, jobs, people, retention
from services.authority import as_asked_by, cases_in_sight
from services.database import Database
from services.errors import CaseEmptied
from services.indicators.catalogue import INDICATORS
from services.mailers import MemoryMailer
from services.models.areas import Area
from services.models.cases import Case, Task
from services.models.retention import CaseHold
from services.registry.declared import registers
from tests.accounts import sign_in
from tests.databases import FILLS, NOW
from tests.pages import flaws_of
from tests.services.retention import trips
from tests.services.travel.journeys import Journeys, fill_travel
from tests.webapp.conftest import Person
from webapp.i18n import OFFERED
from webapp.preparing import PROCESSES

LATER = NOW + timedelta(days=1900)
AUDITOR, ADMINISTRATOR, OWNER, STRANGER = "amina.sorel", "mika.tarn", "pavel.eriksen", "dario.velasco"
READERS = (trips.TRAVELLER, trips.DECIDER, AUDITOR, ADMINISTRATOR)
#: Of registers one sees whatever there is, and one what is the own; the others would see no more.
READERS_OF_REGISTERS = (trips.TRAVELLER, AUDITOR)
#: What nobody reads any more: a reason of a decision is no part of it.
GONE = tuple(word for word in trips.STRINGS if word != trips.REASON)
REASON = "A claim is before the tribunal."


def fill_emptied(url: str) -> None:
    """Let somebody travel, publish all processes, and come back after five years."""
    fill_travel(url)
    database = Database(url)
    trips.travel(Journeys(database))
    with database.transaction() as session:
        definitions.publish_folders(session, PROCESSES, now=NOW)
    jobs.forget_cases(database, LATER)
    database.dispose()


FILLS["emptied"] = fill_emptied


@pytest.fixture
def emptied(copy_database):
    """Give a database with a journey that was emptied."""
    database = Database(copy_database("sqlite", "emptied"), durable=False)
    yield database
    database.dispose()


@pytest.fixture
def number(emptied):
    """Give the number of the case."""
    with emptied.reading() as session:
        return session.scalars(select(Case.number)).one()


@pytest.fixture
def enter(emptied, make_app, clock):
    """Give a function that signs somebody in, five years later."""
    clock.now = LATER
    app = make_app(emptied)

    def signed_in(person, language="en"):
        client = sign_in(app.test_client(), f"{person}@demo.example")
        with client.session_transaction() as session:
            session["locale"] = language
        return Person(code=person, client=client)

    return signed_in


def addresses_of(app, database, number):
    """Yield every address of the application that a reader can open, with the case and all that there is of it."""
    with database.reading() as session:
        tasks = session.scalars(select(Task.id)).all()
        areas = session.scalars(select(Area.code).limit(2)).all()
    known = {
        "number": [number, f"{number}-V1"],
        "task_id": tasks,
        "area": areas,
        "register": sorted(registers()),
        "process": ["travel_clearance"],
        "key": ["travel_clearance", "K01"],
        "slug": ["withdraw", "change", "check-in"],
        "form": ["csv", "xlsx"],
        "kind": ["journeys"],
        "role": ["DSSO"],
    }
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static":
                continue
            choices = [{}]
            for name, converter in rule._converters.items():
                fits = known.get(name, ["1"]) if converter.regex != r"\d+" else [1]
                choices = [{**one, name: value} for one in choices for value in fits]
            yield from (app.url_for(rule.endpoint, _external=False, **one) for one in choices)
    yield from ("/inbox?view=done", f"/search?q={number}", "/search?q=ana", "/cases?page=1", "/inbox?view=done&q=ana")
    yield from (f"/cases/{number}?history=decisions", f"/cases/{number}/diagram?show=whole")
    yield from (f"/indicators/{key}?period={period}" for key in INDICATORS for period in ("", "2026-Q4"))


@pytest.mark.parametrize("person", READERS)
def test_no_page_fails_on_an_emptied_case_and_none_shows_what_went(emptied, enter, number, person):
    reader = enter(person)
    shown, failed = {}, {}
    for address in list(addresses_of(reader.client.application, emptied, number)):
        if address.startswith("/registers/") and person not in READERS_OF_REGISTERS:
            continue
        answer = reader.get(address)
        if answer.status_code >= 500:
            failed[address] = answer.status_code
        if any(word.encode() in answer.data for word in GONE):
            shown[address] = answer.status_code

    assert (failed, shown) == ({}, {})


def test_the_page_says_when_and_why_and_shows_the_decisions(enter, number):
    for person in (trips.TRAVELLER, AUDITOR):
        page = enter(person).get(f"/cases/{number}").text

        assert "This case was emptied." in page
        assert "because its process keeps that for 1825 days after the end" in page
        assert "are kept until" in page
        assert "2036" in page
        assert trips.REASON in page
        assert flaws_of(page) == []
    assert "Repeat this request" not in enter(trips.TRAVELLER).get(f"/cases/{number}").text


def test_an_emptied_case_is_found_by_its_number_and_by_what_is_kept_of_it(enter, number):
    traveller = enter(trips.TRAVELLER)

    assert f"/cases/{number}" in traveller.get(f"/search?q={number}").location
    assert number in traveller.get("/search?q=ana").text
    assert number not in traveller.get("/search?q=2026-12-20").text
    assert number in traveller.get("/cases").text


def test_repeating_it_is_refused_in_a_sentence(enter, number):
    answer = enter(trips.TRAVELLER).post(f"/requests/repeat/{number}")

    assert answer.status_code == 409
    assert "only its decisions and its history are kept" in answer.text


@pytest.mark.parametrize("message", ["MSG_WITHDRAW", "MSG_AMEND", "MSG_CHECKIN"])
def test_nothing_can_be_sent_to_it(emptied, number, message):
    with pytest.raises(CaseEmptied), emptied.transaction() as session:
        actor = people.actor_named(session, trips.TRAVELLER)
        cases.send_message(session, message, number, {}, actor=actor, now=LATER)


def test_a_done_step_of_it_is_a_page_still(emptied, enter):
    decider = enter(trips.DECIDER)
    with emptied.reading() as session:
        task = session.scalars(select(Task.id).where(Task.element == "stop_decide")).one()

    for address in (f"/tasks/{task}", "/inbox?view=done"):
        answer = decider.get(address)
        assert (answer.status_code, flaws_of(answer.text)) == (200, [])
    assert task in answer.text


def test_the_calendar_of_the_traveller_goes_on(emptied, enter):
    with emptied.transaction() as session:
        secret = calendar_tokens.create_calendar_token(session, actor=people.actor_named(session, trips.TRAVELLER), now=LATER)
    stranger = enter(STRANGER).client.application.test_client()

    feeds = [stranger.get(f"/calendar/{secret}/{kind}.ics") for kind in ("trips", "tasks")]

    assert [feed.status_code for feed in feeds] == [200, 200]


def test_the_certificate_of_an_emptied_case_is_unknown_to_whoever_checks_it(emptied, enter, number):
    with emptied.reading() as session:
        assert certificates.verify(session, f"{number}-V1", "x") is None

    assert enter(STRANGER).get(f"/verify/{number}-V1/x").status_code in {200, 404}


def test_a_round_of_all_jobs_goes_on_with_it(emptied, number):
    jobs.run_once(emptied, MemoryMailer(), LATER)

    with emptied.reading() as session:
        actor = people.actor_named(session, trips.TRAVELLER)
        assert session.scalars(as_asked_by(cases_in_sight(), actor, LATER)).first() is not None


@pytest.mark.parametrize("person", [AUDITOR, ADMINISTRATOR, OWNER])
def test_a_case_is_held_and_released_without_javascript(emptied, enter, number, person):
    reader = enter(person)
    assert reader.get(f"/retention?number={number}").location.endswith(f"/retention/{number}")

    held = reader.post(f"/retention/{number}/hold", reason=REASON)
    page, list_ = reader.get(f"/retention/{number}").text, reader.get("/retention").text
    lifted = reader.post(f"/retention/{number}/lift", reason="The claim is settled.")

    assert (held.status_code, lifted.status_code) == (303, 303)
    assert REASON in page
    assert "Somebody holds it." in list_
    assert number in list_
    assert "The claim is settled." in reader.get(f"/retention/{number}").text
    with emptied.reading() as session:
        assert retention.find_hold(session, session.scalars(select(Case.id)).one()) is None


def test_a_hold_without_a_reason_is_refused_and_changes_nothing(emptied, enter, number):
    answer = enter(AUDITOR).post(f"/retention/{number}/hold", reason=" ")

    assert answer.status_code == 422
    assert "Say why." in answer.text
    assert flaws_of(answer.text) == []
    with emptied.reading() as session:
        assert session.scalars(select(CaseHold)).all() == []


def test_the_case_page_tells_of_a_hold_and_its_reason_only_to_those_whose_matter_it_is_not(enter, number):
    enter(AUDITOR).post(f"/retention/{number}/hold", reason=REASON)

    own, audited = enter(trips.TRAVELLER).get(f"/cases/{number}").text, enter(AUDITOR).get(f"/cases/{number}").text

    for page in (own, audited):
        assert "has been held since" in page
        assert "held the case, so that it is kept as it is" in page
    assert (REASON in own, REASON in audited) == (False, True)
    assert ("/retention/" in own, "/retention/" in audited) == (False, True)


@pytest.mark.parametrize("person", [STRANGER, trips.TRAVELLER, trips.DECIDER])
def test_others_find_nothing_there(enter, number, person):
    reader = enter(person)

    answers = [reader.get("/retention"), reader.get(f"/retention/{number}")]
    answers += [reader.post(f"/retention/{number}/{act}", reason=REASON) for act in ("hold", "lift")]

    assert [answer.status_code for answer in answers] == [404] * 4


@pytest.mark.parametrize("language", OFFERED)
def test_the_pages_are_pages_in_every_language(enter, number, language):
    reader = enter(AUDITOR, language)
    reader.post(f"/retention/{number}/hold", reason=REASON)

    flaws = {address: flaws_of(reader.get(address).text) for address in ("/retention", f"/retention/{number}", "/oversight")}

    assert flaws == {address: [] for address in flaws}


@pytest.mark.parametrize("days", ["", "x", "-3", "99999999999999999999"])
def test_odd_numbers_of_days_are_no_mistake(enter, days):
    assert enter(AUDITOR).get(f"/retention?days={days}").status_code == 200
