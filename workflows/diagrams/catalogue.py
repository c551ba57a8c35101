"""What stands beside the processes in a file: messages, signals, error and escalation codes."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from workflows.diagrams.findings import Findings
from workflows.diagrams.vocabulary import children, is_id, local
from workflows.diagrams.zeebe import read_extensions, report_attributes

_NAMED = {"message": "name", "signal": "name", "error": "errorCode", "escalation": "escalationCode"}
_READ_ELSEWHERE = frozenset({"process", "collaboration", "documentation", "extensionElements"})
# They describe, and nothing in a run depends on them.
_DESCRIPTIONS = frozenset(
    {
        "itemDefinition",
        "category",
        "dataStore",
        "import",
        "interface",
        "relationship",
        "resource",
        "endPoint",
        "partnerEntity",
        "partnerRole",
    }
)
_WAYS_OUT = {
    "correlationProperty": "Write the correlation key at the message (zeebe:subscription).",
    **dict.fromkeys(
        ("globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask"),
        "Draw the task in a process of its own, and let the call activity call that process.",
    ),
}


@dataclass(kw_only=True, slots=True)
class Catalogue:
    """The definitions that events refer to, by id.

    Attributes:
        names: Per tag ("message", "signal", "error", "escalation") the name or code of each id; None where the file gives none.
        correlation_keys: The raw correlation key of each message.
        groups: The texts of the category values that groups in the drawing refer to.
    """

    names: dict[str, dict[str, str | None]] = field(default_factory=lambda: {tag: {} for tag in _NAMED})
    correlation_keys: dict[str, str | None] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    @property
    def messages(self) -> dict[str, tuple[str, str | None]]:
        """(name, raw correlation key) by message id."""
        return {key: (name or "", self.correlation_keys.get(key)) for key, name in self.names["message"].items()}


def read_catalogue(root: etree._Element, findings: Findings) -> Catalogue:
    """Read everything beside the processes; what nobody would use is written down."""
    catalogue = Catalogue()
    for node in children(root):
        tag = local(node)
        if tag in _NAMED:
            _read_named(node, tag, catalogue, findings)
        elif tag == "category":
            for value in children(node, "categoryValue"):
                catalogue.groups[value.get("id") or ""] = value.get("value") or ""
        elif tag not in _READ_ELSEWHERE | _DESCRIPTIONS:
            findings.refuse(
                node.get("id") or tag,
                "The definition {tag} is not supported.",
                _WAYS_OUT.get(tag, "Take it out; nothing here would read it."),
                tag=tag,
            )
    return catalogue


def _read_named(node: etree._Element, tag: str, catalogue: Catalogue, findings: Findings) -> None:
    key = node.get("id") or ""
    if not is_id(key):
        findings.refuse(
            key or tag, "The definition {tag} has no usable id.", "Give it an id of letters, digits, - and _.", tag=tag
        )
        return
    if any(key in names for names in catalogue.names.values()):
        findings.refuse(key, "Two definitions have the same id.", "Give each its own id.")
        return
    report_attributes(node, key, findings)
    name = node.get(_NAMED[tag])
    catalogue.names[tag][key] = name.strip() if name and name.strip() else None
    extensions = read_extensions(node, key, findings)
    if tag == "message":
        catalogue.correlation_keys[key] = extensions.get("subscription")
