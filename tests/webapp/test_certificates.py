"""Certificates: for those whom the case concerns, and what everybody else may learn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.models.clearances import Certificate
from tests.databases import NOW
from tests.pages import flaws_of
from tests.services.leave import REQUESTER, STRANGER

CASE = "LV-2026-000001"
NUMBER = f"{CASE}-V1"
CODE = "0123456789abcdef"
ITINERARY = ("Arvenia North", "XA-NOR", "Halden", "Lina", "marchetti", "convoy")


@pytest.fixture
def issue(leave):
    """Give a function that puts a certificate into the register: `issue(status="VOID")`."""
    case_id = leave.start()

    def put(**facts):
        stop = {
            "stop": f"{CASE}-S1",
            "area": "XA-NOR",
            "place": "Halden",
            "persons": [REQUESTER],
            "arrive_at": (NOW + timedelta(days=9)).isoformat(),
            "depart_at": (NOW + timedelta(days=14)).isoformat(),
            "valid_from": (NOW + timedelta(days=8)).isoformat(),
            "valid_to": (NOW + timedelta(days=15)).isoformat(),
            "status": "GRANTED_COND",
            "conditions": [{"code": "C02", "parameter": None, "text": "Travel in a convoy of two vehicles"}],
        }
        row = {
            "status": "VALID",
            "issued_at": NOW,
            "acknowledged_at": NOW,
            "stops": [stop],
            "check_code": CODE,
            "version": 1,
            "number": NUMBER,
        }
        with leave.database.transaction() as session:
            session.add(Certificate(case_id=case_id, **{**row, **facts}))

    return put


def test_the_certificate_says_for_every_stop_what_holds_until_when_and_how(issue, enter):
    issue()

    page = enter(REQUESTER).get(f"/certificates/{NUMBER}")

    for text in ("Arvenia North (Halden)", "Travel in a convoy of two vehicles", "Lina Marchetti", "version 1", "16 Dec 2026"):
        assert text in page.text
    assert "VOID" not in page.text
    assert flaws_of(page.text) == []


def test_the_case_links_to_its_certificate(issue, enter):
    issue()

    assert f"/certificates/{NUMBER}" in enter(REQUESTER).get(f"/cases/{CASE}").text


@pytest.mark.parametrize(("status", "mark"), [("VOID", "VOID"), ("SUSPENDED", "SUSPENDED")])
def test_a_certificate_that_does_not_hold_says_so_across_the_sheet(issue, enter, status, mark):
    issue(status=status)

    assert f">{mark}</p>" in enter(REQUESTER).get(f"/certificates/{NUMBER}").text


def test_conditions_that_are_not_confirmed_are_pointed_out(issue, enter):
    issue(status="SUSPENDED", acknowledged_at=None, holds=["CONDITIONS"])

    assert "as soon as you confirm its conditions" in enter(REQUESTER).get(f"/certificates/{NUMBER}").text


def test_the_certificate_can_be_carried_as_a_file(issue, enter):
    issue()

    answer = enter(REQUESTER).get(f"/certificates/{NUMBER}.pdf")

    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{NUMBER}.pdf"'


def test_what_was_written_in_another_script_keeps_its_direction(issue, enter):
    own = {"code": "C13", "parameter": "الساعة 18:00", "text": "Be at the gate early."}
    issue(stops=[{"stop": f"{CASE}-S1", "area": "XA-NOR", "place": "Halden", "persons": [], "conditions": [own]}])

    reader = enter(REQUESTER)
    reader.post("/language", locale="ar", next="/")

    page = reader.get(f"/certificates/{NUMBER}").text

    assert "<li><bdi>Be at the gate early.</bdi>: الساعة 18:00</li>" in page


def test_the_code_is_a_picture_of_its_own(issue, enter):
    issue()

    answer = enter(REQUESTER).get(f"/certificates/{NUMBER}/qr.svg")

    assert answer.mimetype == "image/svg+xml"
    assert answer.text.startswith("<svg")


@pytest.mark.parametrize("below", ["", ".pdf", "/qr.svg"])
def test_a_foreign_certificate_answers_like_a_missing_one(issue, enter, below):
    issue()
    stranger = enter(STRANGER)

    assert stranger.get(f"/certificates/{NUMBER}{below}").status_code == 404
    assert stranger.get(f"/certificates/{CASE}-V9{below}").status_code == 404


@pytest.mark.parametrize(
    ("status", "number", "code", "verdict"),
    [
        ("VALID", NUMBER, CODE, "verdict--valid"),
        ("VOID", NUMBER, CODE, "verdict--void"),
        ("SUSPENDED", NUMBER, CODE, "verdict--void"),
        ("VALID", NUMBER, "0000000000000000", "verdict--unknown"),
        ("VALID", f"{CASE}-V9", CODE, "verdict--unknown"),
    ],
)
def test_anybody_may_check_a_number_with_its_code_and_learns_nothing_of_the_trip(issue, pages, status, number, code, verdict):
    issue(status=status)

    page = pages.test_client().get(f"/verify/{number}/{code}")

    assert page.status_code == 200
    assert verdict in page.text
    assert not [text for text in ITINERARY if text in page.text]
    assert flaws_of(page.text) == []


def test_a_certificate_is_over_with_the_trip(issue, pages, clock):
    issue()
    clock.advance(days=30)

    assert "verdict--void" in pages.test_client().get(f"/verify/{NUMBER}/{CODE}").text


def test_the_sheet_itself_is_closed_to_strangers(issue, pages):
    issue()

    assert pages.test_client().get(f"/certificates/{NUMBER}").location.startswith("/sign-in")
