"""Whether events say what they wait for, and times can be read."""

from __future__ import annotations

import pytest

from tests.workflows.diagrams.building import END, MESSAGE, START, TIMER, attached, extended


@pytest.mark.parametrize(
    ("element", "where", "word"),
    [
        (
            '<intermediateCatchEvent id="t"><messageEventDefinition/></intermediateCatchEvent>',
            "t",
            "names no message",
        ),
        ('<receiveTask id="t"/>', "t", "names no message"),
        ('<receiveTask id="t" messageRef="keyless"/>', "t", "correlation key"),
        (
            '<intermediateThrowEvent id="t"><signalEventDefinition/></intermediateThrowEvent>',
            "t",
            "names no signal",
        ),
        (
            '<intermediateThrowEvent id="t"><escalationEventDefinition/></intermediateThrowEvent>',
            "t",
            "throws no code",
        ),
        (
            '<intermediateCatchEvent id="t"><conditionalEventDefinition/></intermediateCatchEvent>',
            "t",
            "says none",
        ),
        (
            '<intermediateThrowEvent id="t"><linkEventDefinition/></intermediateThrowEvent>',
            "t",
            "link has no name",
        ),
        ('<intermediateThrowEvent id="t"><linkEventDefinition name="L"/></intermediateThrowEvent>', "t", "0 ends"),
        (
            '<task id="t"/><boundaryEvent id="b" attachedToRef="gone"><errorEventDefinition/></boundaryEvent>',
            "b",
            "not attached",
        ),
        (
            '<task id="t"/><boundaryEvent id="b" attachedToRef="s"><errorEventDefinition/></boundaryEvent>',
            "b",
            "not attached",
        ),
        (
            '<task id="t"/>' + attached("<errorEventDefinition/>", attributes='cancelActivity="false"'),
            "b",
            "always interrupts",
        ),
        (
            '<task id="t"/>' + attached("<errorEventDefinition/>") + attached("<errorEventDefinition/>", key="c"),
            "c",
            "the same error",
        ),
        ('<task id="t"/>' + attached('<errorEventDefinition errorRef="computed"/>'), "b", "fixed text"),
        (
            (
                '<subProcess id="t"><startEvent id="i"/><boundaryEvent id="b" attachedToRef="t"><errorEventDefinition/>'
                "</boundaryEvent></subProcess>"
            ),
            "b",
            "different subprocesses",
        ),
    ],
)
def test_an_event_must_say_what_it_waits_for_and_sit_where_it_can_happen(refusals, element, where, word):
    beside = MESSAGE + '<message id="keyless" name="x"/><error id="computed" errorCode="=x"/>'

    found = refusals(START + END + element, "s>t", "t>e", beside=beside)

    assert any(where == at and word in sentence for at, sentence in found)


def test_a_message_that_starts_a_case_needs_no_key_and_a_fixed_name(refusals):
    start = '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'

    assert refusals(start + END, "s>e", beside='<message id="m" name="x"/>') == []
    assert [where for where, _ in refusals(start + END, "s>e", beside='<message id="m" name="=x"/>')] == ["s"]


def test_the_same_link_twice_is_refused(refusals):
    catch = '<intermediateCatchEvent id="{}"><linkEventDefinition name="L"/></intermediateCatchEvent>'
    throw = '<intermediateThrowEvent id="a"><linkEventDefinition name="L"/></intermediateThrowEvent>'

    found = refusals(START + END + throw + catch.format("b") + catch.format("c"), "s>a", "b>e", "c>e")

    assert [(where, "2 ends" in sentence) for where, sentence in found] == [("a", True)]


@pytest.mark.parametrize(
    "text",
    ["P5D", "PT48H", "PT1H30M", "P1Y2M", "P2W", "-PT1H", "=due"],
)
def test_durations_that_can_be_read_pass(refused_task, text):
    assert refused_task(f'<intermediateCatchEvent id="t">{TIMER.format(text)}</intermediateCatchEvent>') == []


@pytest.mark.parametrize("text", ["5 days", "P", "PT", "P1DT", "P1M3D", "1H", "PT1X", "P" + "1" * 300 + "D", "2026-12-01"])
def test_a_duration_that_cannot_be_read_is_refused(refused_task, text):
    assert [
        where for where, _ in refused_task(f'<intermediateCatchEvent id="t">{TIMER.format(text)}</intermediateCatchEvent>')
    ] == ["t"]


@pytest.mark.parametrize(
    ("tag", "text", "good"),
    [
        ("timeDate", "2026-12-01T09:00:00Z", True),
        ("timeDate", "2026-12-01T09:00:00+01:00", True),
        ("timeDate", "2026-12-01", True),
        ("timeDate", "2026-12-01T09:00:00", False),
        ("timeDate", "2026-13-01T09:00:00Z", False),
        ("timeDate", "tomorrow", False),
        ("timeCycle", "R3/PT10H", True),
        ("timeCycle", "R/P1D", True),
        ("timeCycle", "R2/2026-12-01T09:00:00Z/PT1H", True),
        ("timeCycle", "PT24H", True),
        ("timeCycle", "R3/10H", False),
        ("timeCycle", "0 0 9 * * *", False),
    ],
)
def test_dates_and_cycles_are_read_too(refusals, tag, text, good):
    start = f'<startEvent id="s"><timerEventDefinition><{tag}>{text}</{tag}></timerEventDefinition></startEvent>'

    assert (refusals(start + END, "s>e") == []) is good


@pytest.mark.parametrize(
    ("due", "good"), [("P5D", True), ("2026-12-01", True), ('=now() + duration("P1D")', True), ("soon", False)]
)
def test_a_due_date_that_is_written_out_must_be_readable(refused_task, due, good):
    task = extended("userTask", f"<zeebe:taskSchedule dueDate='{due}'/>")

    assert (refused_task(task) == []) is good
