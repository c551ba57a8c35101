"""What a diagram says of how often a step is tried."""

from __future__ import annotations

import pytest

from tests.workflows.diagrams.building import END, START, extended
from workflows.diagrams import check_diagram, note_diagram

PAUSED = '<zeebe:taskDefinition type="x"/><zeebe:taskHeaders><zeebe:header key="retry.backoff" value="{}"/></zeebe:taskHeaders>'


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ('<zeebe:taskDefinition type="x" retries="5"/>', []),
        ('<zeebe:taskDefinition type="x" retries="=count"/>', ["it is tried three times"]),
        (
            PAUSED.format("PT5M"),
            [],
        ),
        (
            PAUSED.format("soon"),
            ["one minute is taken"],
        ),
    ],
)
def test_a_number_of_attempts_or_a_pause_that_cannot_be_used_is_noted(read, definition, words):
    diagram = read(START + END + extended("serviceTask", definition), "s>t", "t>e")

    said = [str(note) for note in note_diagram(diagram) if "attempt" in str(note) or "tried" in str(note)]

    assert check_diagram(diagram) == []
    assert len(said) == len(words)
    for word, sentence in zip(words, said, strict=True):
        assert word in sentence
