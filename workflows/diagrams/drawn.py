"""What the drawing shows beside the elements, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """Where a shape lies, in the units of the diagram (pixels at 100 %).

    Attributes:
        plane: The id of the process, collaboration or collapsed subprocess on whose sheet the shape was drawn.
    """

    x: float
    y: float
    width: float
    height: float
    expanded: bool = True
    horizontal: bool = True
    label: Bounds | None = None
    marker_visible: bool = True
    plane: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """A participant of a collaboration; `process` is None for one whose inside is not shown."""

    id: str
    name: str
    process: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact:
    """Something drawn for the reader only: an annotation, an association, a group, a data object, a message flow.

    Attributes:
        kind: "textAnnotation", "association", "dataAssociation", "group", "dataObject", "messageFlow".
        source, target: What an association or message flow joins.
        directed: Whether the association has an arrow head.
    """

    id: str
    kind: str
    text: str = ""
    source: str | None = None
    target: str | None = None
    directed: bool = False
