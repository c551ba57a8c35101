"""What one element says: its name, who does it, its clocks, its words, what it reads and keeps."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from workflows.diagrams.editing.errors import ElementGone, LaneUnknown
from workflows.diagrams.editing.sheet import Sheet
from workflows.diagrams.vocabulary import BPMN, ZEEBE, child, children, local, reference

_TIMERS = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}
_EXPRESSION_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def set_attribute(sheet: Sheet, key: str, name: str, value: str) -> None:
    """Write an attribute, such as the name; empty takes it away."""
    _write(sheet.node(key), name, value)


def set_lane(sheet: Sheet, key: str, lane: str) -> None:
    """Put an element into another lane.

    Raises:
        LaneUnknown: There is no such lane.
    """
    chosen = next((each for each in sheet.lanes() if each.get("id") == lane), None)
    if chosen is None:
        raise LaneUnknown(lane=lane)
    outside = {id(chosen), *(id(each) for each in chosen.iterancestors(f"{{{BPMN}}}lane"))}
    for each in sheet.lanes():
        if id(each) not in outside:
            sheet.unlist(each, "flowNodeRef", key)
    sheet.list_in(chosen, "flowNodeRef", key)


def set_extension(sheet: Sheet, key: str, tag: str, **attributes: str) -> None:
    """Write attributes of a zeebe extension element; it goes when nothing is left in it."""
    node = sheet.node(key)
    holder = child(node, "extensionElements")
    found = child(holder, tag, of=ZEEBE) if holder is not None else None
    if found is None:
        if not any(attributes.values()):
            return
        found = _add_extension(sheet, sheet.extensions(node), tag)
    for name, value in attributes.items():
        _write(found, name, value)
    if not found.attrib and not len(found):
        _remove_extension(sheet, found)


def set_property(sheet: Sheet, key: str, name: str, value: str) -> None:
    """Write a zeebe property; empty takes it away."""
    node = sheet.node(key)
    holder = child(node, "extensionElements")
    kept = child(holder, "properties", of=ZEEBE) if holder is not None else None
    found = (
        next((each for each in children(kept, "property", of=ZEEBE) if each.get("name") == name), None)
        if kept is not None
        else None
    )
    if found is not None and value:
        found.set("value", value)
    elif found is not None and kept is not None:
        sheet.remove(found)
        if not len(kept):
            _remove_extension(sheet, kept)
    elif value:
        if kept is None:
            kept = _add_extension(sheet, sheet.extensions(node), "properties")
        sheet.add(kept, f"{{{ZEEBE}}}property", name=name, value=value)


def set_mappings(sheet: Sheet, key: str, tag: str, mappings: Iterable[tuple[str, str]]) -> None:
    """Write what an element reads (`input`) or keeps (`output`), as (source, target) in order."""
    wanted = list(mappings)
    node = sheet.node(key)
    holder = child(node, "extensionElements")
    kept = child(holder, "ioMapping", of=ZEEBE) if holder is not None else None
    if kept is None:
        if not wanted:
            return
        kept = _add_extension(sheet, sheet.extensions(node), "ioMapping")
    known = list(children(kept, tag, of=ZEEBE))
    for place, (source, target) in enumerate(wanted):
        mapping = known[place] if place < len(known) else _add_mapping(sheet, kept, tag)
        _write(mapping, "source", source)
        _write(mapping, "target", target)
    for left in known[len(wanted) :]:
        sheet.remove(left)
    if not len(kept):
        _remove_extension(sheet, kept)


def set_timer(sheet: Sheet, key: str, kind: str, text: str) -> None:
    """Write the time of a timer: a date, a duration or a cycle."""
    definition = child(sheet.node(key), "timerEventDefinition")
    if definition is None:
        raise ElementGone(id=key)
    for other in list(children(definition, *_TIMERS.values())):
        if local(other) != _TIMERS[kind]:
            sheet.remove(other)
    found = child(definition, _TIMERS[kind])
    if found is None:
        found = sheet.add(definition, f"{{{BPMN}}}{_TIMERS[kind]}")
        found.set(_EXPRESSION_TYPE, _typed(found))
    found.text = text


def set_condition(sheet: Sheet, key: str, condition: str) -> None:
    """Write when a way is taken; empty takes the condition away."""
    flow = sheet.node(key)
    found = child(flow, "conditionExpression")
    if not condition:
        if found is not None:
            sheet.remove(found)
        return
    if found is None:
        found = sheet.add(flow, f"{{{BPMN}}}conditionExpression")
        found.set(_EXPRESSION_TYPE, _typed(found))
    found.text = condition


def set_default(sheet: Sheet, key: str, flow: str) -> None:
    """Say which way is taken when no condition holds; empty for none."""
    _write(sheet.node(key), "default", flow)
    if flow:
        set_condition(sheet, flow, "")


def ask_earlier(sheet: Sheet, key: str) -> None:
    """Have the condition of a way asked before that of the way above it."""
    flow = sheet.node(key)
    siblings = sheet.flows(source=reference(flow.get("sourceRef")))
    place = siblings.index(flow)
    if place:
        _swap(siblings[place - 1], flow)
        listed = {reference(each.text): each for each in children(sheet.node(flow.get("sourceRef") or ""), "outgoing")}
        first, second = listed.get(siblings[place - 1].get("id")), listed.get(key)
        if first is not None and second is not None:
            first.text, second.text = second.text, first.text


def _swap(first: etree._Element, second: etree._Element) -> None:
    """Let two nodes change places, and keep the lines as they are."""
    first_tail, second_tail = first.tail, second.tail
    mark = etree.Comment("")
    first.addprevious(mark)
    second.addprevious(first)
    mark.addprevious(second)
    parent = mark.getparent()
    if parent is not None:
        mark.tail = None
        parent.remove(mark)
    first.tail, second.tail = second_tail, first_tail


def _write(node: etree._Element, name: str, value: str) -> None:
    if value:
        node.set(name, value)
    elif name in node.attrib:
        del node.attrib[name]


def _add_extension(sheet: Sheet, holder: etree._Element, tag: str) -> etree._Element:
    return sheet.add(holder, f"{{{ZEEBE}}}{tag}")


def _add_mapping(sheet: Sheet, kept: etree._Element, tag: str) -> etree._Element:
    """Inputs come before outputs."""
    first_output = child(kept, "output", of=ZEEBE) if tag == "input" else None
    return sheet.add(kept, f"{{{ZEEBE}}}{tag}", before=first_output)


def _remove_extension(sheet: Sheet, node: etree._Element) -> None:
    holder = node.getparent()
    sheet.remove(node)
    if holder is not None and not len(holder):
        sheet.remove(holder)


def _typed(node: etree._Element) -> str:
    prefix = next((name for name, address in node.nsmap.items() if address == BPMN and name), "")
    return f"{prefix}:tFormalExpression" if prefix else "tFormalExpression"
