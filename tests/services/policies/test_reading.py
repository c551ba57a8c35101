"""Reading a policy and confirming it: for oneself, and what was shown; whoever is silent is reminded and listed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services import people, policies
from services.errors import NotFound
from services.models.cases import COMPLETED
from services.models.people import Person
from services.models.policies import Acknowledgement, PolicyReader
from services.policies import NotConfirmed, PolicyChanged
from services.registry import reading
from services.registry.asking import read_asked
from tests.services.policies.promulgating import AUTHOR, HEAD, Promulgating
from tests.services.travel.journeys import NOW

LINA, BEN, SUPERVISOR = "lina.marchetti", "ben.starter", "odile.farrant"


def test_everybody_for_whom_it_is_is_told_once_and_led_to_the_text(promulgating: Promulgating) -> None:
    code = promulgating.code(promulgating.publish())

    told = promulgating.told("N-POL-02")
    assert set(told) == promulgating.waiting() == {row.person for row in promulgating.rows(PolicyReader)}
    assert told[LINA].address == f"/policies/{code}"
    assert told[LINA].variables["title"] == "Keys and badges"
    assert "rafael.mendes" not in told


def test_what_was_shown_is_confirmed_once(promulgating: Promulgating) -> None:
    code = promulgating.code(promulgating.publish())
    shown = promulgating.read(LINA, code)

    promulgating.confirm(LINA, code)
    promulgating.confirm(LINA, code, NOW + timedelta(days=2), digest="something else")

    (kept,) = promulgating.rows(Acknowledgement)
    assert (kept.person, kept.version, kept.digest, kept.at) == (LINA, shown.version.number, shown.digest, NOW)
    assert LINA not in promulgating.waiting()
    assert BEN in promulgating.waiting()


def test_a_confirmation_needs_the_box_and_the_text_that_is_in_force(promulgating: Promulgating) -> None:
    code = promulgating.code(promulgating.publish())
    before = promulgating.read(LINA, code).digest

    with pytest.raises(NotConfirmed):
        promulgating.confirm(LINA, code, read=False)
    promulgating.publish(begun={"kind": "CHANGE", "policy": code}, material="NO", audience_kind=None)
    with pytest.raises(PolicyChanged):
        promulgating.confirm(LINA, code, digest=before)

    assert promulgating.rows(Acknowledgement) == []


def test_nobody_confirms_what_is_not_for_them_or_not_theirs_to_see(promulgating: Promulgating) -> None:
    code = promulgating.code(promulgating.publish(audience_kind="ROLES", roles=["SUP"]))
    shown = promulgating.read(SUPERVISOR, code).digest
    assert promulgating.read(LINA, code).reader is None  # of the same organisation: for information

    for person in (LINA, "rafael.mendes"):
        with pytest.raises(NotFound):
            promulgating.confirm(person, code, digest=shown)
    with pytest.raises(NotFound):
        promulgating.read("rafael.mendes", code)
    with pytest.raises(NotFound):
        promulgating.read(LINA, "POL-1999-000001")

    assert promulgating.rows(Acknowledgement) == []
    assert promulgating.read("amina.sorel", code).reader is None


@pytest.mark.parametrize("act", ["UPDATE acknowledgements SET person = 'ben.starter'", "DELETE FROM acknowledgements"])
def test_the_database_refuses_to_change_a_confirmation(promulgating: Promulgating, act: str) -> None:
    promulgating.confirm(LINA, promulgating.code(promulgating.publish()))

    with pytest.raises(DBAPIError, match="append-only"), promulgating.database.transaction() as session:
        session.execute(text(act))


def test_the_silent_are_reminded_after_14_and_30_days_and_then_listed(promulgating: Promulgating) -> None:
    case_id = promulgating.publish()
    code = promulgating.code(case_id)
    promulgating.confirm(LINA, code)

    promulgating.wait(case_id, NOW + timedelta(days=14) - timedelta(seconds=1))
    assert promulgating.told("N-POL-03") == {}
    promulgating.wait(case_id, NOW + timedelta(days=14))
    assert set(promulgating.told("N-POL-03")) == promulgating.waiting()
    promulgating.confirm(BEN, code)
    assert promulgating.told("N-POL-04") == {}
    promulgating.wait(case_id, NOW + timedelta(days=30))

    assert len(promulgating.rows_of("N-POL-03", BEN)) == 1
    assert len(promulgating.rows_of("N-POL-03", "tomas.rehberg")) == 1  # whose contract has ended by then
    assert len(promulgating.rows_of("N-POL-03", HEAD)) == 2
    told = promulgating.told("N-POL-04")
    assert told[AUTHOR].variables["count"] == len(promulgating.waiting() - {"tomas.rehberg"})
    assert "organisation=WIPO" in (told[AUTHOR].address or "")
    assert told[HEAD].variables["count"] >= 3
    assert SUPERVISOR not in told  # all of that unit who still work there have confirmed
    assert promulgating.case(case_id).state == COMPLETED


def test_a_supervisor_sees_who_of_the_own_staff_is_late_and_nobody_else(promulgating: Promulgating) -> None:
    code = promulgating.code(promulgating.publish())
    promulgating.confirm(LINA, code)

    def late(person: str, days: int) -> list[str]:
        with promulgating.database.reading() as session:
            actor = people.actor_named(session, person)
            found = policies.list_overdue_staff(session, actor=actor, now=NOW + timedelta(days=days))
            return [name for _, _, name in found]

    assert late(SUPERVISOR, 29) == []
    assert late(SUPERVISOR, 30) == ["Ben Starter", "Tomas Rehberg"]
    assert late("bakari.thorne", 30) == []


def test_who_comes_later_is_asked_the_next_day_and_only_once(promulgating: Promulgating) -> None:
    code = promulgating.code(promulgating.publish())
    promulgating.day(NOW + timedelta(hours=1))
    assert len(promulgating.cases_of("policy")) == 1
    promulgating.add(Person(code="new.comer", name="New Comer", email="n@example.org", organisation="WIPO", contract_type="INTL"))
    later = Person(code="late.comer", name="Late", email="l@example.org", organisation="WIPO", contract_type="INTL")
    later.contract_from = date(2027, 3, 1)
    promulgating.add(later)

    for days in (1, 2, 3):
        promulgating.day(NOW + timedelta(days=days))

    row = next(row for row in promulgating.rows(PolicyReader) if row.person == "new.comer")
    assert (row.policy, row.asked_at) == (code, NOW + timedelta(days=1))
    assert row.due_at == NOW + timedelta(days=31)
    assert len(promulgating.cases_of("policy")) == 2
    assert "late.comer" not in {row.person for row in promulgating.rows(PolicyReader)}
    newer = next(case.id for case in promulgating.cases_of("policy") if case.requester == "system")
    promulgating.wait(newer, NOW + timedelta(days=60))
    assert promulgating.case(newer).state == COMPLETED


def test_registers_show_each_reader_what_they_may_see(promulgating: Promulgating) -> None:
    code = promulgating.code(promulgating.publish())
    promulgating.confirm(LINA, code)

    def persons(reader: str, **asked: str) -> set[str]:
        with promulgating.database.reading() as session:
            actor = people.actor_named(session, reader)
            now = NOW + timedelta(days=30)
            register, seen = reading.find_register(session, "policy-readers", actor=actor, now=now)
            listing = reading.list_entries(session, register, read_asked(register, asked), reader=seen)
            return {row.values["person"] for row in listing.rows}

    assert persons(LINA) == {LINA}
    assert persons("rafael.mendes") == set()
    assert {LINA, BEN} <= persons(AUTHOR)
    assert persons("gabriel.noor") == persons(AUTHOR) == persons("amina.sorel")
    assert persons(AUTHOR, state="ACKNOWLEDGED") == {LINA}
    assert persons(AUTHOR, state="OVERDUE", organisation="WIPO") == persons(AUTHOR) - {LINA}
