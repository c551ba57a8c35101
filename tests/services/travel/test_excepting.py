"""Exceptions from a suspension: asked for by those who answer for it, and never for oneself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.models.authority import RoleHolding
from services.models.cases import Task
from services.models.clearances import Waiver
from services.operations import CATALOGUE
from tests.services.travel.journeys import NOW, Journeys
from tests.services.travel.test_operations import work_on
from workflows.errors import AnswersInvalid

ASKED = {
    "code": "SUSPENSION",
    "reason": "The team on site has no security officer since the incident.",
    "mitigation": "Armoured vehicle from the airport, stay in the compound.",
}
ADVISER, TRAVELLER = "amara.diallo", "victor.hale"
SOON: dict[str, Any] = {"days": 4, "waivers": [ASKED], "late_justification": "The invitation came only yesterday."}


def prepare(journeys: Journeys, person: str, organisation: str = "UNDSS") -> None:
    with journeys.database.transaction() as session:
        session.add(RoleHolding(person=person, role="PREP", organisation=organisation, valid_from=NOW - timedelta(days=1)))


def waivers(journeys: Journeys, case_id: str) -> list[tuple[str, str | None, str | None]]:
    with journeys.database.reading() as session:
        found = session.scalars(select(Waiver).where(Waiver.case_id == case_id))
        return [(waiver.code, waiver.asked_by, waiver.asked_as) for waiver in found]


def test_nobody_asks_for_an_exception_for_themselves(embedded_journeys: Journeys) -> None:
    with pytest.raises(AnswersInvalid, match="for their own trip"):
        embedded_journeys.ask(TRAVELLER, "XF-CAP", **SOON)
    with pytest.raises(AnswersInvalid, match="for their own trip"):
        embedded_journeys.ask(ADVISER, "XF-CAP", **SOON)


def test_a_preparer_without_such_a_role_asks_for_none(embedded_journeys: Journeys) -> None:
    prepare(embedded_journeys, "dara.quill")
    prepare(embedded_journeys, "naledi.vanter")

    for person in ("dara.quill", "naledi.vanter"):  # the second advises another area
        with pytest.raises(AnswersInvalid, match="can ask for an exception from a suspension"):
            embedded_journeys.ask(person, "XF-CAP", on_behalf_of=TRAVELLER, **SOON)


def test_a_focal_point_asks_for_people_of_the_own_organisation_only(embedded_journeys: Journeys) -> None:
    prepare(embedded_journeys, "rafael.mendes")
    prepare(embedded_journeys, "rafael.mendes", "UNAH")

    with pytest.raises(AnswersInvalid, match="can ask for an exception from a suspension"):
        embedded_journeys.ask("rafael.mendes", "XF-CAP", on_behalf_of=TRAVELLER, **SOON)
    case = embedded_journeys.ask("rafael.mendes", "XF-CAP", on_behalf_of="traveller.01", **SOON)
    embedded_journeys.do(case, "traveller.01", "tsc_confirm_itinerary", confirmation="ACCEPT")

    assert waivers(embedded_journeys, case) == [("SUSPENSION", "rafael.mendes", "SFP")]


def test_who_asked_is_kept_and_shown_to_whoever_decides(journeys: Journeys) -> None:
    prepare(journeys, ADVISER)
    case = journeys.ask(ADVISER, "XF-CAP", on_behalf_of=TRAVELLER, **SOON)
    journeys.do(case, TRAVELLER, "tsc_confirm_itinerary", confirmation="ACCEPT")

    assert waivers(journeys, case) == [("SUSPENSION", ADVISER, "CSA")]
    with journeys.database.reading() as session:
        card = str(session.scalars(select(Task).where(Task.case_id == case, Task.element == "stop_recommend")).one().card)
    assert f"'Exception asked for by', 'value': '{ADVISER}'" in card
    assert "'Asked for in the role', 'value': 'CSA'" in card


def test_an_exception_that_was_not_theirs_to_ask_for_is_none(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask(TRAVELLER, "XF-CAP", **{**SOON, "waivers": []})

    with embedded_journeys.database.transaction() as session:
        inputs = {"prereq_results": [], "waivers": [ASKED], "family_exception": None}
        found = CATALOGUE["clearance.record_findings"].run(work_on(session, case), inputs)

    assert found["findings"]["exceptions"] == []
    assert waivers(embedded_journeys, case) == []
    assert [line.status for line in embedded_journeys.lines(case)] == ["HELD"]


def test_an_exception_is_added_while_something_is_repaired_by_whoever_may(embedded_journeys: Journeys) -> None:
    prepare(embedded_journeys, ADVISER)
    case = embedded_journeys.ask(ADVISER, "XF-CAP", on_behalf_of=TRAVELLER, **{**SOON, "waivers": [], "advisory_ack": []})
    embedded_journeys.do(case, TRAVELLER, "tsc_confirm_itinerary", confirmation="ACCEPT")
    added: dict[str, Any] = {"remedy": "WAIVER", "waivers": [ASKED]}

    with pytest.raises(AnswersInvalid, match="can ask for an exception from a suspension"):
        embedded_journeys.do(case, TRAVELLER, "tsc_fix_prereq", **added)
    assert waivers(embedded_journeys, case) == []

    embedded_journeys.do(case, ADVISER, "tsc_fix_prereq", **added)
    assert waivers(embedded_journeys, case) == [("SUSPENSION", ADVISER, "CSA")]


def test_another_waiver_opens_no_suspended_area(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask(TRAVELLER, "XF-CAP", **{**SOON, "waivers": []})
    (line,) = embedded_journeys.lines(case)

    def is_asked(code: str) -> bool:
        with embedded_journeys.database.transaction() as session:
            asked = {"case_id": case, "person": TRAVELLER, "stop_key": line.unit_key, "area": "XF-CAP", "asked_at": NOW}
            session.add(Waiver(code=code, reason="The next course is full until January.", status="ASKED", **asked))
            session.flush()
            unit = {"key": line.unit_key, "area": "XF-CAP", "requirement": "MANDATORY", "person_count": 1}
            moments = dict.fromkeys(("arrive_at", "from_at"), line.arrive_at.isoformat())
            unit |= {**moments, "depart_at": line.depart_at.isoformat()}
            facts = CATALOGUE["stop.facts"].run(work_on(session, case), {"stop": unit})["facts"]
            return bool(facts["waiver_requested"])

    assert not is_asked("P-SSAFE")
    assert is_asked("SUSPENSION")
