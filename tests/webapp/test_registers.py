"""Registers at the browser: lists, entries, files, and the forms of those who keep them."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from lxml import html
from openpyxl import load_workbook
from sqlalchemy import select

from services.models.organisations import Organisation
from services.models.people import Person
from services.models.register_changes import RegisterChange
from services.registry import exporting
from tests.databases import NOW
from tests.pages import flaws_of

KEEPER, SECOND_KEEPER, READER, AUDITOR, ADMINISTRATOR = (
    "jonas.keel",
    "mirela.castellan",
    "lina.marchetti",
    "amina.sorel",
    "mika.tarn",
)
EDIT = "/registers/organisations/WIPO/edit"
WIPO = {"flight_cap": "12", "supervisor_step": "yes", "focal_point": "jonas.keel", "reason": "Decision of the Director General"}


def texts(page: str, path: str) -> list[str]:
    """The texts of what a path finds on a page, without line breaks."""
    return [" ".join(found.text_content().split()) for found in html.document_fromstring(page).xpath(path)]


def fingerprint(page: str) -> str:
    return html.document_fromstring(page).xpath("//input[@name='fingerprint']/@value")[0]


def changes(leave) -> list[RegisterChange]:
    with leave.database.reading() as session:
        return list(session.scalars(select(RegisterChange).order_by(RegisterChange.number)))


def test_everybody_finds_the_registers_that_are_theirs_to_open(enter):
    reader = enter(READER)
    page = reader.get("/registers").text

    assert 'href="/registers"' in reader.get("/profile").text
    assert flaws_of(page) == []
    assert {"Areas", "Trainings", "Clearances"} <= set(texts(page, "//main//li/a"))
    assert "Security risk assessments" not in texts(page, "//main//li/a")
    assert "Security risk assessments" in texts(enter("naledi.vanter").get("/registers").text, "//main//li/a")


def test_administrators_find_the_open_accounts_of_people_whose_contract_ended(enter, leave):
    with leave.database.transaction() as session:
        session.get_one(Person, READER).contract_to = NOW.date() - timedelta(days=1)

    administrator = enter(ADMINISTRATOR)
    page = administrator.get("/registers").text
    (address,) = html.document_fromstring(page).xpath("//section[@aria-labelledby='to-look-at']//a/@href")
    listed = administrator.get(address).text

    assert flaws_of(page) == []
    assert texts(page, "//section[@aria-labelledby='to-look-at']//a") == ["1 person whose contract has ended may still sign in"]
    assert len(texts(listed, "//tbody/tr/th")) == 1
    assert "to-look-at" not in enter(AUDITOR).get("/registers").text


def test_a_list_says_how_much_it_shows_and_keeps_what_was_asked(enter):
    page = enter(READER).get("/registers/areas?search=arvenia&kind=FIELD_SUB&sort=-code").text

    assert flaws_of(page) == []
    assert texts(page, "//table/caption") == ["Areas: 2 of 34 entries"]
    assert texts(page, "//tbody/tr/th") == ["XA-NOR", "XA-EST"]
    assert texts(page, "//th[@aria-sort='descending']")[0].startswith("Code")
    assert texts(page, "//select[@name='kind']/option[@selected]") == ["Sub-office in the field"]
    addresses = html.document_fromstring(page).xpath("//a[@download]/@href")
    assert addresses[0] == "/registers/areas/export.csv?search=arvenia&kind=FIELD_SUB&sort=-code"


def test_an_empty_list_shows_the_way_out_and_a_wrong_day_is_said(enter):
    reader = enter(READER)
    nothing = reader.get("/registers/areas?search=atlantis")
    wrong = reader.get("/registers/areas?valid_on=tomorrow")

    assert "No entry matches." in nothing.text
    assert texts(nothing.text, "//main//div[@class='empty']//a") == ["Show everything"]
    assert wrong.status_code == 422
    assert "This is not a day." in wrong.text
    assert "There is no entry that is yours to see." in reader.get("/registers/waivers").text


def test_what_is_not_ones_to_see_answers_like_what_is_not_there(enter):
    reader = enter(READER)
    addresses = [
        "/registers/assessments",
        "/registers/no-such-register",
        "/registers/people/petra.strand",
        "/registers/people/petra.strand/edit",
        "/registers/assessments/export.csv",
        "/registers/areas/export.pdf",
        "/registers/areas/XQ-NONE",
    ]

    assert [reader.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert [reader.get(address).status_code for address in (EDIT, "/registers/organisations/new")] == [403, 403]


def test_an_area_shows_its_states_and_where_the_process_begins_to_whoever_may_start_it(enter):
    adviser = enter("naledi.vanter").get("/registers/areas/XA-NOR").text
    traveller = enter(READER).get("/registers/areas/XA-NOR").text

    assert flaws_of(adviser) == []
    assert "States of areas" in texts(adviser, "//table/caption")
    assert "/requests/new/area_status" in adviser
    assert "Change this entry" not in adviser
    assert "States of areas" not in texts(traveller, "//table/caption")
    assert "/requests/new/area_status" not in traveller


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_becomes_a_file_in_the_readers_language_and_is_kept(enter, leave, form):
    auditor = enter(AUDITOR)
    with auditor.client.session_transaction() as session:
        session["locale"] = "zh"

    answer = auditor.get(f"/registers/areas/export.{form}?kind=SITE")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="areas-2026-12-01.{form}"'
    if form == "csv":
        header, row = answer.data.decode("utf-8-sig").splitlines()
        assert header.startswith("代码,名称,种类,所属地区,状态,安保等级")
        assert row.startswith("XJ-DEL,Jurin Delta,地点,XJ Jurin,开放,6,不可接受")
    else:
        sheet = load_workbook(io.BytesIO(answer.data)).active
        assert [sheet["A2"].value, sheet["F2"].value, sheet["S1"].value, sheet["S2"].is_date] == ["XJ-DEL", 6, "启用日期", True]
    (kept,) = changes(leave)
    assert (kept.act, kept.by, kept.after) == ("EXPORTED", AUDITOR, {"format": form, "rows": 1, "query": "kind=SITE"})


def test_a_list_that_is_too_long_for_a_file_says_so_and_keeps_nothing(enter, leave, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_ROWS", 3)

    answer = enter(READER).get("/registers/areas/export.csv")

    assert answer.status_code == 422
    assert "This list has 34 rows, and at most 3 can be exported at once." in answer.text
    assert changes(leave) == []


def test_a_keeper_changes_an_entry_and_everybody_reads_what_differs(enter):
    keeper = enter(KEEPER)
    form = keeper.get(EDIT).text
    answer = keeper.post(EDIT, fingerprint=fingerprint(form), **WIPO)

    assert flaws_of(form) == []
    assert texts(form, "//main//button[contains(@class, 'btn-primary')]") == ["Save the change"]
    assert answer.location == "/registers/organisations/WIPO"
    page = enter(READER).get(answer.location).text
    assert flaws_of(page) == []
    assert texts(page, "//table[contains(@class, 'differences')]/tbody/tr") == ["Most people on one flight3012"]
    assert texts(page, "//blockquote") == ["Decision of the Director General"]
    assert "Jonas Idris Keel changed the entry" in " ".join(texts(page, "//ol//p"))


def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(enter, leave):
    keeper = enter(KEEPER)
    wrong = {"flight_cap": "many", "focal_point": "nobody.here", "supervisor_step": "yes", "reason": ""}
    answer = keeper.post(EDIT, fingerprint=fingerprint(keeper.get(EDIT).text), **wrong)

    assert answer.status_code == 422
    assert flaws_of(answer.text) == []
    page = html.document_fromstring(answer.text)
    assert page.xpath("//div[@role='alert']//a/@href") == ["#flight_cap", "#focal_point", "#reason"]
    assert "“Most people on one flight” is not a whole number" in texts(answer.text, "//p[@id='flight_cap-error']")[0]
    assert page.xpath("//input[@name='flight_cap']/@value") == ["many"]
    assert changes(leave) == []


def test_somebody_was_quicker_and_both_states_stand_side_by_side(enter, leave):
    first, second = enter(KEEPER), enter(SECOND_KEEPER)
    seen = fingerprint(first.get(EDIT).text)
    second.post(EDIT, fingerprint=seen, **WIPO)

    answer = first.post(EDIT, fingerprint=seen, **{**WIPO, "flight_cap": "40"})
    again = first.post(EDIT, fingerprint=fingerprint(answer.text), **{**WIPO, "flight_cap": "40"})

    assert answer.status_code == 409
    assert flaws_of(answer.text) == []
    assert texts(answer.text, "//table[contains(@class, 'differences')]/tbody/tr") == ["Most people on one flight1240"]
    assert again.status_code == 303
    with leave.database.reading() as session:
        assert session.get_one(Organisation, "WIPO").flight_cap == 40


def test_an_administrator_gives_a_role_on_order_and_never_to_themselves(enter, leave):
    administrator = enter(ADMINISTRATOR)
    address = "/registers/role-holdings/new"
    given = {"person": "Lina Marchetti", "role": "WDN", "area": "XA-NOR", "source": "Memo 12", "reason": "Zone 2 has no warden"}

    answer = administrator.post(address, **given)

    assert flaws_of(administrator.get(address).text) == []
    assert answer.status_code == 303
    page = administrator.get(answer.location).text
    assert texts(page, "//h1") == ["Warden"]
    assert "Memo 12" in page
    own = administrator.post(address, **{**given, "person": ADMINISTRATOR})
    assert own.status_code == 403
    assert "This is about yourself." in own.text
    assert "Zone 2 has no warden" in own.text
    assert administrator.post(address, **{**given, "source": ""}).status_code == 422
    assert [change.act for change in changes(leave)] == ["ADDED"]


def test_a_form_asks_in_the_readers_language(enter):
    keeper = enter(KEEPER)
    with keeper.client.session_transaction() as session:
        session["locale"] = "zh"
    answer = keeper.post(EDIT, fingerprint=fingerprint(keeper.get(EDIT).text), **{**WIPO, "flight_cap": "x"})

    assert "“同一航班最多人数”不是 0 或更大的整数。" in answer.text
