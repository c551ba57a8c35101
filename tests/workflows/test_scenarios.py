"""Scenarios: the format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from workflows import scenarios

STORY = b"""\
about: A late request is decided on the urgent clock.
process: travel_clearance
now: 2026-12-01T09:00:00Z
world: demo
given: [{register: areas, key: XC-CAP, set: {security_level: 3, clearance_mode: MANUAL}}]
start: {as: lina.marchetti, answers: {stops: [{area: XC-CAP, arrive_at: 2026-12-04T09:00:00+03:00, country: NO, time: 09:30}]}}
steps:
  - tasks: [{id: stop_decide, role: DSSO, area: XC-CAP, due: 2026-12-02T12:00:00+03:00}]
  - {as: lina.marchetti, do: stop_decide, answers: {decision: GRANT}, refused: OwnRequest}
  - {as: dsso.xc, do: stop_decide, answers: {decision: GRANT}, area: XC-CAP}
  - {advance: P1DT16H}
  - {message: MSG_WITHDRAW, key: TSC-2026-000001, payload: {reason: ill}}
expect:
  state: completed
  outcome: CLEARED
  path: [tsc_start, tsc_normalise]
  not_reached: [tsc_correct_request]
  variables: {overall: CLEARED}
  decisions: [{table: D1.4, rule: 7}]
  registers: [{register: clearances, where: {case: "*"}, expect: {status: CLEARED}}]
  mails: [{to: lina.marchetti, code: N-TSC-05}]
"""


@pytest.fixture
def read():
    def reader(text):
        data = text if isinstance(text, bytes) else text.encode()
        return scenarios.read_scenario(scenarios.load_yaml(data, name="x.yaml"), name="x.yaml")

    return reader


@pytest.fixture
def problems(read):
    def reader(text):
        with pytest.raises(scenarios.ScenarioRefused) as refusal:
            read(text)
        return {problem.where: str(problem) for problem in refusal.value.problems}

    return reader


def test_a_whole_story_is_read(read):
    story = read(STORY)

    assert story.now == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert story.given == (
        scenarios.Given(register="areas", key="XC-CAP", set={"security_level": 3, "clearance_mode": "MANUAL"}),
    )
    assert story.start.as_ == "lina.marchetti"
    look, refused, granted, wait, message = story.steps
    assert look.tasks[0].due == datetime(2026, 12, 2, 9, tzinfo=UTC)
    assert (refused.refused, granted.refused, granted.area) == ("OwnRequest", None, "XC-CAP")
    assert wait == scenarios.Advance(by=timedelta(days=1, hours=16))
    assert (message.message, message.payload) == ("MSG_WITHDRAW", {"reason": "ill"})
    assert story.expect.decisions == (scenarios.RuleFired(table="D1.4", rule=7),)
    assert story.expect.mails[0].code == "N-TSC-05"


def test_dates_times_and_country_codes_stay_texts(read):
    stop = read(STORY).start.answers["stops"][0]

    assert stop == {"area": "XC-CAP", "arrive_at": "2026-12-04T09:00:00+03:00", "country": "NO", "time": "09:30"}


def test_values_that_are_no_texts_are_what_they_look_like():
    loaded = scenarios.load_yaml(b"{a: 1, b: -1.5, c: true, d: null, e: ~, f: yes, g: 0x1F, h: 1_000, i: '1', j: 012}", name="x")

    assert loaded == {
        "a": 1,
        "b": -1.5,
        "c": True,
        "d": None,
        "e": None,
        "f": "yes",
        "g": "0x1F",
        "h": "1_000",
        "i": "1",
        "j": "012",
    }


def test_the_least_story_has_a_process_a_moment_and_a_start(read, problems):
    story = read("{process: p, now: 2026-12-01T09:00:00Z, start: {as: a}}")

    assert (story.world, story.steps, story.expect) == ("demo", (), scenarios.Expect())
    assert set(problems("{about: nothing}")) == {"process", "now", "start", "start.as"}


def test_whatever_is_not_known_is_refused_where_it_stands(problems):
    found = problems(
        "{process: p, now: 2026-12-01T09:00:00Z, start: {as: a, answer: {}}, expect: {stat: open},"
        " steps: [{do: x, as: y, wait: 1}, {sleep: 1}, {advance: soon}, {do: x, message: m}]}"
    )

    assert "answer is not known" in found["start.answer"]
    assert "stat is not known" in found["expect.stat"]
    assert "wait is not known" in found["steps.0.wait"]
    assert "exactly one" in found["steps.1"]
    assert "not a duration" in found["steps.2.advance"]
    assert "exactly one" in found["steps.3"]


@pytest.mark.parametrize("duration", ["P", "PT", "P1Y", "1H", "PT1.5H", "-PT1H", "P0"])
def test_a_duration_is_weeks_to_seconds(problems, duration):
    story = f"{{process: p, now: 2026-12-01T09:00:00Z, start: {{as: a}}, steps: [{{advance: {duration}}}]}}"

    assert "steps.0.advance" in problems(story)


def test_wrong_kinds_of_values_are_named(problems):
    found = problems(
        "{process: [p], now: 2026-12-01T09:00:00, start: {as: a, answers: x},"
        " given: 3, expect: {state: done, path: [1], decisions: [{table: D, rule: two}]}}"
    )

    assert set(found) == {"process", "now", "start.answers", "given", "expect.state", "expect.path", "expect.decisions.0.rule"}


@pytest.mark.parametrize(
    "text",
    [
        b"[1, 2]",
        b"{a: 1",
        b"\xff",
        b"a: 1\na: 2",
        b"a: &x [1]\nb: *x",
        b"a: !!python/object/apply:os.system [x]",
        b"a: !!binary aGk=",
        b"? [a]\n: 1",
        b"1: x",
        b"--- {a: 1}\n--- {b: 2}",
        b"[" * 100_000,
        b"- " * 100_000,
        b"a: {x: 1, y: {z: [{q: 1, q: 2}]}}",
    ],
)
def test_what_is_not_plain_yaml_is_refused(text):
    with pytest.raises(scenarios.ScenarioRefused):
        scenarios.load_yaml(text, name="x.yaml")


def test_the_scenarios_of_a_folder_are_read_together():
    @dataclass
    class Folder:
        scenarios: dict

    whole = scenarios.load_yaml(STORY, name="x")

    assert set(scenarios.read_scenarios(Folder({"late": whole}))) == {"late"}
    with pytest.raises(scenarios.ScenarioRefused, match="scenarios/bad: now: now is missing"):
        scenarios.read_scenarios(Folder({"late": whole, "bad": {"process": "p", "start": {"as": "a"}}}))
