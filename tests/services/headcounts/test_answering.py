"""Answers: whose they may be, that none is lost, and what each changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from services import headcounts, people, tasks
from services.errors import NotFound
from services.headcounts import AnswerTooLong, AnswerUnknown, HeadcountOver
from services.models.cases import Case, Task
from services.models.clearances import KpiEvent
from services.models.headcounts import HeadcountAnswer, HeadcountPerson
from services.models.notices import Notice, NoticePreference
from services.models.people import Dependant
from tests.services.headcounts.counting import MINUTE, NORTH, THERE, Counting
from tests.services.travel.journeys import NOW

HALF = 30 * MINUTE


def make_family(counting: Counting) -> None:
    since = NOW.date() - timedelta(days=300)
    row = Dependant(sponsor="amadou.keita", person="traveller.01", relation="SPOUSE", birth_year=1985, recognised_from=since)
    counting.add(row)


def try_answer(counting: Counting, by: str, person: str, state: str = "SAFE", **further: str) -> None:
    with counting.database.transaction() as session:
        listed = session.scalars(select(HeadcountPerson.id).where(HeadcountPerson.person == person)).one()
        actor = people.actor_named(session, by)
        headcounts.answer(session, listed, state, actor=actor, now=NOW, **further)


def test_everybody_is_asked_at_once_and_a_dependant_through_the_staff_member(counting: Counting) -> None:
    make_family(counting)

    counting.call()

    assert counting.told("N-HC-01") == {*THERE, "traveller.01"}
    assert counting.told("N-HC-02") == {"amadou.keita"}
    letter = next(letter for letter in counting.mailer.letters if letter.code == "N-HC-01")
    assert "/safe" in letter.footer
    assert "HC-2026" not in letter.subject + letter.body + letter.footer


def test_nobody_can_put_off_being_asked(embedded_counting: Counting) -> None:
    embedded_counting.add(
        NoticePreference(person="amadou.keita", kinds={"task": "OFF"}, quiet_from="00:00", quiet_to="23:59", changed_at=NOW)
    )

    embedded_counting.call()

    assert "amadou.keita" in embedded_counting.told("N-HC-01")
    assert embedded_counting.rows(Notice, person="amadou.keita", code="N-HC-01")[0].urgent


def test_when_the_last_one_has_answered_it_is_over(counting: Counting) -> None:
    case = counting.call()
    later = NOW + 7 * MINUTE

    for person, state in zip(THERE, ["SAFE", "OUT_OF_AREA", "SAFE"], strict=True):
        counting.answer(person, state, later)

    assert counting.case(case).outcome == "ALL_ACCOUNTED"
    facts = counting.rows(KpiEvent, name="hc.closed")[0].facts
    assert facts == {
        "outcome": "ALL_ACCOUNTED",
        "exercise": False,
        "listed": 3,
        "reached": 3,
        "share": 100.0,
        "minutes": 7,
    }
    assert counting.problems(now=later) == []


def test_an_answer_may_be_given_again_and_every_one_is_kept(counting: Counting) -> None:
    case = counting.call()

    counting.answer("amadou.keita", "SAFE", NOW + MINUTE, words="All is quiet.")
    counting.answer("amadou.keita", "NEED_HELP", NOW + 2 * MINUTE, place="Cellar")

    row = counting.persons(case)["amadou.keita"]
    assert (row.state, row.place, row.answered_at) == ("NEED_HELP", "Cellar", NOW + 2 * MINUTE)
    kept = counting.rows(HeadcountAnswer, listed=row.id)
    assert sorted((each.state, each.words, each.counted) for each in kept) == [
        ("NEED_HELP", None, True),
        ("SAFE", "All is quiet.", True),
    ]
    assert counting.open_tasks(case) == ["hc_help"]


def test_answers_cannot_be_changed_or_taken_away(counting: Counting) -> None:
    counting.call()
    counting.answer("amadou.keita", "SAFE")

    for statement in (update(HeadcountAnswer).values(state="NEED_HELP"), delete(HeadcountAnswer)):
        with pytest.raises(DBAPIError, match="append-only"), counting.database.transaction() as session:
            session.execute(statement)


def test_somebody_else_s_row_is_not_there(counting: Counting) -> None:
    make_family(counting)
    counting.call()

    for stranger, person in [
        ("fatou.lindgren", "amadou.keita"),
        ("omar.brightwell", "traveller.01"),
        ("naledi.vanter", THERE[0]),
    ]:
        with pytest.raises(NotFound):
            try_answer(counting, stranger, person)
    assert counting.rows(HeadcountAnswer) == []

    try_answer(counting, "amadou.keita", "traveller.01")
    assert [(row.source, row.by) for row in counting.rows(HeadcountAnswer)] == [("SPONSOR", "amadou.keita")]


def test_bad_input_changes_nothing(embedded_counting: Counting) -> None:
    case = embedded_counting.call()

    for state in ("", "UNREACHED", "WAITING", "safe"):
        with pytest.raises(AnswerUnknown):
            try_answer(embedded_counting, "amadou.keita", "amadou.keita", state)
    with pytest.raises(AnswerTooLong):
        try_answer(embedded_counting, "amadou.keita", "amadou.keita", place="x" * 121)

    assert embedded_counting.states(case)["amadou.keita"] == "WAITING"


def test_after_the_end_an_answer_is_refused_with_a_way_out(embedded_counting: Counting) -> None:
    embedded_counting.call()
    for person in THERE:
        embedded_counting.answer(person, "SAFE")

    with pytest.raises(HeadcountOver):
        try_answer(embedded_counting, "amadou.keita", "amadou.keita", "NEED_HELP")


def test_one_answer_counts_in_every_head_count_that_asks(counting: Counting) -> None:
    country = counting.call(area="XA")
    north = counting.call(area=NORTH, now=NOW + MINUTE)

    counting.answer("amadou.keita", "SAFE", NOW + 2 * MINUTE)

    assert counting.states(country)["amadou.keita"] == counting.states(north)["amadou.keita"] == "SAFE"


def test_not_being_there_is_said_of_one_place(embedded_counting: Counting) -> None:
    country = embedded_counting.call(area="XA")
    north = embedded_counting.call(area=NORTH, now=NOW + MINUTE)

    with embedded_counting.database.transaction() as session:
        actor = people.actor_named(session, "amadou.keita")
        mine = select(HeadcountPerson.id).where(HeadcountPerson.case_id == north, HeadcountPerson.person == actor.person)
        headcounts.answer(session, session.scalars(mine).one(), "OUT_OF_AREA", actor=actor, now=NOW + 2 * MINUTE)

    assert embedded_counting.states(north)["amadou.keita"] == "OUT_OF_AREA"
    assert embedded_counting.states(country)["amadou.keita"] == "WAITING"


def test_a_call_for_help_is_heard_again_and_ends_when_somebody_takes_it_up(counting: Counting) -> None:
    case = counting.call()
    counting.answer("amadou.keita", "NEED_HELP", place="Cellar")
    counting.answer("amadou.keita", "SAFE", NOW + MINUTE)
    for person in THERE[1:]:
        counting.answer(person, "SAFE", NOW + MINUTE)
    assert counting.open_tasks(case) == ["hc_help"]  # a person looks after a call, also when it was taken back
    assert counting.told("N-HC-05") >= {"fatou.lindgren", "naledi.vanter", "yusra.ben-halim"}

    counting.do(case, "naledi.vanter", "hc_help", now=NOW + 2 * MINUTE, words="The patrol looked in.", state="SAFE")

    assert counting.case(case).outcome == "ALL_ACCOUNTED"


def test_what_a_warden_writes_does_not_take_the_place_of_an_answer(counting: Counting) -> None:
    case = counting.call()
    counting.answer("fatou.lindgren", "SAFE")
    counting.go_on(NOW + HALF)
    assert counting.open_tasks(case) == ["hc_wardens"]
    with counting.database.reading() as session:
        seen = session.get_one(Case, case).revision
        task = session.scalars(select(Task.id).where(Task.case_id == case, Task.element == "hc_wardens")).one()

    counting.answer("amadou.keita", "NEED_HELP", NOW + HALF + MINUTE)
    written = [
        {"no": counting.number_of(case, "amadou.keita"), "state": "SAFE", "words": "Seen yesterday"},
        {"no": counting.number_of(case, "omar.brightwell"), "state": "WRONG_RECORD"},
    ]
    with counting.database.transaction() as session:
        actor = people.actor_named(session, "fatou.lindgren")
        answers = {"waiting": written}
        tasks.complete_task(session, task, actor=actor, answers=answers, revision=seen, now=NOW + HALF + 2 * MINUTE)

    assert counting.states(case) == {"amadou.keita": "NEED_HELP", "fatou.lindgren": "SAFE", "omar.brightwell": "WRONG_RECORD"}
    kept = counting.rows(HeadcountAnswer, source="WDN")
    assert sorted((row.state, row.counted) for row in kept) == [("SAFE", False), ("WRONG_RECORD", True)]
    assert counting.open_tasks(case) == ["hc_help"]


def test_the_list_shows_who_is_silent_now_and_goes_away_when_nobody_is(counting: Counting) -> None:
    case = counting.call()
    counting.go_on(NOW + HALF)

    def listed() -> list[str]:
        with counting.database.reading() as session:
            task = session.scalars(select(Task.id).where(Task.case_id == case, Task.element == "hc_wardens")).one()
            actor = people.actor_named(session, "fatou.lindgren")
            return [row["name"] for row in tasks.get_task(session, task, actor=actor, now=NOW + HALF).variables["waiting"]]

    assert listed() == ["Amadou Keita", "Fatou Lindgren", "Omar Brightwell"]
    counting.answer("amadou.keita", "NEED_HELP", NOW + HALF)
    assert listed() == ["Fatou Lindgren", "Omar Brightwell"]
    for person in THERE[1:]:
        counting.answer(person, "SAFE", NOW + HALF)
    assert counting.open_tasks(case) == ["hc_help"]


def test_a_warden_s_call_for_help_reaches_the_adviser(embedded_counting: Counting) -> None:
    case = embedded_counting.call()
    embedded_counting.go_on(NOW + HALF)

    row = {"no": embedded_counting.number_of(case, "omar.brightwell"), "state": "NEED_HELP", "words": "He is hurt"}
    embedded_counting.do(case, "fatou.lindgren", "hc_wardens", now=NOW + HALF, waiting=[row])
    embedded_counting.go_on(NOW + HALF + MINUTE)

    assert "hc_help" in embedded_counting.open_tasks(case)
    assert "naledi.vanter" in embedded_counting.told("N-HC-05")


def test_what_was_written_is_taken_back_and_stays_kept(counting: Counting) -> None:
    case = counting.call()
    counting.answer("fatou.lindgren", "SAFE")
    counting.go_on(NOW + HALF)
    with counting.database.reading() as session:
        task = session.scalars(select(Task.id).where(Task.case_id == case, Task.element == "hc_wardens")).one()
    row = {"no": counting.number_of(case, "omar.brightwell"), "state": "SAFE"}
    counting.do(case, "fatou.lindgren", "hc_wardens", now=NOW + HALF, waiting=[row])

    with counting.database.transaction() as session:
        actor = people.actor_named(session, "fatou.lindgren")
        tasks.take_back(session, task, actor=actor, now=NOW + HALF + MINUTE, reason="I took him for another.")

    assert counting.states(case)["omar.brightwell"] == "WAITING"
    assert len(counting.rows(HeadcountAnswer, source="WDN")) == 1
    assert counting.open_tasks(case) == ["hc_wardens"]


def test_a_sign_off_waits_until_help_is_taken_up(embedded_counting: Counting) -> None:
    from workflows.errors import AnswersInvalid

    case = embedded_counting.call()
    embedded_counting.answer("amadou.keita", "NEED_HELP")
    embedded_counting.go_on(NOW + 120 * MINUTE)

    with pytest.raises(AnswersInvalid, match="waits for help"):
        embedded_counting.do(
            case,
            "naledi.vanter",
            "hc_follow",
            now=NOW + 121 * MINUTE,
            silent=[],
            decision="SIGN_OFF",
            reasons="Nothing more to do.",
        )
