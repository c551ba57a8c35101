"""Whether moments and durations that are written out are written as ISO 8601 says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from workflows.diagrams.checks.view import View
from workflows.diagrams.findings import suggestion
from workflows.diagrams.model import Element, Event
from workflows.diagrams.vocabulary import CASE_CLOCK, CLOCK_OF, names_in

_DURATION = re.compile(r"-?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_CYCLE = re.compile(r"(?:R(?P<times>\d*)/)?(?:(?P<start>[^/P]+)/)?(?P<every>P[^/]+)")
_ZONE_NAME = re.compile(r"\[[^\]]*\]$")
_LONGEST = 200


def check_timers(view: View) -> None:
    """Check the timers, due and follow-up dates that are no expressions."""
    for element in view.elements.values():
        for event in _timers_of(element):
            _check_timer(element, event, view)
        _check_clock_of(element, view)
        for raw in (element.due, element.follow_up):
            if raw and not _is_expression(raw) and not (is_duration(raw) or is_moment(raw)):
                _refuse_text(element, raw, view)


def _check_clock_of(element: Element, view: View) -> None:
    """A clock that is not there would leave a reminder running that was to stand still."""
    if element.kind == "userTask":
        return
    tasks = {task.id for task in view.of_kind("userTask")}
    for name in names_in(element.properties.get(CLOCK_OF, "")):
        if name != CASE_CLOCK and name not in tasks:
            view.findings.refuse(
                element.id,
                "The timer belongs to the clock of “{task}”, which is no task of this diagram.{hint}",
                "Name user tasks in the property clock_of, or case for a timer that nothing moves.",
                task=name,
                hint=suggestion(name, tasks),
            )


def is_duration(text: str) -> bool:
    """Whether a text is an ISO duration: years and months, or weeks, days and smaller."""
    match = _DURATION.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        return False
    years_or_months = match[1] or match[2]
    days_or_less = match[3] or match[4] or match[5]
    return bool(years_or_months) != bool(days_or_less)


def is_moment(text: str) -> bool:
    """Whether a text is an ISO date, or date and time with an offset."""
    if len(text) > _LONGEST:
        return False
    try:
        moment = datetime.fromisoformat(_ZONE_NAME.sub("", text.strip()))
    except ValueError:
        return False
    return moment.tzinfo is not None or "T" not in text


def is_cycle(text: str) -> bool:
    """Whether a text is an ISO repetition such as R3/PT1H, or a duration that is repeated without end."""
    match = _CYCLE.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        return False
    return is_duration(match["every"]) and (match["start"] is None or is_moment(match["start"]))


def _timers_of(element: Element) -> Iterator[Event]:
    for event in element.event.each if element.event is not None else ():
        if event.kind == "timer" and event.timer is not None:
            yield event


def _is_expression(raw: str) -> bool:
    return raw.strip().startswith("=")


def _check_timer(element: Element, event: Event, view: View) -> None:
    kind, raw = event.timer or ("", "")
    repeats_for_nothing = element.kind == "intermediateCatchEvent" or (element.kind == "boundaryEvent" and element.interrupting)
    if kind == "cycle" and repeats_for_nothing:
        view.findings.note(element.id, "The timer is written as a cycle, but this event happens once.", "Write it as a duration.")
    if _is_expression(raw):
        return
    fits = {"date": is_moment, "duration": is_duration, "cycle": is_cycle}[kind](raw)
    if not fits:
        _refuse_text(element, raw, view)


def _refuse_text(element: Element, raw: str, view: View) -> None:
    view.findings.refuse(
        element.id,
        "“{text}” is no moment or duration as ISO 8601 writes them.",
        "Write for example PT48H, 2026-12-01T09:00:00Z (with its offset), R3/PT24H, or an expression (=…).",
        text=raw,
    )
