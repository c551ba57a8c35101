"""Ad-hoc subprocesses: an expression chooses what begins, a condition says when it is enough."""

from __future__ import annotations

import pytest

from tests.workflows.engine.conftest import Start, flows
from tests.workflows.engine.test_events import boundary, timer
from workflows.engine import StepFailed

OUTER = '<startEvent id="s"/>'
THREE = '<userTask id="a"/><userTask id="b"/><userTask id="c"/>'


def ad_hoc(inside: str, *, active: str = "", until: str = "", attributes: str = "", output: str = "", around: str = "") -> str:
    chosen = f'activeElementsCollection="={active}"' if active else ""
    collected = f'outputCollection="results" outputElement="={output}"' if output else ""
    condition = f"<completionCondition>={until}</completionCondition>" if until else ""
    return (
        OUTER
        + f'<adHocSubProcess id="t" {attributes}><extensionElements><zeebe:adHoc {chosen} {collected}/></extensionElements>'
        + inside
        + condition
        + '</adHocSubProcess><userTask id="u"/>'
        + around
        + flows("s>t", "t>u").replace('id="f', 'id="o')
    )


def test_the_elements_that_are_listed_begin(start: Start) -> None:
    case = start(ad_hoc(THREE, active="wanted"), wanted=["a", "c"])
    assert sorted(case.open) == ["a", "c"]

    case.do("c")
    assert case.open == ["a"]
    case.do("a")

    assert case.open == ["u"]
    assert "b" not in case.entered


def test_without_a_list_every_task_without_a_flow_to_it_begins(start: Start) -> None:
    case = start(ad_hoc(THREE + '<userTask id="d"/>' + flows("c>d")))
    assert sorted(case.open) == ["a", "b", "c"]

    for name in ("a", "b", "c"):
        case.do(name)
    assert case.open == ["d"]
    case.do("d")

    assert case.open == ["u"]


def test_its_condition_ends_it_and_gives_up_the_rest(start: Start) -> None:
    case = start(ad_hoc(THREE + '<userTask id="d"/>' + flows("a>d"), until="enough"), enough=False)
    case.do("b")
    assert sorted(case.open) == ["a", "c"]

    case.do("a", enough=True)

    assert case.open == ["u"]
    assert len(case.last.cancelled) == 1
    assert "d" not in case.entered


def test_its_condition_lets_the_rest_be_done_where_it_is_not_cancelled(start: Start) -> None:
    inside = ad_hoc(
        THREE + '<userTask id="d"/>' + flows("a>d", "c>d"), until="enough", attributes='cancelRemainingInstances="false"'
    )
    case = start(inside, enough=False)

    case.do("a", enough=True)
    assert sorted(case.open) == ["b", "c"]
    case.do("b")
    case.do("c", enough=False)

    assert case.open == ["u"]
    assert "d" not in case.entered


def test_one_after_the_other_in_the_order_of_the_list(start: Start) -> None:
    inside = ad_hoc(
        THREE + '<userTask id="d"/>' + flows("b>d"),
        active="[&quot;c&quot;, &quot;b&quot;, &quot;a&quot;]",
        attributes='ordering="Sequential"',
    )
    case = start(inside)
    done = []
    while case.open != ["u"]:
        (name,) = case.open
        done.append(name)
        case.do(name)

    assert done == ["c", "b", "d", "a"]


def test_a_sequence_stops_when_its_condition_holds(start: Start) -> None:
    inside = ad_hoc(THREE, active="[&quot;c&quot;, &quot;b&quot;]", until="enough", attributes='ordering="Sequential"')
    case = start(inside, enough=False)

    case.do("c", enough=True)

    assert case.open == ["u"]


def test_its_results_are_gathered(start: Start) -> None:
    case = start(ad_hoc(THREE, active="[&quot;a&quot;, &quot;b&quot;]", output="vote"), vote=None)
    case.do("b", vote="yes")
    case.do("a", vote="no")

    assert case.variables["results"] == ["yes", "no"]


def test_nothing_chosen_is_nothing_to_do(start: Start) -> None:
    assert start(ad_hoc(THREE, active="[]", until="false")).open == ["u"]


def test_all_done_without_its_condition_holding_is_a_failure_that_says_so(start: Start) -> None:
    case = start(ad_hoc(THREE, active="[&quot;a&quot;]", until="enough"), enough=False)

    with pytest.raises(StepFailed, match="completion condition does not hold"):
        case.do("a")
    case.do("a", enough=True)
    assert case.open == ["u"]


@pytest.mark.parametrize(("wanted", "word"), [(["a", "d"], "d"), (["gone"], "gone"), ("a", "not a list"), (None, "not a list")])
def test_what_cannot_begin_is_a_failure(start: Start, wanted: object, word: str) -> None:
    with pytest.raises(StepFailed, match=f"t could not.*{word}"):
        start(ad_hoc(THREE + '<userTask id="d"/>' + flows("a>d"), active="wanted"), wanted=wanted)


def test_a_deadline_ends_it(start: Start) -> None:
    late = boundary("late", timer("PT1H"), on="t") + '<userTask id="v"/>' + flows("late>v").replace('id="f', 'id="l')
    case = start(ad_hoc(THREE, around=late))

    case.advance(hours=1)

    assert case.open == ["v"]
    assert len(case.last.cancelled) == 3


def test_automatic_steps_run_when_they_are_chosen(start: Start) -> None:
    work = '<serviceTask id="x"><extensionElements><zeebe:taskDefinition type="x"/></extensionElements></serviceTask>'
    case = start(ad_hoc(work + THREE, active="[&quot;x&quot;, &quot;a&quot;]"), _operations={"x": lambda _: {"made": 1}})

    assert case.open == ["a"]
    assert case.variables["made"] == 1
