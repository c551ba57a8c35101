"""What is asked of a whole file before its elements are read: its size, its ids, the language of its expressions."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from workflows.diagrams.findings import Findings
from workflows.diagrams.model import FLOW_NODES, SUBPROCESS_KINDS
from workflows.diagrams.vocabulary import BPMN, local, namespace
from workflows.errors import DiagramRefused, Problem

MOST_ELEMENTS = 5_000
DEEPEST_NESTING = 20


def examine_file(root: etree._Element, name: str, findings: Findings) -> None:
    """Look at the file as a whole. Raises: DiagramRefused, when it is too large to be looked at."""
    _ensure_modest(root, name)
    _report_duplicates(root, findings)
    _report_languages(root, name, findings)


def _ensure_modest(root: etree._Element, name: str) -> None:
    nodes = [node for node in root.iter(etree.Element) if namespace(node) == BPMN]
    count = sum(local(node) in FLOW_NODES or local(node) == "sequenceFlow" for node in nodes)
    if count > MOST_ELEMENTS:
        raise DiagramRefused(
            [
                Problem(
                    where=name,
                    sentence="The diagram has {count} elements and flows; at most {most} are read.",
                    way_out="Move parts of it into processes of their own.",
                    facts={"count": count, "most": MOST_ELEMENTS},
                )
            ]
        )
    nests = [node for node in nodes if local(node) in SUBPROCESS_KINDS]
    if any(sum(local(above) in SUBPROCESS_KINDS for above in node.iterancestors()) >= DEEPEST_NESTING for node in nests):
        raise DiagramRefused(
            [
                Problem(
                    where=name,
                    sentence="Subprocesses are nested more than {most} deep.",
                    way_out="Move parts of it into processes of their own.",
                    facts={"most": DEEPEST_NESTING},
                )
            ]
        )


def _report_duplicates(root: etree._Element, findings: Findings) -> None:
    ids = Counter(node.get("id") or "" for node in root.iter(etree.Element) if namespace(node) == BPMN and node.get("id"))
    for key, times in ids.items():
        if times > 1:
            findings.refuse(
                key,
                "The id “{id}” is used {times} times; only one of them would count.",
                "Give each its own id.",
                id=key,
                times=times,
            )


def _report_languages(root: etree._Element, name: str, findings: Findings) -> None:
    """Refuse expressions that say that they are written in another language than FEEL."""
    for node in root.iter(f"{{{BPMN}}}*"):
        language = node.get("language", "")
        if language and "feel" not in language.lower():
            around = (above for above in node.iterancestors() if local(above) in FLOW_NODES | {"sequenceFlow", "process"})
            owner = next(around, node)
            findings.refuse(
                owner.get("id") or name,
                "The condition is written in another language ({language}).",
                "Write it in FEEL, as =expression.",
                language=language,
            )
