"""A diagram as the generator makes it: nodes, flows and the BPMN file they are written to. Knows nothing of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Read = Callable[[str], Any]
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'id="defs" targetNamespace="http://example.org/generated">'
)
KEY = "K"
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway"})
NAMES = {"message": ("M1", "M2"), "signal": ("S1", "S2"), "error": ("E1", "E2"), "escalation": ("C1", "C2")}
COMPARE: dict[str, Callable[[Any, int], bool]] = {
    "=": lambda value, number: value == number,
    ">": lambda value, number: isinstance(value, int) and value > number,
    "<": lambda value, number: isinstance(value, int) and value < number,
}


@dataclass(frozen=True)
class Test:
    """A condition, as FEEL for the diagram and as Python for the model."""

    __test__ = False
    variable: str
    sign: str
    number: int

    @property
    def feel(self) -> str:
        return f"{self.variable} {self.sign} {self.number}"

    def holds(self, read: Read) -> bool:
        return COMPARE[self.sign](read(self.variable), self.number)


@dataclass(frozen=True)
class Sum:
    """What a script works out: another variable and a number, modulo four."""

    target: str
    variable: str
    number: int

    @property
    def feel(self) -> str:
        return f"modulo({self.variable} + {self.number}, 4)"

    def value(self, read: Read) -> int:
        return int((read(self.variable) + self.number) % 4)


@dataclass(frozen=True)
class Repeat:
    """How an activity is repeated: "standard", "sequential" or "parallel"."""

    kind: str
    entries: tuple[int, ...] = ()
    enough: Test | None = None
    maximum: int = 1
    condition: Test | None = None
    test_before: bool = False

    def xml(self, owner: str) -> str:
        if self.kind == "standard":
            condition = f"<loopCondition>= {_escape(self.condition.feel)}</loopCondition>" if self.condition else ""
            before = str(self.test_before).lower()
            return f'<standardLoopCharacteristics testBefore="{before}" loopMaximum="{self.maximum}">{condition}</standardLoopCharacteristics>'
        enough = f"<completionCondition>= {_escape(self.enough.feel)}</completionCondition>" if self.enough else ""
        return (
            f'<multiInstanceLoopCharacteristics isSequential="{str(self.kind == "sequential").lower()}"><extensionElements>'
            f'<zeebe:loopCharacteristics inputCollection="={list(self.entries)}" inputElement="entry" outputCollection="out_{owner}" outputElement="=res"/>'
            f"</extensionElements>{enough}</multiInstanceLoopCharacteristics>"
        )


@dataclass
class Node:
    """One element.

    Attributes:
        event: The kind of its event definition, with `name` (message, signal, code; None catches all) or `minutes` and `times`.
        times: None for a duration; for a cycle how often it fires, 0 without end.
    """

    id: str
    kind: str
    scope: str
    event: str | None = None
    name: str | None = None
    minutes: int = 0
    times: int | None = None
    default: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    triggered: bool = False
    script: Sum | None = None
    called: str | None = None
    repeat: Repeat | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Node:
        return self

    @property
    def is_subprocess(self) -> bool:
        return self.kind == "subProcess"


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    test: Test | None = None


@dataclass
class Net:
    """A whole file. The first process is the one that is run."""

    processes: list[str] = field(default_factory=lambda: ["main"])
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Short, for a test that fails: only what is not as usual."""
        plain = Node("", "", "")
        lines = [
            " ".join(
                [
                    node.scope,
                    node.kind,
                    node.id,
                    *(f"{k}={v}" for k, v in vars(node).items() if k not in ("id", "kind", "scope") and v != vars(plain)[k]),
                ]
            )
            for node in self.nodes.values()
        ]
        ways = [
            f"{flow.id}: {flow.source} > {flow.target}" + (f" if {flow.test.feel}" if flow.test else "")
            for flow in self.flows.values()
        ]
        return "\n".join(["", *lines, *ways])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def __deepcopy__(self, memo: dict[int, Any]) -> Net:
        return self

    def inside(self, scope: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.scope == scope]

    def out_of(self, node: str) -> list[Flow]:
        return [flow for flow in self.flows.values() if flow.source == node]

    def into(self, node: str) -> list[Flow]:
        return [flow for flow in self.flows.values() if flow.target == node]

    def boundaries(self, node: str) -> list[Node]:
        return [other for other in self.nodes.values() if other.attached_to == node]

    def starts(self, scope: str) -> list[Node]:
        """Where a process or subprocess begins: its none start events, or else what nothing leads to."""
        inside = self.inside(scope)
        events = [node for node in inside if node.kind == "startEvent" and node.event is None]
        return events or [node for node in inside if not self.into(node.id) and not node.attached_to and not node.triggered]

    def handlers(self, scope: str) -> list[Node]:
        """The start events of the event subprocesses of a scope."""
        return [
            start for node in self.inside(scope) if node.triggered for start in self.inside(node.id) if start.kind == "startEvent"
        ]

    def reached(self, first: list[str], *, avoiding: str) -> set[str]:
        """The flows on paths that begin with one of the flows and do not visit a node. An activity's boundary is a way out of it."""
        found: set[str] = set()
        todo = list(first)
        while todo:
            flow = todo.pop()
            if flow in found:
                continue
            found.add(flow)
            target = self.flows[flow].target
            if target != avoiding:
                todo += self.ways_from(target)
        return found

    def ways_from(self, node: str) -> list[str]:
        """The flows that a token on a node may take."""
        own = [flow.id for flow in self.out_of(node)]
        links = [other.id for other in self.nodes.values() if self.is_linked(node, other.id)]
        return own + [way for other in [*(b.id for b in self.boundaries(node)), *links] for way in self.ways_from(other)]

    def is_linked(self, node: str, other: str) -> bool:
        """Whether a link leads from one event to another."""
        a, b = self.nodes[node], self.nodes[other]
        return (
            a.event == b.event == "link"
            and (a.kind, b.kind) == ("intermediateThrowEvent", "intermediateCatchEvent")
            and a.name == b.name
        )

    # The file.

    def xml(self) -> str:
        return HEAD + "".join(self._catalogue()) + "".join(map(self._process, self.processes)) + "</definitions>"

    def _catalogue(self) -> Iterator[str]:
        for name in NAMES["message"]:
            yield f'<message id="{name}" name="{name}"><extensionElements><zeebe:subscription correlationKey="=key"/></extensionElements></message>'
        for name in NAMES["signal"]:
            yield f'<signal id="{name}" name="{name}"/>'
        for name in NAMES["error"]:
            yield f'<error id="{name}" errorCode="{name}"/>'
        for name in NAMES["escalation"]:
            yield f'<escalation id="{name}" escalationCode="{name}"/>'

    def _process(self, process: str) -> str:
        return f'<process id="{process}" isExecutable="true">{self._scope(process)}</process>'

    def _scope(self, scope: str) -> str:
        nodes = self.inside(scope)
        own = {node.id for node in nodes}
        return "".join(map(self._node, nodes)) + "".join(self._flow(flow) for flow in self.flows.values() if flow.source in own)

    def _flow(self, flow: Flow) -> str:
        test = f"<conditionExpression>= {_escape(flow.test.feel)}</conditionExpression>" if flow.test else ""
        return f'<sequenceFlow id="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}">{test}</sequenceFlow>'

    def _node(self, node: Node) -> str:
        return f"<{node.kind}{''.join(self._attributes(node))}>{''.join(self._parts(node))}</{node.kind}>"

    def _attributes(self, node: Node) -> Iterator[str]:
        yield f' id="{node.id}"'
        if node.default:
            yield f' default="{node.default}"'
        if node.attached_to:
            yield f' attachedToRef="{node.attached_to}" cancelActivity="{str(node.interrupting).lower()}"'
        elif not node.interrupting:
            yield ' isInterrupting="false"'
        if node.triggered:
            yield ' triggeredByEvent="true"'
        if node.kind == "receiveTask":
            yield f' messageRef="{node.name}"'

    def _parts(self, node: Node) -> Iterator[str]:
        if node.script:
            yield f'<extensionElements><zeebe:script expression="= {_escape(node.script.feel)}" resultVariable="{node.script.target}"/></extensionElements>'
        if node.called:
            yield f'<extensionElements><zeebe:calledElement processId="{node.called}"/></extensionElements>'
        if node.is_subprocess:
            yield self._scope(node.id)
        if node.event and node.kind != "receiveTask":
            yield _definition(node)
        if node.repeat:
            yield node.repeat.xml(node.id)


def _definition(node: Node) -> str:
    kind = node.event
    if kind == "timer":
        if node.times is None:
            return f"<timerEventDefinition><timeDuration>PT{node.minutes}M</timeDuration></timerEventDefinition>"
        return f"<timerEventDefinition><timeCycle>R{node.times or ''}/PT{node.minutes}M</timeCycle></timerEventDefinition>"
    if kind == "link":
        return f'<linkEventDefinition name="{node.name}"/>'
    reference = f' {kind}Ref="{node.name}"' if node.name else ""
    return f"<{kind}EventDefinition{reference}/>"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
