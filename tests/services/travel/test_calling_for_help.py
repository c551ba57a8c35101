"""Who checks in and asks for help is heard at once; the rest of a journey goes on as before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services import jobs
from services.mailers import MemoryMailer
from tests.services.travel.journeys import NOW, Journeys

THERE = NOW + timedelta(days=19, hours=1)


@pytest.mark.parametrize(("safe", "is_told"), [("NEED_HELP", True), ("SAFE", False), (None, False)])
def test_a_call_for_help_reaches_wardens_and_advisers_of_the_area(
    embedded_journeys: Journeys, safe: str | None, is_told: bool
) -> None:
    journeys = embedded_journeys
    case = journeys.ask("iris.calder", "XA-CAP")
    mailer = MemoryMailer()

    said = {"kind": "ARRIVED", "person": "iris.calder", "stop": None, "place": "Harbour road 4", "at": None, "safe": safe}
    journeys.send(case, "MSG_CHECKIN", said, now=THERE)
    jobs.run_once(journeys.database, mailer, THERE)

    letters = [letter for letter in mailer.letters if letter.code == "N-TSC-22"]
    assert bool(letters) is is_told
    assert "naledi.vanter@demo.example" in {letter.to for letter in letters} or not is_told
    for letter in letters:
        assert "Iris Calder" in letter.subject
        assert "Harbour road 4" in letter.body
        assert "+41795550100" in letter.body
    assert journeys.lines(case)[0].status == "IN_AREA"
    assert journeys.problems(now=THERE) == []


def test_a_call_from_somewhere_else_is_heard_too(embedded_journeys: Journeys) -> None:
    journeys = embedded_journeys
    case = journeys.ask("iris.calder", "XA-CAP")
    said = {"kind": "ARRIVED", "person": "somebody.else", "stop": None, "place": None, "at": None, "safe": "NEED_HELP"}

    journeys.send(case, "MSG_CHECKIN", said, now=THERE)

    assert "N-TSC-22" in journeys.notices(case)
