"""A step as a list of named facts: what it says now, and saying something else instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from workflows.diagrams.editing.saying import (
    set_attribute,
    set_condition,
    set_default,
    set_extension,
    set_lane,
    set_mappings,
    set_property,
    set_timer,
)
from workflows.diagrams.editing.sheet import Sheet
from workflows.diagrams.model import Diagram, Element

Mappings = Sequence[tuple[str, str]]
#: What a step of a person says in properties, in the order in which its owner thinks of it.
PROPERTIES = (
    *("subject", "question", "card", "separate_from", "reauthenticate", "no_clock"),
    *("scope.area", "scope.organisation", "source"),
)
_CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway"})


def facts_of(element: Element, diagram: Diagram) -> dict[str, str]:
    """Return what an element says, by the names under which `say_step` takes it; only what fits its kind."""
    facts = {"name": element.name}
    process = diagram.process_of(element.id)
    if process.lanes:
        facts["lane"] = next((lane.id for lane in reversed(process.lanes) if element.id in lane.members), "")
    if element.kind == "userTask":
        facts |= {"candidates": element.candidate_groups or "", "form": element.form or "", "due": element.due or ""}
        facts |= {name: element.properties.get(name, "") for name in PROPERTIES}
    elif element.kind in {"serviceTask", "sendTask"}:
        facts["operation"] = element.operation or ""
    elif element.kind == "businessRuleTask":
        decision, result = element.called_decision or ("", "")
        facts |= {"decision": decision, "result": result or ""}
    elif element.kind == "scriptTask":
        script, result = element.script or ("", "")
        facts |= {"script": script, "result": result or ""}
    elif element.kind == "callActivity":
        facts["called"] = element.called_process or ""
    if element.is_event and element.event is not None and element.event.timer is not None:
        facts |= {"timer_kind": element.event.timer[0], "timer": element.event.timer[1]}
    if element.kind in _CHOICES and len(element.outgoing) > 1:
        facts["default"] = element.default or ""
        for key in element.outgoing:
            facts |= {f"way:{key}": diagram.flows[key].name, f"condition:{key}": diagram.flows[key].condition or ""}
    return facts


def has_mappings(element: Element) -> bool:
    """Whether what a step reads and keeps can be said in its outline."""
    return element.kind in {"serviceTask", "sendTask", "businessRuleTask", "callActivity", "userTask"}


def say_step(
    sheet: Sheet,
    element: Element,
    diagram: Diagram,
    said: Mapping[str, str],
    *,
    inputs: Mappings | None = None,
    outputs: Mappings | None = None,
) -> None:
    """Write what was said of a step, as far as it differs from what it says already.

    Args:
        said: By the names of `facts_of`; what is missing stays.
        inputs, outputs: (raw source, target); None where they stay.

    Raises:
        EditRefused: Something in it cannot be so.
    """
    facts = facts_of(element, diagram)
    changed = {name: text.strip() for name, text in said.items() if name in facts and text.strip() != facts[name].strip()}
    for name in sorted(changed, key=lambda each: each == "default"):
        _write(sheet, element, name, changed[name], {**facts, **changed})
    for tag, wanted, known in (("input", inputs, element.inputs), ("output", outputs, element.outputs)):
        if wanted is not None and tuple(wanted) != known:
            set_mappings(sheet, element.id, tag, wanted)


def _write(sheet: Sheet, element: Element, name: str, text: str, facts: Mapping[str, str]) -> None:
    key = element.id
    if name.startswith("way:"):
        set_attribute(sheet, name.removeprefix("way:"), "name", text)
    elif name.startswith("condition:"):
        set_condition(sheet, name.removeprefix("condition:"), text)
    elif name in PROPERTIES:
        set_property(sheet, key, name, text)
    elif name in {"timer", "timer_kind"}:
        set_timer(sheet, key, facts["timer_kind"], facts["timer"])
    elif name == "result":
        set_extension(sheet, key, "calledDecision" if element.kind == "businessRuleTask" else "script", resultVariable=text)
    else:
        _WRITERS[name](sheet, key, text)


_WRITERS: Mapping[str, Callable[[Sheet, str, str], None]] = {
    "name": lambda sheet, key, text: set_attribute(sheet, key, "name", text),
    "lane": set_lane,
    "default": set_default,
    "candidates": lambda sheet, key, text: set_extension(sheet, key, "assignmentDefinition", candidateGroups=text),
    "form": lambda sheet, key, text: set_extension(sheet, key, "formDefinition", formId=text),
    "due": lambda sheet, key, text: set_extension(sheet, key, "taskSchedule", dueDate=text),
    "operation": lambda sheet, key, text: set_extension(sheet, key, "taskDefinition", type=text),
    "decision": lambda sheet, key, text: set_extension(sheet, key, "calledDecision", decisionId=text),
    "script": lambda sheet, key, text: set_extension(sheet, key, "script", expression=text),
    "called": lambda sheet, key, text: set_extension(sheet, key, "calledElement", processId=text),
}
