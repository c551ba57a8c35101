"""Adding a step behind another one."""

from __future__ import annotations

from lxml import etree

from workflows.diagrams.editing.errors import NothingAfter
from workflows.diagrams.editing.placing import GAP, SIZES, draw_line, draw_shape, make_room, middle_of_lane
from workflows.diagrams.editing.saying import set_condition, set_default, set_lane
from workflows.diagrams.editing.sheet import Sheet
from workflows.diagrams.vocabulary import BPMN, children, local, reference

USER, SERVICE, CHOICE, END = "userTask", "serviceTask", "exclusiveGateway", "endEvent"
KINDS = (USER, SERVICE, CHOICE)
#: A new way is taken by nobody until its owner says when.
NEVER = "=false"
_ROOM = GAP + 30


def add_after(sheet: Sheet, key: str, kind: str, *, name: str, way: str | None = None, lane: str | None = None) -> str:
    """Add a step behind an element, into the way that leads on from there, and return its id.

    A choice gets a second way, to an end of its own, that is taken by nobody until somebody says when.

    Args:
        way: The flow into which it is put, where several lead on.
        lane: The id of the lane that it is in; by default that of the element before.

    Raises:
        NothingAfter: The element is an end.
        ElementGone, LaneUnknown: As they say.
    """
    before = sheet.node(key)
    if local(before) == END:
        raise NothingAfter(step=sheet.name(key))
    ways = sheet.flows(source=key)
    flow = next((each for each in ways if each.get("id") == way), ways[0] if ways else None)
    if flow is None:
        flow = _join(sheet, before, _make(sheet, before, END, name="", behind=key, lane=lane))
    target = sheet.node(reference(flow.get("targetRef")) or "")
    made = _make(sheet, before, kind, name=name, behind=key, lane=lane)
    lead(sheet, flow, made)
    onward = _join(sheet, made, target)
    draw_line(sheet, flow.get("id") or "", key, made.get("id") or "")
    if kind == CHOICE:
        add_way(sheet, made.get("id") or "")
        set_default(sheet, made.get("id") or "", onward.get("id") or "")
    return made.get("id") or ""


def add_way(sheet: Sheet, key: str) -> str:
    """Give a choice one more way, to an end of its own, and return the id of the flow."""
    gateway = sheet.node(key)
    end = _make(sheet, gateway, END, name="", behind=key, lane=None, lower=True)
    flow = _join(sheet, gateway, end)
    if local(gateway) in {CHOICE, "inclusiveGateway"}:
        set_condition(sheet, flow.get("id") or "", NEVER)
    return flow.get("id") or ""


def _make(
    sheet: Sheet, before: etree._Element, kind: str, *, name: str, behind: str, lane: str | None, lower: bool = False
) -> etree._Element:
    """Make an element beside another one, in its lane or another, and draw it."""
    parent = before.getparent()
    if parent is None:
        raise NothingAfter(step=behind)
    key = sheet.new_id(kind)
    made = sheet.add(parent, f"{{{BPMN}}}{kind}", before=before.getnext(), id=key)
    if name:
        made.set("name", name)
    here = next((each for each in sheet.lanes() for one in children(each, "flowNodeRef") if reference(one.text) == behind), None)
    chosen = lane or (here.get("id") if here is not None else None)
    if chosen:
        set_lane(sheet, key, chosen)
    make_room(sheet, behind, SIZES[kind][0] + _ROOM)
    moves = lane is not None and (here is None or here.get("id") != lane)
    draw_shape(sheet, key, kind, behind=behind, middle=middle_of_lane(sheet, lane) if moves and lane else None, drop=lower)
    return made


def _join(sheet: Sheet, source: etree._Element, target: etree._Element) -> etree._Element:
    parent = source.getparent()
    if parent is None:
        raise NothingAfter(step=source.get("id") or "")
    key, start, end = sheet.new_id("flow"), source.get("id") or "", target.get("id") or ""
    last = list(children(parent, "sequenceFlow"))
    before = last[-1].getnext() if last else None
    flow = sheet.add(parent, f"{{{BPMN}}}sequenceFlow", before=before, id=key, sourceRef=start, targetRef=end)
    sheet.list_in(source, "outgoing", key)
    sheet.list_in(target, "incoming", key)
    draw_line(sheet, key, start, end)
    return flow


def lead(sheet: Sheet, flow: etree._Element, target: etree._Element) -> None:
    """Let a flow end somewhere else."""
    key = flow.get("id") or ""
    sheet.unlist(sheet.node(reference(flow.get("targetRef")) or ""), "incoming", key)
    flow.set("targetRef", target.get("id") or "")
    sheet.list_in(target, "incoming", key)
