"""Lanes, and which element lies in which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from workflows.diagrams.findings import Findings
from workflows.diagrams.model import Element, Lane, Process
from workflows.diagrams.vocabulary import children, is_id, text_of
from workflows.diagrams.zeebe import read_extensions, report_attributes


def read_lanes(process: etree._Element, findings: Findings) -> tuple[Lane, ...]:
    """Read the lanes of a process, outer ones before those inside them."""
    return tuple(lane for lane_set in children(process, "laneSet") for lane in _read_lane_set(lane_set, None, findings))


def _read_lane_set(lane_set: etree._Element, parent: str | None, findings: Findings) -> Iterator[Lane]:
    for node in children(lane_set, "lane"):
        key = node.get("id") or ""
        if not is_id(key):
            findings.refuse(key or "lane", "The lane has no usable id.", "Give it an id of letters, digits, - and _.")
            continue
        report_attributes(node, key, findings)
        read_extensions(node, key, findings)
        members = tuple(filter(None, (text_of(reference) for reference in children(node, "flowNodeRef"))))
        yield Lane(id=key, name=(node.get("name") or "").strip(), members=members, parent=parent)
        for inner in children(node, "childLaneSet"):
            yield from _read_lane_set(inner, key, findings)


def lane_names(process: Process, elements: Mapping[str, Element]) -> dict[str, str]:
    """The lane name of every element of a process that lies in a lane.

    The innermost lane that lists an element counts. An element that no lane lists belongs where the activity that it is attached
    to, or the subprocess around it, belongs.
    """
    depths = _depths(process.lanes)
    listed: dict[str, Lane] = {}
    for lane in process.lanes:
        for member in lane.members:
            if member not in listed or depths[lane.id] > depths[listed[member].id]:
                listed[member] = lane
    found: dict[str, str] = {}
    for key in elements:
        at = key
        while at in elements and at not in listed:
            at = _next_outwards(elements[at], elements)
        if at in listed:
            found[key] = listed[at].name
    return {key: name for key, name in found.items() if name}


def _next_outwards(element: Element, elements: Mapping[str, Element]) -> str:
    attached = elements.get(element.attached_to or "")
    # An event attached to another one, or to itself, is nonsense that the checks name; here it must only not go round for ever.
    if attached is not None and attached.attached_to is None:
        return attached.id
    return element.scope


def _depths(lanes: tuple[Lane, ...]) -> dict[str, int]:
    depths: dict[str, int] = {}
    for lane in lanes:
        depths[lane.id] = depths.get(lane.parent or "", -1) + 1
    return depths
