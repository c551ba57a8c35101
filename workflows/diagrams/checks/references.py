"""Whether operations, decisions and processes that a diagram calls exist."""

from __future__ import annotations

import re
from collections.abc import Collection

from workflows.diagrams.checks.view import View
from workflows.diagrams.findings import suggestion
from workflows.diagrams.model import Element

_LENGTH = re.compile(r"P(?=\w)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?")


def check_references(view: View) -> None:
    """Check what elements call."""
    for element in view.elements.values():
        _check_operation(element, view)
        if element.kind == "businessRuleTask":
            _check_decision(element, view)
        if element.kind == "scriptTask":
            _check_script(element, view)
        if element.kind == "callActivity":
            _check_called(element, view)


def _check_operation(element: Element, view: View) -> None:
    if element.retries is not None and not element.retries.strip().isdecimal():
        view.findings.note(
            element.id,
            "How often the operation is tried is not worked out from variables; it is tried three times.",
            "Write a number.",
        )
    pause = element.headers.get("retry.backoff") or element.properties.get("retry.backoff")
    if pause is not None and not _LENGTH.fullmatch(pause.strip()):
        view.findings.note(
            element.id,
            "The pause before the next attempt (“{text}”) is no duration; one minute is taken.",
            "Write for example PT5M.",
            text=pause,
        )
    if element.kind == "userTask" and element.headers:
        view.findings.note(element.id, "The headers of a user task are kept, but nothing reads them.", "Use zeebe:properties.")
    if element.operation is None:
        _check_missing_operation(element, view)
    elif view.known.operations is not None:
        _check_known(element, element.operation, view.known.operations, "There is no operation “{name}”.{hint}", view)


def _check_missing_operation(element: Element, view: View) -> None:
    silent = element.kind == "sendTask" and element.event is None
    if element.kind == "serviceTask" or silent:
        view.findings.refuse(
            element.id, "The task names no operation, so nothing would happen.", "Name one in zeebe:taskDefinition type."
        )


def _check_decision(element: Element, view: View) -> None:
    if element.called_decision is None:
        if element.operation is None:
            view.findings.refuse(element.id, "The task names no decision.", "Name one in zeebe:calledDecision decisionId.")
        return
    decision, result = element.called_decision
    if element.operation is not None:
        view.findings.refuse(element.id, "The task names a decision and an operation; only one could run.", "Keep one of them.")
    if not decision.strip():
        view.findings.refuse(element.id, "The task names no decision.", "Name one in zeebe:calledDecision decisionId.")
    elif view.known.decisions is not None:
        _check_known(element, decision, view.known.decisions, "There is no decision “{name}”.{hint}", view)
    _check_result(element, result, view)


def _check_script(element: Element, view: View) -> None:
    if element.script is None:
        if element.operation is None and element.script_language is None:
            view.findings.refuse(element.id, "The script task holds no script.", "Write one in FEEL in zeebe:script.")
        return
    expression, result = element.script
    if element.operation is not None:
        view.findings.refuse(element.id, "The task holds a script and an operation; only one could run.", "Keep one of them.")
    if not expression.strip().removeprefix("=").strip():
        view.findings.refuse(element.id, "The script task holds no script.", "Write one in FEEL in zeebe:script.")
    _check_result(element, result, view)


def _check_result(element: Element, result: str | None, view: View) -> None:
    if result is None:
        view.findings.refuse(element.id, "The result goes into no variable, so it would be lost.", "Name one in resultVariable.")


def _check_called(element: Element, view: View) -> None:
    if not element.called_process:
        view.findings.refuse(element.id, "The call activity names no process.", "Name one in zeebe:calledElement processId.")
    elif view.known.processes is not None:
        _check_known(
            element,
            element.called_process,
            {*view.known.processes, *(key for key, process in view.diagram.processes.items() if process.executable)},
            "There is no process “{name}”.{hint}",
            view,
        )
    _check_begins(element, element.called_process, view)


def _check_begins(element: Element, process: str | None, view: View) -> None:
    starts = [start for start in view.of_kind("startEvent") if start.scope == process]
    if starts and not any("none" in start.event_kinds for start in starts):
        view.findings.refuse(
            element.id,
            "The process “{process}” has no start event without a trigger, so it cannot be called.",
            "Draw one in it.",
            process=process,
        )


def _check_known(element: Element, name: str, known: Collection[str], sentence: str, view: View) -> None:
    if name.strip().startswith("="):
        view.findings.refuse(
            element.id,
            "“{name}” is an expression, but what is called must be fixed when the process is published.",
            "Write the name itself; choose between several with a gateway.",
            name=name,
        )
    elif name not in known:
        view.findings.refuse(
            element.id, sentence, "Choose one that exists, or create it.", name=name, hint=suggestion(name, known)
        )
