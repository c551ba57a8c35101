"""What is proved sound never gets stuck, whatever happens to it: drawn diagrams, played in the engine."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.engine.generated.blocks import nets
from tests.workflows.engine.generated.driving import Act, Story
from tests.workflows.engine.generated.nets import Net
from tests.workflows.engine.generated.tastes import JOINS, STRUCTURED, UNSTRUCTURED
from tests.workflows.engine.generated.test_generated import ACTS, drawn
from workflows.diagrams import read_diagram
from workflows.diagrams.soundness import prove


def is_stuck(story: Story) -> bool:
    """Whether the case is not over and waits for nobody and nothing but tokens that never come."""
    run = story.live
    return story.is_begun and run.status != "completed" and not run.open_tokens and not list(run.waiting())


@drawn(300)
@given(st.one_of(nets(JOINS), nets(UNSTRUCTURED), nets(STRUCTURED)), ACTS)
def test_what_is_proved_sound_never_gets_stuck(net: Net, acts: list[Act]) -> None:
    diagram = read_diagram(net.xml().encode(), name="generated.bpmn")
    proved = prove(dict.fromkeys(diagram.processes, diagram), "main")
    story = Story(net)
    for act in acts:
        if story.goes_on:
            story.act(act)

    if is_stuck(story):
        assert proved.verdict != "SOUND", net.xml()
