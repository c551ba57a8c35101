"""Recognition: nobody judges themselves or their own line, and nominees hear of nothing but a decision in their favour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services import letters, people
from services.errors import NotAllowed, NotFound
from services.models.authority import RoleHolding
from services.models.notices import Notice
from services.models.people import FamilyLink
from services.models.recognitions import Nominee, Recognition
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid

KEY = "recognition"
NOMINATOR, NOMINEE, COORDINATOR, EXECUTIVE = "odile.farrant", "lina.marchetti", "mirela.castellan", "per.vane"
YES = {"shortlist": "YES", "shortlist_words": "The report bears it out."}
LETTER = {"decision": "RECOGNISE", "letter": "Thank you for what you did."}
TOLD = {
    "done": "She led two floors out of the house.",
    "evidence": "The report of the exercise.",
    "reason": "Nobody else knew the second stair.",
}


@pytest.fixture
def nominations(journeys: Security) -> Security:
    return journeys.publish(KEY)


@pytest.fixture
def embedded_nominations(security: Security) -> Security:
    return security.publish(KEY)


def nominate(world: Security, *persons: str, by: str = NOMINATOR) -> str:
    kind: dict[str, Any] = {"kind": "TEAM", "team": "Wardens"} if len(persons) > 1 else {"kind": "PERSON"}
    return world.start(KEY, by, **kind, nominees=[{"person": person} for person in persons], **TOLD)


def test_who_is_nominated_knows_of_it_when_it_is_decided_in_their_favour(nominations: Security) -> None:
    case_id = nominate(nominations, NOMINEE, "ben.starter")
    for person in (NOMINEE, "ben.starter", "jonas.keel"):
        assert not nominations.sees(person, case_id)
        with pytest.raises((NotAllowed, NotFound)):
            nominations.do(case_id, person, "rec_shortlist", **YES)
    nominations.do(case_id, COORDINATOR, "rec_shortlist", **YES)
    with pytest.raises((NotAllowed, NotFound)):
        nominations.do(case_id, COORDINATOR, "rec_decide", **LETTER)
    assert "N-REC-01" not in nominations.notices(case_id)

    nominations.do(case_id, EXECUTIVE, "rec_decide", **LETTER)

    (row,) = nominations.rows(Recognition)
    assert (row.outcome, row.decided_by, row.nominated_by) == ("RECOGNISED", EXECUTIVE, NOMINATOR)
    assert {one.person for one in nominations.rows(Nominee)} == {NOMINEE, "ben.starter"}
    assert {"N-REC-01", "N-REC-02"} <= set(nominations.notices(case_id))
    assert nominations.sees(NOMINEE, case_id)
    with nominations.database.reading() as session:
        for person in (NOMINEE, "ben.starter", NOMINATOR, EXECUTIVE):
            letter = letters.get_letter(session, row.number, actor=people.actor_named(session, person), now=NOW)
            assert (letter.words, letter.team, letter.decided.actor_role) == (LETTER["letter"], "Wardens", "EXH")
            assert (letter.recognised, letter.decider) == (["Ben Starter", "Lina Marchetti"], "Per Aldous Vane")
        with pytest.raises(NotFound):
            letters.get_letter(session, row.number, actor=people.actor_named(session, "yusra.ben-halim"), now=NOW)


def test_a_decision_against_it_is_told_to_the_nominator_alone(embedded_nominations: Security) -> None:
    case_id = nominate(embedded_nominations, NOMINEE)
    embedded_nominations.do(case_id, COORDINATOR, "rec_shortlist", **YES)

    embedded_nominations.do(case_id, EXECUTIVE, "rec_decide", decision="NOT", decision_words="Show it in an exercise first.")

    assert set(embedded_nominations.notices(case_id)) == {"N-REC-04"}
    (row,) = embedded_nominations.rows(Recognition)
    with embedded_nominations.database.reading() as session, pytest.raises(NotFound):
        letters.get_letter(session, row.number, actor=people.actor_named(session, NOMINATOR), now=NOW)
    assert not embedded_nominations.sees(NOMINEE, case_id)
    assert embedded_nominations.sees(NOMINATOR, case_id)


@pytest.mark.parametrize(("nominee", "roles"), [("jonas.keel", ("SECCO", "USG")), (COORDINATOR, ("HR", "USG"))])
def test_what_concerns_the_own_line_goes_to_somebody_else(
    embedded_nominations: Security, nominee: str, roles: tuple[str, str]
) -> None:
    case_id = nominate(embedded_nominations, nominee)
    person = {"SECCO": COORDINATOR, "HR": "greta.holm"}[roles[0]]

    assert not embedded_nominations.sees(EXECUTIVE, case_id)
    embedded_nominations.do(case_id, person, "rec_shortlist", **YES)
    assert embedded_nominations.task(case_id, "rec_decide").role == roles[1]


def test_family_of_a_nominee_and_whoever_nominates_do_not_judge(embedded_nominations: Security) -> None:
    also = {"area": None, "organisation": "WIPO", "valid_from": NOW - timedelta(days=1)}
    embedded_nominations.add(
        *(RoleHolding(person=person, role="SECCO", **also) for person in (NOMINATOR, "tomas.rehberg")),
        FamilyLink(person_a=NOMINEE, person_b="tomas.rehberg", kind="SPOUSE"),
    )
    case_id = nominate(embedded_nominations, NOMINEE)

    for person in (NOMINATOR, "tomas.rehberg"):
        with pytest.raises(NotAllowed):
            embedded_nominations.do(case_id, person, "rec_shortlist", **YES)
    assert embedded_nominations.rows(Notice, case_id=case_id) == []


@pytest.mark.parametrize(
    ("by", "persons"),
    [
        (NOMINATOR, (NOMINATOR,)),
        (NOMINATOR, (NOMINEE, NOMINEE)),
        (NOMINATOR, (NOMINEE, "milan.horak")),
        (NOMINEE, ("ben.starter",)),
    ],
)
def test_only_those_who_lead_nominate_and_only_others_of_their_organisation(
    embedded_nominations: Security, by: str, persons: tuple[str, ...]
) -> None:
    with pytest.raises((NotAllowed, AnswersInvalid)):
        nominate(embedded_nominations, *persons, by=by)

    assert embedded_nominations.rows(Recognition) == []
