"""Steps for people that are published all the same, and may be wished otherwise: no form, no date, no clock, untold words."""

from __future__ import annotations

from workflows.diagrams import CLOCK_OF, NO_CLOCK, Diagram, Element, names_in
from workflows.packages.findings import Findings
from workflows.packages.package import Package
from workflows.packages.wording import values_like_words


def check_tasks(package: Package, findings: Findings) -> None:
    """Advise on every user task that asks nothing, that nobody is reminded of, or whose words stay untranslated."""
    for file, diagram in package.diagrams.items():
        for task in diagram.elements.values():
            if task.kind != "userTask" or not diagram.process_of(task.id).executable:
                continue
            place = f"{file}: {task.id}"
            _check_words(task, place, findings)
            if not task.form:
                findings.advise(
                    place, "The task has no form, so it can only be confirmed.", "Name one in zeebe:formDefinition formId."
                )
            if not task.due:
                findings.advise(
                    place,
                    "The task has no due date, so nobody is reminded of it.",
                    "Write one in zeebe:taskSchedule dueDate.",
                )
            elif not _has_clock(task, diagram):
                findings.advise(
                    place,
                    "Nobody notices when this task is left lying: no clock reminds of it.",
                    "Put a timer on it that reminds and escalates, or say in the property no_clock why it has none.",
                )


def _check_words(task: Element, place: str, findings: Findings) -> None:
    for text in values_like_words(task):
        findings.advise(
            place,
            "“{text}” is looked at before it is shown, so other languages show it as it is written.",
            "Put it into the subject, question or card as it is: in a list, a context, a branch or a text put together.",
            text=text,
        )


def _has_clock(task: Element, diagram: Diagram) -> bool:
    """Whether a timer reminds of a task or ends it: its own, one that names it, or one that ends or watches what is around it."""
    if task.properties.get(NO_CLOCK):
        return True
    around = _scopes_around(task, diagram)
    for timer in diagram.elements.values():
        if "timer" not in timer.event_kinds:
            continue
        watches = timer.kind == "startEvent" and _is_beside(timer, around, diagram)
        ends = timer.attached_to in around and timer.interrupting
        if timer.attached_to == task.id or watches or ends or task.id in names_in(timer.properties.get(CLOCK_OF, "")):
            return True
    return False


def _scopes_around(task: Element, diagram: Diagram) -> list[str]:
    found = [task.scope]
    while found[-1] in diagram.elements:
        found.append(diagram.elements[found[-1]].scope)
    return found


def _is_beside(start: Element, around: list[str], diagram: Diagram) -> bool:
    """Whether a start event begins an event subprocess in one of some scopes."""
    subprocess = diagram.elements.get(start.scope)
    return subprocess is not None and subprocess.triggered_by_event and subprocess.scope in around
