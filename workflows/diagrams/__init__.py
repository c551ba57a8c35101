"""BPMN as values: secure reading, checks and drawing."""

from __future__ import annotations

from workflows.diagrams.ahead import Ahead, Outlook, look_ahead
from workflows.diagrams.checking import check_diagram, note_diagram
from workflows.diagrams.drawing import KIND_WORDS, STATE_WORDS, draw, draw_parts
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
from workflows.diagrams.vocabulary import CASE_CLOCK, CLOCK, CLOCK_OF, CLOCKS, NO_CLOCK, SAID, WORKING_CLOCK, names_in

__all__ = [
    "CASE_CLOCK",
    "CLOCK",
    "CLOCKS",
    "CLOCK_OF",
    "KIND_WORDS",
    "NO_CLOCK",
    "SAID",
    "STATE_WORDS",
    "WORKING_CLOCK",
    "Ahead",
    "Artifact",
    "Bounds",
    "Diagram",
    "Element",
    "Event",
    "Flow",
    "Lane",
    "Loop",
    "Note",
    "Outlook",
    "Pool",
    "Process",
    "check_diagram",
    "draw",
    "draw_parts",
    "look_ahead",
    "names_in",
    "note_diagram",
    "read_diagram",
]
