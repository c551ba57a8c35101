"""Revoking a clearance: who may, what stands in the record, and what becomes of places, lines and the certificate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services import cases, definitions, jobs, people
from services.errors import MessageNotExpected, NotFound, NotYourRole, OperationFailed, OwnMatter
from services.mailers import MemoryMailer
from services.models.audit import Decision
from services.models.authority import Absence, RoleHolding
from services.models.cases import Case
from services.models.ceilings import CeilingNight
from services.models.people import FamilyLink
from tests.services.travel.journeys import NOW, Journeys
from tests.services.travel.test_operations import halden

OFFICIAL = "ingrid.sollerman"
SAID = {
    "reason": "BREACH_OF_CONDITION",
    "text": "The convoy left at night although this was forbidden.",
    "instruction": "Stay where you are and wait for our call.",
    "phone": "+15550199",
}


@pytest.fixture
def cleared(journeys: Journeys) -> str:
    return clear(journeys)


@pytest.fixture
def embedded_cleared(embedded_journeys: Journeys) -> str:
    return clear(embedded_journeys)


def clear(journeys: Journeys) -> str:
    case = halden(journeys)
    journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")
    journeys.do(case, OFFICIAL, "stop_decide", decision="GRANT")
    return case


def revoke(journeys: Journeys, case_id: str, *, by: str = OFFICIAL, key: str = "m1", **said: Any) -> None:
    with journeys.database.transaction() as session:
        case = session.get_one(Case, case_id)
        actor = people.actor_named(session, by)
        payload = {"unit": f"{case.number}-S1", **SAID, **said}
        cases.send_message(session, "MSG_REVOKE", case.number, payload, actor=actor, now=NOW, idempotency_key=key)


def standing(journeys: Journeys, case_id: str) -> list[Any]:
    with journeys.database.reading() as session:
        taken = session.execute(select(CeilingNight.night, CeilingNight.taken).order_by(CeilingNight.night)).all()
        decided = session.scalars(select(Decision.id).where(Decision.case_id == case_id).order_by(Decision.id)).all()
        revision = session.get_one(Case, case_id).revision
    lines = [(line.status, line.decision_id) for line in journeys.lines(case_id)]
    return [taken, decided, revision, lines, [each.status for each in journeys.certificates(case_id)]]


def add(journeys: Journeys, row: Any) -> None:
    with journeys.database.transaction() as session:
        session.add(row)


def test_the_decision_is_recorded_and_lines_places_and_certificate_follow(journeys: Journeys, cleared: str) -> None:
    before = standing(journeys, cleared)

    revoke(journeys, cleared)

    line, certificate = journeys.lines(cleared)[0], journeys.certificates(cleared)[0]
    with journeys.database.reading() as session:
        decision = session.get_one(Decision, line.decision_id)
        granted = session.get_one(Decision, decision.supersedes_id)
        taken = {row.night: row.taken for row in session.scalars(select(CeilingNight))}
    assert (decision.actor_person, decision.actor_role, decision.act, decision.outcome) == (OFFICIAL, "DO", "DECIDE", "REVOKE")
    assert (decision.reason_code, decision.reason_text) == (SAID["reason"], SAID["text"])
    assert granted.outcome == "GRANT"
    assert (line.status, certificate.status) == ("REVOKED", "SUSPENDED")
    assert all(taken[night] < held for night, held in before[0])
    assert journeys.case(cleared).status == "REVOKED"
    assert journeys.open_tasks(cleared) == ["tsc_choose_after_denial"]
    assert journeys.notices(cleared).count("N-TSC-20") == 1
    assert journeys.problems() == []


@pytest.mark.parametrize("person", ["lina.marchetti", "naledi.vanter", "yusra.ben-halim", "clara.jimenez", "anwar.tessier"])
def test_nobody_else_revokes_and_nothing_changes(embedded_journeys: Journeys, embedded_cleared: str, person: str) -> None:
    before = standing(embedded_journeys, embedded_cleared)

    with pytest.raises((NotYourRole, NotFound)):
        revoke(embedded_journeys, embedded_cleared, by=person)

    assert standing(embedded_journeys, embedded_cleared) == before


def test_an_official_does_not_revoke_the_clearance_of_the_own_family(embedded_journeys: Journeys, embedded_cleared: str) -> None:
    add(embedded_journeys, FamilyLink(person_a=OFFICIAL, person_b="lina.marchetti", kind="SPOUSE"))
    before = standing(embedded_journeys, embedded_cleared)

    with pytest.raises(OwnMatter):
        revoke(embedded_journeys, embedded_cleared)

    assert standing(embedded_journeys, embedded_cleared) == before
    assert offered(embedded_journeys, embedded_cleared, OFFICIAL) == []


def test_a_substitute_revokes_in_the_place_of_the_official_and_the_record_says_so(journeys: Journeys, cleared: str) -> None:
    add(
        journeys,
        Absence(
            person=OFFICIAL, substitute="dario.velasco", valid_from=NOW - timedelta(days=1), valid_to=NOW + timedelta(days=2)
        ),
    )

    revoke(journeys, cleared, by="dario.velasco")

    with journeys.database.reading() as session:
        decision = session.get_one(Decision, journeys.lines(cleared)[0].decision_id)
    assert (decision.actor_person, decision.acted_for, decision.capacity) == ("dario.velasco", OFFICIAL, "AD_INTERIM")


def test_a_role_that_has_ended_revokes_nothing(embedded_journeys: Journeys, embedded_cleared: str) -> None:
    with embedded_journeys.database.transaction() as session:
        for holding in session.scalars(select(RoleHolding).where(RoleHolding.person == OFFICIAL)):
            holding.valid_to = NOW - timedelta(hours=1)

    with pytest.raises((NotYourRole, NotFound)):
        revoke(embedded_journeys, embedded_cleared)


def test_the_same_form_sent_twice_revokes_once(journeys: Journeys, cleared: str) -> None:
    revoke(journeys, cleared)
    after = standing(journeys, cleared)

    revoke(journeys, cleared)

    assert standing(journeys, cleared) == after


def test_what_was_revoked_is_not_revoked_again(journeys: Journeys, cleared: str) -> None:
    revoke(journeys, cleared)
    after = standing(journeys, cleared)

    with pytest.raises(MessageNotExpected):
        revoke(journeys, cleared, key="m2")

    assert standing(journeys, cleared) == after


def test_a_stop_that_is_being_decided_again_is_not_revoked(embedded_journeys: Journeys) -> None:
    journeys = embedded_journeys
    case = journeys.ask("iris.calder", "XA-CAP")
    again = {
        "stop": f"{journeys.case(case).number}-S1",
        "hold": True,
        "deadline": None,
        "reason": "LEVEL_CHANGE",
        "by_hand": True,
    }
    journeys.send(case, "MSG_REASSESS", again)

    with pytest.raises(MessageNotExpected):
        revoke(journeys, case)

    assert [line.status for line in journeys.lines(case)] == ["PENDING"]


def test_nothing_is_recorded_about_persons_who_are_not_cleared(embedded_journeys: Journeys, embedded_cleared: str) -> None:
    unit = f"{embedded_journeys.case(embedded_cleared).number}-S9"
    before = standing(embedded_journeys, embedded_cleared)

    with pytest.raises(OperationFailed, match="nothing to revoke"):
        embedded_journeys.send(embedded_cleared, "MSG_REVOKE", {"unit": unit, **SAID})

    assert standing(embedded_journeys, embedded_cleared) == before


def test_nothing_is_revoked_before_anything_is_granted(embedded_journeys: Journeys) -> None:
    case = halden(embedded_journeys)

    with pytest.raises(MessageNotExpected):
        revoke(embedded_journeys, case)

    assert offered(embedded_journeys, case, OFFICIAL) == []


def offered(journeys: Journeys, case_id: str, person: str) -> list[str]:
    """The units about which somebody is offered to send a revocation."""
    with journeys.database.reading() as session:
        actor = people.actor_named(session, person)
        view = cases.read_case(session, case_id, actor=actor, now=NOW)
        package = definitions.get_package(session, view.case.version_id)
        event = next(each.elements["b_revoke_live"] for each in package.diagrams.values() if "b_revoke_live" in each.elements)
        return [row["key"] for row in cases.list_rows(session, view.case, event, view.variables, actor=actor, now=NOW)]


def test_it_is_offered_to_the_official_of_the_area_alone(embedded_journeys: Journeys, embedded_cleared: str) -> None:
    number = embedded_journeys.case(embedded_cleared).number

    assert offered(embedded_journeys, embedded_cleared, OFFICIAL) == [f"{number}-S1"]
    assert offered(embedded_journeys, embedded_cleared, "naledi.vanter") == []
    assert offered(embedded_journeys, embedded_cleared, "lina.marchetti") == []


def test_an_official_suspends_and_the_mail_names_the_place_and_the_number(journeys: Journeys, cleared: str) -> None:
    number = journeys.case(cleared).number
    said = {
        "unit": f"{number}-S1",
        "reason": "FALSE_INFORMATION",
        "text": "The lodging does not exist any more.",
        "phone": "+15550199",
    }
    with journeys.database.transaction() as session:
        actor = people.actor_named(session, OFFICIAL)
        cases.send_message(session, "MSG_REASSESS", number, said, actor=actor, now=NOW)

    mailer = MemoryMailer()
    jobs.run_once(journeys.database, mailer, NOW)

    (letter,) = [letter for letter in mailer.letters if letter.code == "N-TSC-10"]
    assert "Arvenia North (Halden): your clearance" in letter.body
    assert "+15550199" in letter.body
    assert [each.status for each in journeys.certificates(cleared)] == ["SUSPENDED"]
    assert [line.status for line in journeys.lines(cleared)] == ["PENDING"]
    assert journeys.open_tasks(cleared) == ["stop_recommend"]
    assert journeys.problems() == []
