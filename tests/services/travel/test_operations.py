"""What operations write and answer, beyond what the scenarios of the process already tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services import area_events, bus, people
from services.errors import NotAllowed
from services.models.audit import Decision
from services.models.authority import Absence, RoleHolding
from services.models.bus import BusEvent
from services.models.cases import Case, CaseParty, RequestDraft, TaskCandidate
from services.models.ceilings import CeilingEntry
from services.models.clearances import Breach, ClearanceLine, KpiEvent, Movement, Waiver
from services.models.people import Dependant, FamilyLink, Person
from services.operations import CATALOGUE, InputsUnfit, Work
from services.operations.hearing import first_in_line
from services.operations.moments import hours_until, not_before_least, read_moment, write_moment
from services.posting import post_event
from services.registers import ceilings, clearances
from tests.services.travel.journeys import NOW, Journeys
from workflows import engine

HOUR = timedelta(hours=1)


def perform(journeys: Journeys, case_id: str, operation: str, **inputs: Any) -> dict[str, Any]:
    """Carry out one operation for a case, as a service task would."""
    with journeys.database.transaction() as session:
        return CATALOGUE[operation].run(work_on(session, case_id), inputs)


def work_on(session: Session, case_id: str) -> Work:
    case = session.get_one(Case, case_id)
    call = engine.Call(element="a_step", token="t", headers={}, traces=[], line=None, area=None)
    return Work(session=session, case=case, actor=people.SYSTEM, now=NOW, version_id=case.version_id, call=call)


def unit_of(journeys: Journeys, case_id: str) -> dict[str, Any]:
    """The unit of a request with one stop."""
    lines = journeys.lines(case_id)
    first = lines[0]
    return {
        "key": first.unit_key,
        "stop": first.stop_key,
        "area": first.area,
        "arrive_at": write_moment(first.arrive_at),
        "depart_at": write_moment(first.depart_at),
        "from_at": write_moment(first.arrive_at),
        "persons": [line.person for line in lines],
        "person_count": len(lines),
        "requirement": first.requirement,
        "organisation": first.organisation,
    }


def test_every_operation_has_a_sentence_and_refuses_strange_inputs(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")

    assert all(operation.about.endswith(".") for operation in CATALOGUE.values())
    with pytest.raises(InputsUnfit):
        perform(embedded_journeys, case, "clearance.tally", nonsense=1)


def test_opening_enters_family_and_supervisor_as_parties(embedded_journeys: Journeys) -> None:
    with embedded_journeys.database.transaction() as session:
        session.add(FamilyLink(person_a="lina.marchetti", person_b="hugo.lemaire", kind="SIBLING"))
        session.add(
            Dependant(
                sponsor="lina.marchetti", person="ana.lucero", relation="CHILD", birth_year=2010, recognised_from=NOW.date()
            )
        )
    case = embedded_journeys.ask("lina.marchetti", "XB-CAP")

    with embedded_journeys.database.reading() as session:
        rows = session.execute(select(CaseParty.person, CaseParty.kind).where(CaseParty.case_id == case)).all()
    assert {tuple(row) for row in rows} == {
        ("lina.marchetti", "REQUESTER"),
        ("lina.marchetti", "TRAVELLER"),
        ("hugo.lemaire", "FAMILY"),
        ("ana.lucero", "FAMILY"),
        ("odile.farrant", "SUPERVISOR"),
    }


def test_the_subject_says_who_goes_where_and_when(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("lina.marchetti", "XB-CAP")

    assert embedded_journeys.case(case).subject == "Lina Marchetti: Porto Selene, Belmora, 2026-12-20/2026-12-24"


def test_an_automatic_grant_names_the_standing_order_and_the_tables(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")

    with embedded_journeys.database.reading() as session:
        decision = session.scalars(select(Decision).where(Decision.case_id == case)).one()
    assert (decision.act, decision.capacity, decision.actor_person) == ("GRANT", "SYSTEM", "system")
    assert "SO-XA-CAP" in (decision.reason_text or "")
    assert "D1.4" in {trace["decision"] for trace in decision.tables_used}


def test_a_persons_decision_is_linked_to_the_line(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("ana.lucero", "XC-CAP")

    embedded_journeys.do(case, "mei.okafor-lund", "stop_decide", decision="GRANT")

    line = embedded_journeys.lines(case)[0]
    with embedded_journeys.database.reading() as session:
        decision = session.get_one(Decision, line.decision_id)
    assert (decision.actor_person, decision.capacity, line.status, line.tier) == ("mei.okafor-lund", "DELEGATED", "GRANTED", 1)


def halden_stop(days: int = 19) -> list[dict[str, Any]]:
    arrive = NOW + timedelta(days=days)
    return [
        {
            "stop_type": "DESTINATION",
            "area": "XA-NOR",
            "place": "Halden",
            "arrive_at": arrive.isoformat(),
            "depart_at": (arrive + timedelta(days=4)).isoformat(),
            "transport_mode": "UN_FLIGHT",
            "operator": "UNFLIGHT",
            "flight_number": "UN1",
            "lodging_kind": "HOTEL",
            "lodging_ref": "XA-NOR-01",
            "contact_name": "Duty officer",
            "contact_phone": "+15550100",
        }
    ]


def halden(journeys: Journeys) -> str:
    """Somebody with every training asks for the area with a ceiling, and the head of organisation has endorsed it."""
    case = journeys.ask("lina.marchetti", "XA-NOR", stops=halden_stop(), activity_ref="WIPO-PATENTS-N")
    journeys.do(case, "clara.jimenez", "tsc_hoa_endorse", decision="APPROVE", pc_certified=True)
    return case


def test_a_place_is_reserved_while_deciding_and_consumed_by_the_grant(embedded_journeys: Journeys) -> None:
    case = halden(embedded_journeys)
    assert kinds_in_ledger(embedded_journeys) == {"RESERVE"}

    embedded_journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")
    embedded_journeys.do(case, "ingrid.sollerman", "stop_decide", decision="GRANT")

    assert kinds_in_ledger(embedded_journeys) == {"RESERVE", "CONSUME"}


def test_a_denial_gives_the_place_back_and_tells_the_waiting_list(embedded_journeys: Journeys) -> None:
    case = halden(embedded_journeys)
    embedded_journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")
    other = embedded_journeys.ask("iris.calder", "XA-CAP")
    with embedded_journeys.database.transaction() as session:
        line = session.scalars(select(ClearanceLine).where(ClearanceLine.case_id == other)).one()
        line.area, line.status = "XA-NOR", "DEFERRED"

    embedded_journeys.do(
        case, "ingrid.sollerman", "stop_decide", decision="DENY", reason_code="RISK", reason_text="The road was attacked twice."
    )

    assert kinds_in_ledger(embedded_journeys) == {"RESERVE", "RELEASE"}
    with embedded_journeys.database.reading() as session:
        assert list(session.scalars(select(BusEvent.kind))) == ["PLACE_FREED"]
    assert bus.dispatch(embedded_journeys.database, NOW) == 1


def waiting_for_a_place(journeys: Journeys, person: str, pc_level: str | None) -> str:
    """Somebody whose stop in the area with a ceiling waits for a place."""
    case = journeys.ask(person, "XA-CAP")
    with journeys.database.transaction() as session:
        line = session.scalars(select(ClearanceLine).where(ClearanceLine.case_id == case)).one()
        line.area, line.status, line.pc_level = "XA-NOR", "DEFERRED", pc_level
    return case


def told_of_places(journeys: Journeys) -> list[str]:
    """Who was told of the places that are free on the bus now, in the order of the events."""
    with journeys.database.reading() as session:
        events = session.scalars(select(BusEvent).where(BusEvent.kind == "PLACE_FREED").order_by(BusEvent.id)).all()
        return [case for event in events for case in session.scalars(first_in_line(session, event))]


def test_a_place_goes_to_the_most_critical_journey_and_then_to_the_first(journeys: Journeys) -> None:
    waiting_for_a_place(journeys, "iris.calder", "NONE")
    second = waiting_for_a_place(journeys, "lina.marchetti", "PC2")
    waiting_for_a_place(journeys, "ana.lucero", "PC2")
    with journeys.database.transaction() as session:
        post_event(session, "PLACE_FREED", area="XA-NOR", payload={}, by="system", now=NOW)

    assert told_of_places(journeys) == [second]


@pytest.mark.parametrize(("ceiling", "places"), [(41, 1), (60, 2), (None, 2), (39, 0)])
def test_a_raised_ceiling_calls_as_many_as_it_makes_room_for(journeys: Journeys, ceiling: int | None, places: int) -> None:
    waiting_for_a_place(journeys, "iris.calder", "NONE")
    waiting_for_a_place(journeys, "lina.marchetti", "PC2")

    with journeys.database.transaction() as session:
        area_events.change_area(session, "XA-NOR", {"ceiling": ceiling}, actor=people.SYSTEM, now=NOW)

    assert len(told_of_places(journeys)) == places


def test_while_the_traveller_chooses_the_request_says_that_it_was_denied(embedded_journeys: Journeys) -> None:
    case = halden(embedded_journeys)
    embedded_journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")

    embedded_journeys.do(
        case, "ingrid.sollerman", "stop_decide", decision="DENY", reason_code="RISK", reason_text="The road was attacked twice."
    )

    with embedded_journeys.database.reading() as session:
        assert session.get_one(Case, case).status == "DENIED"


def kinds_in_ledger(journeys: Journeys) -> set[str]:
    with journeys.database.reading() as session:
        return set(session.scalars(select(CeilingEntry.kind)))


def test_the_advisers_of_a_unit_never_decide_it(embedded_journeys: Journeys) -> None:
    case = halden(embedded_journeys)
    embedded_journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")

    with pytest.raises(NotAllowed):
        embedded_journeys.do(case, "naledi.vanter", "stop_decide", decision="GRANT")


def resolve(journeys: Journeys, case: str, *, tier: int, decider: str, recommenders: str = "") -> dict[str, Any]:
    unit = unit_of(journeys, case)
    return perform(journeys, case, "stop.resolve_people", stop=unit, tier=tier, decider=decider, recommenders=recommenders)


def test_whoever_decides_does_not_advise_and_nobody_advises_twice(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("lina.marchetti", "KE-NBO")

    found = resolve(embedded_journeys, case, tier=1, decider="DO", recommenders="DSSO,CSA")
    alone = resolve(embedded_journeys, case, tier=1, decider="CSA", recommenders="DSSO")

    assert found["deciders"] == ["abena.mensah"]
    assert [(one["role"], one["people"]) for one in found["recommenders"]] == [("DSSO", ["wanjiru.otieno"])]
    assert alone["recommenders"] == []


def test_a_conflicted_adviser_is_replaced_by_the_deputy(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("petra.strand", "XB-HIG")

    found = resolve(embedded_journeys, case, tier=2, decider="DO", recommenders="CSA")

    assert found["recommenders"] == [{"role": "SA", "stands_for": "CSA", "people": ["ines.moreau"]}]


def test_a_decision_that_nobody_may_take_goes_up_to_the_director(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")
    at_headquarters = embedded_journeys.ask("petra.strand", "CH-GVA", days=40)
    with embedded_journeys.database.transaction() as session:
        session.add(FamilyLink(person_a="ingrid.sollerman", person_b="iris.calder", kind="SIBLING"))
        session.add(FamilyLink(person_a="hanna.solberg-ito", person_b="petra.strand", kind="SIBLING"))

    found = resolve(embedded_journeys, case, tier=3, decider="DO")
    there = resolve(embedded_journeys, at_headquarters, tier=3, decider="DO")

    assert (found["decider"], found["deciders"]) == ("DRO_DIR", ["viktor.amsel"])
    assert "DRO_DIR decides" in found["moved"]
    assert (there["decider"], there["deciders"]) == ("DHSSS_DIR", ["thandi.roswell"])


def test_an_alternate_stands_before_the_director(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("lina.marchetti", "XB-CAP", days=30)
    with embedded_journeys.database.transaction() as session:
        session.add(FamilyLink(person_a="sofia.lindqvist-rao", person_b="lina.marchetti", kind="SIBLING"))
        session.add(RoleHolding(person="iris.calder", role="DOAI", area="XB", valid_from=NOW - HOUR, capacity="AD_INTERIM"))

    assert resolve(embedded_journeys, case, tier=3, decider="DO")["deciders"] == ["iris.calder"]


def authority_of(journeys: Journeys, case: str, tier: int) -> dict[str, Any]:
    answered = perform(journeys, case, "stop.authority", stop=unit_of(journeys, case), tier=tier)
    found: dict[str, Any] = answered["authority"]
    return found


def test_the_highest_standing_delegation_of_the_tier_counts(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XC-CAP")

    assert authority_of(embedded_journeys, case, 1)["delegation"] == "DSSO"
    assert authority_of(embedded_journeys, case, 2)["delegation"] == "NONE"
    assert authority_of(embedded_journeys, case, 4)["delegation"] == "NONE"


def test_a_conflict_is_one_only_when_nobody_else_holds_the_role(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("petra.strand", "XB-HIG")
    before = authority_of(embedded_journeys, case, 2)
    with embedded_journeys.database.transaction() as session:
        session.add(RoleHolding(person="ines.moreau", role="CSA", area="XB", valid_from=NOW - HOUR))

    after = authority_of(embedded_journeys, case, 2)

    assert (before["conflict"], before["conflict_kind"]) == (True, "FAMILY")
    assert (after["conflict"], after["conflict_kind"]) == (False, None)


def test_an_absent_official_is_not_present(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("ana.lucero", "XC-CAP")
    assert authority_of(embedded_journeys, case, 3)["do_present"]
    with embedded_journeys.database.transaction() as session:
        session.add(Absence(person="anwar.tessier", substitute="helga.brandvold", valid_from=NOW, valid_to=NOW + 9 * HOUR))

    assert not authority_of(embedded_journeys, case, 3)["do_present"]


def test_a_protected_person_is_a_unit_of_its_own(embedded_journeys: Journeys) -> None:
    with embedded_journeys.database.transaction() as session:
        session.get_one(Person, "traveller.02").protected = True
        for code in ("traveller.01", "traveller.02"):
            session.get_one(Person, code).unit = "SEEDS"
    case = embedded_journeys.ask("traveller.01", "XC-CAP", travellers=[{"person": "traveller.01"}, {"person": "traveller.02"}])

    lines = embedded_journeys.lines(case)

    assert [line.unit_key[-3:] for line in lines] == ["-S1", "S1b"]
    assert sorted(line.tier for line in lines if line.tier) == [1, 3]


def test_a_waiver_that_is_asked_is_settled_with_the_decision(embedded_journeys: Journeys) -> None:
    waiver = {
        "code": "P-SSAFE",
        "reason": "The mission of the office depends on this visit and cannot be done from elsewhere.",
        "mitigation": "A security officer travels with me all the time.",
    }
    case = embedded_journeys.ask("joao.almeida", "XA-NOR", stops=halden_stop(), activity_ref="UNVX-CLINIC", waivers=[waiver])
    embedded_journeys.do(case, "selma.okoye", "tsc_hoa_endorse", decision="APPROVE", pc_certified=True)
    embedded_journeys.do(case, "yusra.ben-halim", "stop_recommend", advice="RECOMMEND")
    embedded_journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")

    embedded_journeys.do(case, "ingrid.sollerman", "stop_decide", decision="GRANT")

    with embedded_journeys.database.reading() as session:
        row = session.scalars(select(Waiver)).one()
    assert (row.status, row.valid_to) == ("GRANTED", embedded_journeys.lines(case)[0].depart_at.date())


def test_a_notice_goes_out_once_per_facts(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")
    before = len(embedded_journeys.notices(case))
    to = ["iris.calder", "SFP", "SFP"]

    for area in ("A", "A", "B"):
        perform(embedded_journeys, case, "notify.send", code="N-TSC-13", to=to, facts={"area": area}, organisation="UNAH")
    perform(embedded_journeys, case, "notify.send", code="N-TSC-13", to=None, facts={})

    assert len(embedded_journeys.notices(case)) - before == 4


def test_a_role_is_added_to_an_overdue_task_once(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("ana.lucero", "XC-CAP")
    unit = unit_of(embedded_journeys, case)

    for _ in range(2):
        perform(embedded_journeys, case, "stop.escalate", stop=unit, element="stop_decide", role="CSA", person=None)
    perform(embedded_journeys, case, "stop.escalate", stop=unit, element="stop_decide", role=None, person=None)

    with embedded_journeys.database.reading() as session:
        assert list(session.scalars(select(TaskCandidate.role))) == ["CSA"]
    embedded_journeys.do(case, "helga.brandvold", "stop_decide", decision="GRANT")
    with embedded_journeys.database.reading() as session:
        assert session.scalars(select(Decision.capacity).where(Decision.actor_person == "helga.brandvold")).one() == "ESCALATED"


def test_a_check_in_finds_its_stop_by_the_moment_and_a_departure_ends_the_stay(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP", days=8)
    arrived, left = NOW + timedelta(days=8, hours=1), NOW + timedelta(days=12)

    embedded_journeys.send(case, "MSG_CHECKIN", {"kind": "ARRIVED", "person": None, "stop": None, "place": "Airport"}, arrived)
    assert embedded_journeys.lines(case)[0].status == "IN_AREA"
    embedded_journeys.send(case, "MSG_CHECKIN", {"kind": "DEPARTED", "person": "iris.calder", "stop": None}, left)

    assert embedded_journeys.lines(case)[0].status == "LEFT"
    with embedded_journeys.database.reading() as session:
        assert list(session.scalars(select(Movement.kind).order_by(Movement.recorded_at))) == ["ARRIVED", "DEPARTED"]


def test_whoever_said_too_early_to_have_left_says_to_be_there(journeys: Journeys) -> None:
    case = halden(journeys)
    journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")
    journeys.do(case, "ingrid.sollerman", "stop_decide", decision="GRANT")
    (line,) = journeys.lines(case)

    def check_in(kind: str) -> tuple[str, int]:
        """The status of the line, and the places that it holds for the last night."""
        with journeys.database.transaction() as session:
            work = replace(work_on(session, case), now=line.arrive_at + 30 * HOUR)
            CATALOGUE["clearance.check_in"].run(work, {"checkin": {"kind": kind, "person": line.person, "at": None}})
        with journeys.database.reading() as session:
            held = ceilings.count_held(session, line.unit_key)
        return journeys.lines(case)[0].status, held.get(max(held), 0) if held else 0

    assert check_in("ARRIVED") == ("IN_AREA", 1)
    left = check_in("DEPARTED")
    again = check_in("ARRIVED")
    twice = check_in("ARRIVED")

    assert (left[0], again, twice) == ("LEFT", ("IN_AREA", 1), ("IN_AREA", 1))
    assert journeys.problems() == []


def test_whose_clearance_was_revoked_there_says_to_have_left(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP", days=8)
    with embedded_journeys.database.transaction() as session:
        line = clearances.lines_of_case(session, case)[0]
        line.status, left_at = "REVOKED", line.arrive_at + HOUR

    said = {"kind": "DEPARTED", "person": "iris.calder", "at": left_at.isoformat()}
    perform(embedded_journeys, case, "clearance.check_in", checkin=said)

    assert embedded_journeys.lines(case)[0].status == "REVOKED"
    with embedded_journeys.database.reading() as session:
        assert list(session.scalars(select(Movement.kind))) == ["DEPARTED"]


def test_a_missing_person_is_told_to_the_bus(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP", days=8)
    key = embedded_journeys.lines(case)[0].stop_key

    perform(embedded_journeys, case, "clearance.check_in", checkin={"kind": "MISSING", "stop": key})

    with embedded_journeys.database.reading() as session:
        event = session.scalars(select(BusEvent)).one()
    assert (event.kind, event.payload["person"]) == ("MSG_HEADCOUNT_ONE", "iris.calder")
    assert bus.dispatch(embedded_journeys.database, NOW) == 1


def test_presence_without_a_clearance_is_entered_once(embedded_journeys: Journeys) -> None:
    late = "The flight was booked on the evening before."
    case = embedded_journeys.ask("traveller.09", "XC-CAP", days=-1, late_justification=late)
    line = embedded_journeys.lines(case)[0]
    row = {"stop": line.stop_key, "requirement": "MANDATORY", "is_open": True, "hours_to_arrival": -24, "area": "XC-CAP"}

    answered = perform(embedded_journeys, case, "clearance.record_breach", requirements=[row])

    assert answered["breach"]["sfp"] == ["rafael.mendes"]
    with embedded_journeys.database.reading() as session:
        assert [breach.person for breach in session.scalars(select(Breach))] == ["traveller.09"]


def compared(journeys: Journeys, case: str, **change: Any) -> dict[str, Any]:
    stops = [{"key": line.stop_key, "no": line.stop_no, **line.facts} for line in journeys.lines(case)]
    answered = perform(journeys, case, "clearance.compare_changes", changes=[change], queued_changes=None, stops=stops)
    (fact,) = answered["change_facts"] or [{}]
    return dict(fact)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"kind": "DROP", "stop": 1}, "DROP_STOP"),
        ({"kind": "LODGING", "stop": 1}, "ACCOMMODATION"),
        ({"kind": "DATES", "stop": 1, "depart_at": "2026-12-28T09:00:00Z"}, "EXTEND_STAY"),
        ({"kind": "DATES", "stop": 1, "depart_at": "2026-12-23T09:00:00Z"}, "DATE_SHIFT_LE_24H"),
        ({"kind": "DATES", "stop": 1, "arrive_at": "2026-12-18T08:00:00Z"}, "DATE_SHIFT_GT_24H"),
        ({"kind": "NEW_AREA", "stop": None, "area": "XB-CAP"}, "NEW_AREA"),
    ],
)
def test_a_change_is_called_what_the_table_calls_it(embedded_journeys: Journeys, change: dict[str, Any], expected: str) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")

    fact = compared(embedded_journeys, case, **change)

    assert (fact["change"], fact["stop_mode"]) == (expected, "AUTO")


def test_a_change_of_no_stop_is_left_out(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")

    assert compared(embedded_journeys, case, kind="DROP", stop=7) == {}


def test_an_added_traveller_gets_a_draft_of_the_own(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")

    embedded_journeys.send(case, "MSG_AMEND", {"changes": [{"kind": "ADD_TRAVELLER", "traveller": "ana.lucero"}]})

    with embedded_journeys.database.reading() as session:
        draft = session.scalars(select(RequestDraft)).one()
    assert (draft.person, draft.answers["stops"][0]["area"]) == ("ana.lucero", "XA-CAP")


def test_a_new_stop_is_cleared_alone_and_the_others_stand(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")
    change = {
        "kind": "NEW_AREA",
        "area": "XC-CAP",
        "place": "Tesh",
        "arrive_at": "2026-12-24T18:00:00Z",
        "depart_at": "2026-12-27T09:00:00Z",
        "transport_mode": "AIR",
        "operator": "MERIDIAN",
        "flight_number": "ME9",
        "contact_name": "Duty officer",
        "contact_phone": "+15550100",
    }

    embedded_journeys.send(case, "MSG_AMEND", {"changes": [change]})

    first, second = embedded_journeys.lines(case)
    assert (first.stop_no, first.area, first.status) == (1, "XA-CAP", "GRANTED")
    assert (second.stop_no, second.area, second.status) == (2, "XC-CAP", "PENDING")


def test_what_happens_is_counted(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")

    with embedded_journeys.database.reading() as session:
        events = session.scalars(select(KpiEvent).where(KpiEvent.case_id == case)).all()
    counted = {event.name: event.facts for event in events}
    assert {"tsc.submitted", "tsc.decided", "tsc.overall"} <= counted.keys()
    assert counted["tsc.submitted"] == {"late": False, "priority": "NORMAL", "travellers": 1}
    assert counted["tsc.stop_routed"]["mode"] == "AUTO"
    assert counted["tsc.stop_routed"]["row"] == 16


def test_an_endorsement_and_the_way_to_a_decider_are_counted(embedded_journeys: Journeys) -> None:
    case = halden(embedded_journeys)

    with embedded_journeys.database.reading() as session:
        events = session.scalars(select(KpiEvent).where(KpiEvent.case_id == case)).all()
    counted = {event.name: event.facts for event in events}
    assert counted["tsc.endorsed"] == {"role": "HOA"}
    assert (counted["tsc.stop_routed"]["mode"], counted["tsc.stop_routed"]["tier"]) == ("MANUAL", 2)


def test_aviation_knows_what_is_advised_and_keeps_what_is_decided(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")

    avoid = perform(embedded_journeys, case, "aviation.lookup", operators=["BLUEPEAK"], organisation="UNAH")["advice"]
    unknown = perform(embedded_journeys, case, "aviation.lookup", operators=["KARST", "New Wings"], organisation="UNAH")["advice"]
    for _ in range(2):
        perform(
            embedded_journeys,
            case,
            "aviation.record",
            operators=["New Wings"],
            organisation="UNAH",
            decision="USE",
            rating="SUITABLE",
            remarks=None,
        )
    after = perform(embedded_journeys, case, "aviation.lookup", operators=["New Wings"], organisation="UNAH")["advice"]

    assert (avoid["known"], avoid["decision"]) == (True, "AVOID")
    assert (unknown["known"], unknown["decision"]) == (False, None)
    assert (after["known"], after["decision"], after["operators"][0]["rating"]) == (True, "USE", "SUITABLE")


def test_moments_are_written_in_utc_and_deadlines_leave_two_hours() -> None:
    moment = read_moment("2026-12-01T12:00:00+03:00")

    assert (moment, write_moment(moment)) == (NOW, "2026-12-01T09:00:00Z")
    assert read_moment("2026-12-01T09:00:00") == NOW
    assert hours_until(NOW + timedelta(minutes=90), NOW) == 1.5
    assert not_before_least(NOW - HOUR, NOW) == "2026-12-01T11:00:00Z"
