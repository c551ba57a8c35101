"""Support after an incident as a case: nobody who needs it is forgotten, and nobody but counsellors learns of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services import authority, people
from services.errors import NotFound
from services.models.bus import BusEvent
from services.models.cases import Case
from services.models.support import SupportContact
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW

COUNSELLOR, PERSON, AUDITOR, ADVISER = "noor.castellanos", "lina.marchetti", "amina.sorel", "naledi.vanter"


@pytest.fixture
def support(journeys: Security) -> Security:
    return journeys.publish("stress_support")


def supported(support: Security) -> list[Case]:
    with support.database.reading() as session:
        return list(session.scalars(select(Case).where(Case.process_key == "stress_support").order_by(Case.number)))


def sees(support: Security, person: str, case: Case) -> bool:
    with support.database.reading() as session:
        try:
            authority.may_see_case(session, people.actor_named(session, person), session.get_one(Case, case.id), NOW)
        except NotFound:
            return False
        return True


def report(support: Security) -> str:
    case_id = support.report("yusra.ben-halim", "XA-CAP", affected=[{"person": PERSON, "effect": "THREATENED"}])
    support.do(case_id, "yusra.ben-halim", "inc_triage", classification="INCIDENT", category="CRIME", severity="MINOR")
    support.dispatch()
    return case_id


def test_everybody_named_in_an_incident_gets_a_case_of_their_own_that_counsellors_alone_see(support: Security) -> None:
    report(support)

    (case,) = supported(support)
    assert [who for who in (COUNSELLOR, PERSON, AUDITOR, ADVISER, "yusra.ben-halim") if sees(support, who, case)] == [COUNSELLOR]


def test_whoever_asks_sees_the_own_request(support: Security) -> None:
    support.start("stress_support", PERSON, reach="By phone in the evening")

    (case,) = supported(support)
    assert [who for who in (COUNSELLOR, PERSON, AUDITOR, ADVISER) if sees(support, who, case)] == [COUNSELLOR, PERSON]


def test_the_days_of_contact_are_kept_and_what_was_noted_before_stays(support: Security) -> None:
    report(support)
    (case,) = supported(support)

    support.do(case.id, COUNSELLOR, "str_contact", contact="ACCEPTED")
    with support.database.transaction() as session:
        incident = session.scalars(select(BusEvent).where(BusEvent.kind == "SUPPORT_PERSON")).one().payload["incident"]
        earlier = NOW - timedelta(minutes=5)
        session.add(
            SupportContact(
                id="noted", incident=incident, person=PERSON, reached_at=earlier, noted_by=COUNSELLOR, noted_at=earlier
            )
        )
    support.do(case.id, COUNSELLOR, "str_pfa", given=True)

    with support.database.reading() as session:
        assert [row.reached_at for row in session.scalars(select(SupportContact).where(SupportContact.person == PERSON))] == [
            earlier
        ]
