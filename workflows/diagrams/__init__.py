"""BPMN as values: secure reading, checks and drawing."""

from __future__ import annotations

from workflows.diagrams.checking import check_diagram, note_diagram
from workflows.diagrams.drawing import KIND_WORDS, STATE_WORDS, draw
from workflows.diagrams.model import (
    Artifact,
    Bounds,
    Diagram,
    Element,
    Event,
    Flow,
    Lane,
    Loop,
    Note,
    Pool,
    Process,
)
from workflows.diagrams.reading import read_diagram
from workflows.diagrams.vocabulary import SAID

__all__ = [
    "KIND_WORDS",
    "SAID",
    "STATE_WORDS",
    "Artifact",
    "Bounds",
    "Diagram",
    "Element",
    "Event",
    "Flow",
    "Lane",
    "Loop",
    "Note",
    "Pool",
    "Process",
    "check_diagram",
    "draw",
    "note_diagram",
    "read_diagram",
]
