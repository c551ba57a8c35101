"""The runner of scenarios: it passes what is right, and says in sentences what is not."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from services import definitions
from services.scenarios import Result, find_scenarios, run_scenario
from services.scenarios.checking import is_part_of
from services.scenarios.rows import FieldUnknown, RegisterUnknown, differences, find_model, set_row
from tests.services.leave import FOLDER
from workflows.scenarios import Given, read_scenario

START = {"as": "lina.marchetti", "answers": {"days": 3, "reason": "Rest", "area": "XA-NOR"}}
REVIEW = {"as": "yusra.ben-halim", "do": "review", "answers": {"advice": "RECOMMEND"}}
APPROVE = {"as": "naledi.vanter", "do": "approve", "answers": {"decision": "GRANT"}}


@pytest.fixture(scope="module")
def package():
    return definitions.read_folder(FOLDER)


@pytest.fixture
def tell(worlds, package):
    """Give a function that tells a story about a leave request."""

    def run(*steps: dict[str, Any], start: Any = None, given: Any = (), **expect: Any) -> Result:
        story = {
            "process": "leave_request",
            "now": "2026-12-01T09:00:00Z",
            "given": list(given),
            "start": start or deepcopy(START),
            "steps": list(steps),
            "expect": expect,
        }
        scenario = read_scenario(story, name="story.yaml")
        with worlds.open(scenario, package) as database:
            return run_scenario(database, scenario)

    return run


@pytest.mark.parametrize("scenario", find_scenarios(FOLDER), ids=lambda scenario: scenario.name)
def test_the_stories_of_the_small_process_pass(worlds, package, scenario) -> None:
    with worlds.open(scenario, package) as database:
        assert run_scenario(database, scenario).failures == []


def test_everything_that_can_be_expected_holds(tell) -> None:
    result = tell(
        {"tasks": [{"id": "review", "role": "DSSO", "area": "XA-NOR", "organisation": "WIPO", "due": "2026-12-02T09:00:00Z"}]},
        REVIEW,
        APPROVE,
        {"tasks": []},
        state="completed",
        outcome="GRANTED",
        path=["start", "review", "end_approved"],
        not_reached=["remind"],
        variables={"days": 3, "case.number": "LV-2026-000001", "case": {"process": "leave_request"}},
        registers=[
            {"register": "decisions", "where": {"case": "*", "element": "approve"}, "expect": {"outcome": "GRANT"}, "count": 1},
            {"register": "cases", "where": {}, "expect": {"ended_at": "2026-12-01T09:00:00Z", "outcome": "*"}},
        ],
        mails=[{"to": "lina.marchetti", "code": "N-LV-01"}],
    )

    assert result == Result(name="story.yaml", failures=[], number="LV-2026-000001")


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        ({"state": "completed"}, "The case is open, not completed."),
        ({"outcome": "GRANTED"}, "The outcome is None, not GRANTED."),
        ({"path": ["start", "remind"]}, "The path does not pass remind at all. It was: start, review."),
        ({"path": ["review", "start"]}, "The path does not pass start in this order. It was: start, review."),
        ({"not_reached": ["review"]}, "review was reached."),
        ({"variables": {"days": 4}}, "days is 3, not 4."),
        ({"decisions": [{"table": "D9.9"}]}, "The table D9.9 was not asked."),
        ({"mails": [{"to": "lina.marchetti", "code": "N-LV-01"}]}, "N-LV-01 was not sent to lina.marchetti. Sent were: none."),
        ({"registers": [{"register": "coffee"}]}, "There is no register coffee."),
        (
            {"registers": [{"register": "decisions", "where": {}, "count": 1}]},
            "decisions where {}: there are 0 rows, not 1.",
        ),
        ({"registers": [{"register": "decisions"}]}, "decisions where {}: there is no such row."),
        (
            {"registers": [{"register": "tasks", "expect": {"role": "CSA"}}]},
            "tasks where {}: role is 'DSSO', not 'CSA'.",
        ),
    ],
)
def test_what_is_not_as_expected_is_said(tell, expect: dict[str, Any], sentence: str) -> None:
    assert tell(**expect).failures == [sentence]


@pytest.mark.parametrize(
    ("steps", "part"),
    [
        ([{"tasks": []}], "step 1 (look): open, but not expected: review (role DSSO, area XA-NOR"),
        ([{"tasks": [{"id": "review", "role": "CSA"}]}], "not open: review (role CSA); open, but not expected"),
        ([APPROVE], "step 1 (do approve): There is no open task approve for naledi.vanter. Open are: review."),
        ([{**REVIEW, "as": "lina.marchetti"}], "step 1 (do review): "),
        ([{**REVIEW, "refused": "OwnMatter"}], "it should have been refused with OwnMatter, but it went through."),
        ([{**REVIEW, "as": "dario.velasco", "refused": "OwnMatter"}], "step 1 (do review): NotFound: "),
        ([{"message": "MSG_COFFEE"}], "step 1 (send MSG_COFFEE): MessageNotExpected: "),
    ],
)
def test_a_step_that_goes_wrong_ends_the_story_with_its_place(tell, steps: list[dict[str, Any]], part: str) -> None:
    [failure] = tell(*steps).failures

    assert part in failure


def test_a_start_that_must_be_refused_is_enough_of_a_story(tell) -> None:
    wrong = {"as": "lina.marchetti", "answers": {"days": 99, "reason": "Rest", "area": "XA-NOR"}}

    assert tell(start={**wrong, "refused": "AnswersInvalid"}).failures == []
    assert "start: AnswersInvalid: " in tell(start=wrong).failures[0]


def test_the_clock_stops_at_every_timer_on_its_way(tell) -> None:
    result = tell(
        {"advance": "P3D"},
        state="completed",
        path=["review", "remind", "end_lapsed"],
        registers=[{"register": "cases", "where": {"number": "LV-2026-000001"}, "expect": {"ended_at": "2026-12-03T09:00:00Z"}}],
    )

    assert result.failures == []


def test_given_rows_change_what_the_story_meets(tell) -> None:
    period = {"valid_from": "2026-11-01T00:00:00Z", "valid_to": "2027-01-01T00:00:00Z"}
    away = {"register": "absences", "key": "yusra.ben-halim/kofi.drummond", "set": period}

    assert "step 1" in tell({**REVIEW, "as": "kofi.drummond"}).failures[0]
    assert tell({**REVIEW, "as": "kofi.drummond"}, given=[away]).failures == []


def test_rows_are_found_by_their_natural_key_and_areas_carry_what_holds_in_them(worlds, package) -> None:
    scenario = find_scenarios(FOLDER)[0]
    now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    with worlds.open(scenario, package) as database, database.transaction() as session:
        set_row(session, Given(register="areas", key="XC-CAP", set={"security_level": 5, "phase": "CRISIS"}), now=now)
        area = session.get_one(find_model("areas"), "XC-CAP")
        states = session.query(find_model("area_states")).filter_by(area="XC-CAP").order_by("valid_from").all()
        assert (area.phase, [state.security_level for state in states if state.valid_from <= now][-1]) == ("CRISIS", 5)
        assert differences(area, {"phase": "CRISIS", "zone": "*"}, "areas") == []
        with pytest.raises(RegisterUnknown):
            set_row(session, Given(register="coffee", key="x"), now=now)
        with pytest.raises(FieldUnknown):
            set_row(session, Given(register="people", key="lina.marchetti", set={"salary": 1}), now=now)


def test_of_a_context_only_what_is_given_counts() -> None:
    assert is_part_of({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3})
    assert is_part_of([{"a": 1}], [{"a": 1, "b": 2}])
    assert not is_part_of([{"a": 1}], [{"a": 1}, {"a": 2}])
    assert not is_part_of({"a": None}, {})
