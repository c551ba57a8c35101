"""Where in a case something failed, and what a repair asks of the next run: leave a step out, or change what it reads.

A place names a step by the activities around it, outermost first, each with the number of its run where it is repeated:
"stops[2]/note". Tokens are made anew when a failed act is tried again; places stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any

from workflows import feel
from workflows.engine.errors import BusinessError, StepFailed
from workflows.engine.formulas import Formula, read_expression, read_formula
from workflows.errors import SafeconductError

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Element
    from workflows.engine.program import Program
    from workflows.engine.run import Run
    from workflows.engine.scopes import Visible
    from workflows.engine.specs import TokenSpec

WORKING_KINDS = frozenset({"serviceTask", "sendTask", "scriptTask", "businessRuleTask"})
MESSAGE_EVENTS = frozenset({"intermediateThrowEvent", "endEvent"})
NOT_SKIPPED_SENTENCES = {
    "person": "This is a step for a person. Nobody else, and no repair, can do it.",
    "decision": "This step records a decision. What nobody decided must not look decided.",
    "table": "A decision table chooses here how the case goes on. Without its answer nobody would have chosen the way.",
    "other": "Only a step that the system carries out can be left out, not an event, a gateway or a part with steps of its own.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What is to be done differently at one place.

    Attributes:
        skip: Leave the step as if it were done, without a result.
        values: Variables to be changed before it, by name.
    """

    skip: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


def place_of(task: Task) -> str:
    """Name the place of a token."""
    parts: list[str] = []
    here: Task | None = task
    while here is not None:
        index = here.internal_data.get("index")
        parts.append(here.task_spec.name if index is None else f"{here.task_spec.name}[{index}]")
        here = here.workflow.parent_task
    return "/".join(reversed(parts))


class placed:  # noqa: N801  it is called like a function; a class costs a third of a generator, and each step pays it thrice
    """Let whatever fails inside say which step it was, and where; the innermost step is the one that failed."""

    __slots__ = ("task",)

    def __init__(self, task: Task) -> None:
        self.task = task

    def __enter__(self) -> None:
        """Begin with the step."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Name the step in what has failed."""
        if isinstance(error, StepFailed):
            error.place = error.place or place_of(self.task)
        elif isinstance(error, SafeconductError) and not isinstance(error, BusinessError):
            raise StepFailed(self.task.task_spec.name, str(error), place=place_of(self.task)) from error


def obey(run: Run, task: Task) -> None:
    """Change the variables that a repair wants changed at the place of a token."""
    order = run.orders.get(place_of(task))
    if order is not None and order.values and place_of(task) not in run.obeyed:
        run.obeyed.add(place_of(task))
        for name, value in order.values.items():
            run.write(task, name, value)


def is_left_out(run: Run, task: Task) -> bool:
    """Whether a repair wants the step at the place of a token left out; the trail then says so."""
    order = run.orders.get(place_of(task))
    if order is None or not order.skip:
        return False
    run.obeyed.add(place_of(task))
    run.note("skipped", task)
    return True


def look_at(run: Run, place: str) -> Visible:
    """The variables as they are seen at a place, or around it as far as a token stands there now."""
    best: Task | None = None
    for workflow in run.workflow.workflows():
        for task in workflow.tokens():
            here = place_of(task)
            around = place == here or place.startswith((f"{here}/", f"{here}["))
            if around and (best is None or len(here) > len(place_of(best))):
                best = task
    return run.scopes.visible([""]) if best is None else run.visible(best)


def why_not_left_out(element: Element) -> str:
    """Say in a sentence why a step may not be left out; empty when it may."""
    if element.kind == "userTask":
        return NOT_SKIPPED_SENTENCES["person"]
    if element.properties.get("act"):
        return NOT_SKIPPED_SENTENCES["decision"]
    if element.called_decision is not None:
        return NOT_SKIPPED_SENTENCES["table"]
    carried_out = element.operation or element.script
    if carried_out and element.kind in WORKING_KINDS | MESSAGE_EVENTS:
        return ""
    return NOT_SKIPPED_SENTENCES["other"]


def find_spec(program: Program, element: str) -> TokenSpec | None:
    """Find what a program does at an element, at whatever depth."""
    for process in program.specs.values():
        spec = process.task_specs.get(element)
        if spec is not None and hasattr(spec, "element"):
            return spec
    return None


def find_element(program: Program, element: str) -> Element | None:
    """Find what the diagram of a program says of an element."""
    spec = find_spec(program, element)
    return None if spec is None else spec.element


def names_read(program: Program, element: str) -> list[str]:
    """The variables that a step reads: those of its expressions, and the inputs of the decision table that it asks."""
    spec = find_spec(program, element)
    if spec is None:
        return []
    names = {name for formula in _formulas_of(spec) if formula.expression is not None for name in formula.expression.names}
    if spec.element.called_decision is not None:
        names |= _names_of_decision(program, spec.element.called_decision[0])
    return sorted(names)


def _formulas_of(spec: TokenSpec) -> Iterator[Formula]:
    element, loop, event = spec.element, spec.element.loop, spec.element.event
    mapped = (source for source, _ in (*element.inputs, *element.outputs))
    said = (element.assignee, element.candidate_groups, element.candidate_users, element.due, element.follow_up, element.priority)
    texts = [*mapped, *element.properties.values(), *said, element.called_process]
    if loop is not None:
        texts += [loop.input_collection, loop.output_element, loop.cardinality, loop.maximum]
    if event is not None:
        texts += [event.name, event.correlation_key, event.timer[1] if event.timer else None]
    yield from (read_formula(text) for text in texts if text)
    conditions = [loop.completion_condition, loop.condition] if loop is not None else []
    conditions += [event.condition] if event is not None else []
    conditions += [element.script[0]] if element.script else []
    yield from (read_expression(text) for text in conditions if text)
    yield from (way.condition for way in spec.ways if way.condition is not None)


def _names_of_decision(program: Program, decision: str) -> set[str]:
    """What a table asks for, and the tables behind it; what those answer is not asked from outside."""
    model = program.models.get(decision)
    names: set[str] = set()
    answered: set[str] = set()
    waiting = [decision]
    while model is not None and waiting:
        found = model.decisions.get(waiting.pop())
        if found is not None:
            names |= {name for text in found.reads for name in feel.parse(text).names}
            answered.add(found.variable)
            waiting.extend(found.requires)
    return names - answered
