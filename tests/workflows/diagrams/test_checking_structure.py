"""Whether a token gets from the start through everything to an end, and every split knows where to go."""

from __future__ import annotations

import pytest

from tests.workflows.diagrams.building import END, START, TIMER, definitions
from workflows.diagrams import check_diagram, read_diagram

HANDLER = START + END + '<subProcess id="u" triggeredByEvent="true">{}</subProcess>'
INNER = START + END + '<subProcess id="u">{}</subProcess>'
TIMED_START = '<startEvent id="i">' + TIMER.format("PT1H") + "</startEvent>"


@pytest.mark.parametrize(
    ("inside", "ways", "where", "word"),
    [
        (START + '<startEvent id="s2"/>' + END, ["s>e", "s2>e"], "p", "2 start events"),
        ("", [], "p", "nothing inside"),
        (START + END + '<task id="t"/>', ["s>e"], "t", "Nothing leads"),
        (START + END + '<task id="t"/><task id="u"/>', ["s>e", "t>u", "u>t"], "u", "Nothing leads"),
        (START + '<task id="t"/><task id="u"/>', ["s>t", "t>u", "u>t"], "t", "round for ever"),
        (START + END + '<task id="t"/>', ["s>t", "t>s", "t>e"], "s", "may lead to"),
        (START + END + '<task id="t"/>', ["s>e", "e>t"], "e", "may leave"),
        (INNER.format('<startEvent id="i"/><task id="j"/>'), ["s>u", "u>e", "i>j", "j>e"], "f4", "crosses"),
        (INNER.format(""), ["s>u", "u>e"], "u", "nothing inside"),
        (INNER.format(TIMED_START), ["s>u", "u>e"], "u", "without a trigger"),
        (HANDLER.format('<task id="i"/>'), ["s>e"], "u", "exactly one start event"),
        (HANDLER.format('<startEvent id="i"/>'), ["s>e"], "i", "needs a trigger"),
        (HANDLER.format(TIMED_START), ["s>u", "u>e"], "u", "No sequence flow"),
        (START + END + f'<task id="t" name="{"x" * 1001}"/>', ["s>t", "t>e"], "t", "too long"),
    ],
)
def test_a_token_must_get_from_start_to_end(refusals, inside, ways, where, word):
    assert any(where == found and word in sentence for found, sentence in refusals(inside, *ways))


def test_going_round_is_allowed_where_something_else_can_end_it(refusals):
    stop = f'<subProcess id="h" triggeredByEvent="true"><startEvent id="hs">{TIMER.format("PT1H")}</startEvent></subProcess>'

    assert refusals(START + '<task id="t"/><task id="u"/>' + stop, "s>t", "t>u", "u>t") == []


def test_a_path_may_end_without_an_end_event(refusals):
    assert refusals(START + '<task id="t"/>', "s>t") == []


def test_a_file_without_an_executable_process_is_refused():
    diagram = read_diagram(definitions('<process id="p"><startEvent id="s"/></process>'), name="drawing.bpmn")

    assert [str(problem.where) for problem in check_diagram(diagram)] == ["drawing.bpmn"]


def test_a_process_that_is_only_drawn_may_look_as_it_likes():
    data = definitions(
        '<process id="p" isExecutable="true"><startEvent id="s"/></process><process id="q"><complexGateway id="c"/></process>'
    )

    assert check_diagram(read_diagram(data, name="x")) == []


@pytest.mark.parametrize(
    ("gateway", "ways", "where", "word"),
    [
        ('<exclusiveGateway id="g"/>', ["s>g", "g>a [=x]", "g>e"], "f3", "no condition"),
        ('<inclusiveGateway id="g"/>', ["s>g", "g>a", "g>e [=x]"], "f2", "no condition"),
        ('<exclusiveGateway id="g" default="f3"/>', ["s>g", "g>a [=x]", "g>e [=y]"], "f3", "never be asked"),
        ('<exclusiveGateway id="g" default="f1"/>', ["s>g", "g>a [=x]", "g>e"], "g", "does not leave"),
        ('<parallelGateway id="g" default="f2"/>', ["s>g", "g>a", "g>e"], "g", "cannot have a default"),
        ('<parallelGateway id="g"/>', ["s>g", "g>a [=x]", "g>e"], "f2", "no effect"),
        ('<eventBasedGateway id="g"/>', ["s>g", "g>a", "g>e"], "a", "event-based gateway"),
    ],
)
def test_a_split_must_know_where_to_go(refusals, gateway, ways, where, word):
    found = refusals(START + END + gateway + '<task id="a"/>', *ways)

    assert any(where == at and word in sentence for at, sentence in found)


def test_an_event_behind_an_event_based_gateway_has_no_other_way_in(refusals):
    catch = f'<intermediateCatchEvent id="c">{TIMER.format("PT1H")}</intermediateCatchEvent>'

    found = refusals(
        START + END + catch + '<eventBasedGateway id="g"/><task id="t" default="f3"/>',
        "s>t",
        "g>c",
        "t>g",
        "t>c [=x]",
        "c>e",
    )

    assert [where for where, _ in found] == ["c"]


def test_conditions_and_a_default_on_an_activity_pass(refusals):
    assert refusals(START + END + '<task id="t" default="f2"/><task id="u"/>', "s>t", "t>e", "t>u [=x]", "u>e") == []
