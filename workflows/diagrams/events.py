"""What an event waits for or throws."""

from __future__ import annotations

from lxml import etree

from workflows import feel
from workflows.diagrams.catalogue import Catalogue
from workflows.diagrams.findings import Findings
from workflows.diagrams.model import Event
from workflows.diagrams.vocabulary import EVENT_DEFINITIONS, children, flag, local, reference, text_in
from workflows.diagrams.zeebe import read_extensions

_TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
_REFERENCES = {"message": "messageRef", "signal": "signalRef", "error": "errorRef", "escalation": "escalationRef"}
_PARTS = {
    "timer": frozenset(_TIMERS),
    "conditional": frozenset({"condition"}),
    "link": frozenset({"source", "target"}),
}


def read_event(node: etree._Element, where: str, catalogue: Catalogue, findings: Findings) -> Event:
    """Read the event definitions of a start, end, intermediate or boundary event."""
    definitions = [part for part in children(node) if local(part) in EVENT_DEFINITIONS]
    parts = tuple(_read_definition(definition, where, catalogue, findings) for definition in definitions)
    if not parts:
        return Event(kind="none")
    if len(parts) == 1:
        return parts[0]
    return Event(kind="multiple", parts=parts, parallel=flag(node, "parallelMultiple", default=False))


def read_task_message(node: etree._Element, where: str, catalogue: Catalogue, findings: Findings) -> Event | None:
    """Read the message of a send or receive task; None where it names none."""
    if not reference(node.get("messageRef")):
        return None
    return _read_referring(node, "message", where, catalogue, findings)


def _read_definition(node: etree._Element, where: str, catalogue: Catalogue, findings: Findings) -> Event:
    kind = EVENT_DEFINITIONS[local(node)]
    extensions = read_extensions(node, where, findings)
    _report_unread(node, kind, where, findings)
    if kind in _REFERENCES:
        return _read_referring(node, kind, where, catalogue, findings)
    if kind == "timer":
        return Event(kind="timer", timer=_read_timer(node, where, findings))
    if kind == "conditional":
        condition = text_in(node, "condition")
        _report_filter(condition or "", extensions.get("filter"), where, findings)
        return Event(kind="conditional", condition=condition)
    if kind == "link":
        return Event(kind="link", name=(node.get("name") or "").strip() or None)
    if kind == "compensation":
        awaits = flag(node, "waitForCompletion", default=True)
        return Event(kind=kind, activity=reference(node.get("activityRef")), awaits=awaits)
    return Event(kind=kind)


def _report_filter(condition: str, chosen: tuple[str, str] | None, where: str, findings: Findings) -> None:
    """Refuse a filter that would keep the condition from being asked; here it is asked after every step."""
    if chosen is None:
        return
    watched, happenings = ({name.strip() for name in text.split(",")} - {""} for text in chosen)
    try:
        names = set(feel.parse(condition.strip().removeprefix("=")).names)
    except feel.FeelError:
        return  # The check of expressions says what is wrong with it.
    if (watched and not names <= watched) or (happenings and not happenings >= {"create", "update"}):
        findings.refuse(
            where,
            "The filter of the condition leaves out changes after which it could hold; here it is asked after every step.",
            "Name all variables of the condition in the filter, or take the filter out and write the whole condition.",
        )


def _report_unread(node: etree._Element, kind: str, where: str, findings: Findings) -> None:
    for part in children(node):
        tag = local(part)
        if tag in _PARTS.get(kind, frozenset()) | {"extensionElements", "documentation"}:
            continue
        findings.refuse(where, "The part {tag} of the event has no effect here.", "Take it out.", tag=tag)


def _read_referring(node: etree._Element, kind: str, where: str, catalogue: Catalogue, findings: Findings) -> Event:
    referred = reference(node.get(_REFERENCES[kind]))
    if referred is None:
        return Event(kind=kind)
    if referred not in catalogue.names[kind]:
        findings.refuse(
            where,
            "The event refers to the {kind} “{id}”, which is not in this file.",
            "Choose one that exists, or create it.",
            kind=kind,
            id=referred,
        )
        return Event(kind=kind)
    name = catalogue.names[kind][referred]
    if name is None:
        findings.refuse(
            referred, "The {kind} has no name or code of its own.", "Give it one; it is what events are matched by.", kind=kind
        )
    return Event(kind=kind, name=name, correlation_key=catalogue.correlation_keys.get(referred) if kind == "message" else None)


def _read_timer(node: etree._Element, where: str, findings: Findings) -> tuple[str, str] | None:
    timers = [(_TIMERS[local(part)], text_in(node, local(part))) for part in children(node, *_TIMERS)]
    written = [(kind, text) for kind, text in timers if text]
    if len(written) > 1:
        findings.refuse(where, "The timer says more than one time.", "Keep the date, the duration or the cycle.")
    if not written:
        findings.refuse(where, "The timer says no time.", "Write a date, a duration such as PT48H, or a FEEL expression.")
        return None
    kind, text = written[0]
    return kind, text or ""
