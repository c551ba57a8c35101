"""One flow node of a file: an activity, an event or a gateway."""

from __future__ import annotations

from typing import Any

from lxml import etree

from workflows.diagrams.catalogue import Catalogue
from workflows.diagrams.events import read_event, read_task_message
from workflows.diagrams.findings import Findings
from workflows.diagrams.loops import read_loop
from workflows.diagrams.model import EVENT_ELEMENT_KINDS, SUBPROCESS_KINDS, AdHoc, Element
from workflows.diagrams.vocabulary import EVENT_DEFINITIONS, LOOPS, child, children, flag, local, reference, text_in, text_of
from workflows.diagrams.zeebe import read_extensions, report_attributes

_DESCRIPTIONS = frozenset({"documentation", "extensionElements", "incoming", "outgoing", "auditing", "monitoring"})
_WAYS_OUT = {
    "potentialOwner": "Name the role in the lane, or in zeebe:assignmentDefinition.",
    "humanPerformer": "Name the role in the lane, or in zeebe:assignmentDefinition.",
    "performer": "Name the role in the lane, or in zeebe:assignmentDefinition.",
    "resourceRole": "Name the role in the lane, or in zeebe:assignmentDefinition.",
    "rendering": "Name the form in zeebe:formDefinition.",
    "eventDefinitionRef": "Write the event definition at the event itself.",
}
# Attributes that change what happens, with the value that changes nothing.
_EFFECTIVE_ATTRIBUTES = {
    "startQuantity": "1",
    "completionQuantity": "1",
    "instantiate": "false",
    "eventGatewayType": "Exclusive",
}
_ATTRIBUTE_WAYS_OUT = {
    "startQuantity": "Join the tokens with a gateway before the activity.",
    "completionQuantity": "Split with a parallel gateway behind the activity.",
    "instantiate": "Draw a start event with that trigger before it.",
    "eventGatewayType": "Wait for all of them with one event marked as parallel multiple.",
}
# What declares data in events and activities.
DATA_PARTS = frozenset({"ioSpecification", "property", "dataInput", "dataOutput", "inputSet", "outputSet"})
# bpmn-js writes this empty property to have something that a data association can point at.
PLACEHOLDER = "__targetRef_placeholder"


def read_element(node: etree._Element, scope: str, catalogue: Catalogue, findings: Findings) -> Element:
    """Read a flow node without its flows and its lane, which only the whole file can tell."""
    key, tag = node.get("id") or "", local(node)
    report_attributes(node, key, findings)
    _report_attributes(node, key, findings)
    _report_parts(node, key, findings)
    fields = read_extensions(node, key, findings)
    if tag == "callActivity" and not fields.get("called_process"):
        fields["called_process"] = reference(node.get("calledElement"))
    if tag == "adHocSubProcess":
        fields["ad_hoc"] = _read_ad_hoc(node, **fields.get("ad_hoc", {}))
    return Element(
        id=key,
        kind=tag,
        name=(node.get("name") or "").strip(),
        documentation="\n\n".join(filter(None, (text_of(part) for part in children(node, "documentation")))),
        scope=scope,
        default=reference(node.get("default")),
        attached_to=reference(node.get("attachedToRef")) if tag == "boundaryEvent" else None,
        interrupting=_interrupts(node, tag),
        triggered_by_event=tag in SUBPROCESS_KINDS and flag(node, "triggeredByEvent", default=False),
        for_compensation=flag(node, "isForCompensation", default=False),
        script_language=_script_language(node),
        activation_condition=text_in(node, "activationCondition"),
        **_read_parts(node, key, tag, catalogue, findings),
        **fields,
    )


def _read_parts(node: etree._Element, key: str, tag: str, catalogue: Catalogue, findings: Findings) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if tag in EVENT_ELEMENT_KINDS:
        fields["event"] = read_event(node, key, catalogue, findings)
    elif tag in {"sendTask", "receiveTask"}:
        fields["event"] = read_task_message(node, key, catalogue, findings)
    loops = [part for part in children(node) if local(part) in LOOPS]
    if loops:
        fields["loop"] = read_loop(loops[0], key, findings)
    return fields


def _read_ad_hoc(node: etree._Element, **chosen: str | None) -> AdHoc:
    return AdHoc(
        completion_condition=text_in(node, "completionCondition"),
        cancels_remaining=flag(node, "cancelRemainingInstances", default=True),
        sequential=node.get("ordering") == "Sequential",
        **chosen,
    )


def _interrupts(node: etree._Element, tag: str) -> bool:
    if tag == "boundaryEvent":
        return flag(node, "cancelActivity", default=True)
    return flag(node, "isInterrupting", default=True)


def _script_language(node: etree._Element) -> str | None:
    """The language of BPMN's own script element; "unknown" where a script stands there without saying."""
    if child(node, "script") is None:
        return None
    return node.get("scriptFormat") or "unknown"


def _report_attributes(node: etree._Element, key: str, findings: Findings) -> None:
    for attribute, harmless in _EFFECTIVE_ATTRIBUTES.items():
        value = node.get(attribute)
        if value is not None and value != harmless:
            findings.refuse(
                key,
                "The attribute {attribute}=“{value}” is not supported.",
                _ATTRIBUTE_WAYS_OUT.get(attribute, "Take it out."),
                attribute=attribute,
                value=value,
            )


def _report_parts(node: etree._Element, key: str, findings: Findings) -> None:
    tag = local(node)
    for part in children(node):
        name = local(part)
        if name in {"dataInputAssociation", "dataOutputAssociation"}:
            _report_association(part, key, findings)
        elif name in DATA_PARTS:
            report_data(part, key, findings)
        elif tag in SUBPROCESS_KINDS:
            continue  # What else stands inside a subprocess is looked at where its elements are read.
        elif name not in _DESCRIPTIONS | LOOPS | {"script"} and not _fits(name, tag):
            findings.refuse(
                key, "The part {name} of this element is not supported.", _WAYS_OUT.get(name, "Take it out."), name=name
            )


def report_data(part: etree._Element, where: str, findings: Findings) -> None:
    """Note what declares data in BPMN's own way; values live in variables."""
    if part.get("name") != PLACEHOLDER:
        findings.note(
            where,
            "The part {name} declares data, but keeps and moves none.",
            "Values live in variables; move them with input and output mappings (zeebe:ioMapping).",
            name=local(part),
        )


def _fits(name: str, tag: str) -> bool:
    if name in EVENT_DEFINITIONS:
        return tag in EVENT_ELEMENT_KINDS
    return name == "activationCondition" and tag == "complexGateway"


def _report_association(node: etree._Element, key: str, findings: Findings) -> None:
    if text_in(node, "transformation") or child(node, "assignment") is not None:
        findings.refuse(
            key, "A data association computes something, which has no effect here.", "Write it as a mapping (zeebe:ioMapping)."
        )
    else:
        findings.note(key, "The data association is drawn, but moves no variables.")
