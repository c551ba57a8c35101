"""Security trainings on the first page: what is asked of the reader and of family, and where a certificate is handed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import html

from services.models.duties import TrainingAssignment
from services.models.people import Dependant, Person
from tests.pages import flaws_of
from tests.services.leave import NOW

TODAY = NOW.date()


@pytest.fixture
def assign(leave):
    """Give a function that assigns a course, due so many days from now."""

    def assigned(person, course, due, *, binding=True):
        days = {"assigned_on": TODAY - timedelta(days=60), "due_on": TODAY + timedelta(days=due)}
        with leave.database.transaction() as session:
            session.add(TrainingAssignment(person=person, course=course, audience="PERSONNEL", binding=binding, **days))

    return assigned


def lines_of(page):
    """What stands under the heading of trainings, line by line."""
    found = html.fromstring(page.text).xpath('//section[@aria-labelledby="trainings"]//li')
    return [" ".join(line.text_content().split()) for line in found]


def test_what_is_asked_of_the_reader_and_of_family_stands_first_and_nobody_elses(leave, enter, assign):
    with leave.database.transaction() as session:
        person = {"email": "x@demo.example", "organisation": "UNAH", "contract_type": "VISITOR"}
        session.add(Person(code="wife.keita", name="Aya Keita", **person))
        session.flush()
        kin = {"relation": "SPOUSE", "birth_year": 1988, "recognised_from": TODAY}
        session.add(Dependant(sponsor="amadou.keita", person="wife.keita", **kin))
    assign("amadou.keita", "STRESS", -3)
    assign("amadou.keita", "WARDEN", 20)
    assign("wife.keita", "BSAFE", 20, binding=False)

    page = enter("amadou.keita").get("/")

    lines = lines_of(page)
    assert [line.split(" by ")[0] for line in lines[:3]] == [
        "Stress management ✕ Overdue",
        "Warden course ! To be done",
        "BSAFE, for Aya Keita ◷ Recommended",
    ]
    assert flaws_of(page.text) == []
    assert "Aya Keita" not in enter("lina.marchetti").get("/").text


def test_what_is_to_be_done_is_not_called_missing_as_well(enter, assign):
    reader = enter("ben.starter")
    assert [line.rpartition(" ")[2] for line in lines_of(reader.get("/"))] == ["held"]

    assign("ben.starter", "BSAFE", 20)

    (line,) = lines_of(reader.get("/"))
    assert "To be done" in line


def test_a_certificate_is_handed_in_from_the_first_page(enter):
    reader = enter("ben.starter")
    assert 'href="/requests/new/mandatory_training"' in reader.get("/").text
    assert reader.get("/requests/new/mandatory_training").status_code == 200

    begun = reader.post("/requests/new/mandatory_training")
    form = reader.get(begun.headers["Location"])

    assert flaws_of(form.text) == []
    fields = html.fromstring(form.text)
    assert {"BSAFE", "SSAFE"} <= set(fields.xpath('//select[@name="course"]/option/@value'))
    assert [value for value in fields.xpath('//select[@name="person"]/option/@value') if value] == ["ben.starter"]
