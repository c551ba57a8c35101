"""What the zeebe extension elements say about an element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from workflows.diagrams.findings import Findings
from workflows.diagrams.model import SUBPROCESS_KINDS, TASK_KINDS
from workflows.diagrams.vocabulary import FOREIGN_ENGINES, ZEEBE, children, flag, local, namespace

_JOBS = frozenset({"serviceTask", "businessRuleTask", "scriptTask", "sendTask", "endEvent", "intermediateThrowEvent"})
_EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
_MAPPED = TASK_KINDS | SUBPROCESS_KINDS | _EVENTS | {"callActivity"}
_USER = frozenset({"userTask"})

# Which extension element means something on which tags. Elsewhere it would do nothing, so it is refused there.
PLACES: Mapping[str, frozenset[str]] = {
    "taskDefinition": _JOBS,
    "taskHeaders": _JOBS | _USER,
    "ioMapping": _MAPPED,
    "calledElement": frozenset({"callActivity"}),
    "calledDecision": frozenset({"businessRuleTask"}),
    "script": frozenset({"scriptTask"}),
    "formDefinition": _USER,
    "assignmentDefinition": _USER,
    "taskSchedule": _USER,
    "priorityDefinition": _USER,
    "userTask": _USER,
    "subscription": frozenset({"message"}),
    "loopCharacteristics": frozenset({"multiInstanceLoopCharacteristics"}),
    "adHoc": frozenset({"adHocSubProcess"}),
    "conditionalFilter": frozenset({"conditionalEventDefinition"}),
}
# The engine has no use for these, and nobody would miss it.
_HARMLESS = frozenset({"userTask", "versionTag"})

_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "taskDefinition": frozenset({"type", "retries"}),
    "calledElement": frozenset(
        {"processId", "propagateAllChildVariables", "propagateAllParentVariables", "bindingType", "versionTag"}
    ),
    "calledDecision": frozenset({"decisionId", "resultVariable", "bindingType", "versionTag"}),
    "script": frozenset({"expression", "resultVariable"}),
    "formDefinition": frozenset({"formId", "bindingType", "versionTag"}),
    "assignmentDefinition": frozenset({"assignee", "candidateGroups", "candidateUsers"}),
    "taskSchedule": frozenset({"dueDate", "followUpDate"}),
    "priorityDefinition": frozenset({"priority"}),
    "subscription": frozenset({"correlationKey"}),
    "loopCharacteristics": frozenset({"inputCollection", "inputElement", "outputCollection", "outputElement"}),
    "adHoc": frozenset({"activeElementsCollection", "outputCollection", "outputElement"}),
    "conditionalFilter": frozenset({"variableNames", "variableEvents"}),
    "input": frozenset({"source", "target"}),
    "output": frozenset({"source", "target"}),
    "header": frozenset({"key", "value", "id"}),
    "property": frozenset({"name", "value", "id"}),
}

_WAYS_OUT: Mapping[str, str] = {
    "executionListeners": "Write what the listener does as a service task before or after the element.",
    "taskListeners": "Write what the listener does as a service task before or after the element.",
    "userTaskForm": "Keep the form as a file in the folder forms and name it in zeebe:formDefinition formId.",
    "publishMessage": "Name the operation that sends the message in zeebe:taskDefinition.",
    "linkedResources": "Keep the resource with the operation.",
    "formKey": "Keep the form as a file in the folder forms and name it in formId.",
    "externalReference": "Keep the form as a file in the folder forms and name it in formId.",
    "processIdExpression": "Name the process in processId.",
}


def read_extensions(node: etree._Element, where: str, findings: Findings) -> dict[str, Any]:
    """Read the extension elements of a node into fields of Element.

    Args:
        node: A flow node, a process, a message or the loop of an activity.
        where: The id that findings are written down for.

    Returns:
        The fields found, by their name in Element; `subscription` and `loop` for a message's and a loop's own.
    """
    fields: dict[str, Any] = {}
    for holder in children(node, "extensionElements"):
        for extension in holder:
            if namespace(extension) == ZEEBE:
                _read_one(extension, local(node), where, fields, findings)
            else:
                _report_foreign(extension, where, findings)
    return fields


def report_attributes(node: etree._Element, where: str, findings: Findings) -> None:
    """Write down attributes of other namespaces: another engine's are refused, the rest is only noted."""
    for raw_name in node.attrib:
        name = etree.QName(str(raw_name))
        if name.namespace in FOREIGN_ENGINES:
            findings.refuse(
                where,
                "The attribute {name} belongs to {engine} and has no effect here.",
                "Write it with the zeebe extension elements, or take it out.",
                name=name.localname,
                engine=FOREIGN_ENGINES[name.namespace],
            )
        elif name.namespace == ZEEBE and not name.localname.startswith("modelerTemplate"):
            findings.refuse(where, "The attribute zeebe:{name} has no effect here.", "Take it out.", name=name.localname)


def _report_foreign(extension: etree._Element, where: str, findings: Findings) -> None:
    engine = FOREIGN_ENGINES.get(namespace(extension))
    if engine:
        findings.refuse(
            where,
            "The extension element {name} belongs to {engine} and has no effect here.",
            "Write it with the zeebe extension elements, or take it out.",
            name=local(extension),
            engine=engine,
        )
    else:
        findings.note(where, "The extension element {name} is not known here and has no effect.", name=local(extension))


def _read_one(extension: etree._Element, tag: str, where: str, fields: dict[str, Any], findings: Findings) -> None:
    name = local(extension)
    if name in _HARMLESS:
        return
    allowed = PLACES.get(name)
    if name not in _READERS or (allowed is not None and tag not in allowed):
        findings.refuse(
            where,
            "The extension element zeebe:{name} has no effect on this element ({tag}).",
            _WAYS_OUT.get(name, "Take it out, or change the type of the element."),
            name=name,
            tag=tag,
        )
        return
    report_unknown(extension, where, findings)
    read = _READERS[name](extension)
    if any(key in fields for key in read):
        findings.refuse(where, "The extension element zeebe:{name} stands here twice.", "Keep one of them.", name=name)
        return
    fields.update(read)
    if name == "ioMapping":
        _report_incomplete(read, where, findings)
    if name in {"properties", "taskHeaders"}:
        _report_twice(extension, where, findings)
    _report_binding(extension, where, findings)


def _report_binding(extension: etree._Element, where: str, findings: Findings) -> None:
    """Say what becomes of another time of binding: what is called is bound when the process is published."""
    binding = extension.get("bindingType", "deployment")
    if binding == "latest":
        findings.note(where, "What is called is bound when the process is published, not when the element is reached.")
    elif binding != "deployment":
        findings.refuse(
            where,
            "The binding to a version ({binding}) has no effect here; what is called is bound when the process is published.",
            "Choose the binding “deployment”.",
            binding=binding,
        )


def report_unknown(extension: etree._Element, where: str, findings: Findings) -> None:
    """Write down every attribute and inner element of an extension element that nobody reads."""
    for part in extension.iter(etree.Element):
        name = local(part)
        known = _ATTRIBUTES.get(name, frozenset()) if namespace(part) == ZEEBE else frozenset()
        if part is not extension and name not in {"input", "output", "header", "property"}:
            findings.refuse(where, "The extension element zeebe:{name} is not known here.", "Take it out.", name=name)
            continue
        for attribute in part.attrib:
            if attribute not in known:
                findings.refuse(
                    where,
                    "The attribute {attribute} of zeebe:{name} has no effect here.",
                    _WAYS_OUT.get(str(attribute), "Take it out."),
                    attribute=str(attribute),
                    name=name,
                )


def _report_incomplete(read: Mapping[str, Any], where: str, findings: Findings) -> None:
    for pairs in read.values():
        for source, target in pairs:
            if not source.strip() or not target.strip():
                findings.refuse(
                    where,
                    "A variable mapping has no source or no target (source “{source}”, target “{target}”).",
                    "Fill in both, or take the mapping out.",
                    source=source,
                    target=target,
                )


def _report_twice(extension: etree._Element, where: str, findings: Findings) -> None:
    names = [entry.get("name") or entry.get("key") or "" for entry in children(extension, of=ZEEBE)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        findings.refuse(where, "The property {name} stands here twice; only one would count.", "Keep one of them.", name=name)


def _optional(node: etree._Element, name: str) -> str | None:
    value = node.get(name)
    return value if value is not None and value.strip() else None


def _fields(**names: str) -> Callable[[etree._Element], dict[str, Any]]:
    """Make a reader that copies attributes to fields."""
    return lambda node: {field: _optional(node, attribute) for field, attribute in names.items()}


def _pairs(node: etree._Element, name: str, key: str, value: str) -> list[tuple[str, str]]:
    return [(entry.get(key) or "", entry.get(value) or "") for entry in children(node, name, of=ZEEBE)]


def _read_mappings(node: etree._Element) -> dict[str, Any]:
    return {
        "inputs": tuple(_pairs(node, "input", "source", "target")),
        "outputs": tuple(_pairs(node, "output", "source", "target")),
    }


def _read_called(node: etree._Element) -> dict[str, Any]:
    return {
        "called_process": _optional(node, "processId"),
        "propagate_parent": flag(node, "propagateAllParentVariables", default=True),
        "propagate_child": flag(node, "propagateAllChildVariables", default=True),
    }


_READERS: Mapping[str, Callable[[etree._Element], dict[str, Any]]] = {
    "taskDefinition": _fields(operation="type", retries="retries"),
    "taskHeaders": lambda node: {"headers": dict(_pairs(node, "header", "key", "value"))},
    "properties": lambda node: {"properties": dict(_pairs(node, "property", "name", "value"))},
    "ioMapping": _read_mappings,
    "calledElement": _read_called,
    "calledDecision": lambda node: {"called_decision": (node.get("decisionId") or "", _optional(node, "resultVariable"))},
    "script": lambda node: {"script": (node.get("expression") or "", _optional(node, "resultVariable"))},
    "formDefinition": _fields(form="formId"),
    "assignmentDefinition": _fields(assignee="assignee", candidate_groups="candidateGroups", candidate_users="candidateUsers"),
    "taskSchedule": _fields(due="dueDate", follow_up="followUpDate"),
    "priorityDefinition": _fields(priority="priority"),
    "subscription": _fields(subscription="correlationKey"),
    "adHoc": lambda node: {
        "ad_hoc": {
            "active_elements": _optional(node, "activeElementsCollection"),
            "output_collection": _optional(node, "outputCollection"),
            "output_element": _optional(node, "outputElement"),
        }
    },
    "conditionalFilter": lambda node: {"filter": (node.get("variableNames") or "", node.get("variableEvents") or "")},
    "loopCharacteristics": lambda node: {
        "loop": {
            "input_collection": _optional(node, "inputCollection"),
            "input_element": _optional(node, "inputElement"),
            "output_collection": _optional(node, "outputCollection"),
            "output_element": _optional(node, "outputElement"),
        }
    },
}
