"""Tables that owners of registers bring: shown before anything is added, in the words of any language, nothing typed lost."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

from lxml import html
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from services.models.areas import Calendar
from services.models.authority import RoleHolding
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.register_changes import RegisterChange
from services.models.trainings import TrainingRecord
from tests.accounts import token_of
from tests.pages import flaws_of

PERSONNEL, ADMINISTRATOR, READER = "greta.holm", "mika.tarn", "lina.marchetti"
ADDRESS, PEOPLE = "/registers/trainings/import", "/registers/people/import"
ROWS = "Person\tCourse\tPassed on\tRemark\nLina Marchetti\tBSAFE\t2026-01-05\tx\nTomas Rehberg\tBSAFE\t2026-02-05\t\n"
WHY = "From the learning system"


def texts(page: str, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in html.document_fromstring(page).xpath(path)]


def handed_on(page: str) -> str:
    assert texts(page, "//div[@role='alert']//li") == []
    return html.document_fromstring(page).xpath("//input[@name='rows']/@value")[0]


def added(leave) -> list[tuple[str, str]]:
    with leave.database.reading() as session:
        kept = select(RegisterChange).where(RegisterChange.act == "ADDED").order_by(RegisterChange.number)
        return [(change.by, change.reason) for change in session.scalars(kept)]


def test_a_list_leads_its_owners_to_the_table_and_nobody_else(enter):
    owner, reader = enter(PERSONNEL), enter(READER)

    assert ADDRESS in owner.get("/registers/trainings").text
    assert ADDRESS not in reader.get("/registers/trainings").text
    assert reader.get(ADDRESS).status_code == 403
    assert reader.post(ADDRESS, pasted=ROWS, reason=WHY).status_code == 403
    assert reader.get("/registers/trainings/import/template.csv").status_code == 403
    page = owner.get(ADDRESS).text
    assert flaws_of(page) == []
    assert texts(page, "//table//tbody/tr/th") == ["Person", "Course", "Passed on", "Valid to", "Revoked"]


def test_what_would_be_added_is_shown_and_then_added(enter, leave):
    owner = enter(PERSONNEL)

    shown = owner.post(ADDRESS, pasted=ROWS, reason=WHY)

    assert (shown.status_code, added(leave)) == (200, [])
    assert flaws_of(shown.text) == []
    assert texts(shown.text, "//table/caption") == ["2 entries would be added. Nothing is added yet."]
    assert texts(shown.text, "//p[@class='notice']") == ["These columns are not read: Remark"]
    answer = owner.post(ADDRESS, rows=handed_on(shown.text), reason=WHY, add="1")
    assert (answer.status_code, answer.location) == (303, "/registers/trainings")
    assert added(leave) == [(PERSONNEL, WHY)] * 2
    assert "2 entries are added." in owner.get("/registers/trainings").text
    with leave.database.reading() as session:
        assert session.scalars(select(TrainingRecord.issued_on).where(TrainingRecord.person == "tomas.rehberg")).all()


def test_every_wrong_row_is_named_and_what_was_pasted_stays(enter, leave):
    wrong = ROWS.replace("2026-01-05", "5 January").replace("Tomas Rehberg", "Nobody")

    answer = enter(PERSONNEL).post(ADDRESS, pasted=wrong, reason=WHY)

    assert (answer.status_code, added(leave)) == (422, [])
    assert flaws_of(answer.text) == []
    assert [each.partition(":")[0] for each in texts(answer.text, "//div[@role='alert']//li")] == ["Row 2", "Row 3"]
    assert html.document_fromstring(answer.text).xpath("//textarea[@name='pasted']")[0].text.strip() == wrong.strip()
    assert texts(answer.text, "//textarea[@name='reason']") == [WHY]


def test_what_does_not_hold_any_more_when_it_is_added_adds_nothing(enter, leave):
    owner = enter(PERSONNEL)
    headings = "Code\tName\tOrganisation\tContract\tHeads the organisation there\tProtected person\tE-mail address"
    shown = owner.post(PEOPLE, pasted=f"{headings}\nada\tAda\tWIPO\tInternational\tno\tno\ta@demo.example\n", reason=WHY)
    sent = {"rows": handed_on(shown.text), "reason": WHY, "add": "1"}

    first, second = owner.post(PEOPLE, **sent), owner.post(PEOPLE, **sent)

    assert (first.status_code, second.status_code) == (303, 422)
    assert texts(second.text, "//div[@role='alert']//li")[0].startswith("Row 2: These values do not fit together")
    assert len(added(leave)) == 1


def test_a_list_that_was_exported_in_another_language_is_read(enter, leave):
    owner = enter(PERSONNEL)
    with owner.client.session_transaction() as session:
        session["locale"] = "fr"
    headings, row = csv.reader(io.StringIO(owner.get("/registers/people/export.csv?search=lina.marchetti").text.lstrip("\ufeff")))
    with owner.client.session_transaction() as session:
        session["locale"] = "en"
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows([headings, ["ada", "Ada Lund", *row[2:]]])
    brought = file.getvalue().replace("lina.marchetti@", "ada@").encode("utf-8-sig")

    shown = owner.post(PEOPLE, file=(io.BytesIO(brought), "people.csv"), reason=WHY)
    owner.post(PEOPLE, rows=handed_on(shown.text), reason=WHY, add="1")

    with leave.database.reading() as session:
        lina, ada = session.get_one(Person, READER), session.get_one(Person, "ada")
    same = ("organisation", "contract_type", "contract_to", "duty_area", "supervisor", "head_of_organisation", "protected")
    assert [getattr(ada, name) for name in same] == [getattr(lina, name) for name in same]


def test_names_of_an_exported_list_are_those_of_its_language(enter, leave):
    owner, address = enter(ADMINISTRATOR), "/registers/organisations/import"
    headings, row = csv.reader(
        io.StringIO(owner.get("/registers/organisations/export.csv?search=WIPO").text.lstrip("\ufeff"), newline="")
    )
    file = io.StringIO(newline="")
    csv.writer(file).writerows([headings, ["NEW", *row[1:]]])

    answer = owner.post(address, pasted=file.getvalue(), reason=WHY, add="1")

    assert answer.status_code == 303
    with leave.database.reading() as session:
        assert session.get_one(Organisation, "NEW").name == {"en": session.get_one(Organisation, "WIPO").name["en"]}


def send(owner, **parts):
    """Send a large form as a browser does; the test client would leave a temporary file behind."""
    boundary, body = encode_multipart({"csrf_token": token_of(owner.get("/profile").text), "reason": WHY, **parts})
    return owner.client.post(ADDRESS, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_the_largest_table_that_is_shown_can_also_be_added(enter):
    owner, cells = enter(PERSONNEL), "\u9879" * 3_500
    rows = "".join(f"tomas.rehberg\tBSAFE\t2026-01-05\t{cells}\n" for _ in range(90))

    table = f"Person\tCourse\tPassed on\tRemark\n{rows}".encode()
    shown = send(owner, file=FileStorage(io.BytesIO(table), filename="trainings.tsv"))
    form = html.document_fromstring(shown.text).xpath("//form[.//input[@name='rows']]")[0]
    answer = send(owner, rows=handed_on(shown.text), add="1")

    assert form.get("enctype") == "multipart/form-data"
    assert answer.status_code == 303


def test_headings_are_asked_for_by_name_and_nothing_else_is_taken(enter, leave):
    owner = enter(PERSONNEL)
    asked = {
        "Person\tCourse\nx\ty": ["The column “Passed on” is missing."],
        "Person\tperson\tCourse\tPassed on\na\tb\tc\td": ["Two columns say the same: Person, person. Leave one of them out."],
        "Person\tCourse\tPassed on\n": ["Below the headings there is no row with an entry."],
        "": ["There is nothing in it. Choose a file with headings and rows, or paste them."],
    }

    for pasted, said in asked.items():
        answer = owner.post(ADDRESS, pasted=pasted, reason=WHY)
        assert (answer.status_code, texts(answer.text, "//div[@role='alert']//li")) == (422, said)
    many = [["Person", "Course", "Passed on"], *[["Tomas Rehberg", "BSAFE", "2026-01-05"]] * 501]
    for rows in ("{", "7", json.dumps([["Person", 1]]), "[" * 200_000, json.dumps(many)):
        answer = owner.post(ADDRESS, rows=rows, reason=WHY, add="1")
        assert answer.status_code == 422
    assert texts(answer.text, "//div[@role='alert']//li") == ["It has more than 500 rows. Bring it in several parts."]
    assert added(leave) == []


def test_words_are_read_as_people_write_them_and_one_that_means_two_things_is_asked_about(enter, leave):
    administrator = enter(ADMINISTRATOR)
    heads = "CODE; name ;Organisation;Contract;Heads the organisation there;Protected person;E-mail address;Supervisor"
    ada = "ada;Ada;World Intellectual Property Organization;international;TRUE;0;ada@demo.example;Head of it (odile.farrant)"
    with leave.database.transaction() as session:
        for code in ("TWA", "TWB"):
            session.add(Organisation(code=code, name={"en": "Twin Office"}, kind="AGENCY", unsms_member=True, flight_cap=30))

    shown = administrator.post(PEOPLE, pasted=f"{heads}\n{ada}\n\n", reason=WHY)

    row = dict(zip(texts(shown.text, "//thead//th"), texts(shown.text, "//tbody/tr/*"), strict=True))
    assert texts(shown.text, "//table/caption") == ["1 entry would be added. Nothing is added yet."]
    assert row["Organisation"].startswith("WIPO ")
    assert [row[title] for title in ("Contract", "Heads the organisation there", "Protected person")] == [
        "International",
        "yes",
        "no",
    ]
    administrator.post(PEOPLE, rows=handed_on(shown.text), reason=WHY, add="1")
    with leave.database.reading() as session:
        person = session.get_one(Person, "ada")
        assert (person.organisation, person.supervisor, person.head_of_organisation) == ("WIPO", "odile.farrant", True)
    other = ada.replace("World Intellectual Property Organization", "Twin Office").replace("ada", "ben")
    refused = administrator.post(PEOPLE, pasted=f"{heads}\n{other}\n", reason=WHY)
    assert texts(refused.text, "//div[@role='alert']//li") == [
        "Row 2: “Organisation”: there is no Twin Office. Choose one of the list."
    ]


def test_several_words_stand_in_one_cell_and_empty_rows_are_passed_over(enter, leave):
    table = "Code\tWeekend\tHolidays\n\t\t\nNEW\t6, 7\t2026-12-31; 2027-01-01، 2027-05-01\n"

    shown = enter(ADMINISTRATOR).post("/registers/calendars/import", pasted=table, reason=WHY, add="1")

    assert shown.status_code == 303
    with leave.database.reading() as session:
        calendar = session.get_one(Calendar, "NEW")
    assert [str(day) for day in calendar.weekend] == ["6", "7"]
    assert [str(day) for day in calendar.holidays] == ["2026-12-31", "2027-01-01", "2027-05-01"]


def test_a_table_says_its_problems_in_the_language_of_its_reader(enter):
    owner = enter(PERSONNEL)
    with owner.client.session_transaction() as session:
        session["locale"] = "fr"
    headings = texts(owner.get(ADDRESS).text, "//table//tbody/tr/th")

    refused = owner.post(ADDRESS, pasted="\t".join(headings[:3]) + "\nTomas Rehberg\tBSAFE\thier\n", reason=WHY)

    assert headings[2] != "Passed on"
    (said,) = texts(refused.text, "//div[@role='alert']//li")
    assert said.startswith("Ligne 2")
    assert headings[2] in said


def test_moments_of_a_table_are_those_of_the_clock_that_the_page_names(enter, leave):
    administrator, address = enter(ADMINISTRATOR), "/registers/role-holdings/import"
    assert "times are those of Europe/Zurich" in administrator.get(address).text

    table = "Person\tRole\tFrom\tReference of the order\nTomas Rehberg\tAUD\t2027-01-01T09:00\tOrder 7\n"
    assert administrator.post(address, pasted=table, reason=WHY, add="1").status_code == 303

    with leave.database.reading() as session:
        given = session.scalars(select(RoleHolding.valid_from).where(RoleHolding.source == "Order 7")).one()
    assert given == datetime(2027, 1, 1, 8, tzinfo=UTC)


def test_what_was_read_stays_in_sight_until_there_is_a_reason_and_says_how_much_more_there_is(enter, leave):
    rows = "Person\tCourse\tPassed on\n" + "Tomas Rehberg\tBSAFE\t2026-02-05\n" * 23

    shown = enter(PERSONNEL).post(ADDRESS, pasted=rows, reason="")

    assert (shown.status_code, added(leave)) == (422, [])
    assert len(texts(shown.text, "//tbody/tr")) == 20
    assert "3 more rows are not shown." in shown.text
    assert texts(shown.text, "//button[@name='add']") == ["Add 23 entries"]
    wrong = enter(PERSONNEL).post(ADDRESS, pasted=rows.replace("2026-02-05", "soon") * 3, reason=WHY).text
    assert texts(wrong, "//button[@name='add']") == []
    assert "more things are wrong." in wrong


def test_a_file_that_is_too_large_is_refused_and_no_part_of_it_read(enter):
    line = "tomas.rehberg\tBSAFE\t2026-01-05\t" + "x" * 9_000 + "\n"
    table = ("Person\tCourse\tPassed on\tRemark\n" + line * 112).encode("utf-16")

    shown = send(enter(PERSONNEL), file=FileStorage(io.BytesIO(table[:2_000_000] + b"\n\0"), filename="trainings.txt"))

    assert shown.status_code == 422
    assert "larger than 2 MB" in texts(shown.text, "//div[@role='alert']//li")[0]
