"""A process as it is published: diagrams, tables, forms and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.diagrams import Diagram
from workflows.dmn import Model
from workflows.forms import Form
from workflows.packages.manifest import Manifest
from workflows.packages.messages import Message

Texts = Mapping[str, Mapping[str, str]]


def word_for(texts: Texts, value: str) -> str:
    """Say what a value is called by itself, wherever a form offers it, or a table compares with it; empty when that differs.

    A value that is the name of a question is what the question asks.
    """
    options = texts.get("options", {})
    if value in options:
        return options[value]
    for named in (options, texts.get("values", {})):
        if called := {text for name, text in named.items() if name.endswith(f".{value}")}:
            return called.pop() if len(called) == 1 else ""
    asked = texts.get("fields", {}).get(value, "")
    return asked if isinstance(asked, str) and value.isupper() else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """Everything in a process folder.

    Attributes:
        key: The name of the folder.
        diagrams: By file.
        decisions: The model that holds a decision, by decision id.
        forms: By form id.
        messages: By code.
        texts: By language, then by table (elements, fields, options, tables, …), then by name.
        scenarios: The mapping of each file, by its name without ending.
        files: Contents by path inside the folder.
        digest: The same for the same paths and contents, and for no others.
    """

    key: str
    manifest: Manifest
    diagrams: Mapping[str, Diagram]
    decisions: Mapping[str, Model]
    forms: Mapping[str, Form]
    messages: Mapping[str, Message]
    texts: Mapping[str, Texts]
    scenarios: Mapping[str, dict[str, Any]]
    files: dict[str, bytes]
    digest: str

    def find_text(self, locale: str, table: str, *names: str) -> str | None:
        """Return the first of some names that has a text in a language; None when none has."""
        found = self.texts.get(locale, {}).get(table, {})
        return next((found[name] for name in names if found.get(name)), None)
