"""Taking a step or a way out."""

from __future__ import annotations

from lxml import etree

from workflows.diagrams.editing.adding import lead
from workflows.diagrams.editing.errors import EventsOnIt, ManyWays, NoWayOn, OneWay, StartStays
from workflows.diagrams.editing.placing import draw_line, erase
from workflows.diagrams.editing.saying import set_condition, set_default
from workflows.diagrams.editing.sheet import Sheet
from workflows.diagrams.model import FLOW_NODES
from workflows.diagrams.vocabulary import BPMN, local, reference

_ONE = 1


def remove_step(sheet: Sheet, key: str) -> None:
    """Take a step out; whatever led to it leads to what came after it.

    An event that sits on a step goes with everything that only it led to; so does one start of several.

    Raises:
        StartStays, EventsOnIt, ManyWays, NoWayOn: It cannot be taken out as it is.
    """
    node = sheet.node(key)
    ways, arrivals = sheet.flows(source=key), sheet.flows(target=key)
    is_start = local(node) == "startEvent"
    if is_start and sum(local(each) == "startEvent" for each in _beside(node)) == _ONE:
        raise StartStays
    if sheet.attached(key):
        raise EventsOnIt(step=sheet.name(key))
    if is_start or local(node) == "boundaryEvent":
        for way in ways:
            _take_way(sheet, way)
    elif len(ways) > _ONE:
        raise ManyWays(step=sheet.name(key))
    elif ways:
        _bridge(sheet, arrivals, ways[0])
    else:
        for arrival in arrivals:
            if len(sheet.flows(source=reference(arrival.get("sourceRef")))) == _ONE:
                raise NoWayOn(step=sheet.name(key))
        for arrival in arrivals:
            _take_flow(sheet, arrival)
    _take_node(sheet, node)


def _beside(node: etree._Element) -> list[etree._Element]:
    """List the elements beside a node, it included."""
    around = node.getparent()
    return list(around.iterchildren(etree.Element)) if around is not None else [node]


def remove_way(sheet: Sheet, key: str) -> None:
    """Take a way out of a choice, with everything that only it led to.

    Raises:
        OneWay: It is the only one.
    """
    flow = sheet.node(key)
    source = reference(flow.get("sourceRef")) or ""
    ways = sheet.flows(source=source)
    if len(ways) == _ONE:
        raise OneWay(step=sheet.name(source))
    if sheet.node(source).get("default") == key:
        set_default(sheet, source, "")
    _take_way(sheet, flow)
    left = sheet.flows(source=source)
    if len(left) == _ONE:
        set_condition(sheet, left[0].get("id") or "", "")
        set_default(sheet, source, "")


def _bridge(sheet: Sheet, arrivals: list[etree._Element], way: etree._Element) -> None:
    target = sheet.node(reference(way.get("targetRef")) or "")
    for arrival in arrivals:
        lead(sheet, arrival, target)
        draw_line(sheet, arrival.get("id") or "", reference(arrival.get("sourceRef")) or "", target.get("id") or "")
    _take_flow(sheet, way)


def _take_way(sheet: Sheet, flow: etree._Element) -> None:
    """Take a flow out, and what cannot be reached any more."""
    target = sheet.node(reference(flow.get("targetRef")) or "")
    _take_flow(sheet, flow)
    key = target.get("id") or ""
    if sheet.flows(target=key):
        return
    for way in sheet.flows(source=key):
        _take_way(sheet, way)
    for event in sheet.attached(key):
        for way in sheet.flows(source=event.get("id")):
            _take_way(sheet, way)
        _take_node(sheet, event)
    _take_node(sheet, target)


def _take_flow(sheet: Sheet, flow: etree._Element) -> None:
    key = flow.get("id") or ""
    for end, tag in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
        sheet.unlist(sheet.node(reference(flow.get(end)) or ""), tag, key)
    erase(sheet, key)
    sheet.remove(flow)


def _take_node(sheet: Sheet, node: etree._Element) -> None:
    """Take an element out with its drawing, its places in lanes, and lines that would lead nowhere."""
    if node.getparent() is None:
        return
    gone = {each.get("id") or "" for each in node.iter(etree.Element) if local(each) in FLOW_NODES | {"sequenceFlow"}}
    for each in list(sheet.root.iter(f"{{{BPMN}}}association", f"{{{BPMN}}}messageFlow")):
        if gone & {reference(each.get("sourceRef")) or "", reference(each.get("targetRef")) or ""}:
            erase(sheet, each.get("id") or "")
            sheet.remove(each)
    for key in gone:
        for lane in sheet.lanes():
            sheet.unlist(lane, "flowNodeRef", key)
        erase(sheet, key)
    sheet.remove(node)
