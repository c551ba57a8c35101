"""Drawn diagrams and drawn stories: whatever happens, the engine makes only moves that BPMN allows, and loses nothing."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.engine.generated.blocks import nets
from tests.workflows.engine.generated.driving import Act, Story
from tests.workflows.engine.generated.nets import Net
from tests.workflows.engine.generated.tastes import JOINS, REPEATED, SCOPES, STRUCTURED, UNSTRUCTURED, VARIABLES

NIGHT = int(os.environ.get("SAFECONDUCT_NIGHT_EXAMPLES", "0"))
ACTS = st.lists(
    st.builds(Act, st.integers(0, 59), st.integers(0, 9), st.integers(0, 3), st.sampled_from((*VARIABLES, "res", "res"))),
    min_size=8,
    max_size=25,
)


def drawn(examples: int) -> settings:
    """As many examples as are asked for: the same ones each time, or by night other and more ones."""
    return settings(
        max_examples=NIGHT or examples,
        derandomize=not NIGHT,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


def play(net: Net, acts: list[Act]) -> None:
    story = Story(net)
    for act in acts:
        if not story.goes_on:
            return
        story.act(act)


@drawn(250)
@given(nets(STRUCTURED), ACTS)
def test_diagrams_of_blocks_run_as_the_token_game_allows(net: Net, acts: list[Act]) -> None:
    play(net, acts)


@drawn(250)
@given(nets(UNSTRUCTURED), ACTS)
def test_diagrams_without_structure_run_as_the_token_game_allows(net: Net, acts: list[Act]) -> None:
    play(net, acts)


@drawn(200)
@given(nets(SCOPES), ACTS)
def test_errors_and_escalations_find_their_way_out_of_scopes(net: Net, acts: list[Act]) -> None:
    play(net, acts)


@drawn(250)
@given(nets(JOINS), ACTS)
def test_gateways_wait_for_what_can_still_come(net: Net, acts: list[Act]) -> None:
    play(net, acts)


@drawn(250)
@given(nets(REPEATED), ACTS)
def test_repetitions_keep_their_results_apart_and_in_order(net: Net, acts: list[Act]) -> None:
    play(net, acts)
