"""Where a case begins: start events with and without a trigger."""

from __future__ import annotations

import pytest

from tests.workflows.engine.conftest import Start, flows
from tests.workflows.engine.test_activities import mapping
from workflows.engine import ProgramRefused

DEFINITIONS = (
    '<message id="m1" name="MSG_OPEN"/><message id="m2" name="MSG_ASK"/><signal id="s1" name="SIG_LEVEL_UP"/>'
    '<signal id="s2" name="SIG_OTHER"/>'
)
TIMER = "<timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition>"


def entry(name: str, inside: str = "", extensions: str = "") -> str:
    return f'<startEvent id="{name}"><extensionElements>{extensions}</extensionElements>{inside}</startEvent>'


def starts(*entries: str) -> str:
    return "".join(entries) + '<userTask id="u"/>'


BY_MESSAGE = entry("by_message", '<messageEventDefinition messageRef="m1"/>')
BY_SIGNAL = entry("by_signal", '<signalEventDefinition signalRef="s1"/>')
BY_TIMER = entry("by_timer", TIMER)
BY_CONDITION = entry(
    "by_condition", "<conditionalEventDefinition><condition>=level &gt; 3</condition></conditionalEventDefinition>"
)
ALL = starts(entry("plain"), BY_MESSAGE, BY_SIGNAL, BY_TIMER, BY_CONDITION) + flows(
    "plain>u", "by_message>u", "by_signal>u", "by_timer>u", "by_condition>u"
)


@pytest.mark.parametrize(
    ("event", "entered"),
    [
        (None, "plain"),
        ("plain", "plain"),
        ("MSG_OPEN", "by_message"),
        ("by_message", "by_message"),
        ("SIG_LEVEL_UP", "by_signal"),
        ("by_timer", "by_timer"),
        ("by_condition", "by_condition"),
    ],
)
def test_the_start_event_that_is_named_is_entered(start: Start, event: str | None, entered: str) -> None:
    case = start(ALL, _also=DEFINITIONS, _event=event)

    assert case.entered == [entered, "u"]
    assert case.open == ["u"]


def test_the_only_timer_is_entered_when_no_other_start_has_no_trigger(start: Start) -> None:
    case = start(starts(BY_MESSAGE, BY_TIMER) + flows("by_message>u", "by_timer>u"), _also=DEFINITIONS)

    assert case.entered == ["by_timer", "u"]


@pytest.mark.parametrize(
    ("inside", "event", "word"),
    [
        (ALL, "MSG_UNKNOWN", 'answers to "MSG_UNKNOWN".*by_signal .SIG_LEVEL_UP'),
        (starts(BY_MESSAGE, BY_SIGNAL) + flows("by_message>u", "by_signal>u"), None, "say which to enter.*by_message"),
        (starts(BY_TIMER, entry("other", TIMER)) + flows("by_timer>u", "other>u"), None, "say which to enter"),
        (starts(BY_MESSAGE, BY_MESSAGE.replace("by_", "also_by_")) + flows("by_message>u"), "MSG_OPEN", "More than one"),
    ],
)
def test_a_start_that_nobody_could_tell_is_refused_with_the_choice(
    start: Start, inside: str, event: str | None, word: str
) -> None:
    with pytest.raises(ProgramRefused, match=word):
        start(inside, _also=DEFINITIONS, _event=event, _unchecked=True)


def test_what_the_message_brings_becomes_variables(start: Start) -> None:
    case = start(ALL, _also=DEFINITIONS, _event="MSG_OPEN", _payload={"reason": "flood"}, area="XA-NOR")

    assert case.variables == {"area": "XA-NOR", "reason": "flood"}


def test_output_mappings_of_the_start_event_choose_what_is_kept(start: Start) -> None:
    mapped = entry("s", '<messageEventDefinition messageRef="m1"/>', mapping(("output", "=reason", "trigger")))

    case = start(starts(mapped) + flows("s>u"), _also=DEFINITIONS, _event="MSG_OPEN", _payload={"reason": "flood", "more": 1})

    assert case.variables == {"trigger": "flood"}


def test_a_start_with_several_events_answers_to_each(start: Start) -> None:
    several = entry("s", '<messageEventDefinition messageRef="m1"/><signalEventDefinition signalRef="s1"/>')

    for event in ("MSG_OPEN", "SIG_LEVEL_UP", "s"):
        assert start(starts(several) + flows("s>u"), _also=DEFINITIONS, _event=event).open == ["u"]


def test_a_signal_carries_its_mapped_payload_and_properties_out(start: Start) -> None:
    throw = (
        '<intermediateThrowEvent id="t"><extensionElements>'
        + mapping(("input", "=reason", "why"), ("input", "=4", "level"))
        + '<zeebe:properties><zeebe:property name="event.area" value="=area"/><zeebe:property name="source" value="4.2"/></zeebe:properties>'
        + '</extensionElements><signalEventDefinition signalRef="s1"/></intermediateThrowEvent>'
    )

    case = start('<startEvent id="s"/>' + throw + flows("s>t"), _also=DEFINITIONS, area="XA-NOR", reason="flood")

    (thrown,) = case.last.thrown
    assert (thrown.kind, thrown.name, thrown.caught) == ("signal", "SIG_LEVEL_UP", 0)
    assert thrown.payload == {"why": "flood", "level": 4}
    assert thrown.properties == {"event.area": "XA-NOR", "source": "4.2"}
