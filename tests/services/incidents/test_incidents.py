"""The incident register: repetitions, corrections, and what stays in confidence."""

from __future__ import annotations

from services.models.bus import BusEvent
from services.models.incidents import AffectedPerson, Incident
from tests.services.incidents.security import JUDGED, Security


def incident(security: Security, case_id: str) -> Incident:
    return security.rows(Incident, case_id=case_id)[0]


def test_a_repetition_is_offered_and_hands_its_people_to_the_first_report(journeys: Security) -> None:
    first = journeys.report("amadou.keita", "XA-NOR")
    second = journeys.report("kofi.drummond", "XA-CAP", affected=[{"name": "Ola Varga", "effect": "INJURED"}])
    number = incident(journeys, first).number

    journeys.do(
        second, "yusra.ben-halim", "inc_triage", classification="DUPLICATE", duplicate_of=number, remarks="The same theft"
    )

    assert journeys.case(second).outcome == "DUPLICATE"
    assert incident(journeys, second).duplicate_of == number
    assert [row.name for row in journeys.rows(AffectedPerson, incident_id=incident(journeys, first).id)] == ["Ola Varga"]
    assert journeys.open_tasks(first) == ["inc_triage"]


def test_reports_from_elsewhere_or_in_confidence_are_not_offered_as_the_same(security: Security) -> None:
    security.report("ana.lucero", "XC-CAP")
    security.report("amadou.keita", "XA-NOR", kind="THREAT_BY_COLLEAGUE")
    case = security.report("amadou.keita", "XA-NOR")

    shown = security.task(case, "inc_triage").card

    assert [row["value"] for row in shown if row.get("label") == "Open reports that may be the same"] == ["none"]


def test_a_correction_becomes_the_next_version_and_keeps_the_first(security: Security) -> None:
    case = security.report("amadou.keita", "XA-NOR")
    security.record(case)
    number = incident(security, case).number

    corrected = security.report("amadou.keita", "XA-NOR", corrects=number)
    assert security.open_tasks(corrected) == ["inc_record"]
    security.do(corrected, "yusra.ben-halim", "inc_record", account="Three men took a bag, not two.", actions_taken="Corrected")
    security.do(corrected, "naledi.vanter", "inc_endorse", decision="ENDORSE")

    versions = sorted((row.version, row.status, row.severity) for row in security.rows(Incident, number=number))
    assert versions == [(1, "SUPERSEDED", "MINOR"), (2, "CLOSED", "MINOR")]


def test_nobody_corrects_what_somebody_else_reported_without_a_role_there(security: Security) -> None:
    case = security.report("amadou.keita", "XA-NOR")
    security.record(case)

    other = security.report("petra.strand", "XA-NOR", corrects=incident(security, case).number)

    assert security.open_tasks(other) == ["inc_triage"]
    assert incident(security, other).version == 1


def test_support_is_offered_once_to_everybody_who_is_named(security: Security) -> None:
    case = security.report("amadou.keita", "XA-NOR", affected=[{"person": "amadou.keita", "effect": "THREATENED"}])
    security.do(case, "yusra.ben-halim", "inc_triage", **JUDGED)
    security.do(
        case,
        "yusra.ben-halim",
        "inc_record",
        account="Two men took a bag; two people saw it.",
        actions_taken="Police informed",
        affected=[{"person": "amadou.keita", "effect": "THREATENED"}, {"name": "Ola Varga", "effect": "THREATENED"}],
    )

    offered = [event.payload["person"] or event.payload["name"] for event in security.rows(BusEvent, kind="SUPPORT_PERSON")]
    assert sorted(offered) == ["Ola Varga", "amadou.keita"]


def test_a_report_in_confidence_is_known_to_the_reporter_the_confidant_and_the_counsellors_alone(journeys: Security) -> None:
    case = journeys.report("amadou.keita", "XA-NOR", kind="SEXUAL_ASSAULT", confidant="kofi.drummond")

    knowing = ("amadou.keita", "kofi.drummond")
    others = (
        "yusra.ben-halim",
        "naledi.vanter",
        "ingrid.sollerman",
        "rafael.mendes",
        "hugo.lemaire",
        "gabriel.noor",
        "amina.sorel",
    )
    assert [person for person in knowing if not journeys.sees(person, case)] == []
    assert [person for person in others if journeys.sees(person, case)] == []


def test_a_critical_incident_asks_for_one_crisis_however_often_it_is_told(journeys: Security) -> None:
    for _ in range(2):
        case = journeys.report("amadou.keita", "XA-NOR", kind="ARMED_CONFLICT")
        judged = {"classification": "INCIDENT", "category": "ARMED_CONFLICT", "severity": "CRITICAL"}
        journeys.do(case, "yusra.ben-halim", "inc_triage", **judged)
    journeys.dispatch()

    crises = journeys.cases_of("crisis_activation")
    assert [(one.area, one.requester, journeys.open_tasks(one.id)) for one in crises] == [("XA-NOR", "system", ["cri_confirm"])]
