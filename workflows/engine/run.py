"""One case, being run: from a wait state to the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from workflows import feel
from workflows.engine import waits
from workflows.engine.activities import UserTaskSpec, is_body
from workflows.engine.changes import Call, Changes, Host, OpenTask, Step, Thrown
from workflows.engine.errors import BusinessError, NotOpen, StepFailed
from workflows.engine.gateways import InclusiveGatewaySpec
from workflows.engine.opening import describe_task
from workflows.engine.scopes import ROOT, Scopes, Visible
from workflows.engine.tokens import CaseWorkflow, SubprocessWorkflow, Tokens
from workflows.errors import SafeconductError

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.diagrams import Event
    from workflows.engine.activities import OperationSpec
    from workflows.engine.events import ThrowSpec
    from workflows.engine.formulas import Formula
    from workflows.engine.program import Program
    from workflows.engine.specs import TokenSpec

MOST_STEPS = 10_000
Mappings = list[tuple["Formula", str]]


class Run:
    """A case between two wait states.

    A failure (StepFailed) leaves a run half done: whoever called it throws it away and keeps the stored state.

    Attributes:
        now: The moment of this act.
        scopes: The variables.
        traces: The decision tables asked so far, by scope.
        changes: What this act has done.
        ended: Ids of the end events that the main process reached.
        agenda: Tokens that can run by themselves.
    """

    def __init__(self, program: Program, *, host: Host, now: datetime, root_id: UUID | None = None) -> None:
        self.program = program
        self.host = host
        self.now = now
        self.scopes = Scopes()
        self.traces: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self.changes = Changes()
        self.ended: list[str] = []
        self.agenda: deque[Task] = deque()
        self.steps = 0
        self.workflow = CaseWorkflow(program.spec(program.main), program.specs, self, root_id)

    # Acts.

    def begin(self, variables: Mapping[str, Any]) -> None:
        """Start the main process."""
        self.scopes.open(ROOT, variables)
        self.begin_scope(self.workflow)
        self.settle()

    def complete(self, token: str, answers: Mapping[str, Any]) -> None:
        """Complete an open user task and run to the next wait state.

        Raises:
            NotOpen: There is no such open task.
            StepFailed: Something on the way could not be carried out.
        """
        task = self._open_user_task(token)
        task.data = dict(answers)
        self._run_token(task)
        self.settle()

    def send(self, name: str, key: str | None, payload: Mapping[str, Any]) -> int:
        """Deliver a message to the one receiver that waits for it: the innermost, then the oldest. Answers 0 or 1."""
        receivers = [task for task, _ in self.waiting() if waits.expects_message(task, name, key)]
        if not receivers:
            return 0
        receiver = max(receivers, key=lambda task: task.workflow.depth)
        receiver.task_spec.fire(receiver, dict(payload))
        self.settle()
        return 1

    def signal(self, name: str, payload: Mapping[str, Any]) -> int:
        """Deliver a signal to every receiver. Answers how many there were."""
        caught = self._broadcast(name, dict(payload))
        self.settle()
        return caught

    def tick(self) -> int:
        """Fire every timer that is due now, in the order of their moments. Answers how many fired."""
        fired = 0
        while due := self._next_due():
            due.task_spec.fire(due, {})
            self.settle()
            fired += 1
        return fired

    # What a caller may ask.

    @property
    def status(self) -> str:
        """Whether it is "open", or "completed" because no token is left."""
        return "completed" if self.workflow.completed else "open"

    @property
    def wake_at(self) -> datetime | None:
        """The moment of the next timer."""
        moments = [moment for task, _ in self.waiting() if (moment := waits.due_at(task)) is not None]
        return min(moments, default=None)

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the case itself."""
        return self.scopes.by_key[ROOT]

    @property
    def open_tokens(self) -> list[str]:
        """The tokens of the open user tasks."""
        return [
            str(task.id)
            for workflow in self.workflow.workflows()
            for task in workflow.tokens()
            if isinstance(task.task_spec, UserTaskSpec) and task.state == TaskState.READY and not is_body(task)
        ]

    @property
    def waiting_elements(self) -> list[str]:
        """Ids of the elements on which a token stands and waits, each once."""
        places = [task.task_spec.name for workflow in self.workflow.workflows() for task in workflow.tokens()]
        return list(dict.fromkeys(places))

    def visible_to(self, token: str) -> Visible:
        """The variables that an open task sees."""
        return self.visible(self._open_user_task(token))

    def describe(self, token: str) -> OpenTask:
        """What the diagram says of an open task, evaluated now."""
        return describe_task(self, self._open_user_task(token))

    def outcome_of(self, token: str, answers: Mapping[str, Any]) -> Any:
        """The task's `outcome` property, evaluated over the answers."""
        task = self._open_user_task(token)
        formula = task.task_spec.texts.get("outcome")
        return None if formula is None else formula.to_json(self.visible(task, before=answers), self.now)

    def waiting(self) -> Iterator[tuple[Task, dict[str, Any]]]:
        """Every token that waits for an event, oldest first within its workflow, and what it waits for."""
        for workflow in self.workflow.workflows():
            for task in workflow.tokens():
                wait = task.internal_data.get("wait")
                if wait is not None and task.id in workflow.tasks:
                    yield task, wait

    # Variables.

    def chain(self, task: Task) -> tuple[list[str], str]:
        """The keys of the scopes around a token, innermost first, and the home scope of its process instance."""
        keys: list[str] = []
        home: str | None = None
        here: Task | None = task
        while here is not None:
            keys.append(str(here.id))
            if (body := here.internal_data.get("body")) is not None:
                keys.append(body)
            workflow = here.workflow
            parent: Task | None = workflow.parent_task
            if parent is not None and workflow.home is not None:
                keys.append(workflow.home)
                home = home if home is not None else workflow.home
                if not parent.task_spec.element.propagate_parent:
                    keys.append(str(parent.id))
                    return keys, home
            here = parent
        keys.append(ROOT)
        return keys, home if home is not None else ROOT

    def visible(self, task: Task, *, before: Mapping[str, Any] | None = None) -> Visible:
        """The variables that a token sees, behind those of `before`."""
        view = self.scopes.visible(self.chain(task)[0])
        return view if before is None else Visible([before, view])

    def write(self, task: Task, name: str, value: Any, *, local: bool = False) -> None:
        """Write a variable from where a token stands: into the nearest scope that has it, or its process instance's own.

        Args:
            local: Start at the token's own scope; otherwise at the one around it, as local variables are not results. A run of a
                multi-instance activity always starts at its own, where its output element lives.
        """
        keys, home = self.chain(task)
        keys = keys[: keys.index(home) + 1]
        if not local and "body" not in task.internal_data:
            keys = keys[1:]
        self.scopes.write(keys, home, name, value)

    def map_inputs(self, task: Task, mappings: Mappings) -> None:
        """Make the local variables of an activity."""
        if not mappings:
            return
        key = str(task.id)
        self.scopes.open(key)
        for formula, target in mappings:
            self.scopes.write([key], key, target, formula.to_json(self.visible(task), self.now))

    def apply_result(self, task: Task, result: Mapping[str, Any], mappings: Mappings, *, local: bool = False) -> None:
        """Write what an activity or event has brought: through its output mappings, or each variable as it is.

        Args:
            local: With mappings, keep their targets in the scope in which the event stands.
        """
        if not mappings:
            for name, value in result.items():
                self.write(task, name, feel.to_json(value))
            return
        view = self.visible(task, before=result)
        for formula, target in mappings:
            value = formula.to_json(view, self.now)
            if local and task.workflow.parent_task is not None:
                key = task.workflow.home or str(task.workflow.parent_task.id)
                self.scopes.write([key], key, target, value)
            else:
                self.write(task, target, value)

    # Decision tables that were asked.

    def remember_trace(self, task: Task, trace: dict[str, Any]) -> None:
        """Keep which rule fired: whole for this act, and for later in the scope of the process instance.

        A repeated rule task (persons times stops) leaves only the number of the rule there, so that the state stays small.
        """
        self.changes.traces.append(trace)
        kept = self.traces.setdefault(self._trace_scope(task), {})
        if "body" not in task.internal_data:
            kept[trace["decision"]] = [trace]
            return
        if task.internal_data["index"] == 0:
            kept[trace["decision"]] = []
        if trace["rules"]:
            short = {name: trace[name] for name in ("decision", "name", "rules", "line", "element")}
            kept[trace["decision"]].append(short)

    def traces_of(self, task: Task) -> list[dict[str, Any]]:
        """The decision tables that led to where a token stands, outermost first."""
        keys = [key for key in reversed(self.chain(task)[0]) if key in self.traces]
        return [trace for key in keys for traces in self.traces[key].values() for trace in traces]

    def forget_traces(self, scope: str) -> None:
        """Forget the traces of a process instance that has ended."""
        self.traces.pop(scope, None)

    def _trace_scope(self, task: Task) -> str:
        return self.chain(task)[1]

    # What the specifications call.

    def note(self, kind: str, task: Task) -> None:
        """Add a line to the trail."""
        self.changes.trail.append(Step(kind=kind, element=task.task_spec.name, token=str(task.id)))

    def note_end(self, task: Task) -> None:
        """Remember which end event the main process reached."""
        if task.workflow is self.workflow:
            self.ended.append(task.task_spec.name)

    def open_task(self, task: Task) -> None:
        """A user task waits for a person from now on."""
        self.changes.opened.append(describe_task(self, task))

    def perform(self, task: Task, spec: OperationSpec) -> dict[str, Any]:
        """Have the host carry out an operation with the local variables of its activity. Raises: BusinessError, StepFailed."""
        variables = self.visible(task)
        inputs = {target: variables.get(target.split(".")[0]) for _, target in spec.input_mappings}
        call = Call(
            element=spec.name,
            token=str(task.id),
            headers=dict(spec.element.headers),
            traces=self.traces_of(task),
            line=None if spec.line is None else spec.line.to_json(variables, self.now),
            area=None if spec.area is None else spec.area.to_json(variables, self.now),
        )
        try:
            return dict(self.host.perform(spec.element.operation or "", inputs, call))
        except (BusinessError, StepFailed):
            raise
        except SafeconductError as error:
            raise StepFailed(spec.name, str(error)) from error

    def arm(self, task: Task, event: Event | None) -> None:
        """Let a token wait for an event."""
        waits.arm(self, task, event)

    def rearm(self, task: Task) -> bool:
        """Let a token that has fired wait again. Answers False when its event happens only once."""
        return waits.rearm(self, task)

    def arm_boundaries(self, host: Task, boundaries: list[TokenSpec]) -> None:
        """Let the events on an activity's boundary wait."""
        for spec in boundaries:
            catcher = host.workflow.token(spec, host=str(host.id))
            self.arm(catcher, spec.element.event)

    def begin_scope(self, workflow: Tokens, *, start: TokenSpec | None = None, payload: dict[str, Any] | None = None) -> None:
        """Put the first tokens into a process or subprocess, and let its event subprocesses wait."""
        for handler in workflow.spec.handlers:
            catcher = workflow.token(handler)
            self.arm(catcher, handler.element.event)
        for spec in [start] if start is not None else workflow.spec.starts:
            token = workflow.token(spec)
            token.data = payload or {}
            spec._update(token)
        if not workflow.has_live_tokens():
            raise StepFailed(workflow.spec.name, "It has no start event without a trigger.")

    def end_scope_if_done(self, workflow: Tokens) -> None:
        """End a process or subprocess in which no token is left."""
        if workflow.completed or workflow.has_live_tokens():
            return
        for task in workflow.tokens():
            workflow.drop(task)
        workflow.completed = True
        if isinstance(workflow, SubprocessWorkflow):
            parent = workflow.parent_task
            parent.task_spec.scope_ended(parent, workflow)

    def release(self, task: Task) -> None:
        """Forget what hung on an activity: its local variables and the events on its boundary."""
        self.scopes.close(str(task.id))
        for catcher in task.workflow.tokens_with("host", str(task.id)):
            task.workflow.drop(catcher)

    def body_of(self, task: Task) -> Task | None:
        """The body of the repeated activity that a token is one run of."""
        body = task.internal_data.get("body")
        return None if body is None else task.workflow.tasks.get(UUID(body))

    def cancel(self, task: Task) -> None:
        """Cancel a token and all that is going on inside it."""
        workflow = task.workflow
        inner = self.workflow.subprocesses.pop(task.id, None)
        if inner is not None:
            for token in inner.tokens():
                if token.id in inner.tasks:
                    self.cancel(token)
            if inner.home is not None:
                self.scopes.close(inner.home)
                self.forget_traces(inner.home)
        for fact in ("body", "gateway"):
            for token in workflow.tokens_with(fact, str(task.id)):
                self.cancel(token)
        self.release(task)
        self._note_cancelled(task)
        workflow.drop(task)
        task.cancel()

    def _note_cancelled(self, task: Task) -> None:
        if is_body(task) or not task.task_spec.keeps_alive(task) or "gateway" in task.internal_data:
            return
        if isinstance(task.task_spec, UserTaskSpec) and task.state == TaskState.READY:
            self.changes.cancelled.append(str(task.id))
        self.note("cancelled", task)

    def throw_error(self, task: Task, code: str, message: str) -> None:
        """Hand a business error to the nearest event outwards that catches it. Raises: StepFailed when none does."""
        self._throw_upwards("error", task, code, message)

    def _throw_upwards(self, kind: str, task: Task, code: str, message: str) -> bool:
        payload = {"errorCode": code, "errorMessage": message} if kind == "error" else {"escalationCode": code}
        here: Task | None = task
        while here is not None:
            catcher = waits.catcher_of(here, kind, code)
            if catcher is not None:
                catcher.task_spec.fire(catcher, payload)
                return True
            here = here.workflow.parent_task
        if kind == "error":
            raise StepFailed(task.task_spec.name, message or f'Nothing catches the error "{code}".')
        return False

    def throw(self, task: Task, spec: ThrowSpec) -> None:
        """Throw a signal, message or escalation."""
        event = spec.element.event
        if event is None or event.kind == "none":
            return
        variables = self.visible(task)
        name = "" if spec.thrown_name is None else str(spec.thrown_name.to_json(variables, self.now))
        key = None if spec.thrown_key is None else str(spec.thrown_key.to_json(variables, self.now))
        payload = {target: formula.to_json(variables, self.now) for formula, target in spec.input_mappings}
        caught = 0
        if event.kind == "signal":
            caught = self._broadcast(name, payload)
        elif event.kind == "escalation":
            caught = int(self._throw_upwards("escalation", task, name, ""))
        self.changes.thrown.append(Thrown(kind=event.kind, name=name, key=key, payload=payload, caught=caught))

    def _broadcast(self, name: str, payload: dict[str, Any]) -> int:
        receivers = [task for task, wait in self.waiting() if wait["kind"] == "signal" and wait["name"] == name]
        caught = 0
        for receiver in receivers:
            if receiver.id in receiver.workflow.tasks and self._is_alive(receiver.workflow):
                receiver.task_spec.fire(receiver, payload)
                caught += 1
        return caught

    def _is_alive(self, workflow: Tokens) -> bool:
        return workflow is self.workflow or workflow in self.workflow.subprocesses.values()

    # Going on.

    def settle(self) -> None:
        """Run until nothing can move by itself. Raises: StepFailed."""
        while True:
            while self.agenda:
                task = self.agenda.popleft()
                if task.state == TaskState.READY and task.id in task.workflow.tasks and self._is_alive(task.workflow):
                    self._run_token(task)
            if not self._fire_a_condition() and not self._join_an_inclusive_gateway():
                return

    def _run_token(self, task: Task) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise StepFailed(task.task_spec.name, f"The case took more than {MOST_STEPS} steps without waiting for anyone.")
        try:
            task.run()
        except feel.FeelError as error:
            raise StepFailed(task.task_spec.name, str(error)) from error

    def _fire_a_condition(self) -> bool:
        for task, wait in self.waiting():
            if wait["kind"] == "conditional" and waits.has_become_true(self, task):
                task.task_spec.fire(task, {})
                return True
        return False

    def _join_an_inclusive_gateway(self) -> bool:
        for workflow in self.workflow.workflows():
            for task in workflow.tokens():
                spec = task.task_spec
                if isinstance(spec, InclusiveGatewaySpec) and task.state == TaskState.WAITING and spec.join_if_complete(task):
                    return True
        return False

    def _next_due(self) -> Task | None:
        due = [(moment, task) for task, _ in self.waiting() if (moment := waits.due_at(task)) is not None and moment <= self.now]
        return min(due, key=lambda pair: pair[0])[1] if due else None

    def _open_user_task(self, token: str) -> Task:
        try:
            task = self.workflow.find_token(UUID(token))
        except ValueError:
            task = None
        if task is None or not isinstance(task.task_spec, UserTaskSpec) or task.state != TaskState.READY or is_body(task):
            raise NotOpen
        return task
