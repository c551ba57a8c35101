"""Tables that owners of registers bring: shown before anything is added, in the words of any language, nothing typed lost."""

from __future__ import annotations

import csv
import io
import json

from lxml import html
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

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
    for rows in ("{", "7", json.dumps([["Person", 1]]), json.dumps([["Person"]] * 600)):
        assert owner.post(ADDRESS, rows=rows, reason=WHY, add="1").status_code == 422
    assert added(leave) == []
