"""Pools, annotations and the other things that are drawn for the reader."""

from __future__ import annotations

from collections.abc import Container, Iterator

from lxml import etree

from workflows.diagrams.catalogue import Catalogue
from workflows.diagrams.findings import Findings
from workflows.diagrams.model import Artifact, Pool
from workflows.diagrams.vocabulary import BPMN, child, children, local, reference, text_in, text_of
from workflows.diagrams.zeebe import read_extensions, report_attributes

_READ_OF_COLLABORATIONS = frozenset(
    {"participant", "messageFlow", "documentation", "extensionElements", "textAnnotation", "association", "group"}
)
_ASSOCIATIONS = frozenset({"dataInputAssociation", "dataOutputAssociation"})


def read_artifacts(root: etree._Element, catalogue: Catalogue, findings: Findings) -> tuple[Artifact, ...]:
    """Read what the drawing shows and the engine does not use."""
    found: list[Artifact] = []
    for node in root.iter(f"{{{BPMN}}}*"):
        artifact = _read_artifact(node, catalogue)
        if artifact is not None and artifact.id:
            found.append(artifact)
            if artifact.kind == "dataObject":
                findings.note(
                    artifact.id, "The data object is drawn, but keeps no value.", "Values live in the variables of the case."
                )
            if artifact.kind == "dataStore":
                findings.note(
                    artifact.id, "The data store is drawn, but holds nothing.", "Read and write registers with an operation."
                )
    return tuple(found)


def _read_artifact(node: etree._Element, catalogue: Catalogue) -> Artifact | None:
    tag, key = local(node), node.get("id") or ""
    name = (node.get("name") or "").strip()
    if tag == "textAnnotation":
        return Artifact(id=key, kind=tag, text=text_in(node, "text") or "")
    if tag == "association":
        directed = node.get("associationDirection", "None") != "None"
        return _joining(node, tag, directed=directed)
    if tag == "group":
        return Artifact(id=key, kind=tag, text=catalogue.groups.get(reference(node.get("categoryValueRef")) or "", ""))
    if tag in {"dataObjectReference", "dataStoreReference"}:
        return Artifact(id=key, kind="dataObject" if tag == "dataObjectReference" else "dataStore", text=name)
    if tag == "messageFlow":
        return _joining(node, tag, directed=True)
    if tag in _ASSOCIATIONS:
        return _read_data_association(node, key, tag)
    return None


def _joining(node: etree._Element, kind: str, *, directed: bool) -> Artifact:
    return Artifact(
        id=node.get("id") or "",
        kind=kind,
        text=(node.get("name") or "").strip(),
        source=reference(node.get("sourceRef")),
        target=reference(node.get("targetRef")),
        directed=directed,
    )


def _read_data_association(node: etree._Element, key: str, tag: str) -> Artifact:
    activity = node.getparent()
    own = activity.get("id") if activity is not None else None
    if tag == "dataInputAssociation":
        return Artifact(id=key, kind="dataAssociation", source=text_of(child(node, "sourceRef")), target=own, directed=True)
    return Artifact(id=key, kind="dataAssociation", source=own, target=text_of(child(node, "targetRef")), directed=True)


def read_pools(root: etree._Element, processes: Container[str], findings: Findings) -> tuple[Pool, ...]:
    """Read the participants of a collaboration."""
    return tuple(
        pool for collaboration in children(root, "collaboration") for pool in _pools_of(collaboration, processes, findings)
    )


def _pools_of(collaboration: etree._Element, processes: Container[str], findings: Findings) -> Iterator[Pool]:
    for node in children(collaboration):
        if local(node) not in _READ_OF_COLLABORATIONS:
            findings.note(node.get("id") or local(node), "The part {tag} of the collaboration is not drawn.", tag=local(node))
    for node in children(collaboration, "participant"):
        key = node.get("id") or ""
        report_attributes(node, key, findings)
        read_extensions(node, key, findings)
        process = reference(node.get("processRef"))
        if process is not None and process not in processes:
            findings.refuse(
                key, "The pool shows the process “{id}”, which is not in this file.", "Choose a process of this file.", id=process
            )
            process = None
        if child(node, "participantMultiplicity") is not None:
            findings.note(key, "The pool is marked as several participants; that is drawn for the reader only.")
        yield Pool(id=key, name=(node.get("name") or "").strip(), process=process)
