"""What a case waits for once it has been moved to another version, and whether it could wait for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from workflows.engine.errors import StepFailed
from workflows.engine.events import BoundarySpec
from workflows.engine.formulas import read_formula
from workflows.engine.gateways import EventBasedGatewaySpec, ParallelGatewaySpec, first_by_flow
from workflows.errors import Problem, SafeconductError

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Event
    from workflows.engine.counterparts import Counterparts
    from workflows.engine.run import Run
    from workflows.engine.specs import TokenSpec
    from workflows.engine.tokens import Tokens

REMADE = frozenset({"message", "signal", "error", "escalation", "cancel", "conditional"})
OF_PARTS = "multiple"


def note(spec: TokenSpec, sentence: str, **facts: Any) -> Problem:
    """Say something that keeps nobody from anything."""
    return Problem(where=spec.name, sentence=sentence, facts={"name": name_of(spec), **facts}, is_advice=True)


def name_of(spec: TokenSpec) -> str:
    """How an element is called, by its name or else its id."""
    return spec.element.name or spec.name


def remake_waits(run: Run) -> Iterator[Problem]:
    """Let timers keep their moments, and everything else be waited for under the names of the new version, with its old key."""
    for workflow in run.workflow.workflows():
        for task in workflow.tokens():
            wait = task.internal_data.get("wait")
            event: Event | None = task.task_spec.element.event
            if wait is None or event is None:
                continue
            several = wait["kind"] == OF_PARTS
            for part, own in zip(wait["parts"], event.parts, strict=True) if several else [(wait, event)]:
                _remake(run, task, part, own)
                if part["kind"] == "timer":
                    due = datetime.fromisoformat(part["due"]).astimezone(UTC)
                    yield note(task.task_spec, "The timer {name} stays due at {moment}.", moment=f"{due:%Y-%m-%d %H:%M} UTC")


def _remake(run: Run, task: Task, wait: dict[str, Any], event: Event) -> None:
    if wait["kind"] not in REMADE:
        return
    if wait["kind"] == "conditional":
        wait["condition"] = event.condition or ""
        return
    name = None if event.name is None else read_formula(event.name).to_json(run.visible(task), run.now)
    wait["name" if "name" in wait else "code"] = name


def arm_what_is_new(run: Run, counterparts: Counterparts) -> Iterator[Problem]:
    """Let events wait that the old version did not have; one that had its time there is not waited for again."""
    for workflow in run.workflow.workflows():
        known = counterparts.images_in(workflow.spec)
        for spec, facts in list(_events_without_token(workflow)):
            if spec.name in known:
                continue
            try:
                run.arm(workflow.token(spec, **facts), spec.element.event)
            except SafeconductError as error:
                cause = error.cause if isinstance(error, StepFailed) else str(error)
                yield Problem(where=spec.name, sentence="{cause}", facts={"cause": cause})
            else:
                yield note(spec, "The event {name} is new and is waited for from now on.")


def _events_without_token(workflow: Tokens) -> Iterator[tuple[TokenSpec, dict[str, Any]]]:
    tokens = workflow.tokens()
    waiting = {(task.task_spec.name, task.internal_data.get("host") or task.internal_data.get("gateway")) for task in tokens}
    for handler in workflow.spec.handlers:
        if (handler.name, None) not in waiting:
            yield handler, {}
    for task in tokens:
        if "body" in task.internal_data or isinstance(task.task_spec, BoundarySpec):
            continue
        beside = [(spec, {"host": task.id}) for spec in task.task_spec.boundaries]
        if isinstance(task.task_spec, EventBasedGatewaySpec):
            beside = [(way.target, {"gateway": task.id, "flow": way.flow}) for way in task.task_spec.ways]
        yield from ((spec, facts) for spec, facts in beside if (spec.name, task.id) not in waiting)


def find_stuck_joins(before: Run, run: Run, counterparts: Counterparts) -> Iterator[Problem]:
    """Find parallel gateways that would wait for ever, for a branch that was never entered; not those that did so before."""
    known = {(root, counterparts.mapping.get(spec.name, spec.name)) for root, spec in _stuck_joins(before)}
    for root, spec in _stuck_joins(run):
        if (root, spec.name) not in known:
            sentence = "{name} would wait for a branch that this case has never entered, or has all it waits for."
            yield Problem(where=spec.name, sentence=sentence, facts={"name": name_of(spec)})


def _stuck_joins(run: Run) -> Iterator[tuple[str, ParallelGatewaySpec]]:
    for workflow in run.workflow.workflows():
        for spec in workflow.spec.task_specs.values():
            if isinstance(spec, ParallelGatewaySpec) and len(spec.element.incoming) > 1 and _is_stuck(run, workflow, spec):
                yield workflow.task_tree.id, spec


def _is_stuck(run: Run, workflow: Tokens, spec: ParallelGatewaySpec) -> bool:
    waiting = next((first_by_flow(task, spec) for task in workflow.tokens() if task.task_spec is spec), {})
    places = {task.task_spec.name for task in workflow.tokens() if task.task_spec is not spec}
    graph = run.program.graph(workflow.spec.name)
    coming = {flow for flow in spec.element.incoming if places & graph.elements_before([flow], avoiding=spec.name)}
    concerned = bool(waiting) or bool(coming)
    missing = [flow for flow in spec.element.incoming if flow not in waiting and flow not in coming]
    return concerned and (bool(missing) or len(waiting) == len(spec.element.incoming))
