"""How critical a trip is: what the register rates, and never what a traveller says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.audit import Decision
from services.models.cases import OPEN, Task
from services.models.travel import Activity
from services.operations import CATALOGUE
from services.registers import activities
from tests.services.travel.journeys import NOW, Journeys, request_to
from tests.services.travel.test_operations import work_on
from workflows.errors import AnswersInvalid

DAY = timedelta(days=1)
RATED = "WIPO-PATENTS-N"


def to_the_north(area: str = "XA-NOR", **stop: Any) -> list[dict[str, Any]]:
    return [request_to(area)["stops"][0] | {"lodging_ref": f"{area}-01"} | stop]


def change(journeys: Journeys, **values: Any) -> None:
    with journeys.database.transaction() as session:
        activity = session.get_one(Activity, RATED)
        for name, value in values.items():
            setattr(activity, name, value)


def rate(
    session: Session, code: str | None = RATED, *, organisation: str = "WIPO", area: str = "XA-NOR"
) -> tuple[str, str | None]:
    stay = {"arrive_at": NOW + 19 * DAY, "depart_at": NOW + 23 * DAY}
    found = activities.rate(session, code, organisation=organisation, area=area, now=NOW, **stay)
    return found.level, found.misfit


def card_of(journeys: Journeys, case_id: str, element: str) -> str:
    with journeys.database.reading() as session:
        query = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
        return str(session.scalars(query).one().card)


def test_an_activity_counts_where_and_while_it_is_rated(journeys: Journeys) -> None:
    with journeys.database.reading() as session:
        assert rate(session) == ("PC2", None)
        assert rate(session, None) == ("NONE", "UNNAMED")
        assert rate(session, "NO-SUCH") == ("NONE", "UNNAMED")
        assert rate(session, organisation="UNAH") == ("NONE", "ORGANISATION")
        assert rate(session, area="XC-CAP") == ("NONE", "AREA")

    change(journeys, areas=["XA"])
    with journeys.database.reading() as session:
        assert rate(session) == ("PC2", None)


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({"pc_valid_to": (NOW + 22 * DAY).date()}, "NONE"),
        ({"pc_valid_to": (NOW + 23 * DAY).date()}, "PC2"),
        ({"pc_valid_from": (NOW + DAY).date()}, "NONE"),
        ({"pc_valid_from": NOW.date()}, "PC2"),
        ({"pc_valid_from": None}, "PC2"),
    ],
)
def test_a_rating_counts_from_today_to_the_departure(embedded_journeys: Journeys, values: dict[str, Any], level: str) -> None:
    change(embedded_journeys, **values)

    with embedded_journeys.database.reading() as session:
        assert rate(session)[0] == level


def test_a_traveller_cannot_say_how_critical_a_trip_is(embedded_journeys: Journeys) -> None:
    with pytest.raises(AnswersInvalid, match="pc_level"):
        embedded_journeys.ask("lina.marchetti", "XA-NOR", stops=to_the_north(), activity_ref=RATED, pc_level="PC1")


@pytest.mark.parametrize(
    ("values", "asked", "said"),
    [
        ({}, {}, "it is needed for a stop with high or very high residual risk"),
        ({}, {"activity_ref": "UNVX-CLINIC"}, "Choose one of the listed options"),
        ({"areas": ["XC-CAP"]}, {"activity_ref": RATED}, "is not rated for Arvenia North"),
        ({"pc_valid_to": (NOW + 5 * DAY).date()}, {"activity_ref": RATED}, "It must be valid from today to your departure"),
        ({"pc_valid_from": (NOW + DAY).date()}, {"activity_ref": RATED}, "It must be valid from today to your departure"),
    ],
)
def test_an_activity_that_does_not_fit_is_refused_with_a_sentence(
    embedded_journeys: Journeys, values: dict[str, Any], asked: dict[str, Any], said: str
) -> None:
    change(embedded_journeys, **values)

    with pytest.raises(AnswersInvalid, match=said):
        embedded_journeys.ask("lina.marchetti", "XA-NOR", stops=to_the_north(), **asked)


def test_where_the_risk_is_low_no_activity_is_needed(embedded_journeys: Journeys) -> None:
    assert embedded_journeys.open_tasks(embedded_journeys.ask("lina.marchetti", "XB-CAP")) == ["tsc_supervisor_endorse"]


def test_a_preparer_chooses_among_the_activities_of_those_they_prepare_for(embedded_journeys: Journeys) -> None:
    stops = to_the_north()
    case = embedded_journeys.ask("paula.reyes", "XA-NOR", on_behalf_of="amadou.keita", stops=stops, activity_ref="UNAH-SEED")
    assert embedded_journeys.open_tasks(case) == ["tsc_confirm_itinerary"]

    with pytest.raises(AnswersInvalid, match="activity_ref"):
        embedded_journeys.ask("paula.reyes", "XA-NOR", on_behalf_of="amadou.keita", stops=stops, activity_ref=RATED)


def test_a_rating_that_was_lowered_sends_the_request_back(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("lina.marchetti", "XA-NOR", stops=to_the_north(), activity_ref=RATED)
    assert embedded_journeys.open_tasks(case) == ["tsc_hoa_endorse"]
    change(embedded_journeys, pc_level="PC3")

    with embedded_journeys.database.transaction() as session:
        found = CATALOGUE["clearance.prerequisites"].run(
            work_on(session, case),
            {"stops_to_decide": [unit(embedded_journeys, case)], "activity_ref": RATED, "travel_kind": "OFFICIAL"},
        )

    assert found["endorse_facts"]["pc_level"] == "PC3"


def test_the_least_critical_of_the_dangerous_stops_counts(embedded_journeys: Journeys) -> None:
    change(embedded_journeys, areas=["XA-NOR"])
    case = embedded_journeys.ask("lina.marchetti", "XA-NOR", stops=to_the_north(), activity_ref=RATED)
    north = unit(embedded_journeys, case)
    dangerous, calm = {**north, "area": "XA-EST"}, {**north, "area": "XB-CAP"}

    def level(*units: dict[str, Any], **said: Any) -> str:
        with embedded_journeys.database.transaction() as session:
            inputs = {"stops_to_decide": list(units), "activity_ref": RATED, "travel_kind": "OFFICIAL", **said}
            return str(CATALOGUE["clearance.prerequisites"].run(work_on(session, case), inputs)["endorse_facts"]["pc_level"])

    assert level(north, calm) == "PC2"
    assert level(north, dangerous) == "NONE"
    assert level(north, activity_ref=None, pc_level="PC1") == "PC1", "an older version of the process brings what was said"


def unit(journeys: Journeys, case_id: str) -> dict[str, Any]:
    line = journeys.lines(case_id)[0]
    moments = {"arrive_at": line.arrive_at.isoformat(), "depart_at": line.depart_at.isoformat()}
    return {"key": line.unit_key, "area": line.area, **moments, "from_at": moments["arrive_at"]}


@pytest.mark.parametrize(
    ("area", "activity", "element", "by"),
    [("XA-EST", "WIPO-RELIEF-E", "tsc_exh_certify", "per.vane"), ("XA-NOR", RATED, "tsc_hoa_endorse", "clara.jimenez")],
)
def test_nobody_endorses_a_dangerous_trip_without_certifying_its_level(
    embedded_journeys: Journeys, area: str, activity: str, element: str, by: str
) -> None:
    case = embedded_journeys.ask("lina.marchetti", area, stops=to_the_north(area), activity_ref=activity)

    with pytest.raises(AnswersInvalid, match="Certify the programme criticality level"):
        embedded_journeys.do(case, by, element, decision="APPROVE")
    assert embedded_journeys.open_tasks(case) == [element]

    embedded_journeys.do(case, by, element, decision="APPROVE", pc_certified=True)
    with embedded_journeys.database.reading() as session:
        kept = session.scalars(select(Decision).where(Decision.case_id == case, Decision.element == element)).one()
    assert kept.answers["pc_certified"] is True


def test_a_trip_is_returned_without_certifying_anything(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("lina.marchetti", "XA-NOR", stops=to_the_north(), activity_ref=RATED)

    embedded_journeys.do(case, "clara.jimenez", "tsc_hoa_endorse", decision="RETURN", remarks="Which of the two offices?")

    assert embedded_journeys.open_tasks(case) == ["tsc_correct_request"]


def test_a_supervisor_certifies_no_criticality(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("lina.marchetti", "XB-CAP")

    embedded_journeys.do(case, "odile.farrant", "tsc_supervisor_endorse", decision="APPROVE", pc_certified=True)

    with embedded_journeys.database.reading() as session:
        kept = session.scalars(select(Decision).where(Decision.element == "tsc_supervisor_endorse")).one()
    assert "pc_certified" not in kept.answers


def test_who_decides_reads_which_activity_it_is_and_who_certified_it(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("lina.marchetti", "XA-NOR", stops=to_the_north(), activity_ref=RATED)
    endorsing = card_of(embedded_journeys, case, "tsc_hoa_endorse")
    embedded_journeys.do(case, "clara.jimenez", "tsc_hoa_endorse", decision="APPROVE", pc_certified=True)

    advising = card_of(embedded_journeys, case, "stop_recommend")
    embedded_journeys.do(case, "naledi.vanter", "stop_recommend", advice="RECOMMEND")
    deciding = card_of(embedded_journeys, case, "stop_decide")

    for card in (endorsing, advising, deciding):
        assert "Technology transfer support in the north" in card
        assert "PC2" in card
        assert "2027-06-30" in card
    assert "{'label': 'Criticality certified by', 'value': 'HOA'}" in deciding


def test_a_request_that_was_corrected_is_endorsed_anew(embedded_journeys: Journeys) -> None:
    case = embedded_journeys.ask("lina.marchetti", "XA-NOR", stops=to_the_north(), activity_ref=RATED)
    embedded_journeys.do(case, "clara.jimenez", "tsc_hoa_endorse", decision="APPROVE", pc_certified=True)
    inputs = {"stops_to_decide": [unit(embedded_journeys, case)], "activity_ref": RATED, "travel_kind": "OFFICIAL"}

    with embedded_journeys.database.transaction() as session:
        work = work_on(session, case)
        endorsed = CATALOGUE["clearance.prerequisites"].run(work, inputs)
        work.record_decision(act="ANSWER", outcome="CORRECTED", line=None, area=None)
        corrected = CATALOGUE["clearance.prerequisites"].run(work_on(session, case), inputs)

    assert "endorsed_by" not in endorsed
    assert (corrected["endorsed_by"], corrected["pc_certified"]) == ([], None)
