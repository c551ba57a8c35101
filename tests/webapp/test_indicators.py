"""The pages of indicators: the dashboard, one indicator with its list, files, and the report of a period."""

from __future__ import annotations

import re

import pytest
from lxml import html
from sqlalchemy import select

from services.database import Database
from services.models.duties import TrainingAssignment
from services.models.indicators import FrozenPeriod
from services.models.premises import AccessBreach
from tests.accounts import sign_in, token_of
from tests.databases import NOW
from tests.pages import flaws_of
from tests.statements import watch_statements

QUARTER, REPORTED = "2026-Q4", "2026-Q3"


@pytest.fixture
def board(make_app, copy_database):
    """The application on the demo world, and people who read it: `board("amina.sorel").get("/indicators")`."""
    database = Database(copy_database("sqlite", "demo"))
    app = make_app(database)

    def enter(person):
        client = sign_in(app.test_client(), f"{person}@demo.example")
        client.database = database
        return client

    yield enter
    database.dispose()


def rows(page, table=0):
    """What a table says: first cell and the others, by row."""
    found = html.document_fromstring(page.text).xpath("//table")[table].xpath(".//tbody/tr")
    return {_words(row[0]): [_words(cell) for cell in row[1:]] for row in found}


def _words(element):
    return " ".join(element.text_content().split())


def post(client, **answers):
    token = token_of(client.get("/profile").text)
    return client.post("/indicators/freeze", data={"csrf_token": token, **answers})


def test_the_dashboard_shows_every_figure_with_its_target_and_trend(board):
    auditor = board("amina.sorel")
    page = auditor.get("/indicators")
    shown = rows(page)

    assert page.status_code == 200
    assert flaws_of(page.text) == []
    assert [key.split()[0] for key in shown] == [f"K{number}" for number in range(1, 17)]
    value, target, trend, beside = shown["K4 Duty stations with all plans updated and tested"]
    assert re.search(r"\d+\.\d % ?\d+ of \d+$", value)
    assert (target, trend) == ("100 %", "nothing to compare with")
    assert beside.startswith("Headquarters and regional commissions: 100.0 %")
    assert shown["K9 Support deployed in time"][0].endswith("100.0 %1 of 1")
    assert "n/a" in rows(auditor.get("/indicators?area=CH"))["K9 Support deployed in time"][0], "nothing was asked for there"
    assert shown["K2 Unauthorised entries"][0].endswith(": 2")
    assert shown["K2 Unauthorised entries"][2] == "1 less than in Q3 2026"
    assert len(rows(page, 1)) == 14
    assert 'href="/indicators/K4?period=2026-Q4"' in page.text
    assert "Freeze" not in page.text
    assert ">Indicators</a>" in page.text


def test_one_indicator_says_what_it_means_and_what_stands_behind_it(board):
    auditor = board("amina.sorel")
    page = auditor.get("/indicators/K4")
    listed = rows(page, 1)

    assert flaws_of(page.text) == []
    assert "duty stations where every required plan is up to date and tested on the reference date" in page.text
    assert next(iter(listed)) == "XA-EST", "what does not count comes first"
    assert listed["XA-EST"] == ["no", "XA-EST-EVAC was not updated in time.XA-EST-EVAC was not tested in time."]
    assert listed["CH-GVA"] == ["yes", ""]
    assert 'href="/registers/duty-stations/XA-EST"' in page.text
    # The drawing and the table beside it tell the same eight quarters.
    document = html.document_fromstring(page.text)
    labels = document.xpath("//svg//*[contains(@class, 'trend__label')]")
    drawn = [" ".join(label.itertext()).replace("  ", " ") for label in labels]
    assert (len(drawn), drawn[-1], len(rows(page, 0))) == (8, "Q4 2026", 8)
    assert document.xpath("//svg/title")
    assert document.xpath("//svg/desc")
    narrowed = rows(auditor.get("/indicators/K4?part=headquarters"), 1)
    assert sorted(narrowed) == ["CH-GVA", "KE-NBO", "US-NYC"]


def test_figures_come_as_files_and_never_as_formulas(board):
    auditor = board("amina.sorel")
    with auditor.database.transaction() as session:
        row = {"kind": "UNAUTHORISED_ENTRY", "status": "CONFIRMED", "happened_at": NOW, "what": "?", "premises": "GVA-PAL"}
        session.add(AccessBreach(number="=1+1", **row))

    everything, one = auditor.get(f"/indicators/all.csv?period={QUARTER}"), auditor.get("/indicators/K2.csv")

    assert everything.mimetype == one.mimetype == "text/csv"
    assert 'filename="indicators-2026-Q4.csv"' in everything.headers["Content-Disposition"]
    lines = everything.data.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Indicator,Title,Companion figure,Period,As of")
    assert next(line for line in lines if line.startswith("K2,")).startswith(
        "K2,Unauthorised entries,,2026-Q4,2026-12-01,,,3.0,,3,"
    )
    assert "access-breaches,'=1+1,yes,1,0,\r\n" in one.data.decode("utf-8-sig")
    assert "access-breaches,AB-2026-0004,apart,0,0,Not counted: stopped at the gate.\r\n" in one.text


#: Who sees which pages, and which are not there for them.
SEEN = {
    "ingrid.sollerman": ["/indicators", "/indicators?area=XA-NOR", "/indicators/K12"],
    "mirela.castellan": ["/indicators", "/indicators/K13"],
    "noor.castellanos": ["/indicators", "/indicators/K12"],
    "thandi.roswell": ["/indicators", "/indicators?area=CH"],
    "amina.sorel": ["/indicators?period=2026-2027"],
    "lina.marchetti": [],
    "mika.tarn": [],
}
UNSEEN = {
    "ingrid.sollerman": ["/indicators?area=XB", "/indicators/K1?area=HQ"],
    "mirela.castellan": ["/indicators/K5", "/indicators/blocked", "/indicators?organisation=UNAH"],
    "noor.castellanos": ["/indicators/K13"],
    "thandi.roswell": ["/indicators?area=XA"],
    "amina.sorel": ["/indicators/K17", "/indicators?period=2027-Q1", "/indicators?period=now"],
    "lina.marchetti": ["/indicators", "/indicators/K1", "/indicators/all.csv", "/indicators/K1.csv"],
    "mika.tarn": ["/indicators"],
}


def test_everybody_sees_what_is_theirs_and_nothing_else(board):
    for person, addresses in SEEN.items():
        client = board(person)
        assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200), person
        hidden = {address: client.get(address).status_code for address in UNSEEN[person]}
        assert hidden == dict.fromkeys(UNSEEN[person], 404), person
        assert (">Indicators</a>" in client.get("/profile").text) is bool(addresses), person


def test_the_list_of_support_names_nobody(board):
    page = board("amina.sorel").get("/indicators/K12")
    entries = html.document_fromstring(page.text).xpath("//table[contains(@class, 'entries')]//tbody/tr/th")

    assert len(entries) == 4
    assert {_words(entry) for entry in entries} == {"An entry that you may not see"}
    assert "Fatou" not in page.text
    assert "fatou" not in board("noor.castellanos").get("/indicators/K12.csv").text


def test_an_entry_of_a_case_that_a_reader_may_not_see_is_one_entry(board):
    auditor, office = board("amina.sorel"), board("mirela.castellan")
    whole = rows(auditor.get("/indicators/late_requests"), 1)
    closed = rows(office.get("/indicators/K16"), 1)

    assert not any(label == "An entry that you may not see" for label in whole)
    assert list(closed) == ["AVN-2026-000001"], "a case of the own organisation"
    # The same list as headquarters reads it: the request for advice is no matter of theirs.
    page = board("viktor.amsel").get("/indicators/K16")
    assert list(rows(page, 1)) == ["An entry that you may not see"]
    assert "AVN-2026-000001" not in page.text


def test_a_reported_period_shows_what_was_reported(board):
    office = board("marco.delgado")
    before = office.get(f"/indicators?period={REPORTED}")
    with office.database.transaction() as session:
        row = {"kind": "UNAUTHORISED_ENTRY", "status": "CONFIRMED", "what": "Found out later.", "premises": "GVA-PAL"}
        happened_at = NOW.replace(month=8)
        session.add(AccessBreach(number="AB-LATE", happened_at=happened_at, **row))

    def breaches(address):
        return rows(office.get(address))["K2 Unauthorised entries"][0]

    assert "Version 1, reported on" in before.text
    assert breaches(f"/indicators?period={REPORTED}").endswith(": 3")
    assert breaches(f"/indicators?period={REPORTED}&version=0").endswith(": 4")

    refused = post(office, period=REPORTED, reason=" ")
    assert refused.status_code == 400
    assert "Say why it is reported anew" in refused.text
    assert flaws_of(refused.text) == []
    done = post(office, period=REPORTED, reason="A breach was found out in November.")

    assert (done.status_code, done.location) == (303, f"/indicators?period={REPORTED}")
    corrected = office.get(done.location)
    assert "Version 2, reported on" in corrected.text
    assert "A breach was found out in November." in corrected.text
    assert breaches(done.location).endswith(": 4")
    assert breaches(f"{done.location}&version=1").endswith(": 3")
    assert office.get(f"{done.location}&version=7").status_code == 404
    assert "as it was reported" in office.get(f"/indicators/K2?period={REPORTED}&version=1").text
    assert flaws_of(corrected.text) == []


def test_only_the_office_reports_a_period(board):
    auditor = board("amina.sorel")

    assert post(auditor, period=REPORTED, reason="Because.").status_code == 403
    assert post(board("marco.delgado"), period=QUARTER).status_code == 400
    assert post(board("marco.delgado"), period="nonsense").status_code == 404
    with auditor.database.reading() as session:
        assert len(session.scalars(select(FrozenPeriod)).all()) == 1


def test_the_dashboard_asks_as_many_questions_for_many_rows_as_for_few(board):
    auditor = board("amina.sorel")
    asked = []
    watch_statements(auditor.database.reading_engine, asked.append)

    def count(address):
        asked.clear()
        assert auditor.get(address).status_code == 200
        return len(asked)

    count("/indicators")  # whatever is read once in the life of a program is read
    board_before, list_before = count("/indicators"), count("/indicators/K13")
    with auditor.database.transaction() as session:
        people = [f"traveller.{number:02}" for number in range(1, 35)]
        for number in range(300):
            row = {"person": people[number % 34], "course": "BSAFE", "audience": "PERSONNEL", "assigned_on": NOW.date()}
            due_on = NOW.date().replace(year=2020 + number % 6, month=1 + number % 12)
            session.add(TrainingAssignment(**(row | {"assigned_on": due_on}), due_on=due_on.replace(day=2 + number // 34)))

    assert (count("/indicators"), count("/indicators/K13")) == (board_before, list_before)
    assert board_before < 150
    assert "Next page" in auditor.get("/indicators/K13").text
    assert "Previous page" in auditor.get("/indicators/K13?page=2").text


def test_the_pages_speak_chinese(board):
    auditor = board("amina.sorel")
    with auditor.session_transaction() as session:
        session["locale"] = "zh"

    page = auditor.get("/indicators/K4")

    assert flaws_of(page.text) == []
    assert "完成所有计划更新和检测的工作地点" in page.text
    assert "XA-EST-EVAC</bdi> 未按时更新。" in page.text
    assert "2026年第4季度" in page.text


def test_the_list_behind_a_median_says_how_long_each_took(board):
    listed = rows(board("amina.sorel").get("/indicators/decision_hours"), 1)

    assert len(listed) == 6
    assert all(re.fullmatch(r"It took \d+\.\d hours\.", why) for _, why in listed.values())


def test_a_counsellor_notes_a_contact_on_a_page_that_nobody_else_has(board):
    counsellor = board("noor.castellanos")
    page = counsellor.get("/support")
    address = html.document_fromstring(page.text).xpath("//tbody//a/@href")[0]
    form = counsellor.get(address)
    token = token_of(form.text)

    assert flaws_of(page.text) == flaws_of(form.text) == []
    assert all('href="/support"' in counsellor.get(address).text for address in ("/", "/indicators/K12"))
    refused = counsellor.post(address, data={"csrf_token": token, "outcome": "REACHED", "at": "2027-01-01T10:00"})
    assert refused.status_code == 400
    assert 'value="2027-01-01T10:00"' in refused.text
    assert flaws_of(refused.text) == []
    done = counsellor.post(address, data={"csrf_token": token, "outcome": "REACHED", "at": "2026-12-01T03:59"})
    assert (done.status_code, done.location) == (303, "/support")
    auditor = board("amina.sorel")
    assert auditor.get("/support").status_code == auditor.get(address).status_code == 404
    assert all('href="/support"' not in auditor.get(address).text for address in ("/", "/indicators/K12"))


def test_the_dashboard_takes_as_few_queries_as_there_are_figures_of_two_periods(board):
    person = board("naledi.vanter")
    person.get("/indicators")
    statements: list[str] = []
    stop = watch_statements(person.database, statements.append)
    person.get("/indicators")
    stop()

    assert len(statements) <= 72
