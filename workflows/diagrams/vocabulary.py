"""The names of BPMN's tags and namespaces, and how a node is asked for its parts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMN_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

# Engines whose extensions change what happens; a diagram that relies on one of them would run differently here.
FOREIGN_ENGINES = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
    "http://www.jboss.org/drools": "jBPM",
}

EVENT_DEFINITIONS = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "compensateEventDefinition": "compensation",
    "cancelEventDefinition": "cancel",
    "terminateEventDefinition": "terminate",
}

# The properties of a user task that are said to the person, in as many languages as the process speaks.
SAID = ("subject", "question", "card")

# The property of a timer that says to the clock of which user tasks it belongs; "case" stands for none of them.
CLOCK_OF = "clock_of"
CASE_CLOCK = "case"
# The property of a user task that says how its clock counts: all time, working days (also those of a due date that is a
# duration), or all time without ever standing still for a question, because nothing about the task may wait.
CLOCK = "clock"
WORKING_CLOCK = "working"
CLOCKS = ("elapsed", WORKING_CLOCK, CASE_CLOCK)
# The property of a user task that has no clock on purpose, and says why.
NO_CLOCK = "no_clock"

LOOPS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})

_NCNAME = re.compile(r"[^\W\d][\w.\-]*")


def namespace(node: etree._Element) -> str:
    """The namespace of a node's tag, empty where it has none."""
    return etree.QName(node).namespace or ""


def local(node: etree._Element) -> str:
    """The tag without its namespace."""
    return etree.QName(node).localname


def children(node: etree._Element, *names: str, of: str = BPMN) -> Iterator[etree._Element]:
    """The direct children with one of these local names; all of the namespace where no name is given."""
    return (child for child in node if namespace(child) == of and (not names or local(child) in names))


def child(node: etree._Element, name: str, of: str = BPMN) -> etree._Element | None:
    """The first direct child of that name."""
    return next(children(node, name, of=of), None)


def text_of(node: etree._Element | None) -> str | None:
    """The text inside a node without the space around it; None where there is none."""
    if node is None:
        return None
    return "".join(str(part) for part in node.itertext()).strip() or None


def text_in(node: etree._Element, name: str) -> str | None:
    """The text of the first direct child of that name."""
    return text_of(child(node, name))


def flag(node: etree._Element, name: str, *, default: bool) -> bool:
    """A true-or-false attribute."""
    value = node.get(name)
    return default if value is None else value.strip() in {"true", "1"}


def number(value: str | None) -> float | None:
    """A coordinate; None for what is no number or lies absurdly far out."""
    try:
        found = float(value or "")
    except ValueError:
        return None
    return found if math.isfinite(found) and abs(found) <= 1_000_000 else None


def reference(value: str | None) -> str | None:
    """An id that is referred to, without the prefix that a qualified name may carry."""
    if not value or not value.strip():
        return None
    return value.strip().rsplit(":", 1)[-1]


def is_id(value: str) -> bool:
    """Whether a text can be an XML id."""
    return _NCNAME.fullmatch(value) is not None


def names_in(text: str) -> list[str]:
    """The names that a text lists, separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]
