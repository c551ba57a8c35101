"""Whether a diagram reads variables that nothing has set by then: FEEL reads what is missing as null, and says nothing.

Only what is written in the folder is known. What an operation answers is not, so behind one whose answers are not mapped anything
may be set; what is told here holds all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches

from workflows import feel
from workflows.diagrams import Diagram, Element
from workflows.forms import Form
from workflows.packages.findings import Findings
from workflows.packages.package import Package

#: What the engine and the services give to every case.
GIVEN = frozenset({"case", "requester", "options", "loopCounter", "item", "partial", "it"})
#: How alike two names are of which one may be a slip of the pen.
_ALIKE = 0.86
_SHORTEST = 5
#: Elements that may bring names of which the folder says nothing.
_OPAQUE = frozenset({"serviceTask", "sendTask", "receiveTask", "callActivity"})


def check_variables(package: Package, findings: Findings) -> None:
    """Advise to look at names that nothing sets, and at those that are set only after they were read."""
    scene = _Scene(package)
    uses = Counter(name for reading in scene.readings for name in reading.names)
    for reading in scene.readings:
        for name in sorted(reading.names - GIVEN):
            near = _nearest(name, scene.written) if name not in scene.written and uses[name] == 1 else None
            if near is not None:
                findings.advise(
                    f"{reading.file}: {reading.element}",
                    "“{step}” reads {name}, which nothing in this process sets; {near} is set.",
                    "Correct the name, or set it before.",
                    step=reading.step,
                    name=name,
                    near=near,
                )
            elif name in scene.written and scene.is_early(reading, name):
                findings.advise(
                    f"{reading.file}: {reading.element}",
                    "“{step}” reads {name}, but nothing that comes before it sets it.",
                    "Set it on the way there, or ask for it in a form before.",
                    step=reading.step,
                    name=name,
                )


def _nearest(name: str, known: Iterable[str]) -> str | None:
    if len(name) < _SHORTEST:
        return None
    others = [each for each in known if each not in name and name not in each]
    return next(iter(get_close_matches(name, others, n=1, cutoff=_ALIKE)), None)


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """An element that reads variables."""

    file: str
    element: str
    step: str
    names: frozenset[str]


@dataclass
class _Scene:
    """What is written and read in a folder, and in which order it can happen."""

    package: Package
    readings: list[_Reading] = field(default_factory=list)
    writes: dict[str, frozenset[str]] = field(default_factory=dict)
    opaque: set[str] = field(default_factory=set)
    before: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for file, diagram in self.package.diagrams.items():
            for element in diagram.elements.values():
                if diagram.process_of(element.id).executable:
                    self._note(file, diagram, element)
        self.started = _asked(self.package.forms.get(self.package.manifest.start_form or ""))
        self.asked = frozenset().union(*map(_asked, self.package.forms.values()))
        self.written = frozenset(self.started).union(*self.writes.values())
        self._order()

    def _note(self, file: str, diagram: Diagram, element: Element) -> None:
        form = self.package.forms.get(element.form or "")
        self.writes[element.id] = frozenset({*_targets(element), *(_asked(form) if element.kind == "userTask" else ())})
        if (element.kind in _OPAQUE and not element.outputs) or (element.event is not None and element.event.kind != "none"):
            self.opaque.add(element.id)
        names = frozenset(_names(element, diagram)) - {target.split(".")[0] for _, target in element.inputs}
        if element.loop is not None:
            names -= {element.loop.input_element or ""}
        if names:
            self.readings.append(_Reading(file=file, element=element.id, step=element.name or element.id, names=names))

    def is_early(self, reading: _Reading, name: str) -> bool:
        """Whether nothing that can come before an element sets a name."""
        if name in self.started or self.package.manifest.opens:
            return False
        earlier = self.before.get(reading.element, set())
        # What people answer is rarely what an operation answers too; other names may be, and get the benefit of the doubt.
        excused = name not in self.asked and bool(earlier & self.opaque)
        return not excused and not any(name in self.writes.get(each, ()) for each in earlier)

    def _order(self) -> None:
        """Work out for every element what can have happened before it, the elements around it and their inputs included."""
        following: dict[str, set[str]] = {}
        for diagram in self.package.diagrams.values():
            for source, target in _steps(diagram, self.package):
                following.setdefault(source, set()).add(target)
        for key in self.writes:
            waiting, seen = list(following.get(key, ())), set(following.get(key, ()))
            while waiting:
                for each in following.get(waiting.pop(), ()):
                    if each not in seen:
                        seen.add(each)
                        waiting.append(each)
            for each in seen:
                self.before.setdefault(each, set()).add(key)


def _steps(diagram: Diagram, package: Package) -> Iterator[tuple[str, str]]:
    """Yield which element can be followed by which: along flows, into and out of what is inside, and by events."""
    starts = {
        process: [each.id for each in known.inside(process) if not each.incoming]
        for known in package.diagrams.values()
        for process in known.processes
    }
    for flow in diagram.flows.values():
        yield flow.source, flow.target
    for element in diagram.elements.values():
        if element.attached_to is not None:
            yield element.attached_to, element.id
            yield from ((inner.id, element.id) for inner in diagram.inside(element.attached_to))
        if element.scope in diagram.elements:
            yield element.scope, element.id
            yield element.id, element.scope
        if element.triggered_by_event:
            yield from ((each.id, element.id) for each in diagram.inside(element.scope) if each.id != element.id)
        yield from ((element.id, start) for start in starts.get((element.called_process or "").strip(), ()))


def _targets(element: Element) -> Iterator[str]:
    """Yield the names that an element gives a value to, for itself or for what follows."""
    for _, target in (*element.outputs, *element.inputs):
        yield target.split(".")[0]
    for result in filter(None, (element.called_decision, element.script)):
        if result[1]:
            yield result[1].split(".")[0]
    if element.loop is not None:
        yield from filter(None, (element.loop.input_element, element.loop.output_collection))
    if element.ad_hoc is not None and element.ad_hoc.output_collection:
        yield element.ad_hoc.output_collection


def _asked(form: Form | None) -> frozenset[str]:
    return frozenset(key.split(".")[0] for key in form.keys) if form is not None else frozenset()


def _names(element: Element, diagram: Diagram) -> Iterator[str]:
    """Yield the names that an element reads before it does anything: conditions of a gateway, inputs, a script, a clock."""
    texts: list[str | None] = [source for source, _ in element.inputs]
    texts += [diagram.flows[key].condition for key in element.outgoing] if element.is_gateway else []
    texts += [element.assignee, element.candidate_users, element.candidate_groups]
    if element.kind == "userTask":
        texts += [element.due, element.follow_up]
    if element.script is not None:
        texts.append(f"={element.script[0].strip().removeprefix('=')}")
    if element.loop is not None:
        texts.append(element.loop.input_collection)
    for event in element.event.each if element.event is not None else ():
        texts += [event.timer[1] if event.timer else None, event.correlation_key]
    for text in texts:
        if text and text.strip().startswith("="):
            # What is wrong with an expression is a problem of the diagram, and told there.
            with suppress(feel.FeelError):
                yield from (name.split(".")[0] for name in feel.parse(text.strip()[1:]).names)
