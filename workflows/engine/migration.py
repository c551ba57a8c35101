"""Moving a running case to another version of its process: every token to the element that takes the place of its own.

What people see of it stays: open tasks, their variables, timers with their moments, how far a repeated activity has come. Nothing
is run. A case whose tokens have no clear place in the new version is refused as a whole, with every reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workflows.engine.consistency import ensure_consistent
from workflows.engine.counterparts import Counterparts
from workflows.engine.errors import ProgramRefused, StateRefused, StepFailed
from workflows.engine.rewaiting import arm_what_is_new, find_stuck_joins, name_of, note, remake_waits
from workflows.engine.state import read, restore, unpack
from workflows.errors import Problem

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.engine.changes import Host, OpenTask
    from workflows.engine.program import Program
    from workflows.engine.run import Run
    from workflows.engine.specs import TokenSpec
    from workflows.engine.tokens import ProcessSpec, Tokens


@dataclass(kw_only=True, slots=True)
class Moved:
    """What became of a case.

    Attributes:
        run: The case in the new version, not stored yet; None when it was refused.
        problems: Every reason against it.
        notes: What is different from before, in sentences.
        tasks: The open tasks as the new version describes them.
    """

    run: Run | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    tasks: list[OpenTask] = field(default_factory=list)


def migrate(old: Program, new: Program, stored: bytes, mapping: Mapping[str, str], *, host: Host, now: datetime) -> Moved:
    """Move the stored state of a case from one program to another.

    Args:
        mapping: Ids of elements, called processes or sequence flows of the old version, and what takes their place in the new
            one. What is not named keeps its id.

    Raises:
        StateRefused: The state cannot be read.
    """
    before = restore(old, stored, host=host, now=now)
    moved = Moved()
    counterparts = Counterparts(old, new, mapping)
    state = _Mover(before, counterparts, moved).move(unpack(stored))
    if moved.problems:
        return moved
    try:
        run = read(new, state, host=host, now=now)
    except (KeyError, ProgramRefused) as error:  # the mover has looked at every name before
        raise StateRefused(cause=str(error)) from error
    moved.notes += remake_waits(run)
    for found in (arm_what_is_new(run, counterparts), find_stuck_joins(before, run, counterparts)):
        for said in found:
            (moved.notes if said.is_advice else moved.problems).append(said)
    _describe_tasks(run, moved)
    try:
        ensure_consistent(run)
    except StepFailed as error:
        moved.problems.append(Problem(where=error.element, sentence="{cause}", facts={"cause": error.cause}))
    if run.open_before != before.open_before:
        raise StateRefused(cause="the open tasks would not be the same afterwards")
    moved.run = None if moved.problems else run
    return moved


class _Mover:
    """Goes through a state and writes the same state in the words of the new version."""

    def __init__(self, before: Run, counterparts: Counterparts, moved: Moved) -> None:
        self.before = before
        self.counterparts = counterparts
        self.moved = moved

    def move(self, state: dict[str, Any]) -> dict[str, Any]:
        scopes: dict[str, tuple[ProcessSpec, ProcessSpec] | None] = {}
        workflows = []
        by_root = {workflow.task_tree.id: workflow for workflow in self.before.workflow.workflows()}
        for entry in state["workflows"]:
            workflow = by_root[entry["root"]]
            scope = scopes[entry["root"]] = self._scope_of(workflow, scopes)
            if scope is not None:
                workflows.append(self._move_workflow(workflow, entry, *scope))
        ended = [self.counterparts.mapping.get(element, element) for element in state["ended"]]
        return {**state, "main": self.counterparts.new.main, "ended": ended, "workflows": workflows}

    def _scope_of(self, workflow: Tokens, scopes: Mapping[str, Any]) -> tuple[ProcessSpec, ProcessSpec] | None:
        """The process or subprocess that takes the place of a workflow's; None when something around it was refused already."""
        parent: Task | None = workflow.parent_task
        if parent is None:
            return workflow.spec, self.counterparts.new.spec(self.counterparts.new.main)
        around = scopes.get(parent.workflow.task_tree.id)
        element = around and self.counterparts.find(parent.task_spec, *around)
        if not element:
            return None
        name = self.counterparts.process_for(workflow.spec, element)
        if name is None:
            self._refuse(
                parent.task_spec,
                "The process {process}, which is being run here, is not called in the new version.",
                "Say which process takes its place.",
                process=workflow.spec.name,
            )
            return None
        return workflow.spec, self.counterparts.new.specs[name]

    def _move_workflow(self, workflow: Tokens, entry: dict[str, Any], old: ProcessSpec, new: ProcessSpec) -> dict[str, Any]:
        tokens = []
        for task, stored in zip(workflow.tokens(), entry["tokens"], strict=True):
            if (written := self._move_token(task, stored, old, new)) is not None:
                tokens.append(written)
        moved = {**entry, "spec": new.name, "tokens": tokens}
        if "undoable" in entry:
            moved["undoable"] = self._move_records(workflow, entry["undoable"], old, new)
        return moved

    def _move_token(self, task: Task, stored: list[Any], old: ProcessSpec, new: ProcessSpec) -> list[Any] | None:
        facts = dict(stored[3]) if len(stored) > 3 else {}
        target = self.counterparts.find(task.task_spec, old, new)
        if target is None or (reason := self.counterparts.why_not(task.task_spec, target)):
            if self._may_be_given_up(task):
                self._note(task.task_spec, "The event {name} is no longer waited for.")
                return None
            if target is None:
                self._refuse_missing(task, new)
            else:
                self._refuse(task.task_spec, reason)
            return None
        if not self._fits_its_place(task, target, old, new):
            return None
        if "undo" in facts or "undoes" in facts:
            self._refuse(task.task_spec, "{name} is undoing what was done. Wait until that is finished.")
        if "queue" in facts:
            facts["queue"] = self._move_queue(task, facts["queue"], target)
        if task.task_spec.element.is_gateway and "flow" in facts:
            facts["flow"] = self._move_flow(task, facts["flow"], target, old, new)
        if "loop" in facts and facts["loop"].get("count"):
            done, count = facts["loop"]["done"], facts["loop"]["count"]
            self._note(task.task_spec, "{name} goes on with {done} of {count} runs done.", done=done, count=count)
        return [stored[0], target.name, stored[2], *([facts] if facts else [])]

    def _may_be_given_up(self, task: Task) -> bool:
        """Whether a token only waits beside something else: on a boundary, for an event subprocess, behind a gateway."""
        return "host" in task.internal_data or "gateway" in task.internal_data or not task.task_spec.keeps_alive(task)

    def _fits_its_place(self, task: Task, target: TokenSpec, old: ProcessSpec, new: ProcessSpec) -> bool:
        """Whether an event on a boundary or behind a gateway still belongs to the same activity or gateway."""
        for fact in ("host", "gateway"):
            if fact not in task.internal_data:
                continue
            holder = next(each for each in task.workflow.tokens() if each.id == task.internal_data[fact])
            place = self.counterparts.find(holder.task_spec, old, new)
            beside = [] if place is None else [*place.boundaries, *(way.target for way in place.ways)]
            if place is not None and target not in beside:
                self._refuse(task.task_spec, "{name} belongs to another step in the new version.")
                return False
        return True

    def _move_flow(self, task: Task, flow: str, target: TokenSpec, old: ProcessSpec, new: ProcessSpec) -> str:
        found = self.counterparts.flow_for(flow, target, old, new)
        if found is None:
            self._refuse(
                task.task_spec,
                "{name} waits for its other branches, and the branch that has come is not there in the new version.",
                "Say which sequence flow takes its place.",
            )
        return found or flow

    def _move_queue(self, task: Task, queue: list[str], target: TokenSpec) -> list[str]:
        inside = self.counterparts.new.specs[target.name].task_specs
        moved = [self.counterparts.mapping.get(name, name) for name in queue]
        if any(name not in inside for name in moved):
            self._refuse(task.task_spec, "Steps that are still to begin inside {name} are not there in the new version.")
        return moved

    def _move_records(
        self, workflow: Tokens, records: list[dict[str, Any]], old: ProcessSpec, new: ProcessSpec
    ) -> list[dict[str, Any]]:
        moved = []
        for record in records:
            spec = old.task_specs[record["element"]]
            target = self.counterparts.find(spec, old, new)
            if target is None or self.counterparts.why_not(spec, target):
                self._refuse(spec, "{name} was done and can be undone, but not in the new version.")
                continue
            inside = record.get("inside")
            deeper = {}
            if inside:
                scopes = self.counterparts.old.specs[spec.name], self.counterparts.new.specs[target.name]
                deeper = {"inside": self._move_records(workflow, inside, *scopes)}
            moved.append({**record, "element": target.name, **deeper})
        return moved

    def _refuse_missing(self, task: Task, new: ProcessSpec) -> None:
        wanted = self.counterparts.wanted(task.task_spec)
        elsewhere = any(wanted in spec.task_specs for spec in self.counterparts.new.specs.values() if spec is not new)
        sentence = (
            "The case stands at {name}, which lies in another part of the new version."
            if elsewhere
            else "The case stands at {name}, which is not there in the new version."
        )
        self._refuse(task.task_spec, sentence, "Say which step takes its place.")

    def _refuse(self, spec: TokenSpec, sentence: str, way_out: str = "", **facts: Any) -> None:
        problem = Problem(where=spec.name, sentence=sentence, way_out=way_out, facts={"name": name_of(spec), **facts})
        if problem not in self.moved.problems:
            self.moved.problems.append(problem)

    def _note(self, spec: TokenSpec, sentence: str, **facts: Any) -> None:
        self.moved.notes.append(note(spec, sentence, **facts))


def _describe_tasks(run: Run, moved: Moved) -> None:
    for token in run.open_tokens:
        try:
            moved.tasks.append(run.describe(token))
        except StepFailed as error:
            moved.problems.append(Problem(where=error.element, sentence="{cause}", facts={"cause": error.cause}))
