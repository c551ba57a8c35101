"""Finding cases by words, in what somebody may see and nowhere else."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from services import overview, tasks
from services.models.areas import Area
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.cases import Case, Task
from services.models.people import Account, Person
from services.models.words import has_words, split_words, words_of
from services.tasks import Narrow
from tests.databases import NOW
from tests.services.case_rows import actor, add_case, add_line, add_task

DECIDER_A, DECIDER_B, ASKED, TRAVELS = "dsso.a", "dsso.b", "lina.marchetti", "tomas.rehberg"
AREAS = ("XC-CAP", "XB-HIG")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("Évaluation à N'Djaména", "evaluation djamena"),
        ("TSC-2026-000123", "2026-000123"),
        ("Ёлка Москва", "елка моск"),
        ("安全评估", "评估"),
        ("تقييم الأمن", "الامن"),
        ("Straße_7", "strasse 7"),
    ],
)
def test_words_are_compared_without_case_accents_and_marks(database, written, wanted):
    with database.transaction() as session:
        case = add_case(session)
        case.subject = written

    with database.reading() as session:
        found = select(Case.id).where(has_words(Case.words, split_words(wanted), dialect=database.dialect))
        assert session.scalar(found) is not None
        nothing = select(Case.id).where(has_words(Case.words, ["nowhere"], dialect=database.dialect))
        assert session.scalar(nothing) is None


def test_each_word_is_kept_once_and_nothing_but_words():
    assert words_of("A'; DROP TABLE -- %_ a", None, "\\b & c:*") == " a drop table b c"


def find(session, who: str, words: str) -> set[str]:
    return {case.number for case in overview.find_cases(session, words, actor=actor(who), now=NOW)}


def itinerary(session, number: int, stops: tuple[str, ...], who: str = TRAVELS) -> Case:
    """A journey with a step for each stop and one about all of it."""
    case = add_case(session, requester=ASKED, number=number)
    case.subject = f"Trip{number} to " + " and ".join(word_of(number, area) for area in stops)
    for place, area in enumerate(stops, 1):
        add_line(session, case, person=who, area=area, stop=place)
        words = words_of(word_of(number, area))
        add_task(session, case, "DSSO", area=area, line=f"{case.number}-S{place}", subject=word_of(number, area), words=words)
    add_task(session, case, "SUP", area=stops[0], line=None, words=words_of(case.subject))
    return case


def word_of(number: int, area: str) -> str:
    """A word that stands in one stop of one case only."""
    return f"word{number}{area.lower().replace('-', '')}"


@pytest.fixture
def journeys_of_two(journeys):
    """Deciders of two areas, and journeys to either and to both."""
    with journeys.database.transaction() as session:
        for person, area in ((DECIDER_A, AREAS[0]), (DECIDER_B, AREAS[1])):
            someone = session.get_one(Person, TRAVELS)
            session.add(
                Person(
                    code=person, name=person, email=f"{person}@x.example", organisation=someone.organisation, contract_type="INTL"
                )
            )
            session.flush()
            session.add(RoleHolding(id=new_id(), person=person, role="DSSO", area=area, valid_from=NOW))
        for number, stops in enumerate((AREAS, AREAS[:1], AREAS[1:]), 1):
            itinerary(session, number, stops)
    return journeys.database


def test_a_decider_finds_nothing_by_what_happens_in_another_area(journeys_of_two):
    """Every word of every text is tried: it leads somebody to a case exactly if it stands in what they may see of it."""
    one, two, three = (f"TRY-2026-{number:06}" for number in (1, 2, 3))
    with journeys_of_two.reading() as session:
        for who, own, foreign, cases in ((DECIDER_A, *AREAS, {one, two}), (DECIDER_B, *reversed(AREAS), {one, three})):
            assert find(session, who, "lina") == find(session, who, "tomas rehb") == find(session, who, "TRY") == cases
            assert find(session, who, word_of(1, own)) == {one}
            for number, asked in itertools.product((1, 2, 3), (foreign, "trip")):
                word = word_of(number, foreign) if asked == foreign else f"trip{number}"
                assert find(session, who, word) == set(), (who, word)
                assert find(session, who, f"{word} {word_of(1, own)}") == set()
        assert find(session, ASKED, word_of(1, AREAS[1])) == find(session, ASKED, f"trip1 {word_of(1, AREAS[0])}") == {one}
        assert find(session, "dario.velasco", "lina") == set()


def test_a_case_and_a_step_are_found_by_what_their_area_is_called_now_in_any_language(journeys_of_two):
    one, two, four = (f"TRY-2026-{number:06}" for number in (1, 2, 4))

    def listed(session, who: str, words: str) -> set[str]:
        narrow = Narrow(words=tuple(split_words(words)))
        return {row.number for row in tasks.list_inbox(session, actor(who), now=NOW, view="team", narrow=narrow).rows}

    with journeys_of_two.transaction() as session:
        session.get_one(Area, AREAS[0]).name = {"en": "Seven Hills", "ar": "التلال السبع", "zh": "七山"}
        add_case(session, requester=ASKED, number=4).area = AREAS[0]
    with journeys_of_two.reading() as session:
        for words in ("seven hil", "التلال", "七", "hills lina"):
            assert find(session, DECIDER_A, words) == listed(session, DECIDER_A, words) == {one, two}, words
            assert find(session, ASKED, words) == {one, two, four}, words
            assert find(session, DECIDER_B, words) == listed(session, DECIDER_B, words) == set(), words

    with journeys_of_two.transaction() as session:
        session.get_one(Area, AREAS[0]).name = {"en": "Lake District"}
    with journeys_of_two.reading() as session:
        assert (find(session, ASKED, "seven"), find(session, ASKED, "lake")) == (set(), {one, two, four})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=30))
def test_no_text_breaks_the_search_or_leads_a_stranger_anywhere(journeys_of_two, words):
    with journeys_of_two.reading() as session:
        assert find(session, "dario.velasco", words) == set()


def test_the_search_finds_for_everybody_of_the_demo_world_only_what_they_may_see(demo_database):
    from services import authority, people

    with demo_database.reading() as session:
        subjects = session.scalars(select(Case.subject).limit(12)).all()
        words = {word for subject in subjects for word in split_words(subject) if len(word) > 3}
        for account in list(session.scalars(select(Account).where(Account.active)).unique())[::6]:
            who = people.actor_of(account)
            seen = set(session.scalars(authority.as_asked_by(authority.cases_in_sight(), who, NOW)))
            for word in sorted(words)[:6]:
                found = {case.id for case in overview.find_cases(session, word, actor=who, now=NOW)}
                assert found <= seen, (who.person, word)


def test_postgresql_looks_words_up_in_an_index(database):
    if database.dialect != "postgresql":
        return
    with database.transaction() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        for table in (Case, Task):
            wanted = has_words(table.words, ["word"], dialect="postgresql")
            asked = select(table.id).where(wanted).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            plan = "\n".join(session.scalars(text(f"EXPLAIN {asked}")))
            assert f"ix_{table.__tablename__}_words" in plan
