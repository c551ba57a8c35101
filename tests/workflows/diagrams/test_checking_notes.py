"""What is worth knowing and keeps nothing from being published."""

from __future__ import annotations

import pytest

from tests.workflows.diagrams.building import END, START, attached, definitions, extended
from workflows.diagrams import check_diagram, note_diagram, read_diagram


@pytest.mark.parametrize(
    ("inside", "ways", "where", "word"),
    [
        (START + END + '<userTask id="t"/>', ["s>t", "t>e"], "t", "no form"),
        (START + END + '<userTask id="t"/>', ["s>t", "t>e"], "t", "no due date"),
        (START + END + '<exclusiveGateway id="g"/>', ["s>g", "g>e [=x]"], "g", "incident"),
        (START + '<exclusiveGateway id="g"/>', ["s>g"], "g", "path ends"),
        ('<task id="t"/>', [], "p", "no start event"),
        (
            START + END + '<userTask id="t"/>' + attached("<escalationEventDefinition/>"),
            ["s>t", "t>e"],
            "b",
            "never happens",
        ),
        (
            START + END + extended("userTask", '<zeebe:properties><zeebe:property name="colour" value="x"/></zeebe:properties>'),
            ["s>t", "t>e"],
            "t",
            "colour",
        ),
        (
            START + END + extended("userTask", '<zeebe:ioMapping><zeebe:output source="=x" target="case"/></zeebe:ioMapping>'),
            ["s>t", "t>e"],
            "t",
            "overwritten",
        ),
    ],
)
def test_what_does_no_harm_is_only_noted(read, inside, ways, where, word):
    diagram = read(inside, *ways)

    assert any(note.where == where and word in str(note) for note in note_diagram(diagram))
    assert check_diagram(diagram) == []


def test_a_fixed_correlation_key_and_a_cycle_that_happens_once_are_noted(notes):
    fixed = (
        '<message id="m" name="x"><extensionElements><zeebe:subscription correlationKey="same"/></extensionElements></message>'
    )
    cycle = "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>"

    found = dict(notes(START + END + '<receiveTask id="t" messageRef="m"/>' + attached(cycle), "s>t", "t>e", beside=fixed))

    assert "fixed text" in found["t"]
    assert "happens once" in found["b"]


def test_a_process_that_is_not_executable_beside_one_that_is_is_noted():
    data = definitions('<process id="p" isExecutable="true"><startEvent id="s"/></process><process id="q"/>')

    assert [note.where for note in note_diagram(read_diagram(data, name="x"))] == ["q"]


def test_every_problem_has_a_place_and_a_way_out(read):
    diagram = read(
        '<complexGateway id="c"/><serviceTask id="s"/><userTask id="u"/>',
        "c>gone",
        beside='<message id="m"/>',
    )

    problems = check_diagram(diagram, roles=[], operations=[])

    assert problems
    assert all(problem.where and problem.way_out for problem in problems)
