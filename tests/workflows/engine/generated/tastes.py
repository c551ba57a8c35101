"""What is drawn: conditions, repetitions, and how a diagram shall taste."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.workflows.engine.generated.nets import Repeat, Sum, Test

VARIABLES = ("x", "y", "z")
MINUTES = (5, 10, 15, 30)
TEST = st.builds(Test, st.sampled_from(VARIABLES), st.sampled_from("=><"), st.integers(0, 2))
SUM = st.builds(Sum, st.sampled_from(VARIABLES), st.sampled_from(VARIABLES), st.integers(0, 3))
ENOUGH = st.one_of(
    st.none(),
    st.builds(Test, st.just("numberOfCompletedInstances"), st.sampled_from("=>"), st.integers(1, 2)),
    st.builds(Test, st.sampled_from(("x", "res")), st.just("="), st.integers(0, 2)),
)
ENTRIES = st.lists(st.integers(0, 9), max_size=3).map(tuple)
REPEAT = st.one_of(
    st.builds(Repeat, st.sampled_from(("sequential", "parallel")), entries=ENTRIES, enough=ENOUGH),
    st.builds(Repeat, st.just("standard"), maximum=st.integers(1, 3), condition=st.none() | TEST, test_before=st.booleans()),
)
SHORT = ("user", "user", "task", "script")


@dataclass(frozen=True)
class Taste:
    """What is drawn more often, and how rarely (one in so many) activities are repeated, bear events, have handlers inside."""

    budget: int = 8
    often: tuple[str, ...] = ("user", "user", "parallel", "subprocess", "subprocess", "call", "inclusive")
    repeated: int = 4
    bounded: int = 2
    handled: int = 3
    ends: tuple[str | None, ...] = (None, None, None, None, "terminate", "escalation", "signal")
    jumps: int = 0
    only_often: bool = False


STRUCTURED = Taste()
UNSTRUCTURED = Taste(budget=7, jumps=2)
SCOPES = Taste(
    budget=9,
    often=("user", "subprocess", "subprocess", "call", "parallel", "throw", "exclusive"),
    bounded=1,
    handled=2,
    ends=(None, "error", "error", "error", "escalation", "escalation", "signal"),
    only_often=True,
)
JOINS = Taste(
    budget=7,
    often=("user", "task", "parallel", "inclusive", "inclusive", "implicit", "exclusive"),
    repeated=9,
    bounded=4,
    jumps=4,
    only_often=True,
)
REPEATED = Taste(
    budget=5,
    often=("user", "user", "receive", "subprocess", "subprocess", "parallel", "script", "call"),
    repeated=1,
    only_often=True,
)
