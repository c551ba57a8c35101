"""Small diagrams for the tests, written as the inside of a process."""

from __future__ import annotations

ROOT = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:odd="https://example.org/odd" id="defs" targetNamespace="https://example.org">
{inside}
</bpmn:definitions>"""


def definitions(inside: str) -> bytes:
    """Wrap what stands in a file's root element."""
    return ROOT.replace("{inside}", inside).encode()


def flows(*ways: str, prefix: str = "f") -> str:
    """Write sequence flows "f1", "f2" … from "a>b" and "a>b [=condition]"."""
    written = []
    for number, way in enumerate(ways, start=1):
        path, _, condition = way.partition(" [")
        source, target = path.split(">")
        inner = (
            f'<conditionExpression xsi:type="bpmn:tFormalExpression">{condition[:-1]}</conditionExpression>' if condition else ""
        )
        written.append(f'<sequenceFlow id="{prefix}{number}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
    return "".join(written)


def process(inside: str, *ways: str, beside: str = "", attributes: str = 'isExecutable="true"') -> bytes:
    """Wrap the inside of one process "p" and its flows; `beside` stands next to it."""
    return definitions(f'{beside}<process id="p" {attributes}>{inside}{flows(*ways)}</process>')


START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
MESSAGE = (
    '<message id="m" name="MSG_PAID"><extensionElements><zeebe:subscription correlationKey="=case.number"/>'
    "</extensionElements></message>"
)
TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"


def extended(tag: str, *extensions: str, inner: str = "", attributes: str = "") -> str:
    """Write a task "t" with extension elements."""
    return f'<{tag} id="t" {attributes}><extensionElements>{"".join(extensions)}</extensionElements>{inner}</{tag}>'


def looped(loop: str, *, kind: str = "multiInstance") -> str:
    """Write a task "t" that is repeated."""
    inner = f"<{kind}LoopCharacteristics>{loop}</{kind}LoopCharacteristics>"
    return f'<task id="t">{inner}</task>'


def over_list(**attributes: str) -> str:
    """Write a repetition by zeebe's own element."""
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return looped(f"<extensionElements><zeebe:loopCharacteristics {written}/></extensionElements>")


def attached(definition: str, *, attributes: str = "", key: str = "b") -> str:
    """Write a boundary event on the task "t"."""
    return f'<boundaryEvent id="{key}" attachedToRef="t" {attributes}>{definition}</boundaryEvent>'
