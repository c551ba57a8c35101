"""One case, being run: from a wait state to the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from workflows.engine import compensation, performing, waits
from workflows.engine.activities import UserTaskSpec, is_body
from workflows.engine.changes import Host, Step
from workflows.engine.entries import find_entries
from workflows.engine.errors import StepFailed
from workflows.engine.gateways import PatientGatewaySpec
from workflows.engine.inspection import Inspection
from workflows.engine.opening import describe_task
from workflows.engine.repairs import Order, obey, placed
from workflows.engine.scopes import ROOT
from workflows.engine.throwing import broadcast
from workflows.engine.tokens import CaseWorkflow, SubprocessWorkflow, Tokens

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Event
    from workflows.engine.activities import OperationSpec
    from workflows.engine.program import Program
    from workflows.engine.specs import TokenSpec

MOST_STEPS = 10_000
MOST_RUNS = 20_000


class Run(Inspection):
    """A case between two wait states.

    A failure (StepFailed) leaves a run half done: whoever called it throws it away and keeps the stored state.

    Attributes:
        ended: Ids of the end events that the main process reached.
        agenda: Tokens that can run by themselves.
        orders: What a repair wants done differently, by place; `obeyed` are the places whose variables it has changed.
        open_before: The tokens of the user tasks that were open when the stored state was read.
        records: Whether what operations bring is noted, so that the case can be run again without them.
    """

    def __init__(self, program: Program, *, host: Host, now: datetime, root_id: str | None = None) -> None:
        super().__init__(now)
        self.program = program
        self.host = host
        self.ended: list[str] = []
        self.agenda: deque[Task] = deque()
        self.steps = 0
        self.runs = 0
        self.orders: Mapping[str, Order] = {}
        self.obeyed: set[str] = set()
        self.open_before: frozenset[str] = frozenset()
        self.records = True
        self.workflow = CaseWorkflow(program.spec(program.main), program.specs, self, root_id)

    # Acts.

    def begin(self, variables: Mapping[str, Any], *, event: str | None = None, payload: Mapping[str, Any] | None = None) -> None:
        """Start the main process at the start event that an event leads to. Raises: ProgramRefused, StepFailed."""
        self.scopes.open(ROOT, variables)
        self.begin_scope(self.workflow, starts=find_entries(self.workflow.spec, event), payload=payload)
        self.settle()

    def complete(self, token: str, answers: Mapping[str, Any]) -> None:
        """Complete an open user task and run to the next wait state.

        Raises:
            NotOpen: There is no such open task.
            StepFailed: Something on the way could not be carried out.
        """
        task = self.open_user_task(token)
        task.data = dict(answers)
        self._run_token(task)
        self.settle()

    def send(self, name: str, key: str | None, payload: Mapping[str, Any]) -> int:
        """Deliver a message to the one receiver that waits for it: the innermost, then the oldest. Answers 0 or 1."""
        receivers = [(task, wait) for task, wait in self.waiting() if waits.expects_message(wait, name, key)]
        if not receivers:
            return 0
        receiver, wait = max(receivers, key=lambda pair: pair[0].workflow.depth)
        self.fire(receiver, wait, dict(payload))
        self.settle()
        return 1

    def signal(self, name: str, payload: Mapping[str, Any]) -> int:
        """Deliver a signal to every receiver. Answers how many there were."""
        caught = broadcast(self, name, dict(payload))
        self.settle()
        return caught

    def tick(self) -> int:
        """Fire every timer that is due now, in the order of their moments. Answers how many fired."""
        fired = 0
        while due := self._next_due():
            self.fire(*due, {})
            self.settle()
            fired += 1
        return fired

    # What the specifications call.

    def note(self, kind: str, task: Task) -> None:
        """Add a line to the trail."""
        self.changes.trail.append(Step(kind=kind, element=task.task_spec.name, token=task.id))

    def note_end(self, task: Task) -> None:
        """Remember which end event the main process reached."""
        if task.workflow is self.workflow:
            self.ended.append(task.task_spec.name)

    def open_task(self, task: Task) -> None:
        """A user task waits for a person from now on."""
        self.changes.opened.append(describe_task(self, task))

    def perform(self, task: Task, spec: OperationSpec) -> dict[str, Any]:
        """Have the host carry out an operation with the local variables of its activity. Raises: BusinessError, StepFailed."""
        return performing.perform(self, task, spec)

    def arm(self, task: Task, event: Event | None) -> None:
        """Let a token wait for an event."""
        waits.arm(self, task, event)

    def rearm(self, task: Task) -> bool:
        """Let a token that has fired wait again. Answers False when its event happens only once."""
        return waits.rearm(self, task)

    def arm_boundaries(self, host: Task, boundaries: list[TokenSpec]) -> None:
        """Let the events on an activity's boundary wait."""
        for spec in boundaries:
            if "compensation" not in spec.element.event_kinds:
                self.arm(host.workflow.token(spec, host=host.id), spec.element.event)

    def begin_scope(
        self, workflow: Tokens, *, starts: Sequence[TokenSpec] | None = None, payload: Mapping[str, Any] | None = None
    ) -> None:
        """Put the first tokens into a process or subprocess, and let its event subprocesses wait.

        Args:
            starts: Where the tokens are put; by default where the scope begins without a trigger.
            payload: What the event that starts it has brought.
        """
        for handler in workflow.spec.handlers:
            self.arm(workflow.token(handler), handler.element.event)
        for spec in workflow.spec.starts if starts is None else starts:
            token = workflow.token(spec)
            token.data = dict(payload or {})
            spec._update(token)
        if not workflow.has_live_tokens():
            raise StepFailed(workflow.spec.name, "It has no start event without a trigger.")

    def end_scope_if_done(self, workflow: Tokens) -> None:
        """End a process or subprocess in which no token is left."""
        if workflow.completed or workflow.has_live_tokens():
            return
        if isinstance(workflow, SubprocessWorkflow) and workflow.parent_task.task_spec.goes_on_inside(workflow):
            return
        for task in workflow.tokens():
            workflow.drop(task)
        workflow.completed = True
        if isinstance(workflow, SubprocessWorkflow):
            parent = workflow.parent_task
            parent.task_spec.scope_ended(parent, workflow)

    def release(self, task: Task) -> None:
        """Forget what hung on an activity: its local variables and the events on its boundary."""
        self.scopes.close(task.id)
        for catcher in task.workflow.tokens_with("host", task.id):
            task.workflow.drop(catcher)

    def count_run(self, element: str) -> None:
        """Count a run of a repeated activity. Raises: StepFailed when one act began more than can be meant."""
        self.runs += 1
        if self.runs > MOST_RUNS:
            raise StepFailed(element, f"The case began more than {MOST_RUNS} runs of repeated activities in one go.")

    def body_of(self, task: Task) -> Task | None:
        """The body of the repeated activity that a token is one run of."""
        body = task.internal_data.get("body")
        return None if body is None else task.workflow.tasks.get(body)

    def cancel(self, task: Task) -> None:
        """Cancel a token and all that is going on inside it."""
        workflow = task.workflow
        inner = self.workflow.subprocesses.pop(task.id, None)
        if inner is not None:
            self.cancel_all(inner)
            if inner.home is not None:
                self.scopes.close(inner.home)
                self.forget_traces(inner.home)
        for fact in ("body", "gateway"):
            for token in workflow.tokens_with(fact, task.id):
                self.cancel(token)
        if "undo" in task.internal_data:
            for token in compensation.handlers_of(self, task):
                self.cancel(token)
        self.release(task)
        self._note_cancelled(task)
        workflow.drop(task)
        task.cancel()

    def cancel_all(self, workflow: Tokens, *, but: Task | None = None) -> None:
        """Cancel everything that is going on in a scope, and what waits in it."""
        for token in workflow.tokens():
            if token is not but and token.id in workflow.tasks:
                self.cancel(token)

    def _note_cancelled(self, task: Task) -> None:
        unseen = {"gateway", "unseen"} & task.internal_data.keys()
        if is_body(task) or not task.task_spec.keeps_alive(task) or unseen:
            return
        if isinstance(task.task_spec, UserTaskSpec) and task.state == TaskState.READY:
            self.changes.cancelled.append(task.id)
        self.note("cancelled", task)

    def fire(self, task: Task, wait: dict[str, Any], payload: dict[str, Any]) -> None:
        """Tell a token that an event has happened for which it waits; it goes on unless it waits for others as well."""
        brought = waits.happen(task, wait, payload)
        if brought is not None:
            task.task_spec.fire(task, brought)

    # Going on.

    def settle(self) -> None:
        """Run until nothing can move by itself. Conditions are asked after every step. Raises: StepFailed."""
        while True:
            while self._fire_a_condition():
                pass
            if self.agenda:
                task = self.agenda.popleft()
                if task.state == TaskState.READY and self.holds(task):
                    self._run_token(task)
            elif not self._join_a_gateway():
                return

    def _run_token(self, task: Task) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise StepFailed(task.task_spec.name, f"The case took more than {MOST_STEPS} steps without waiting for anyone.")
        with placed(task):
            if self.orders:
                obey(self, task)
            task.run()

    def _fire_a_condition(self) -> bool:
        if not self.program.asks_conditions:
            return False
        for task, wait in self.waiting():
            if wait["kind"] == "conditional":
                with placed(task):
                    fires = waits.has_become_true(self, task, wait)
                if fires:
                    self.fire(task, wait, {})
                    return True
        return False

    def _join_a_gateway(self) -> bool:
        if not self.program.joins_patiently:
            return False
        for workflow in self.workflow.workflows():
            for task in workflow.tokens():
                spec = task.task_spec
                if isinstance(spec, PatientGatewaySpec) and task.state == TaskState.WAITING:
                    with placed(task):
                        if spec.join_if_complete(task):
                            return True
        return False

    def _next_due(self) -> tuple[Task, dict[str, Any]] | None:
        due = [(moment, task, wait) for task, wait in self.waiting() if (moment := waits.due_at(wait)) is not None]
        if not due:
            return None
        moment, task, wait = min(due, key=lambda each: each[0])
        return None if moment > self.now else (task, wait)
