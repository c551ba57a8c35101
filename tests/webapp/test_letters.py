"""Letters of recognition: for those who may see the whole recognition, on the screen and on paper."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services import cases, people, tasks
from services.models.cases import OPEN, Case, Task
from tests.databases import NOW
from tests.pages import flaws_of

NOMINATOR, COORDINATOR, EXECUTIVE = "odile.farrant", "mirela.castellan", "per.vane"
NOMINEES, STRANGER = ("lina.marchetti", "ben.starter"), "yusra.ben-halim"
WORDS = "Thank you for what you did.\nYou found the <b>second</b> stair."
TOLD = {"done": "They led two floors out.", "evidence": "The report of the exercise.", "reason": "Nobody else knew the stair."}
NUMBER = "REC-2026-000001"


@pytest.fixture
def recognise(leave):
    """Give a function that nominates a team and lets the executive head decide, such as `recognise(decision="NOT")`."""

    def do(session, case_id, person, element, **answers):
        open_now = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
        revision, actor = session.get_one(Case, case_id).revision, people.actor_named(session, person)
        tasks.complete_task(session, session.scalars(open_now).one().id, actor=actor, answers=answers, revision=revision, now=NOW)

    def decided(**answers):
        with leave.database.transaction() as session:
            named = {"kind": "TEAM", "team": "Wardens", "nominees": [{"person": person} for person in NOMINEES]}
            actor = people.actor_named(session, NOMINATOR)
            case_id = cases.start_case(session, "recognition", actor=actor, answers={**named, **TOLD}, now=NOW).id
            session.flush()
            do(session, case_id, COORDINATOR, "rec_shortlist", shortlist="YES", shortlist_words="The report bears it out.")
            session.flush()
            if answers:
                do(session, case_id, EXECUTIVE, "rec_decide", **answers)

    return decided


def test_the_letter_names_who_is_recognised_for_what_and_by_whom(recognise, enter):
    recognise(decision="RECOGNISE", letter=WORDS)

    for reader in (*NOMINEES, NOMINATOR, EXECUTIVE):
        page = enter(reader).get(f"/letters/{NUMBER}")
        for text in ("Wardens", "Ben Starter, Lina Marchetti", "They led two floors out.", "Odile Farrant", "1 Dec 2026"):
            assert text in page.text, text
        assert '<p dir="auto">You found the &lt;b&gt;second&lt;/b&gt; stair.</p>' in page.text
        assert '<p class="letter__signed">Per Aldous Vane, Executive Head</p>' in page.text
        assert flaws_of(page.text) == []


def test_the_letter_can_be_printed(recognise, enter):
    recognise(decision="RECOGNISE", letter=WORDS)

    answer = enter(NOMINEES[0]).get(f"/letters/{NUMBER}.pdf")

    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{NUMBER}.pdf"'


def test_the_case_leads_to_its_letter(recognise, enter):
    recognise(decision="RECOGNISE", letter=WORDS)

    assert f'href="/letters/{NUMBER}"' in enter(NOMINEES[0]).get(f"/cases/{NUMBER}").text


@pytest.mark.parametrize("below", ["", ".pdf"])
def test_a_foreign_letter_answers_like_a_missing_one(recognise, enter, below):
    recognise(decision="RECOGNISE", letter=WORDS)
    stranger = enter(STRANGER)

    assert stranger.get(f"/letters/{NUMBER}{below}").status_code == 404
    assert stranger.get(f"/letters/REC-2026-000099{below}").status_code == 404


@pytest.mark.parametrize("answers", [{}, {"decision": "NOT", "decision_words": "Show it in an exercise first."}])
def test_without_a_decision_for_it_there_is_no_letter(recognise, enter, answers):
    recognise(**answers)

    for reader in (NOMINATOR, EXECUTIVE, NOMINEES[0]):
        assert enter(reader).get(f"/letters/{NUMBER}").status_code == 404
    assert "/letters/" not in enter(NOMINATOR).get(f"/cases/{NUMBER}").text
