"""Boards of areas at the browser: who finds them, what they show, what is typed wrongly, and the files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import select

from services import definitions
from services.models.bus import CaseWait
from services.models.cases import Case
from services.models.clearances import ClearanceLine, Movement
from services.models.register_changes import RegisterChange
from tests.databases import NOW
from tests.pages import flaws_of
from tests.services.case_rows import add_case, add_line

ADVISER, WARDEN, AUDITOR, TRAVELLER = "naledi.vanter", "fatou.lindgren", "amina.sorel", "lina.marchetti"
BOARD = "/areas/XA-NOR/board"
HOUR = timedelta(hours=1)


def texts(page: str, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in html.document_fromstring(page).xpath(path)]


@pytest.fixture
def stops(leave):
    """Put three travellers on the board: one who asks for help, one to come, and one whose name looks like a formula."""
    with leave.database.transaction() as session:
        said = {"contact_name": "Duty officer", "contact_phone": "+15550100", "lodging_name": "Hotel <Corona>"}
        for number, (person, status, hours) in enumerate(
            [(TRAVELLER, "IN_AREA", -20), ("traveller.19", "GRANTED", 40), ("traveller.20", "PENDING", 60)], start=800
        ):
            case = add_case(session, requester=person, organisation="WIPO" if person == TRAVELLER else "UNAH", number=number)
            times = {"arrive_at": NOW + hours * HOUR, "depart_at": NOW + (hours + 60) * HOUR}
            line = add_line(session, case, person=person, status=status, facts=said, conditions=[], place="=1+1", **times)
            if status == "IN_AREA":
                facts = {"case_id": case.id, "stop_key": line.stop_key, "person": person, "area": line.area}
                at = NOW - HOUR
                session.add(Movement(kind="ARRIVED", at=at, safe="NEED_HELP", recorded_at=at, recorded_by=person, **facts))


@pytest.mark.usefixtures("stops")
def test_a_warden_finds_the_board_and_reads_whom_to_call(enter):
    warden = enter(WARDEN)
    index = warden.get("/areas").text
    page = warden.get(BOARD).text

    assert 'href="/areas"' in warden.get("/profile").text
    assert flaws_of(index) == flaws_of(page) == []
    assert texts(index, "//tbody//th/a") == ["Arvenia North (Halden)"]
    assert texts(page, "//section[@aria-labelledby='alarms']//tbody//th/span[1]") == ["Lina Marchetti"]
    assert "Asks for help" in texts(page, "//section[@aria-labelledby='alarms']//tbody")[0]
    assert 'href="tel:+15550100"' in page
    assert "Hotel &lt;Corona&gt;" in page
    assert html.document_fromstring(page).xpath("//main//a[starts-with(@href, '/cases/')]") == []


@pytest.mark.usefixtures("stops")
def test_an_auditor_reads_no_numbers_of_telephones(enter):
    page = enter(AUDITOR).get(BOARD).text

    assert "Lina Marchetti" in page
    assert "tel:" not in page
    assert "Phone" not in texts(page, "//thead//th")


@pytest.mark.parametrize("person", [TRAVELLER, "helga.brandvold", "jonas.keel", "mika.tarn", "pavel.eriksen"])
def test_for_others_nothing_is_there(enter, person):
    reader = enter(person)
    addresses = [BOARD, f"{BOARD}/here", f"{BOARD}/here.csv", "/areas/XZ-NONE/board"]

    assert [reader.get(address).status_code for address in addresses] == [404] * 4
    if person != "helga.brandvold":
        assert reader.get("/areas").status_code == 404
        assert 'href="/areas"' not in reader.get("/profile").text


@pytest.mark.usefixtures("stops")
def test_a_board_is_narrowed_by_organisation_and_day(enter):
    adviser = enter(ADVISER)
    narrowed = adviser.get(f"{BOARD}?organisation=UNAH&day={NOW + 40 * HOUR:%Y-%m-%d}").text

    assert flaws_of(narrowed) == []
    assert texts(narrowed, "//section[@aria-labelledby='here']//tbody//th/span[1]") == ["Group Traveller 19"]
    assert texts(narrowed, "//section[@aria-labelledby='arriving']//tbody//th/span[1]") == ["Group Traveller 19"]
    assert texts(narrowed, "//select[@name='organisation']/option[@selected]") == ["UNAH"]


@pytest.mark.usefixtures("stops")
@pytest.mark.parametrize(
    ("typed", "sentence"), [("tomorrow", "This is not a day."), ("2026-11-01", "The board shows today and later days.")]
)
def test_a_day_that_cannot_be_shown_is_said_and_the_board_stays(enter, typed, sentence):
    answer = enter(ADVISER).get(f"{BOARD}?day={typed}")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Lina Marchetti" in answer.text
    assert flaws_of(answer.text) == []


@pytest.mark.usefixtures("stops")
def test_a_list_is_taken_as_a_file_and_that_is_kept(enter, leave):
    answer = enter(ADVISER).get(f"{BOARD}/arriving.csv?organisation=UNAH")

    lines = answer.data.decode("utf-8-sig").splitlines()
    assert answer.content_type == "text/csv; charset=utf-8"
    assert [line.split(",")[0] for line in lines] == ["Person", "Group Traveller 19", "Group Traveller 20"]
    assert ",'=1+1," in lines[1]
    with leave.database.reading() as session:
        kept = session.scalars(select(RegisterChange)).one()
    assert (kept.by, kept.after["rows"]) == (ADVISER, 2)


@pytest.mark.usefixtures("stops")
def test_a_page_of_a_list_that_is_not_there_shows_the_way_back(enter):
    adviser = enter(ADVISER)

    assert flaws_of(adviser.get(f"{BOARD}/here?page=9").text) == []
    assert texts(adviser.get(f"{BOARD}/here?page=x").text, "//tbody//th/span[1]") == ["Lina Marchetti"]
    assert adviser.get(f"{BOARD}/everybody").status_code == 404


@pytest.mark.usefixtures("stops")
def test_a_traveller_is_offered_to_check_in_by_one_press(enter, leave):
    with leave.database.transaction() as session:
        line = session.scalars(select(ClearanceLine).where(ClearanceLine.person == "traveller.19")).one()
        line.arrive_at = NOW - HOUR
        versions = definitions.list_current_versions(session)
        session.get_one(Case, line.case_id).version_id = next(each.id for each in versions if each.key == "travel_clearance")
        key = line.stop_key
        session.add(CaseWait(case_id=line.case_id, kind="message", name="MSG_CHECKIN"))

    page = html.document_fromstring(enter("traveller.19").get("/").text)
    form = page.xpath("//section[@aria-labelledby='check-in']//form")[0]

    assert form.get("method") == "post"
    assert dict(form.fields)["stop"] == key
    assert (form.fields["kind"], form.fields["person"]) == ("ARRIVED", "traveller.19")
    assert {"csrf_token", "idempotency_key"} <= set(form.fields.keys())
    assert form.xpath(".//button")[0].text == "I have arrived in =1+1"
