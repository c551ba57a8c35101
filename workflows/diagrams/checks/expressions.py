"""Whether every FEEL expression of a diagram can be read, and every variable that is written has a usable name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflows import feel
from workflows.diagrams.checks.view import View
from workflows.diagrams.model import Element, Flow, Loop

# The sentence for each place where an expression may stand; whole sentences, because they are translated.
_SENTENCES = {
    "condition": "The condition cannot be read. {reason}",
    "script": "The script cannot be read. {reason}",
    "input": "The input mapping to “{name}” cannot be read. {reason}",
    "output": "The output mapping to “{name}” cannot be read. {reason}",
    "timer": "The timer cannot be read. {reason}",
    "correlation": "The correlation key cannot be read. {reason}",
    "event": "The name or code of the event cannot be read. {reason}",
    "loop": "The {name} of the repetition cannot be read. {reason}",
    "property": "The property “{name}” cannot be read. {reason}",
    "attribute": "The {name} cannot be read. {reason}",
}
_VARIABLE = re.compile(r"[^\W\d]\w*")
_KEYWORDS = frozenset(
    {
        "and",
        "between",
        "else",
        "every",
        "false",
        "for",
        "function",
        "if",
        "in",
        "instance",
        "not",
        "null",
        "or",
        "return",
        "satisfies",
        "some",
        "then",
        "true",
    }
)


def check_expressions(view: View) -> None:
    """Check every expression and every name that is written to."""
    for element in view.elements.values():
        for place, name, text in (*_own_texts(element), *_event_texts(element)):
            if text.strip().startswith("="):
                _check_text(element.id, place, name, text, view)
        for place, name, text in (*_loop_texts(element.loop), *_bare_expressions(element)):
            _check_text(element.id, place, name, text, view)
        _check_targets(element, view)
        _check_loop(element, view)
        _check_numbers(element, view)
    for flow in _flows(view):
        _check_text(flow.id, "condition", "", flow.condition or "", view)


def _flows(view: View) -> Iterator[Flow]:
    return (flow for flow in view.diagram.flows.values() if flow.condition and flow.source in view.elements)


def _own_texts(element: Element) -> Iterator[tuple[str, str, str]]:
    """Texts that are expressions only when they begin with "="."""
    attributes = {
        "assignee": element.assignee,
        "candidate groups": element.candidate_groups,
        "candidate users": element.candidate_users,
        "due date": element.due,
        "follow-up date": element.follow_up,
        "priority": element.priority,
        "operation": element.operation,
        "retries": element.retries,
        "called process": element.called_process,
        "called decision": element.called_decision[0] if element.called_decision else None,
    }
    yield from (("attribute", name, text) for name, text in attributes.items() if text)
    yield from (("input", target, source) for source, target in element.inputs)
    yield from (("output", target, source) for source, target in element.outputs)
    yield from (("property", name, text) for name, text in element.properties.items())


def _event_texts(element: Element) -> Iterator[tuple[str, str, str]]:
    if element.event is None:
        return
    for event in element.event.each:
        if event.name:
            yield "event", "", event.name
        if event.correlation_key:
            yield "correlation", "", event.correlation_key
        if event.timer:
            yield "timer", "", event.timer[1]


def _bare_expressions(element: Element) -> Iterator[tuple[str, str, str]]:
    """Texts that are always expressions, with or without "="."""
    if element.script and element.script[0].strip():
        yield "script", "", element.script[0]
    conditions = [event.condition for event in element.event.each] if element.event else []
    conditions.append(element.activation_condition)
    if element.ad_hoc is not None:
        conditions.append(element.ad_hoc.completion_condition)
        texts = {"active elements": element.ad_hoc.active_elements, "output element": element.ad_hoc.output_element}
        yield from (("attribute", name, text) for name, text in texts.items() if text)
    yield from (("condition", "", condition) for condition in conditions if condition)


def _loop_texts(loop: Loop | None) -> Iterator[tuple[str, str, str]]:
    if loop is None:
        return
    texts = {
        "input collection": loop.input_collection,
        "output element": loop.output_element,
        "completion condition": loop.completion_condition,
        "number of rounds": loop.cardinality,
        "condition": loop.condition,
        "highest number of rounds": loop.maximum,
    }
    yield from (("loop", name, text) for name, text in texts.items() if text and text.strip())


def _check_text(where: str, place: str, name: str, raw: str, view: View) -> None:
    text = raw.strip().removeprefix("=")
    try:
        expression = feel.parse(text)
    except feel.FeelError as error:
        position = getattr(error, "position", None)
        view.findings.refuse(
            where,
            _SENTENCES[place],
            "Correct the expression; FEEL is the only language of diagrams.",
            name=name,
            reason=str(error),
            position=(position or 0) + 1,
            text=text,
        )
        return
    for word in sorted(expression.names):
        # FEEL allows spaces in names, and what no variable is called is null: a slip of the pen would pass unseen.
        if any(character.isspace() for character in word):
            view.findings.refuse(
                where,
                "“{word}” is read as one name with a space in it, but no variable is called so.",
                "Look for a missing operator, comma or quotation mark.",
                word=word,
                text=text,
            )


def _check_targets(element: Element, view: View) -> None:
    names = [target for _, target in (*element.inputs, *element.outputs) if target.strip()]
    names += [result for _, result in filter(None, (element.called_decision, element.script)) if result]
    if element.loop is not None:
        names += [name for name in (element.loop.input_element, element.loop.output_collection) if name]
    if element.ad_hoc is not None and element.ad_hoc.output_collection:
        names.append(element.ad_hoc.output_collection)
    for name in names:
        if not all(_VARIABLE.fullmatch(part) and part not in _KEYWORDS for part in name.split(".")):
            view.findings.refuse(
                element.id,
                "“{name}” cannot be the name of a variable.",
                "Use letters, digits and _, beginning with a letter, and no word of FEEL.",
                name=name,
            )
        elif name == "case":
            view.findings.note(
                element.id, "The variable “case” is set by the engine (number, start, process); here it is overwritten."
            )


def _check_loop(element: Element, view: View) -> None:
    loop = element.loop
    if loop is None:
        return
    if loop.kind == "standard":
        if not loop.condition and not loop.maximum:
            view.findings.refuse(element.id, "The activity would be repeated for ever.", "Write a loop condition or a maximum.")
    elif not loop.input_collection and not loop.cardinality:
        view.findings.refuse(
            element.id,
            "The repetition does not say over which list it runs.",
            "Name it in zeebe:loopCharacteristics inputCollection.",
        )
    if bool(loop.output_collection) != bool(loop.output_element):
        view.findings.refuse(
            element.id, "The repetition names only one of output collection and output element.", "Name both, or neither."
        )
    for name, text in (("input collection", loop.input_collection), ("output element", loop.output_element)):
        if text and not text.strip().startswith("="):
            view.findings.refuse(
                element.id,
                "The {name} of the repetition is a fixed text (“{text}”).",
                "Write an expression (=…).",
                name=name,
                text=text,
            )


def _check_numbers(element: Element, view: View) -> None:
    loop = element.loop
    numbers = {
        "priority": element.priority,
        "number of retries": element.retries,
        "number of rounds": loop.cardinality if loop else None,
        "highest number of rounds": loop.maximum if loop else None,
    }
    for name, text in numbers.items():
        if text and not text.strip().startswith("=") and not text.strip().isdecimal():
            view.findings.refuse(
                element.id,
                "The {name} is no whole number (“{text}”).",
                "Write a number or an expression (=…).",
                name=name,
                text=text,
            )
