"""Moving a case to another version of its diagram: what stays, what is new, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.workflows.engine.conftest import HEAD, NOON, CaseInHand, TestHost, flows
from workflows import diagrams, engine

MESSAGE = '<message id="m" name="{name}"><extensionElements><zeebe:subscription correlationKey="=number" /></extensionElements></message>'


def program_of(inside: str, also: str = "") -> engine.Program:
    xml = f'{HEAD}{also}<process id="main" isExecutable="true">{inside}</process></definitions>'
    return engine.compile_diagrams([diagrams.read_diagram(xml.encode(), name="test.bpmn")], main="main")


class Moving:
    """A case in one version, and how it is moved to another."""

    def __init__(self, old: str, new: str, *, also: str = "", also_new: str | None = None, **variables: Any) -> None:
        self.new = program_of(new, also if also_new is None else also_new)
        self.case = CaseInHand(program_of(old, also), TestHost(), variables)

    def move(self, **mapping: str) -> engine.Moved:
        case = self.case
        moved = engine.migrate(case.program, self.new, case.stored, mapping, host=case.host, now=case.now)
        if moved.run is not None:
            case.program, case.stored = self.new, engine.save(moved.run)
            assert engine.save(case.run) == case.stored
        return moved

    def refused(self, **mapping: str) -> list[tuple[str, str]]:
        before = self.case.stored
        moved = self.move(**mapping)
        assert moved.run is None
        assert self.case.stored == before
        return [(problem.where, str(problem)) for problem in moved.problems]


def sentences(moved: engine.Moved) -> list[str]:
    return [str(note) for note in moved.notes]


ONE = '<startEvent id="s"/><userTask id="a" name="Review"/><endEvent id="e"/>' + flows("s>a", "a>e")


def test_an_open_task_keeps_its_token_its_variables_and_goes_on_in_the_new_version() -> None:
    new = '<startEvent id="s"/><userTask id="a" name="Look"/><userTask id="b"/><endEvent id="e"/>' + flows("s>a", "a>b", "b>e")
    moving = Moving(ONE, new, amount=3)
    token = moving.case.token("a")

    moved = moving.move()

    assert (moved.problems, [(task.token, task.name) for task in moved.tasks]) == ([], [(token, "Look")])
    assert moving.case.variables == {"amount": 3}
    moving.case.do("a")
    assert moving.case.open == ["b"]


def test_an_element_of_another_id_takes_the_place_when_it_is_named() -> None:
    new = '<startEvent id="s"/><userTask id="b"/><endEvent id="e"/>' + flows("s>b", "b>e")
    moving = Moving(ONE, new)

    assert moving.refused() == [
        ("a", "a: The case stands at Review, which is not there in the new version. Say which step takes its place.")
    ]
    moving.move(a="b")

    moving.case.do("b")
    assert moving.case.status == "completed"


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ('<receiveTask id="a" messageRef="m"/>', "would become a step of another kind"),
        ('<manualTask id="a"/>', "would become a step of another kind"),
        (
            (
                '<userTask id="a"><multiInstanceLoopCharacteristics isSequential="true"><extensionElements>'
                '<zeebe:loopCharacteristics inputCollection="=[1]"/></extensionElements></multiInstanceLoopCharacteristics></userTask>'
            ),
            "is repeated in another way",
        ),
        (
            '<subProcess id="p"><startEvent id="ps"/><userTask id="a"/>' + flows("ps>a").replace("f0", "pf") + "</subProcess>",
            "lies in another part",
        ),
    ],
)
def test_a_step_of_another_kind_or_place_is_refused(step: str, sentence: str) -> None:
    place = "p" if "subProcess" in step else "a"
    new = f'<startEvent id="s"/>{step}<endEvent id="e"/>' + flows(f"s>{place}", f"{place}>e")
    moving = Moving(ONE, new, also=MESSAGE.format(name="paid"), number="7")

    [(where, said)] = moving.refused()

    assert where == "a"
    assert sentence in said


TIMED = (
    '<startEvent id="s"/><userTask id="a"/><boundaryEvent id="late" attachedToRef="a"><timerEventDefinition>'
    "<timeDuration>PT{hours}H</timeDuration></timerEventDefinition></boundaryEvent>"
    '<userTask id="b"/><endEvent id="e"/>'
) + flows("s>a", "a>e", "late>b", "b>e")


def test_a_timer_keeps_its_moment_whatever_the_new_version_says() -> None:
    moving = Moving(TIMED.format(hours=4), TIMED.format(hours=48))
    moving.case.advance(hours=1)

    moved = moving.move()

    assert moving.case.run.wake_at == NOON + timedelta(hours=4)
    assert "late: The timer late stays due at 2026-12-01 16:00 UTC." in sentences(moved)
    moving.case.advance(hours=3)
    assert moving.case.open == ["b"]


def test_an_event_that_is_new_is_waited_for_from_now_on_and_one_that_is_gone_no_longer() -> None:
    moving = Moving(ONE, TIMED.format(hours=4))
    moving.case.advance(hours=10)

    moved = moving.move()
    assert moving.case.run.wake_at == NOON + timedelta(hours=14)
    assert "late: The event late is new and is waited for from now on." in sentences(moved)

    back = Moving(TIMED.format(hours=4), ONE)
    assert "late: The event late is no longer waited for." in sentences(back.move())
    assert back.case.run.wake_at is None


def test_an_event_that_had_its_time_does_not_come_again() -> None:
    once = TIMED.replace('attachedToRef="a"', 'attachedToRef="a" cancelActivity="false"')
    moving = Moving(once.format(hours=1), once.format(hours=2))
    moving.case.advance(hours=1)
    assert moving.case.run.wake_at is None

    moving.move()

    assert moving.case.run.wake_at is None
    assert sorted(moving.case.open) == ["a", "b"]


WAITING = '<startEvent id="s"/><receiveTask id="a" messageRef="m"/><endEvent id="e"/>' + flows("s>a", "a>e")


def test_a_message_is_waited_for_under_its_new_name_and_its_old_key() -> None:
    moving = Moving(WAITING, WAITING, also=MESSAGE.format(name="paid"), also_new=MESSAGE.format(name="settled"), number="7")

    moving.move()

    assert moving.case.send("paid", "7") == 0
    assert moving.case.send("settled", "8") == 0
    assert moving.case.send("settled", "7") == 1


SPLIT = (
    '<startEvent id="s"/><parallelGateway id="split"/><userTask id="a"/><userTask id="b"/><parallelGateway id="join"/>'
    '<userTask id="c"/><endEvent id="e"/>'
) + flows("s>split", "split>a", "split>b", "a>join", "b>join", "join>c", "c>e")


def test_parallel_branches_join_in_the_new_version_also_when_one_has_arrived_before() -> None:
    renamed = SPLIT.replace('"join"', '"meet"').replace("_join", "_meet").replace('id="f', 'id="g')
    moving = Moving(SPLIT, renamed)
    moving.case.do("a")

    moving.move(join="meet")

    assert moving.case.open == ["b"]
    moving.case.do("b")
    assert moving.case.open == ["c"]


THIRD = (
    '<startEvent id="s"/><parallelGateway id="split"/><userTask id="a"/><userTask id="b"/><userTask id="x"/>'
    '<parallelGateway id="join"/><userTask id="c"/><endEvent id="e"/>'
) + flows("s>split", "split>a", "split>b", "split>x", "a>join", "b>join", "x>join", "join>c", "c>e")


@pytest.mark.parametrize("done", [(), ("a",)])
def test_a_branch_that_was_never_entered_would_keep_the_case_waiting_for_ever(done: tuple[str, ...]) -> None:
    moving = Moving(SPLIT, THIRD)
    for element in done:
        moving.case.do(element)

    assert [where for where, _ in moving.refused()] == ["join"]


def test_a_new_branch_keeps_nobody_who_has_not_come_to_it() -> None:
    before = '<userTask id="first"/>' + flows("s>first", "first>split").replace('id="f', 'id="h')
    start = flows("s>split")
    moving = Moving(SPLIT.replace(start, "") + before, THIRD.replace(start, "") + before)

    moving.move()

    moving.case.do("first")
    assert moving.case.open == ["a", "b", "x"]


def test_a_gateway_whose_waiting_branch_is_gone_is_refused_until_it_is_named() -> None:
    other = SPLIT.replace('"a"', '"z"').replace("_a", "_z")
    moving = Moving(SPLIT, other)
    moving.case.do("a")

    assert [where for where, _ in moving.refused()] == ["join"]
    moving.move(f3_a_join="f3_z_join")
    moving.case.do("b")
    assert moving.case.open == ["c"]


INNER = (
    '<startEvent id="s"/><subProcess id="{id}"><startEvent id="ps"/><userTask id="a"/><userTask id="{next}"/><endEvent id="pe"/>'
    '<sequenceFlow id="p1" sourceRef="ps" targetRef="a"/><sequenceFlow id="p2" sourceRef="a" targetRef="{next}"/>'
    '<sequenceFlow id="p3" sourceRef="{next}" targetRef="pe"/></subProcess><endEvent id="e"/>'
)


def test_what_goes_on_inside_a_subprocess_goes_on_in_its_counterpart() -> None:
    old = INNER.format(id="p", next="b") + flows("s>p", "p>e")
    new = INNER.format(id="q", next="c") + flows("s>q", "q>e")
    moving = Moving(old, new)
    assert [where for where, _ in moving.refused()] == ["p"]

    moving.move(p="q")

    moving.case.do("a")
    moving.case.do("c")
    assert moving.case.status == "completed"


def calling(process: str) -> str:
    return (
        f'<startEvent id="s"/><callActivity id="call"><extensionElements><zeebe:calledElement processId="{process}"/>'
        '</extensionElements></callActivity><endEvent id="e"/>'
    ) + flows("s>call", "call>e")


def called(process: str, step: str = "a") -> str:
    return (
        f'<process id="{process}" isExecutable="true"><startEvent id="ps"/><userTask id="{step}"/><endEvent id="pe"/>'
        f'<sequenceFlow id="p1" sourceRef="ps" targetRef="{step}"/><sequenceFlow id="p2" sourceRef="{step}" targetRef="pe"/></process>'
    )


def test_a_called_process_goes_on_in_the_one_that_is_called_now() -> None:
    moving = Moving(calling("sub"), calling("sub2"), also=called("sub"), also_new=called("sub2"))
    moving.move()
    assert moving.case.open == ["a"]
    moving.case.do("a")
    assert moving.case.status == "completed"

    dynamic = calling("=which")
    moving = Moving(dynamic, dynamic, also=called("sub"), also_new=called("sub2", step="z"), which="sub")
    assert [where for where, _ in moving.refused()] == ["call"]
    assert [where for where, _ in moving.refused(sub="sub2")] == ["a"]
    moving.move(sub="sub2", a="z")
    assert moving.case.open == ["z"]


def repeated(order: str, step: str = "a", after: str = "") -> str:
    return (
        f'<startEvent id="s"/><userTask id="{step}"><multiInstanceLoopCharacteristics isSequential="{order}"><extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=people" inputElement="person" outputCollection="votes" outputElement="=vote"/>'
        f'</extensionElements></multiInstanceLoopCharacteristics></userTask>{after}<endEvent id="e"/>'
    )


@pytest.mark.parametrize("order", ["false", "true"])
def test_a_repeated_activity_keeps_its_counts_and_results(order: str) -> None:
    old = repeated(order) + flows("s>a", "a>e")
    new = repeated(order, step="b", after='<userTask id="c"/>') + flows("s>b", "b>c", "c>e")
    moving = Moving(old, new, people=["ann", "bo", "cy", "di"])
    for vote in ("yes", "no"):
        moving.case.do("a", vote=vote)

    moved = moving.move(a="b")

    assert "a: a goes on with 2 of 4 runs done." in sentences(moved)
    for vote in ("no", "yes"):
        moving.case.do("b", vote=vote)
    assert moving.case.variables["votes"] == ["yes", "no", "no", "yes"]
    assert moving.case.open == ["c"]


def test_an_event_gateway_waits_for_its_own_events_and_a_new_one() -> None:
    def gateway(*events: str) -> str:
        text = "".join(
            f'<intermediateCatchEvent id="{name}"><timerEventDefinition><timeDuration>{length}</timeDuration>'
            "</timerEventDefinition></intermediateCatchEvent>"
            for name, length in (event.split(":") for event in events)
        )
        names = [event.split(":")[0] for event in events]
        ways = flows("s>g", *(f"g>{name}" for name in names), *(f"{name}>e" for name in names))
        return f'<startEvent id="s"/><eventBasedGateway id="g"/>{text}<endEvent id="e"/>{ways}'

    moving = Moving(gateway("t1:PT5H", "t2:PT6H"), gateway("t1:PT9H", "t3:PT1H"))
    moving.case.advance(hours=2)

    moved = moving.move()

    assert moving.case.run.wake_at == NOON + timedelta(hours=3)
    assert {"t2: The event t2 is no longer waited for.", "t3: The event t3 is new and is waited for from now on."} <= {
        *sentences(moved)
    }
    moving.case.advance(hours=1)
    assert moving.case.status == "completed"


def test_a_message_for_an_event_subprocess_is_caught_in_the_new_version() -> None:
    def handled(start: str) -> str:
        return ONE + (
            f'<subProcess id="h" triggeredByEvent="true"><startEvent id="{start}"><messageEventDefinition messageRef="m"/></startEvent>'
            f'<endEvent id="he"/><sequenceFlow id="h1" sourceRef="{start}" targetRef="he"/></subProcess>'
        )

    moving = Moving(handled("h1s"), handled("h2s"), also=MESSAGE.format(name="stop"), number="7")
    moving.move(h1s="h2s")

    assert moving.case.send("stop", "7") == 1
    assert moving.case.status == "completed"


def test_a_task_that_the_new_version_cannot_describe_is_refused() -> None:
    new = ONE.replace(
        '<userTask id="a" name="Review"/>',
        '<userTask id="a"><extensionElements><zeebe:taskSchedule dueDate="soon"/></extensionElements></userTask>',
    )

    assert [where for where, _ in Moving(ONE, new).refused()] == ["a"]


def test_a_mapping_names_only_what_is_there_and_nothing_twice() -> None:
    old, new = program_of(SPLIT), program_of(SPLIT)

    found = engine.check_mapping(old, new, {"nobody": "a", "b": "nowhere", "a": "c", "join": "c"})

    assert [(problem.where, problem.sentence) for problem in found] == [
        ("nobody", "The old version has no element of this id."),
        ("nowhere", "The new version has no element of this id."),
        ("c", "It is named for more than one element."),
    ]
    assert engine.check_mapping(old, new, {"a": "b", "b": "a", "f3_a_join": "f4_b_join"}) == []


def test_two_steps_can_change_places() -> None:
    moving = Moving(SPLIT, SPLIT)
    first = moving.case.token("a")

    moving.move(a="b", b="a", f3_a_join="f4_b_join", f4_b_join="f3_a_join")

    assert moving.case.token("b") == first
    moving.case.do("a")
    moving.case.do("b")
    assert moving.case.open == ["c"]
