"""What process.toml says about events: which cases start by themselves, and which open ones are told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from workflows import packages
from workflows.errors import PackageRefused
from workflows.packages import Listens, Opens, fill, find_start, holds, manifest_from_json

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HEAD = """\
title = "Watch"
main = "watch"
owner_role = "PRO"
number_prefix = "WAT"
"""
DIAGRAM = """\
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:t">
  <process id="watch" name="Watch" isExecutable="true">
    <startEvent id="begin" name="Asked"><outgoing>f1</outgoing></startEvent>
    STARTS
    <sequenceFlow id="f1" sourceRef="begin" targetRef="done" />
    <endEvent id="done" name="Done"><incoming>f1</incoming></endEvent>
  </process>
  <message id="m1" name="MSG_OPEN_WATCH" />
</definitions>
"""
MESSAGE_START = """\
    <startEvent id="called" name="Called"><outgoing>f2</outgoing>
      <messageEventDefinition id="called_by" messageRef="m1" />
    </startEvent>
    <sequenceFlow id="f2" sourceRef="called" targetRef="end_2" />
    <endEvent id="end_2" name="Done"><incoming>f2</incoming></endEvent>
"""
RULES = """\
once = "=area"

[[opens]]
event = "OPEN_WATCH"
when = "=event.payload.severity = \\"MAJOR\\""
once = "=event.area"
[opens.answers]
area = "=event.area"
trigger = "LEVEL_CHANGE"
facts = { reasons = ["=event.kind", 3] }

[[opens]]
daily = "watch.renewals_due"
[opens.answers]
area = "=due.area"

[[listens]]
event = ["SIG_LEVEL_UP", "INCIDENT_MAJOR"]
send = "MSG_REVIEW"
key = "=case.number"
area = "any"
when = "=case.status != \\"DONE\\""
[listens.payload]
reason = "=event.payload.reason"

[[listens]]
event = "SIG_EVACUATION"
targets = "watch.units_told"
"""


def read(rules: str = "", starts: str = "") -> packages.Package:
    diagram = DIAGRAM.replace("STARTS", starts)
    return packages.read_package("watch", {"process.toml": (HEAD + rules).encode(), "watch.bpmn": diagram.encode()})


def problems(rules: str = "", starts: str = "", operations: Any = None) -> list[str]:
    found = packages.check_package(read(rules, starts), operations=operations)
    return [str(problem) for problem in found if problem.where.startswith("process.toml")]


def refused(rules: str) -> list[str]:
    with pytest.raises(PackageRefused) as caught:
        read(rules)
    return [str(problem) for problem in caught.value.problems]


def test_rules_are_read_with_their_defaults() -> None:
    manifest = read(RULES).manifest

    by_event, daily = manifest.opens
    told, targets = manifest.listens
    assert manifest.once == "=area"
    assert (by_event.event, by_event.daily, by_event.start) == (("OPEN_WATCH",), None, None)
    assert by_event.answers["facts"] == {"reasons": ["=event.kind", 3]}
    assert (daily.event, daily.daily, daily.once) == ((), "watch.renewals_due", None)
    assert (told.event, told.send, told.area) == (("SIG_LEVEL_UP", "INCIDENT_MAJOR"), "MSG_REVIEW", "any")
    assert targets == Listens(event=("SIG_EVACUATION",), targets="watch.units_told")
    assert (targets.area, targets.payload) == ("within", None)


def test_what_is_stored_of_them_reads_back_the_same() -> None:
    manifest = read(RULES).manifest

    stored = json.loads(json.dumps(dict(manifest)))

    assert manifest_from_json(stored) == manifest


def test_what_was_stored_before_there_were_rules_reads_too() -> None:
    stored = {"title": "Watch", "main": "watch", "owner_role": "PRO", "number_prefix": "WAT", "start_form": None}

    assert manifest_from_json(stored).opens == ()


def test_rules_that_fit_have_no_problems() -> None:
    assert problems(RULES, operations={"watch.renewals_due", "watch.units_told"}) == []


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ("[[opens]]\nevents = 'X'", "process.toml: [[opens]] 1: events is not known here."),
        ("[[listens]]\nevent = 'X'\nonce = '=1'", "process.toml: [[listens]] 1: once is not known here."),
        ("[[opens]]\nstart = 'X'", "It says either event or daily, and never both."),
        ("[[opens]]\nevent = 'X'\ndaily = 'y'", "It says either event or daily, and never both."),
        ("[[opens]]\nevent = 3", "event must be a text or a list of texts."),
        ("[[opens]]\nevent = ['X', '']", "event must be a text or a list of texts."),
        ("[[opens]]\nevent = 'X'\nwhen = true", "when must be a text."),
        ("[[opens]]\nevent = 'X'\nonce = ' '", "once is empty."),
        ("[[opens]]\nevent = 'X'\nanswers = 'all'", "answers must be a table."),
        ("[[opens]]\nevent = 'X'\n[opens.answers]\nday = 2026-12-01", "[[opens]] 1.answers.day: A date or time must be written"),
        ("[opens]\nevent = 'X'", "opens must be tables, each headed [[opens]]."),
        ("[[listens]]\nsend = 'X'", "event is missing."),
        ("[[listens]]\nevent = 'X'\narea = 'near'", "area must be one of these: within, any."),
        ("[[listens]]\nevent = 'X'\nkey = '=1'", "key has no effect without send."),
        ("[[listens]]\nevent = 'X'\ntargets = 'a.b'\nsend = 'M'", "send has no effect beside targets."),
        ("once = 3", "once must be a text."),
        ("once = '=1 +'", "once cannot be read:"),
    ],
)
def test_what_a_rule_may_not_say_is_refused(rules: str, sentence: str) -> None:
    assert sentence in "\n".join(refused(rules))


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ("[[opens]]\nevent = 'X'\nstart = 'MSG_NO'", "[[opens]] 1: The main process has no start event for MSG_NO."),
        ("[[opens]]\ndaily = 'watch.no'", "daily names watch.no, which is no operation."),
        ("[[listens]]\nevent = 'X'\ntargets = 'watch.no'", "targets names watch.no, which is no operation."),
        ("[[opens]]\nevent = 'X'\nwhen = '=event.'", "when cannot be read:"),
        ("[[opens]]\nevent = 'X'\nonce = '=case.number'", "once mentions case, which is not known here. Known here: event."),
        (
            "[[opens]]\ndaily = 'watch.due'\n[opens.answers]\na = '=event.area'",
            "answers mentions event, which is not",
        ),
        ("[[listens]]\nevent = 'X'\nsend = 'M'\n[listens.payload]\na = ['=due']", "payload mentions due, which is not known"),
    ],
)
def test_what_a_rule_names_must_be_there(rules: str, sentence: str) -> None:
    assert sentence in "\n".join(problems(rules, operations={"watch.due"}))


def test_a_start_event_is_found_by_its_message_or_its_id_and_without_a_name_it_is_the_one_without_a_trigger() -> None:
    package = read("[[opens]]\nevent = 'X'\nstart = 'MSG_OPEN_WATCH'", MESSAGE_START)

    found = [find_start(package, name) for name in ("MSG_OPEN_WATCH", "called", None, "MSG_NO")]

    assert [each and each.id for each in found] == ["called", "called", "begin", None]


def test_a_start_event_with_a_trigger_that_nothing_enters_is_a_problem() -> None:
    sentence = "process.toml: Nothing enters the start event called. Write an [[opens]] with start = “MSG_OPEN_WATCH”."

    assert problems("", MESSAGE_START) == [sentence]
    assert problems("[[opens]]\nevent = 'X'\nstart = 'called'", MESSAGE_START) == []


def test_values_of_a_rule_are_worked_out_inside_lists_and_contexts() -> None:
    event = {"event": {"area": "XA-NOR", "payload": {"n": 2}}}

    filled = fill({"area": "=event.area", "list": ["=event.payload.n + 1", "n"], "plain": 4}, event, NOW)

    assert filled == {"area": "XA-NOR", "list": [3, "n"], "plain": 4}


@pytest.mark.parametrize(("condition", "held"), [(None, True), ("=n = 1", True), ("=n > 1", False), ("=missing", False)])
def test_a_condition_holds_when_it_is_true(condition: str | None, held: bool) -> None:
    assert holds(condition, {"n": 1}, NOW) is held


def test_a_rule_can_be_made_in_words() -> None:
    assert dict(Opens(event=("A",)))["event"] == ["A"]
