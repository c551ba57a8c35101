"""Gateways and joins."""

from __future__ import annotations

import pytest

from tests.workflows.engine.conftest import Start, flows
from workflows.engine import StepFailed


def test_the_first_flow_whose_condition_holds_is_taken(start: Start) -> None:
    case = start(
        '<startEvent id="s"/><exclusiveGateway id="g" default="f3_g_c"/><endEvent id="a"/><endEvent id="b"/><endEvent id="c"/>'
        + flows("s>g", "g>a: amount > 10", "g>b: amount > 5", "g>c"),
        amount=7,
    )

    assert case.entered == ["s", "g", "b"]
    assert case.status == "completed"


def test_the_default_is_taken_when_a_condition_is_null(start: Start) -> None:
    case = start(
        '<startEvent id="s"/><exclusiveGateway id="g" default="f2_g_c"/><endEvent id="a"/><endEvent id="c"/>'
        + flows("s>g", "g>a: unknown > 10", "g>c"),
    )

    assert case.entered == ["s", "g", "c"]


def test_no_way_out_of_a_gateway_is_a_failure_that_names_it(start: Start) -> None:
    with pytest.raises(StepFailed, match="The step g could not"):
        start('<startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="a"/>' + flows("s>g", "g>a: false"))


PARALLEL = (
    '<startEvent id="s"/><parallelGateway id="split"/><userTask id="a"/><userTask id="b"/><parallelGateway id="join"/><endEvent id="e"/>'
    + flows("s>split", "split>a", "split>b", "a>join", "b>join", "join>e")
)


def test_a_parallel_join_waits_for_all_its_branches(start: Start) -> None:
    case = start(PARALLEL)
    assert sorted(case.open) == ["a", "b"]

    case.do("b")
    assert (case.open, case.status) == (["a"], "open")

    case.do("a")
    assert (case.open, case.status) == ([], "completed")
    assert case.entered.count("join") == 1


def test_a_join_never_overwrites_the_vote_of_another_branch(start: Start) -> None:
    case = start(PARALLEL, decision="pending")

    case.do("a", decision="REJECT")
    case.do("b", remark="nothing to add")

    assert case.variables == {"decision": "REJECT", "remark": "nothing to add"}


def test_the_votes_of_a_second_round_replace_those_of_the_first(start: Start) -> None:
    case = start(
        '<startEvent id="s"/><task id="again"/><parallelGateway id="split"/><userTask id="a"/><userTask id="b"/><parallelGateway id="join"/>'
        '<exclusiveGateway id="g" default="f7_g_e"/><endEvent id="e"/>'
        + flows("s>again", "again>split", "split>a", "split>b", "a>join", "b>join", "join>g", "g>e", 'g>again: vote_a = "no"')
    )
    case.do("a", vote_a="no")
    case.do("b", vote_b="yes")
    assert sorted(case.open) == ["a", "b"]

    case.do("a", vote_a="yes")
    case.do("b", vote_b="yes")

    assert case.status == "completed"
    assert case.variables["vote_a"] == "yes"


def test_twelve_parallel_stages_do_not_grow_the_tree(start: Start) -> None:
    inside, names = '<startEvent id="s"/>', ["s>p0"]
    for stage in range(12):
        inside += f'<parallelGateway id="p{stage}"/><task id="a{stage}"/><task id="b{stage}"/><parallelGateway id="j{stage}"/>'
        names += [
            f"p{stage}>a{stage}",
            f"p{stage}>b{stage}",
            f"a{stage}>j{stage}",
            f"b{stage}>j{stage}",
            f"j{stage}>p{stage + 1}",
        ]
    inside += '<userTask id="p12"/>'

    case = start(inside + flows(*names))

    assert case.open == ["p12"]
    assert len(case.stored) < 500


def inclusive(*, x: bool, y: bool) -> str:
    return (
        '<startEvent id="s"/><inclusiveGateway id="split" default="f3_split_c"/><userTask id="a"/><userTask id="b"/><task id="c"/>'
        '<inclusiveGateway id="join"/><endEvent id="e"/>'
        + flows(
            "s>split",
            f"split>a: {str(x).lower()}",
            f"split>b: {str(y).lower()}",
            "split>c",
            "a>join",
            "b>join",
            "c>join",
            "join>e",
        )
    )


def test_an_inclusive_join_waits_for_the_branches_that_were_taken(start: Start) -> None:
    case = start(inclusive(x=True, y=True))
    case.do("a")
    assert case.open == ["b"]

    case.do("b")

    assert case.status == "completed"
    assert case.entered.count("join") == 1
    assert "c" not in case.entered


@pytest.mark.parametrize("branch", ["a", "b"])
def test_an_inclusive_join_does_not_wait_for_a_branch_that_was_not_taken(start: Start, branch: str) -> None:
    case = start(inclusive(x=branch == "a", y=branch == "b"))

    case.do(branch)

    assert case.status == "completed"


def test_an_inclusive_split_takes_its_default_when_nothing_else_holds(start: Start) -> None:
    case = start(inclusive(x=False, y=False))

    assert case.entered == ["s", "split", "c", "join", "e"]


def test_an_activity_may_split_by_conditions_and_default(start: Start) -> None:
    case = start(
        '<startEvent id="s"/><task id="t" default="f3_t_c"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>'
        + flows("s>t", "t>a: n > 1", "t>b: n > 2", "t>c"),
        n=3,
    )

    assert sorted(case.open) == ["a", "b"]


def test_ids_that_spiffworkflow_reserves_are_ordinary_ids(start: Start) -> None:
    case = start('<startEvent id="Start"/><userTask id="End"/><endEvent id="Root"/>' + flows("Start>End", "End>Root"))
    assert case.open == ["End"]

    case.do("End")

    assert case.entered == ["Start", "End", "Root"]
    assert case.status == "completed"
