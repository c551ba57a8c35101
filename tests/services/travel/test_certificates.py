"""Certificates: numbers, versions, conditions, and when one holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services import certificates, people
from services.errors import NotFound
from tests.services.travel.journeys import NOW, Journeys

BRIEFING = [{"code": "C05", "must_acknowledge": True}]
ADVICE = [{"code": "C13", "parameter": "Bring water", "must_acknowledge": False}]
WHY = "The road south is quiet but help is far away."


def test_an_automatic_clearance_has_a_certificate_at_once(journeys: Journeys) -> None:
    case = journeys.ask("iris.calder", "XA-CAP")

    (certificate,) = journeys.certificates(case)

    assert certificate.number == f"{journeys.case(case).number}-V1"
    assert certificate.status == "VALID"
    (stop,) = certificate.stops
    assert (stop["area"], stop["persons"], stop["conditions"]) == ("XA-CAP", ["iris.calder"], [])
    line = journeys.lines(case)[0]
    assert (line.valid_from, line.valid_to) == (line.arrive_at - timedelta(hours=12), line.depart_at + timedelta(hours=24))


def test_conditions_suspend_the_certificate_until_they_are_acknowledged(journeys: Journeys) -> None:
    case = journeys.ask("ana.lucero", "XC-CAP")
    journeys.do(case, "mei.okafor-lund", "stop_decide", decision="GRANT_COND", conditions=BRIEFING, reason_text=WHY)
    before = journeys.certificates(case)[0].status

    journeys.do(case, "ana.lucero", "tsc_ack_conditions", acknowledged=True)

    after = journeys.certificates(case)[0]
    assert (before, after.status, after.acknowledged_at) == ("SUSPENDED", "VALID", NOW)
    assert after.stops[0]["conditions"][0]["text"] == certificates.CONDITION_TITLES["C05"]


def test_confirmed_conditions_do_not_lift_what_else_suspends_the_certificate(journeys: Journeys) -> None:
    case = journeys.ask("ana.lucero", "XC-CAP")
    journeys.do(case, "mei.okafor-lund", "stop_decide", decision="GRANT_COND", conditions=BRIEFING, reason_text=WHY)
    stop = journeys.lines(case)[0].stop_key
    journeys.send(case, "MSG_REASSESS", {"stop": stop, "hold": True, "reason": "INCIDENT_MAJOR", "by_hand": True})

    journeys.do(case, "ana.lucero", "tsc_ack_conditions", acknowledged=True)

    (certificate,) = journeys.certificates(case)
    assert (certificate.status, certificate.holds, certificate.acknowledged_at) == ("SUSPENDED", ["INCIDENT_MAJOR"], NOW)


def test_what_is_not_read_yet_suspends_the_next_version_too(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")
    with embedded_journeys.database.transaction() as session:
        (first,) = certificates.list_certificates(session, case)
        certificates.suspend(first, certificates.ADVISORY)

    change = {"kind": "LODGING", "stop": 1, "lodging_name": "Hotel Sound"}
    embedded_journeys.send(case, "MSG_AMEND", {"changes": [change]})

    second = embedded_journeys.certificates(case)[1]
    assert (second.status, second.holds) == ("SUSPENDED", ["ADVISORY"])


def test_a_condition_that_nobody_must_confirm_suspends_nothing(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("ana.lucero", "XC-CAP")

    embedded_journeys.do(case, "mei.okafor-lund", "stop_decide", decision="GRANT_COND", conditions=ADVICE, reason_text=WHY)

    (certificate,) = embedded_journeys.certificates(case)
    assert (certificate.status, certificate.stops[0]["conditions"][0]["parameter"]) == ("VALID", "Bring water")


def test_a_new_version_makes_the_old_one_void_and_both_stay(journeys: Journeys) -> None:
    case = journeys.ask("iris.calder", "XA-CAP")
    line = journeys.lines(case)[0]

    change = {"kind": "LODGING", "stop": 1, "lodging_name": "Hotel Sound"}
    journeys.send(case, "MSG_AMEND", {"changes": [change]})

    first, second = journeys.certificates(case)
    assert (first.status, first.void_reason) == ("VOID", "SUPERSEDED")
    assert (second.status, second.number[-3:]) == ("VALID", "-V2")
    assert journeys.lines(case)[0].valid_to == line.valid_to


def test_a_withdrawn_request_has_no_certificate_that_holds(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")

    embedded_journeys.send(case, "MSG_WITHDRAW", {"reason": "The meeting was cancelled."})

    assert [one.status for one in embedded_journeys.certificates(case)] == ["VOID"]


def test_a_stranger_learns_only_whether_it_holds(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")
    (certificate,) = embedded_journeys.certificates(case)

    with embedded_journeys.database.reading() as session:
        verify = certificates.verify
        assert verify(session, certificate.number, certificate.check_code) == "VALID"
        assert verify(session, certificate.number, "0" * 16) is None
        assert verify(session, "TSC-2026-000999-V1", certificate.check_code) is None
        assert verify(session, certificate.number, certificate.check_code, now=NOW + timedelta(days=60)) == "VOID"


@pytest.mark.parametrize("person", ["petra.strand", "yusra.ben-halim", "mika.tarn"])
def test_a_certificate_is_read_only_by_who_may_see_the_whole_case(embedded_journeys: Journeys, person: str) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")
    number = embedded_journeys.certificates(case)[0].number

    with embedded_journeys.database.reading() as session:
        own = people.actor_named(session, "iris.calder")
        assert certificates.get_certificate(session, number, actor=own, now=NOW).number == number
        with pytest.raises(NotFound):
            certificates.get_certificate(session, number, actor=people.actor_named(session, person), now=NOW)
        with pytest.raises(NotFound):
            certificates.get_certificate(session, f"{number}0", actor=own, now=NOW)


def test_the_number_of_the_case_is_in_the_number_of_the_certificate(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("iris.calder", "XA-CAP")

    assert certificates.case_number_of(embedded_journeys.certificates(case)[0]) == embedded_journeys.case(case).number
