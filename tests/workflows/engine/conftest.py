"""A case in the test's hand: every step saves and restores the state before it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workflows import diagrams, engine
from workflows.engine.consistency import ensure_consistent
from workflows.feel import parse

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs" targetNamespace="http://example.org/test">'
)
Operation = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class TestHost:
    """Carries out operations that the test gives it, and remembers the calls."""

    __test__ = False
    operations: Mapping[str, Operation] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def perform(self, operation: str, inputs: dict[str, Any], call: engine.Call) -> dict[str, Any]:
        self.calls.append((operation, inputs))
        return self.operations[operation](inputs)


class CaseInHand:
    """Runs a case and puts it through its stored state before every act."""

    def __init__(self, program: engine.Program, host: TestHost, variables: dict[str, Any], **start: Any) -> None:
        self.program, self.host, self.now = program, host, NOON
        self.trail: list[tuple[str, str]] = []
        self._keep(engine.start(program, variables=variables, host=host, now=NOON, **start))

    def _keep(self, run: engine.Run) -> None:
        self.trail += [(step.kind, step.element) for step in run.changes.trail]
        self.last = run.changes
        ensure_consistent(run)
        self.stored = engine.save(run)
        assert engine.save(self.run) == self.stored

    @property
    def run(self) -> engine.Run:
        """The case as it is stored."""
        return engine.restore(self.program, self.stored, host=self.host, now=self.now)

    @property
    def open(self) -> list[str]:
        """The elements of the open user tasks."""
        run = self.run
        return [run.describe(token).element for token in run.open_tokens]

    @property
    def entered(self) -> list[str]:
        """The elements entered so far, in order."""
        return [element for kind, element in self.trail if kind == "entered"]

    @property
    def status(self) -> str:
        return self.run.status

    @property
    def variables(self) -> dict[str, Any]:
        return self.run.variables

    def token(self, element: str, nth: int = 0) -> str:
        """The token of an open user task."""
        run = self.run
        return [token for token in run.open_tokens if run.describe(token).element == element][nth]

    def do(self, element: str, nth: int = 0, **answers: Any) -> None:
        """Complete an open user task."""
        run, token = self.run, self.token(element, nth)
        run.complete(token, answers)
        self._keep(run)

    def send(self, name: str, key: str | None = None, **payload: Any) -> int:
        """Deliver a message."""
        run = self.run
        caught = run.send(name, key, payload)
        self._keep(run)
        return caught

    def signal(self, name: str, **payload: Any) -> int:
        """Deliver a signal."""
        run = self.run
        caught = run.signal(name, payload)
        self._keep(run)
        return caught

    def advance(self, **length: float) -> int:
        """Let time pass, stopping at every timer on the way."""
        target = self.now + timedelta(**length)
        fired = 0
        while (due := self.run.wake_at) is not None and due <= target:
            self.now = max(due, self.now)
            run = self.run
            fired += run.tick()
            self._keep(run)
        self.now = target
        return fired


Start = Callable[..., CaseInHand]


@pytest.fixture
def start() -> Start:
    """Start a case of the process whose inside is given: `start(xml, amount=3)`.

    `_also` holds what stands beside the process, `_event` and `_payload` are those of `engine.start`. What is run has
    passed the check, unless the test is about what the engine does with the rest.
    """

    def start_case(
        inside: str,
        *,
        _also: str = "",
        _operations: Mapping[str, Operation] | None = None,
        _event: str | None = None,
        _payload: Mapping[str, Any] | None = None,
        _unchecked: bool = False,
        **variables: Any,
    ) -> CaseInHand:
        xml = f'{HEAD}{_also}<process id="main" isExecutable="true">{inside}</process></definitions>'
        diagram = diagrams.read_diagram(xml.encode(), name="test.bpmn")
        assert _unchecked or diagrams.check_diagram(diagram) == []
        program = engine.compile_diagrams([diagram], main="main")
        return CaseInHand(
            program, TestHost({} if _operations is None else _operations), variables, event=_event, payload=_payload
        )

    return start_case


def flows(*pairs: str) -> str:
    """Sequence flows: "a>b", with a condition "a>b: x > 1"."""
    text = ""
    for number, pair in enumerate(pairs):
        way, _, condition = pair.partition(":")
        source, target = way.split(">")
        inside = f"<conditionExpression>= {_escape(condition.strip())}</conditionExpression>" if condition else ""
        text += (
            f'<sequenceFlow id="f{number}_{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
        )
    return text


def _escape(text: str) -> str:
    parse(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
