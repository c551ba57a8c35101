"""Whether ad-hoc subprocesses, complex gateways and start events say which way a case goes."""

from __future__ import annotations

import pytest

from tests.workflows.diagrams.building import END, MESSAGE, START, TIMER, definitions, flows
from workflows.diagrams import check_diagram, note_diagram, read_diagram


def ad_hoc(inside: str, active: str = "", attributes: str = "", more: str = "") -> str:
    chosen = f'activeElementsCollection="{active}"' if active else ""
    return (
        f'<adHocSubProcess id="t" {attributes}><extensionElements><zeebe:adHoc {chosen} {more}/></extensionElements>'
        f"{inside}</adHocSubProcess>"
    )


@pytest.mark.parametrize(
    "task",
    [
        ad_hoc('<userTask id="a"/><userTask id="b"/>'),
        ad_hoc(
            '<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="x"/></extensionElements></serviceTask>', "=wanted"
        ),
        ad_hoc('<userTask id="a"/>', "=[&quot;a&quot;]", 'ordering="Sequential"'),
        ad_hoc('<userTask id="a"/><completionCondition>=done</completionCondition>'),
        ad_hoc('<userTask id="a"/>', "=ids", more='outputCollection="all" outputElement="=one"'),
    ],
)
def test_an_ad_hoc_subprocess_that_says_what_begins_passes(refused_task, task):
    assert refused_task(task) == []


@pytest.mark.parametrize(
    ("task", "where", "word"),
    [
        (ad_hoc(""), "t", "no activity inside"),
        (ad_hoc('<task id="a"/>'), "a", "would run by itself"),
        (ad_hoc('<startEvent id="a"/><userTask id="b"/>'), "a", "neither start nor end"),
        (ad_hoc('<userTask id="a"/><endEvent id="b"/>'), "b", "neither start nor end"),
        (ad_hoc('<userTask id="a"/><userTask id="b"/>', attributes='ordering="Sequential"'), "t", "in which order"),
        (ad_hoc('<userTask id="a"/>', "a"), "t", "fixed text"),
        (ad_hoc('<userTask id="a"/>', "=[&quot;b&quot;]"), "t", "could begin"),
        (ad_hoc('<userTask id="a"/>', "=[&quot;a"), "t", "cannot be read"),
        (ad_hoc('<userTask id="a"/><completionCondition>=done and</completionCondition>'), "t", "cannot be read"),
        (ad_hoc('<userTask id="a"/>', more='outputCollection="all"'), "t", "Name both"),
        (ad_hoc('<userTask id="a"/>', more='outputCollection="1 all" outputElement="=x"'), "t", "name of a variable"),
        (ad_hoc('<userTask id="a"/>', more='colour="x"'), "t", "colour"),
    ],
)
def test_an_ad_hoc_subprocess_that_nobody_could_run_is_refused(refused_task, task, where, word):
    assert any(where == at and word in sentence for at, sentence in refused_task(task))


JOIN = START + END + '<parallelGateway id="k"/><task id="a"/><task id="b"/><complexGateway id="t">{}</complexGateway>'
WAYS = ("s>k", "k>a", "k>b", "a>t", "b>t", "t>e")


def test_a_complex_gateway_that_joins_says_when_it_is_enough(refusals):
    assert refusals(JOIN.format("<activationCondition>=activationCount &gt; 1</activationCondition>"), *WAYS) == []

    ((where, sentence),) = refusals(JOIN.format(""), *WAYS)
    assert where == "t"
    assert "=activationCount >= 2" in sentence


def test_the_condition_of_a_complex_gateway_must_be_feel(refusals):
    found = refusals(JOIN.format("<activationCondition>=activationCount &gt;</activationCondition>"), *WAYS)

    assert [where for where, _ in found] == ["t"]


def test_a_complex_gateway_that_splits_needs_conditions(refusals):
    found = refusals(START + END + '<complexGateway id="t"/><task id="a"/>', "s>t", "t>e [=x]", "t>a")

    assert [(where, "no condition" in sentence) for where, sentence in found] == [("f3", True)]


BY_MESSAGE = '<startEvent id="{}"><messageEventDefinition messageRef="m"/></startEvent>'


def test_several_start_events_with_triggers_of_their_own_pass(refusals):
    by_signal = '<startEvent id="s3"><signalEventDefinition signalRef="g"/></startEvent>'
    beside = MESSAGE + '<signal id="g" name="SIG_LEVEL_UP"/>'

    assert refusals(START + BY_MESSAGE.format("s2") + by_signal + END, "s>e", "s2>e", "s3>e", beside=beside) == []


@pytest.mark.parametrize(
    ("start", "where", "word"),
    [
        (BY_MESSAGE.format("s") + BY_MESSAGE.format("s2"), "s2", "the same message"),
        (
            BY_MESSAGE.format("s")
            .replace(">", ' parallelMultiple="true">', 1)
            .replace("</start", TIMER.format("P1D") + "</start"),
            "s",
            "several events before it exists",
        ),
    ],
)
def test_start_events_that_nobody_could_tell_apart_are_refused(refusals, start, where, word):
    found = refusals(start + END, "s>e", *(["s2>e"] if "s2" in start else []), beside=MESSAGE)

    assert any(where == at and word in sentence for at, sentence in found)


def test_a_timer_that_starts_a_case_is_noted(notes):
    found = notes(f'<startEvent id="s">{TIMER.format("P1D")}</startEvent>{END}', "s>e")

    assert any(where == "s" and "opens no case by itself" in sentence for where, sentence in found)


def test_a_process_without_a_plain_start_cannot_be_called(refusals):
    call = '<callActivity id="t"><extensionElements><zeebe:calledElement processId="q"/></extensionElements></callActivity>'
    called = f'<process id="q" isExecutable="true">{BY_MESSAGE.format("qs")}</process>'

    found = refusals(START + END + call, "s>t", "t>e", beside=MESSAGE + called)

    assert any(where == "t" and "cannot be called" in sentence for where, sentence in found)


def test_a_receive_task_behind_an_event_gateway_has_nothing_on_its_boundary(refusals):
    receive = (
        '<receiveTask id="r" messageRef="m"/><boundaryEvent id="b" attachedToRef="r">' + TIMER.format("PT1H") + "</boundaryEvent>"
    )
    other = f'<intermediateCatchEvent id="c">{TIMER.format("PT2H")}</intermediateCatchEvent>'

    found = refusals(
        START + END + '<eventBasedGateway id="g"/>' + receive + other, "s>g", "g>r", "g>c", "r>e", "c>e", beside=MESSAGE
    )

    assert [(where, "neither repeated" in sentence) for where, sentence in found] == [("r", True)]


FILTER = (
    '<startEvent id="s"/><userTask id="t"/><boundaryEvent id="b" attachedToRef="t"><conditionalEventDefinition>'
    "<extensionElements><zeebe:conditionalFilter {}/></extensionElements><condition>=level &gt; limit</condition>"
    "</conditionalEventDefinition></boundaryEvent>"
)


@pytest.mark.parametrize(
    ("attributes", "passes"),
    [
        ('variableNames="level, limit"', True),
        ('variableNames="level, limit" variableEvents="create, update"', True),
        ('variableNames="level"', False),
        ('variableEvents="create"', False),
    ],
)
def test_a_filter_of_a_condition_passes_where_it_changes_nothing(refusals, attributes, passes):
    found = refusals(FILTER.format(attributes), "s>t")

    assert (found == []) is passes
    assert all(where == "b" and "filter" in sentence for where, sentence in found)


def test_a_drawn_process_beside_an_executable_one_is_not_called():
    call = '<callActivity id="t"><extensionElements><zeebe:calledElement processId="q"/></extensionElements></callActivity>'
    main = f'<process id="p" isExecutable="true">{START}{call}{flows("s>t")}</process>'
    main += '<process id="q"><startEvent id="qs"/></process>'

    found = check_diagram(read_diagram(definitions(main), name="x"), processes=set())

    assert [problem.where for problem in found] == ["t"]
    assert any(note.where == "q" for note in note_diagram(read_diagram(definitions(main), name="x")))
