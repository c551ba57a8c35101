"""How often an activity is repeated."""

from __future__ import annotations

from lxml import etree

from workflows.diagrams.findings import Findings
from workflows.diagrams.model import Loop
from workflows.diagrams.vocabulary import children, flag, local, text_in
from workflows.diagrams.zeebe import read_extensions, report_attributes

_KNOWN_PARTS = {
    "multiInstanceLoopCharacteristics": frozenset(
        {"extensionElements", "documentation", "completionCondition", "loopCardinality"}
    ),
    "standardLoopCharacteristics": frozenset({"extensionElements", "documentation", "loopCondition"}),
}


def read_loop(node: etree._Element, where: str, findings: Findings) -> Loop:
    """Read the loop marker of an activity."""
    tag = local(node)
    report_attributes(node, where, findings)
    extensions = read_extensions(node, where, findings)
    for part in children(node):
        if local(part) not in _KNOWN_PARTS[tag]:
            findings.refuse(
                where,
                "The part {tag} of the repetition has no effect here.",
                "Name the list in zeebe:loopCharacteristics inputCollection.",
                tag=local(part),
            )
    if tag == "standardLoopCharacteristics":
        return Loop(
            kind="standard",
            condition=text_in(node, "loopCondition"),
            test_before=flag(node, "testBefore", default=False),
            maximum=node.get("loopMaximum"),
        )
    if node.get("behavior", "All") != "All":
        findings.refuse(
            where, "The repetition throws events as it goes on (behavior), which is not supported.", "Take the attribute out."
        )
    return Loop(
        kind="sequential" if flag(node, "isSequential", default=False) else "parallel",
        cardinality=text_in(node, "loopCardinality"),
        completion_condition=text_in(node, "completionCondition"),
        **extensions.get("loop", {}),
    )
