"""Who hears that a course is asked for, and who of a delay; each of each thing once."""

from __future__ import annotations

from datetime import timedelta

from services import jobs
from services.mailers import MemoryMailer
from services.models.people import Dependant, Person
from tests.services.mandatory_trainings.learning import KEY, NOW, Learning, days


def test_people_are_told_once_what_is_asked_of_them(learning: Learning) -> None:
    learning.look()
    learning.look(after=1)

    own = [facts for person, facts in learning.told("N-TRN-11") if person == "ben.starter"]
    assert [(facts["courses"], facts["due_on"]) for facts in own] == [(["BSAFE"], days(14).isoformat())]


def test_sponsors_are_told_what_is_recommended_to_their_family(learning: Learning) -> None:
    person = {"email": "x@demo.example", "organisation": "UNAH", "contract_type": "VISITOR"}
    learning.add(Person(code="wife.keita", name="Wife", **person))
    learning.add(
        Dependant(sponsor="amadou.keita", person="wife.keita", relation="SPOUSE", birth_year=1988, recognised_from=days(-9))
    )

    learning.look()

    told = [facts for person, facts in learning.told("N-TRN-12") if person == "amadou.keita"]
    assert [facts["persons"] for facts in told] == [["wife.keita"]]


def test_two_weeks_late_is_told_to_the_person_and_the_supervisor(learning: Learning) -> None:
    learning.assign("ben.starter", "BSAFE", due=-13)
    learning.assign("tomas.rehberg", "WARDEN", due=-13)
    learning.look()
    assert learning.told("N-TRN-13") == []

    learning.look(after=1)
    learning.look(after=2)

    assert [person for person, _ in learning.told("N-TRN-13")] == ["ben.starter", "tomas.rehberg"]
    assert learning.told("N-TRN-14") == [("odile.farrant", {"persons": ["ben.starter", "tomas.rehberg"], "count": 2})]


def test_two_months_late_is_told_to_the_head_there_or_else_of_the_organisation(learning: Learning) -> None:
    learning.assign("noemi.hart", "WARDEN", due=-60)
    learning.assign("ben.starter", "BSAFE", due=-60)
    learning.look()
    learning.look(after=1)

    told = dict(learning.told("N-TRN-15"))
    assert len(learning.told("N-TRN-15")) == len(told)
    assert told["bakari.thorne"] == {"persons": ["noemi.hart"], "count": 1, "organisation": "UNAH", "area": "XA-CAP"}
    assert told["per.vane"]["persons"] == ["ben.starter"]  # nobody heads the organisation there but the executive head


def test_what_is_done_withdrawn_recommended_or_of_somebody_who_left_is_late_for_nobody(learning: Learning) -> None:
    learning.assign("lina.marchetti", "BSAFE", due=-70)
    learning.assign("ben.starter", "WARDEN", due=-70, withdrawn_on=days(-1))
    learning.assign("ben.starter", "STRESS", due=-70, binding=False)
    learning.assign("kaya.brennan", "WARDEN", due=-70)
    with learning.database.transaction() as session:
        session.get_one(Person, "kaya.brennan").contract_to = days(-1)

    learning.look()

    late = {person for code in ("N-TRN-13", "N-TRN-14", "N-TRN-15") for person, _ in learning.told(code)}
    assert late & {"lina.marchetti", "ben.starter", "kaya.brennan", "odile.farrant", "per.vane"} == set()


def test_the_worker_looks_and_the_focal_point_gets_one_list_a_week(learning: Learning) -> None:
    for number, person in enumerate(("ben.starter", "tomas.rehberg", "odile.farrant")):
        learning.assign(person, "WARDEN", due=-40 - number)

    for after in (0, 1):
        now = NOW + timedelta(days=after)
        jobs.run_once(learning.database, MemoryMailer(), now)
        learning.dispatch(now)

    (case,) = [case for case in learning.cases_of(KEY) if case.organisation == "WIPO"]
    assert learning.open_tasks(case.id) == ["trn_follow_up"]
    learning.do(case.id, "jonas.keel", "trn_follow_up", now=NOW + timedelta(days=1), done="All three are booked for Friday.")
    for after, expected in ((2, 1), (7, 1), (8, 2)):
        now = NOW + timedelta(days=after, minutes=1)
        jobs.run_once(learning.database, MemoryMailer(), now)
        learning.dispatch(now)
        assert len([case for case in learning.cases_of(KEY) if case.organisation == "WIPO"]) == expected
    assert learning.problems(now=NOW + timedelta(days=8)) == []
