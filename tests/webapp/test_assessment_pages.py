"""What people see of an assessment: the long form of the draft, and the case with all that is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from services.database import Database
from tests.accounts import sign_in, token_of
from tests.databases import FILLS
from tests.services.assessments.stories import Stories, fill_assessments

FILLS["assessments"] = fill_assessments


@pytest.fixture
def stories(copy_database: Callable[[str, str], str]) -> Iterator[Stories]:
    """The process on the demo world."""
    database = Database(copy_database("sqlite", "assessments"))
    yield Stories(database)
    database.dispose()


@pytest.fixture
def open_as(stories: Stories, make_app) -> Callable[[str], FlaskClient]:
    """Give a function that signs somebody in."""
    app = make_app(stories.database)
    return lambda person: sign_in(app.test_client(), f"{person}@demo.example")


def test_a_long_form_says_first_which_parts_it_has(stories: Stories, open_as) -> None:
    case_id = stories.ask("naledi.vanter", "XA-NOR")
    with stories.database.reading() as session:
        task_id = stories.task(session, case_id, "srm_draft").id

    page = open_as("naledi.vanter").get(f"/tasks/{task_id}").text

    assert '<a href="#threats">4. Threats</a>' in page
    assert '<a href="#events-list">5. Events: risk now, and after the measures</a> (3)' in page
    assert 'id="events-list"' in page
    assert "field-third" in page


def test_the_official_reads_the_whole_draft_on_the_page_of_the_case(stories: Stories, open_as) -> None:
    case_id = stories.ask("emeka.strand", "XB-CAP")
    stories.draft(case_id, "emeka.strand")
    stories.do(case_id, "rune.castellane", "srm_consult_cell", comment_kind="NONE")
    meeting = {"meeting_kind": "REGULAR", "held_on": "2026-12-01", "present": ["janek.oduya", "celia.norgaard"]}
    stories.do(case_id, "tove.marchand", "srm_smt", **meeting)

    page = open_as("sofia.lindqvist-rao").get(f"/cases/{stories.case(case_id).number}").text

    assert "Theft from hotels and offices" in page
    assert "A government and an opposition that talk to each other" in page


def test_an_author_withdraws_on_the_page_of_the_case(stories: Stories, open_as) -> None:
    case_id = stories.ask("emeka.strand", "XB-CAP")
    stories.draft(case_id, "ines.moreau")
    address = f"/cases/{stories.case(case_id).number}/withdraw-draft"
    client = open_as("ines.moreau")

    page = client.get(address)
    client.post(address, data={"csrf_token": token_of(page.text), "reason": "Begun too early."})

    assert stories.case(case_id).outcome == "WITHDRAWN"
