"""Every indicator, counted by hand on the small world of world.py."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services import indicators
from services.errors import NotFound
from services.indicators.periods import PeriodAhead, PeriodUnknown
from services.indicators.shape import percent
from tests.services.indicators.world import BEFORE, NOW, QUARTER


def said(value):
    """What an indicator says: above, below, value."""
    return value.numerator, value.denominator, None if value.value is None else str(value.value)


def reasons(value):
    """What does not count, with its reasons."""
    return {member.label: [why.code for why in member.why] for member in value.members if member.why}


def test_every_indicator_as_counted_by_hand(world):
    found = {key: said(world.compute(key)) for key in indicators.INDICATORS}

    assert found == {
        "K1": (3, 9, "33.3"),  # GVA-1 keeps 3 of 3+2; the 4 of GVA-2 are of an old survey
        "K2": (2, None, "2"),  # AB-1, AB-3
        "K3": (1, 4, "25.0"),  # TN-1 of TN-1, 2, 3, 5
        "K4": (2, 4, "50.0"),  # CH-GVA, XA-NOR of them, XA-CAP, XB-CAP
        "K5": (2, 3, "66.7"),  # of them and A-3
        "K6": (2, 5, "40.0"),  # S-1, S-2 of them, S-3, S-4, S-6
        "K7": (1, 3, "33.3"),  # XA of XA, XB, XC
        "K8": (2, 3, "66.7"),  # C-1, C-3 of them and C-2
        "K9": (2, 6, "33.3"),  # DP-1, DP-3 of them, DP-2, DP-4, DP-8, DP-9
        "K10": (2, 5, "40.0"),  # anna, cleo's spouse of them, ben, cleo, anna's child
        "K11": (1, None, "1"),  # otto
        "K12": (3, 5, "60.0"),  # anna in time, cleo declined, gus in confidence; not ben, not dan
        "K13": (2, 4, "50.0"),  # gus, anna of them, cleo, otto
        "K14": (3, 5, "66.7"),  # the mean of 2 of 2 and of 1 of 3: (100 + 33.33) / 2
        "K15": (1, 3, "33.3"),  # gus of him, otto, the coordinator
        "K16": (1, 3, "33.3"),  # of three requests, one in time
    }


def test_the_list_behind_a_figure_adds_up_to_it_and_says_why(world):
    for key in indicators.INDICATORS:
        value = world.compute(key)
        assert sum(member.numerator for member in value.members) == value.numerator, key
        assert value.denominator is None or sum(member.denominator for member in value.members) == value.denominator, key
        assert all(member.why or member.numerator for member in value.members), key
    assert reasons(world.compute("K3")) == {
        "TN-2": ["NOT_COORDINATED"],
        "TN-3": ["NOT_ASSESSED"],
        "TN-4": ["CANCELLED"],
        "TN-5": ["NOT_COORDINATED"],
    }
    assert reasons(world.compute("K4")) == {
        "XA-CAP": ["PLAN_MISSING", "PLAN_NOT_TESTED", "TEST_TOO_SMALL"],
        "XB-CAP": ["PLAN_NOT_UPDATED"],
        "XC-CAP": ["IN_CRISIS"],
    }
    assert reasons(world.compute("K6")) == {"S-3": ["INTERIM"], "S-4": ["IN_GRACE"], "S-6": ["UNDECIDED"]}
    assert reasons(world.compute("K7")) == {"XB SPL-XB-V1": ["STALE"], "XC": ["NO_PLAN"]}
    assert reasons(world.compute("K15")) == {"Otto": ["TOOL_MISSING"], "Coordinator": ["TOOL_MISSING"]}


def test_companion_figures_stand_beside(world):
    def parts(key):
        return {part.name: None if part.value is None else str(part.value) for part in world.compute(key).parts}

    assert parts("K1") == {"old_surveys": "0.0", "never_surveyed": "1"}
    assert parts("K2") == {"per_entries": "5.0"}  # 2 x 100,000 / 40,000
    assert parts("K3") == {"cancelled": "1"}
    assert parts("K4") == {"headquarters": "100.0", "field": "33.3", "crisis": "100.0"}
    assert parts("K5") == {"of_all_areas": "50.0"}  # two of XA-CAP, XA-NOR, XB-CAP, XC-CAP; XB-OLD is given up
    assert parts("K6") == {"interim": "1", "in_grace": "1", "undecided": "1"}
    # Of 2, 2.0167 and 0.5 hours; nine tenths of the way lie between the two longest.
    assert parts("K8") == {"median_hours": "2.0", "ninetieth_hours": "2.0"}
    assert parts("K9") == {"emerging": "33.3", "expertise": "33.3", "refused": "1", "cancelled_in_time": "1"}
    assert parts("K10") == {"staff": "33.3", "family": "50.0"}
    assert parts("K11") == {"cumulative": "2"}
    assert parts("K12") == {"reached": "50.0", "declined": "1"}
    assert parts("K13") == {"managers": "100.0", "security": "0.0", "personnel": "50.0"}
    # By a sign of life alone: 2 of 2 and none of 3, on 2 of 62 nights.
    assert parts("K14") == {"by_sign": "50.0", "nights": "3.2"}
    assert parts("K16") == {"requests": "3", "median_hours": "9.0"}


def test_a_period_that_is_over_is_counted_as_of_its_last_day(world):
    found = {key: said(world.compute(key, period=BEFORE)) for key in indicators.INDICATORS}

    assert found["K2"] == (1, None, "1")  # AB-2, a minute before midnight
    assert found["K3"] == (1, 1, "100.0")  # TN-6
    assert found["K5"] == (2, 2, "100.0")  # which has ended since
    assert found["K6"] == (4, 4, "100.0")  # S-1, S-2, and S-4 and S-5, which have ended since
    assert found["K8"] == (1, 1, "100.0")  # C-4
    assert found["K9"] == (1, 1, "100.0")  # DP-6, which arrived in time on the day after
    assert found["K11"] == (1, None, "1")  # cleo
    assert found["K12"] == (0, 0, None)
    assert found["K13"] == (2, 3, "66.7")  # anna and cleo then; dan had not left yet
    assert found["K14"] == (0, 1, "0.0")
    assert found["K16"] == (1, 1, "100.0")  # answered in time, on the day after
    assert str(world.compute("K2", period="2026-2027").value) == "3"


def test_what_the_registers_do_not_remember_is_not_taken_for_a_failure(world):
    value = world.compute("K4", period="2026-Q1", area="CH")

    # Two plans were updated in June: what they were in March nothing tells.
    assert said(value) == (0, 0, None)
    assert reasons(value) == {"CH-GVA": ["HISTORY_UNKNOWN", "HISTORY_UNKNOWN"]}


def test_where_nothing_is_to_be_counted_the_value_is_not_available(world):
    empty = {key: world.compute(key, period="2020-Q1", area="CH") for key in ("K3", "K8", "K9", "K12", "K14", "K16")}

    assert {said(value) for value in empty.values()} == {(0, 0, None)}
    assert said(world.compute("K2", period="2020-Q1")) == (0, None, "0")
    assert world.compute("K2", period="2020-Q1").part("per_entries").value is None


def test_an_area_holds_what_lies_inside_it(world):
    found = {key: said(world.compute(key, area="XA")) for key in indicators.INDICATORS}

    assert found["K1"] == (0, 0, None)
    assert found["K2"] == (1, None, "1")
    assert found["K4"] == (1, 2, "50.0")
    assert found["K5"] == (2, 2, "100.0")
    assert found["K6"] == (2, 2, "100.0")
    assert found["K7"] == (1, 1, "100.0")
    assert found["K8"] == (1, 2, "50.0")
    assert found["K9"] == (1, 5, "20.0")
    assert found["K10"] == (1, 3, "33.3")
    # The incident that few may know of is in the figure of all areas and in no other.
    assert found["K12"] == (2, 3, "66.7")
    assert found["K14"] == (1, 2, "50.0")


def test_people_are_counted_for_one_organisation(world):
    found = {key: said(world.compute(key, organisation="UNA")) for key in ("K3", "K10", "K11", "K13", "K15", "K16")}

    assert found == {
        "K3": (1, 4, "25.0"),
        "K10": (1, 3, "33.3"),  # anna of her, ben and her child
        "K11": (1, None, "1"),
        "K13": (2, 3, "66.7"),
        "K15": (1, 3, "33.3"),
        "K16": (1, 2, "50.0"),
    }


def test_nobody_is_named_in_the_list_of_support(world):
    members = world.compute("K12").members

    assert len(members) == 5
    assert {(member.entry, member.label, member.area, member.case_id) for member in members} == {("", "", None, None)}
    assert all(member.is_secret for member in members)


def test_periods_are_quarters_and_bienniums_of_utc():
    quarter, biennium = indicators.read_period("2026-Q4"), indicators.read_period("2026-2027")

    assert (str(quarter.start), str(quarter.end), quarter.next().key, quarter.previous().key) == (
        "2026-10-01", "2026-12-31", "2027-Q1", "2026-Q3",
    )  # fmt: skip
    assert (str(biennium.start), str(biennium.end), biennium.next().key) == ("2026-01-01", "2027-12-31", "2028-2029")
    assert [period.key for period in indicators.latest_quarters(quarter.start, 3)] == ["2026-Q2", "2026-Q3", "2026-Q4"]
    for text in ("2026-Q5", "2025-2026", "2026-2028", "0000-Q1", "soon"):
        with pytest.raises(PeriodUnknown):
            indicators.read_period(text)


def test_what_cannot_be_asked_is_refused(embedded_world):
    with pytest.raises(NotFound):
        embedded_world.compute("K17")
    with pytest.raises(PeriodAhead):
        embedded_world.compute("K1", period="2027-Q1")


def test_the_figures_of_the_processes_as_counted_by_hand(world):
    found = {key: said(world.figure(key, period=QUARTER)) for key in indicators.FIGURES}

    assert found == {
        "decided_in_time": (1, 2, "50.0"),  # S1 was in time, S2 late; the question back is no decision
        "decision_hours": (2, None, "8.0"),  # of 2 + 4 and 10 hours
        "undecided": (1, 4, "25.0"),
        "late_requests": (1, 2, "50.0"),
        "blocked": (3, None, "3"),
        "waivers": (1, 2, "50.0"),
        "conditions": (1, 2, "50.0"),
        "revocations": (1, None, "1"),
        "endorsement_rounds": (2, None, "1.5"),
        "days_by_step": (1, None, "3.5"),
        "measures_overdue": (1, 2, "50.0"),
        "open_actions": (0, None, "0"),
        "delegation_use": (1, 3, "33.3"),
        "conflicts": (1, None, "1"),
    }
    hours = {part.name: str(part.value) for part in world.figure("decision_hours").parts}
    assert hours == {"1": "6.0", "2": "10.0"}
    assert {part.name: part.numerator for part in world.figure("blocked").parts} == {"P-BSAFE": 2, "P-SSAFE": 1}
    assert said(world.figure("decided_in_time", area="XB")) == (0, 0, None)


def test_the_list_behind_a_process_figure_is_the_same_rows(embedded_world):
    with embedded_world.database.reading() as session:
        for key, figure in indicators.FIGURES.items():
            asked = indicators.ask(now=NOW)
            value, (members, total) = figure.count(session, asked), figure.list_members(session, asked)
            assert total == len(members), key
            assert sum(member.numerator for member in members) == value.numerator, key
        listed, total = indicators.get_figure("blocked").list_members(session, asked, "P-SSAFE")
    assert (total, [member.label for member in listed]) == (1, ["T-1"])


def test_shares_are_rounded_half_up_to_one_decimal():
    assert percent(1, 16) == Decimal("6.3")
    assert percent(1, 3) == Decimal("33.3")
    assert percent(0, 5) == Decimal("0.0")
    assert percent(5, 0) is None
