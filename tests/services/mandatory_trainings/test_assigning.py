"""Who is asked for which course, by when, and what becomes of it when the reason goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.mandatory_trainings import looking
from services.mandatory_trainings.assigning import assign
from services.models.bus import DailyRound
from services.models.duties import TrainingAssignment
from services.models.people import Dependant, Person
from tests.services.mandatory_trainings.learning import NOW, TODAY, Learning, days


def put(learning: Learning, code: str, **changes: object) -> None:
    """Something is changed about a person."""
    with learning.database.transaction() as session:
        person = session.get_one(Person, code)
        for name, value in changes.items():
            setattr(person, name, value)


def test_everybody_in_service_is_asked_for_bsafe_and_nobody_twice(learning: Learning) -> None:
    assert learning.look()
    assert not learning.look()  # the day is done
    assert learning.look(after=1)

    (row,) = learning.asked("ben.starter")
    assert (row.course, row.ground, row.audience, row.binding) == ("BSAFE", "PERSONNEL", "PERSONNEL", True)
    assert (row.assigned_on, row.due_on, row.withdrawn_on) == (TODAY, days(14), None)
    assert learning.asked("lina.marchetti") == []  # she holds it for good
    assert learning.asked("sam.riverton") == []  # a partner is not in service


def test_a_contract_that_begins_or_is_over_decides(learning: Learning) -> None:
    put(learning, "ben.starter", contract_from=days(3))
    learning.look()
    assert learning.asked("ben.starter") == []

    learning.look(after=3)
    assert [row.due_on for row in learning.asked("ben.starter")] == [days(33)]

    learning.passed("odile.farrant", "BSAFE", revoked=True)
    put(learning, "odile.farrant", contract_to=days(3))
    learning.look(after=4)
    assert learning.asked("odile.farrant") == []


@pytest.mark.parametrize(
    ("role", "course", "audience"),
    [
        ("DO", "DOSMT", "MANAGERS"),
        ("DOAI", "DOSMT", "MANAGERS"),
        ("SMT", "DOSMT", "MANAGERS"),
        ("CSA", "SECCERT", "SECURITY"),
        ("SA", "SECCERT", "SECURITY"),
        ("DSSO", "SECCERT", "SECURITY"),
    ],
)
def test_who_gets_an_office_has_three_months_from_the_appointment(
    embedded_learning: Learning, role: str, course: str, audience: str
) -> None:
    embedded_learning.appoint("kaya.brennan", role, since=-10)

    embedded_learning.look()

    (row,) = embedded_learning.asked("kaya.brennan", course)
    assert (row.audience, row.due_on) == (audience, days(80))


def test_wardens_take_the_wardens_course(embedded_learning: Learning) -> None:
    embedded_learning.look()

    assert [row.ground for row in embedded_learning.asked("fatou.lindgren", "WARDEN")] == ["WARDEN"]


def test_nobody_has_less_than_two_weeks_however_long_ago_the_appointment_was(embedded_learning: Learning) -> None:
    embedded_learning.appoint("kaya.brennan", "SMT", since=-700)

    embedded_learning.look()

    assert [row.due_on for row in embedded_learning.asked("kaya.brennan", "DOSMT")] == [days(14)]


def test_what_ended_with_its_reason_is_withdrawn_and_begins_anew_with_a_new_one(learning: Learning) -> None:
    learning.appoint("kaya.brennan", "SMT", since=-10, until=NOW + timedelta(days=5))
    learning.look()
    learning.look(after=6)
    (ended,) = learning.asked("kaya.brennan", "DOSMT")
    assert (ended.withdrawn_on, ended.ended_by_rule) == (days(6), True)

    learning.appoint("kaya.brennan", "SMT", since=7)
    learning.look(after=8)

    assert [row.withdrawn_on for row in learning.asked("kaya.brennan", "DOSMT")] == [days(6), None]


def test_an_area_that_asks_for_ssafe_asks_those_who_work_there(learning: Learning) -> None:
    learning.look()
    assert learning.asked("sofia.lindqvist-rao", "SSAFE") == []

    learning.change_area("XB-CAP", 1, requires_ssafe=True)
    learning.look(after=1)
    assert [row.due_on for row in learning.asked("sofia.lindqvist-rao", "SSAFE")] == [days(61)]

    learning.change_area("XB-CAP", 2, requires_ssafe=False)
    learning.look(after=2)
    assert [row.withdrawn_on for row in learning.asked("sofia.lindqvist-rao", "SSAFE")] == [days(2)]


def test_at_a_station_of_high_risk_staff_must_and_family_is_advised(learning: Learning) -> None:
    person = {"email": "x@demo.example", "organisation": "UNAH", "contract_type": "VISITOR"}
    learning.add(*(Person(code=code, name=code, **person) for code in ("wife.keita", "child.keita", "former.keita")))
    kin = {"sponsor": "amadou.keita", "relation": "OTHER", "recognised_from": days(-99)}
    learning.add(
        Dependant(person="wife.keita", birth_year=1988, **kin),
        Dependant(person="child.keita", birth_year=2015, **kin),
        Dependant(person="former.keita", birth_year=1988, recognised_to=days(-1), **kin),
    )

    learning.look()

    assert [row.binding for row in learning.asked("amadou.keita", "STRESS")] == [True]
    asked = {(row.course, row.ground, row.binding) for row in learning.asked("wife.keita")}
    assert asked == {("BSAFE", "FAMILY", False), ("STRESS", "FAMILY_HIGH_RISK", False)}
    assert learning.asked("child.keita") == learning.asked("former.keita") == []
    assert learning.asked("mirela.castellan", "STRESS") == []  # headquarters
    assert [(one.name, one.course, one.binding) for one in learning.to_do("amadou.keita")] == [
        ("", "STRESS", True),
        ("wife.keita", "BSAFE", False),
        ("wife.keita", "STRESS", False),
    ]


@pytest.mark.parametrize(("left", "due"), [(60, 60), (61, None), (5, 14)])
def test_what_expires_within_two_months_is_asked_for_again(embedded_learning: Learning, left: int, due: int | None) -> None:
    embedded_learning.passed("odile.farrant", "BSAFE", valid_to=days(left))

    embedded_learning.look()

    assert [row.due_on for row in embedded_learning.asked("odile.farrant")] == ([days(due)] if due else [])


def test_the_next_one_takes_the_place_of_the_last_on_the_day_that_it_is_due(learning: Learning) -> None:
    learning.passed("odile.farrant", "BSAFE", valid_to=days(40))
    learning.assign("odile.farrant", "BSAFE", due=-400)

    learning.look()
    learning.look(after=1)

    old, new = learning.asked("odile.farrant")
    assert (old.withdrawn_on, new.due_on, new.withdrawn_on) == (days(40), days(40), None)
    assert [one.due_on for one in learning.to_do("odile.farrant")] == [days(40)]
    assert [one.due_on for one in learning.to_do("odile.farrant", after=41)] == [days(40)]


def test_what_was_withdrawn_by_hand_is_not_assigned_again_on_the_same_ground(learning: Learning) -> None:
    learning.look()
    with learning.database.transaction() as session:
        session.get_one(TrainingAssignment, learning.asked("ben.starter")[0].id).withdrawn_on = TODAY

    learning.look(after=1)

    assert len(learning.asked("ben.starter")) == 1
    assert learning.to_do("ben.starter", after=1) == []


def test_what_was_assigned_by_hand_is_neither_doubled_nor_withdrawn(learning: Learning) -> None:
    learning.assign("ben.starter", "BSAFE", due=5)
    learning.assign("ben.starter", "WARDEN", due=5)

    learning.look()

    assert [(row.course, row.withdrawn_on) for row in learning.asked("ben.starter")] == [("BSAFE", None), ("WARDEN", None)]


def test_who_becomes_staff_has_to_do_what_was_recommended_before(learning: Learning) -> None:
    learning.assign("ben.starter", "BSAFE", due=20, binding=False, ground="FAMILY")

    learning.look()

    assert [row.binding for row in learning.asked("ben.starter")] == [True]


def test_a_false_certificate_that_is_revoked_counts_for_nothing(learning: Learning) -> None:
    record = learning.passed("odile.farrant", "BSAFE")
    learning.look()
    assert learning.to_do("odile.farrant") == []

    learning.revoke(record)
    learning.look(after=1)

    assert [one.course for one in learning.to_do("odile.farrant", after=1)] == ["BSAFE"]


def test_a_page_that_fails_gives_the_day_back_and_keeps_what_was_done(
    learning: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PAGE", 20)

    def fail(session, people, *more):
        if any(person.code == "petr.novotny" for person in people):
            message = "a bad page"
            raise RuntimeError(message)
        return assign(session, people, *more)

    monkeypatch.setattr(looking, "assign", fail)
    assert not learning.look()
    assert learning.asked("petr.novotny") == []
    assert len(learning.asked("ben.starter")) == 1
    assert learning.rows(DailyRound, operation=looking.ROUND) == []

    monkeypatch.setattr(looking, "assign", assign)
    assert learning.look()
    assert len(learning.asked("petr.novotny")) == len(learning.asked("ben.starter")) == 1


def test_nothing_happens_while_the_process_is_not_published(unprepared: Learning) -> None:
    assert not unprepared.look()
    assert unprepared.asked("ben.starter") == []
