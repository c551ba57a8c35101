"""Runs a diagram without people, registers or a database: answers, operations, messages and clock moves come from a script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from workflows import dmn, feel
from workflows.diagrams import Note, check_diagram
from workflows.engine.changes import Call
from workflows.engine.entries import names_of
from workflows.engine.errors import BusinessError, ProgramRefused, StepFailed
from workflows.engine.moments import add_duration
from workflows.engine.program import Program, compile_diagrams
from workflows.engine.run import Run
from workflows.engine.state import restore, save
from workflows.errors import Problem, SafeconductError

if TYPE_CHECKING:
    from workflows.diagrams import Diagram

MOST_MOVES = 10_000
START_OF_TIME = datetime(2026, 1, 1, tzinfo=UTC)


class ScriptInvalid(SafeconductError):
    """The input of the simulation is not as it should be: {cause}"""  # noqa: D415 - the cause is a sentence


@dataclass(kw_only=True)
class Script:
    """What happens from outside during a simulation.

    Attributes:
        variables: What the case knows at first.
        answers: Per user task, what each completion answers, in order; when none is left the task stays open.
        operations: Per operation, what each call answers; {"error": code} fails. Without any left a call answers nothing.
        events: Messages, signals and clock moves, one by one whenever nothing else can move.
        now: The moment of the start.
    """

    variables: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    operations: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    now: datetime = START_OF_TIME

    def perform(self, operation: str, inputs: dict[str, Any], call: Call) -> dict[str, Any]:
        """Answer an operation from the script. Raises: BusinessError."""
        left = self.operations.get(operation)
        answer = left.pop(0) if left else {}
        if "error" in answer:
            raise BusinessError(str(answer["error"]), str(answer.get("message", "")))
        return answer


def read_script(given: Mapping[str, Any]) -> Script:
    """Read the JSON of a simulation. Raises: ScriptInvalid."""
    shapes = {"variables": dict, "answers": dict, "operations": dict, "events": list, "now": str}
    for name, value in given.items():
        if name not in shapes:
            raise ScriptInvalid(cause=f'it has no part called "{name}".')
        if not isinstance(value, shapes[name]):
            raise ScriptInvalid(
                cause=f'"{name}" must be a {"list" if shapes[name] is list else "text" if shapes[name] is str else "context"}.'
            )
    parts = dict(given)
    if "now" in parts:
        try:
            parts["now"] = datetime.fromisoformat(parts["now"])
        except ValueError:
            raise ScriptInvalid(cause='"now" is not a moment like 2026-12-01T09:00:00Z.') from None
        if parts["now"].tzinfo is None:
            raise ScriptInvalid(cause='"now" needs a zone, like 2026-12-01T09:00:00Z.')
    for name in ("answers", "operations"):
        parts[name] = {
            key: list(entries) if isinstance(entries, list) else [entries] for key, entries in parts.get(name, {}).items()
        }
    return Script(**parts)


def simulate(
    diagrams: Iterable[Diagram], script: Script, *, main: str | None = None, models: Mapping[str, dmn.Model] | None = None
) -> Iterator[dict[str, Any]]:
    """Run a diagram by a script, with its state saved and restored before every step.

    Yields:
        {"entered": id}, {"left": id} and {"cancelled": id} in order, and last the end:
        {"state": "completed" | "waiting" | "incident" | "refused", "waiting": [ids], "variables": {…},
        "problems": [{"element", "message"}]}.
    """
    files = list(diagrams)
    findings = [problem for diagram in files for problem in _errors_of(diagram)]
    if findings:
        yield _end("refused", problems=[{"element": problem.where, "message": _without_place(problem)} for problem in findings])
        return
    try:
        program = compile_diagrams(files, main=main, models=models)
        program.spec(program.main)
    except (ProgramRefused, StepFailed, feel.FeelError) as error:
        yield _end("refused", problems=[{"element": getattr(error, "element", ""), "message": str(error)}])
        return
    yield from _Simulation(program, script).go()


class _Simulation:
    """One walk through a program."""

    def __init__(self, program: Program, script: Script) -> None:
        self.program, self.script, self.now = program, script, script.now
        self.events = list(script.events)
        self.sent: list[tuple[str, str | None, dict[str, Any]]] = []
        self.stored: bytes | None = None

    def go(self) -> Iterator[dict[str, Any]]:
        entries = self.program.spec(self.program.main).entries
        try:
            run = self._begun()
            if run is None:
                yield _end("waiting") | {"waiting": [entry.name for entry in entries]}
                return
            yield from self._kept(run)
            for _ in range(MOST_MOVES):
                moved = self._next()
                if moved is None:
                    break
                yield from self._kept(moved)
        except StepFailed as error:
            waiting = self._restored() if self.stored is not None else None
            yield _end("incident", run=waiting, problems=[{"element": error.element, "message": error.cause}])
            return
        last = self._restored()
        yield _end("completed" if last.status == "completed" else "waiting", run=last)

    def _begun(self) -> Run | None:
        """Start at the start event without a trigger, or at the one that the next event leads to.

        One that waits for something is entered at once where it is the only one: then the simulation plays what it waits for.
        """
        process = self.program.spec(self.program.main)
        run = Run(self.program, host=self.script, now=self.now)
        names = {name for entry in process.entries for name in (*names_of(entry.element), entry.name)}
        if not process.starts:
            for number, event in enumerate(self.events):
                name = event.get("message", event.get("signal"))
                if name in names:
                    self.events = self.events[number + 1 :]
                    run.begin(self.script.variables, event=name, payload=event.get("payload") or {})
                    return run
            timers = [entry.name for entry in process.entries if "timer" in entry.element.event_kinds]
            only = timers if len(timers) == 1 else [entry.name for entry in process.entries]
            if len(only) != 1:
                return None
            run.begin(self.script.variables, event=only[0])
            return run
        run.begin(self.script.variables)
        return run

    def _restored(self) -> Run:
        if self.stored is None:
            raise ScriptInvalid(cause="nothing was started.")
        return restore(self.program, self.stored, host=self.script, now=self.now)

    def _kept(self, run: Run) -> Iterator[dict[str, Any]]:
        self.stored = save(run)
        self._note_sent(run)
        for step in run.changes.trail:
            yield {step.kind: step.element}

    def _note_sent(self, run: Run) -> None:
        self.sent += [(out.name, out.key, out.payload) for out in run.changes.thrown if out.kind == "message"]

    def _next(self) -> Run | None:
        """Move on by a message that was sent, by the next answer, or else by the next event; None when none is left."""
        run = self._restored()
        for number, (name, key, payload) in enumerate(self.sent):
            if run.send(name, key, payload):
                del self.sent[number]
                return run
        for token in run.open_tokens:
            answers = self.script.answers.get(run.describe(token).element)
            if answers:
                run.complete(token, answers.pop(0))
                return run
        return self._by_event(run) if self.events else None

    def _by_event(self, run: Run) -> Run:
        event = self.events.pop(0)
        if "message" in event:
            key = event.get("key")
            run.send(str(event["message"]), None if key is None else str(key), event.get("payload") or {})
        elif "signal" in event:
            run.signal(str(event["signal"]), event.get("payload") or {})
        elif "advance" in event:
            return self._advance(str(event["advance"]))
        else:
            raise ScriptInvalid(cause=f"an event is neither a message nor a signal nor an advance of the clock: {event}")
        return run

    def _advance(self, length: str) -> Run:
        """Move the clock on, stopping at each timer on the way."""
        target = add_duration(self.now, length)
        run = self._restored()
        trail = []
        while (due := run.wake_at) is not None and due <= target:
            self.now = max(due, self.now)
            run = self._restored()
            run.tick()
            trail += run.changes.trail
            self._note_sent(run)
            self.stored = save(run)
        self.now = target
        run = self._restored()
        run.changes.trail = trail
        return run


def _errors_of(diagram: Diagram) -> list[Problem]:
    problems = check_diagram(diagram, operations=None, roles=None, decisions=None, forms=None, processes=None)
    return [problem for problem in problems if not isinstance(problem, Note)]


def _without_place(problem: Problem) -> str:
    return f"{problem.sentence} {problem.way_out}".strip().format(**(problem.facts or {}))


def _end(state: str, *, run: Run | None = None, problems: list[dict[str, str]] | None = None) -> dict[str, Any]:
    return {
        "state": state,
        "waiting": [] if run is None or state == "completed" else run.waiting_elements,
        "variables": {} if run is None else run.variables,
        "problems": problems or [],
    }
