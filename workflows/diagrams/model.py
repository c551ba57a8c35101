"""What a diagram says, as plain frozen values: the engine, the checks and the drawing all read these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.diagrams.drawn import Artifact, Bounds, Pool
from workflows.diagrams.plans import AdHoc, Loop
from workflows.errors import Problem

__all__ = [
    "ACTIVITY_KINDS",
    "EVENT_ELEMENT_KINDS",
    "FLOW_NODES",
    "GATEWAY_KINDS",
    "SUBPROCESS_KINDS",
    "TASK_KINDS",
    "AdHoc",
    "Artifact",
    "Bounds",
    "Diagram",
    "Element",
    "Event",
    "Flow",
    "Lane",
    "Loop",
    "Note",
    "Pool",
    "Process",
]

SUBPROCESS_KINDS = frozenset({"subProcess", "transaction", "adHocSubProcess"})

TASK_KINDS = frozenset(
    {"userTask", "serviceTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask", "manualTask", "task"}
)

ACTIVITY_KINDS = TASK_KINDS | SUBPROCESS_KINDS | {"callActivity"}

GATEWAY_KINDS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})

EVENT_ELEMENT_KINDS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})

FLOW_NODES = ACTIVITY_KINDS | GATEWAY_KINDS | EVENT_ELEMENT_KINDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Note(Problem):
    """Something worth knowing that does not keep a diagram from being published."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """A sequence flow.

    Attributes:
        condition: The raw text of its condition, "=" included; None where it has none.
        xml_position: Its place among the sequence flows of the file; conditions are asked in this order.
    """

    id: str
    source: str
    target: str
    condition: str | None = None
    name: str = ""
    xml_position: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """What an event waits for or throws; also the message of a receive or send task.

    Attributes:
        kind: "none", "message", "timer", "signal", "error", "escalation", "conditional", "link", "compensation", "cancel",
            "terminate" or "multiple".
        name: The message's or signal's name, the code of an error or escalation, the name of a link (raw text).
        correlation_key: The raw correlation key of a message.
        timer: ("date" | "duration" | "cycle", raw text).
        condition: The raw text of a conditional event.
        parts: The single events of a "multiple" one.
        parallel: Whether all parts must happen, instead of any.
        activity: The id of the activity that a compensation undoes; None for everything in its scope.
        awaits: Whether a compensation that is thrown is waited for.
    """

    kind: str
    name: str | None = None
    correlation_key: str | None = None
    timer: tuple[str, str] | None = None
    condition: str | None = None
    parts: tuple[Event, ...] = ()
    parallel: bool = False
    activity: str | None = None
    awaits: bool = True

    @property
    def each(self) -> tuple[Event, ...]:
        """The single events: its parts, or itself."""
        return self.parts or (self,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Element:
    """A flow node: an activity, an event or a gateway. Expressions are kept as raw text.

    Attributes:
        kind: The local name of its BPMN tag, e.g. "userTask".
        scope: The id of the process or subprocess that directly contains it.
        lane: The name of its innermost lane; inside a subprocess, that of the subprocess unless a lane lists the element itself.
        incoming, outgoing: Ids of sequence flows, in the order of the file.
        default: The id of the flow taken when no condition holds.
        event: What an event element waits for or throws; for receive and send tasks their message.
        attached_to: The activity whose boundary the event sits on.
        interrupting: Of a boundary event, or of the start event of an event subprocess.
        triggered_by_event: Whether a subprocess is an event subprocess.
        operation: The type of the task definition.
        inputs, outputs: (raw source, target) of the variable mappings.
        called_decision: (raw decision id, result variable).
        script: (raw expression, result variable).
        script_language: Set where a script is written in BPMN's own script element.
        undone_by: Of a compensation event on a boundary: the id of the activity that an association joins it to.
        activation_condition: Of a complex gateway: when enough tokens have come (raw text).
    """

    id: str
    kind: str
    name: str = ""
    documentation: str = ""
    scope: str = ""
    lane: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str | None = None
    event: Event | None = None
    attached_to: str | None = None
    interrupting: bool = True
    triggered_by_event: bool = False
    loop: Loop | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    form: str | None = None
    assignee: str | None = None
    candidate_groups: str | None = None
    candidate_users: str | None = None
    due: str | None = None
    follow_up: str | None = None
    priority: str | None = None
    operation: str | None = None
    retries: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    called_decision: tuple[str, str | None] | None = None
    script: tuple[str, str | None] | None = None
    called_process: str | None = None
    propagate_parent: bool = True
    propagate_child: bool = True
    for_compensation: bool = False
    script_language: str | None = None
    undone_by: str | None = None
    activation_condition: str | None = None
    ad_hoc: AdHoc | None = None
    position: tuple[float, float] | None = None

    @property
    def is_activity(self) -> bool:
        """Whether it is a task, a subprocess or a call activity."""
        return self.kind in ACTIVITY_KINDS

    @property
    def is_gateway(self) -> bool:
        """Whether it is a gateway."""
        return self.kind in GATEWAY_KINDS

    @property
    def is_event(self) -> bool:
        """Whether it is drawn as a circle."""
        return self.kind in EVENT_ELEMENT_KINDS

    @property
    def event_kinds(self) -> frozenset[str]:
        """The kinds of the single events that an event element, or a send or receive task, stands for."""
        return frozenset() if self.event is None else frozenset(part.kind for part in self.event.each)

    @property
    def is_subprocess(self) -> bool:
        """Whether it holds elements of its own."""
        return self.kind in SUBPROCESS_KINDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """A lane: the role that acts in it.

    Attributes:
        members: Ids of the elements that the lane lists.
        parent: The lane that holds this one.
    """

    id: str
    name: str
    members: tuple[str, ...] = ()
    bounds: Bounds | None = None
    parent: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Process:
    """One process of the file.

    Attributes:
        elements: Ids of the elements directly inside, in the order of the file.
    """

    id: str
    name: str = ""
    executable: bool = True
    elements: tuple[str, ...] = ()
    lanes: tuple[Lane, ...] = ()
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagram:
    """One BPMN file.

    Attributes:
        name: The file's name.
        elements: The elements of all processes and all levels, by id.
        messages: (name, raw correlation key) by message id.
        edges: Way points of sequence flows, associations and message flows, by id.
        ignored: What reading found that neither the engine nor the drawing would use, and references that lead nowhere. Those of
            type Note do not keep the diagram from being published.
        source: The file's bytes as they were read.
    """

    name: str
    processes: Mapping[str, Process]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    messages: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    shapes: Mapping[str, Bounds] = field(default_factory=dict)
    edges: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    edge_labels: Mapping[str, Bounds] = field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()
    pools: tuple[Pool, ...] = ()
    ignored: tuple[Problem, ...] = ()
    source: bytes = b""

    def inside(self, scope: str) -> list[Element]:
        """The elements directly inside a process or subprocess, in the order of the file."""
        return [element for element in self.elements.values() if element.scope == scope]

    def by_scope(self) -> dict[str, list[Element]]:
        """All elements, grouped by the process or subprocess that directly contains them."""
        grouped: dict[str, list[Element]] = {}
        for element in self.elements.values():
            grouped.setdefault(element.scope, []).append(element)
        return grouped

    def process_of(self, element_id: str) -> Process:
        """The process that an element belongs to, at whatever depth."""
        scope = self.elements[element_id].scope
        while scope not in self.processes:
            scope = self.elements[scope].scope
        return self.processes[scope]
