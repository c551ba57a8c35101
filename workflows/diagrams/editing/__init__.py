"""Changing a diagram without a canvas: what a step says, where it stands, what comes after it.

A `Sheet` is a BPMN file under change. What nobody asked to be changed is written again as it was read: comments, unknown elements
and attributes, the order of everything.
"""

from __future__ import annotations

from workflows.diagrams.editing.adding import KINDS, add_after, add_way
from workflows.diagrams.editing.errors import EditRefused
from workflows.diagrams.editing.removing import remove_step, remove_way
from workflows.diagrams.editing.saying import (
    ask_earlier,
    set_attribute,
    set_condition,
    set_default,
    set_extension,
    set_lane,
    set_mappings,
    set_property,
    set_timer,
)
from workflows.diagrams.editing.sheet import Sheet
from workflows.diagrams.editing.steps import facts_of, has_mappings, say_step

__all__ = [
    "KINDS",
    "EditRefused",
    "Sheet",
    "add_after",
    "add_way",
    "ask_earlier",
    "facts_of",
    "has_mappings",
    "remove_step",
    "remove_way",
    "say_step",
    "set_attribute",
    "set_condition",
    "set_default",
    "set_extension",
    "set_lane",
    "set_mappings",
    "set_property",
    "set_timer",
]
