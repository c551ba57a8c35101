"""Changing the diagram of a draft step by step, without a canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.models.process_drafts import DraftFile
from services.people import Actor
from services.process_drafts.files import read_file, save_file
from services.process_drafts.keeping import get_draft
from workflows.diagrams import editing, read_diagram
from workflows.diagrams.editing import Sheet
from workflows.diagrams.editing.errors import ElementGone

Pairs = Sequence[tuple[str, str]]


def change_diagram(
    session: Session,
    draft_id: str,
    name: str,
    change: Callable[[Sheet], object],
    *,
    revision: int,
    actor: Actor,
    now: datetime,
) -> DraftFile:
    """Change a diagram by a function of workflows.diagrams.editing, and save it.

    Args:
        revision: Of the file when its outline was read.

    Raises:
        NotFound, DraftClosed, SavedMeanwhile, FileRefused: As for saving a file.
        EditRefused: The diagram cannot be changed so.
        DiagramRefused: It cannot be read.
    """
    kept = read_file(session, get_draft(session, draft_id, actor=actor, now=now), name)
    if kept.revision == revision:
        sheet = Sheet(kept.content)
        change(sheet)
        content = sheet.write()
    else:
        content = kept.content + b"\n"  # Not what is stored, so that saving says who was quicker.
    return save_file(session, draft_id, name, content, revision=revision, actor=actor, now=now)


def describe_step(
    session: Session,
    draft_id: str,
    name: str,
    element: str,
    said: Mapping[str, str],
    *,
    inputs: Pairs | None = None,
    outputs: Pairs | None = None,
    revision: int,
    actor: Actor,
    now: datetime,
) -> DraftFile:
    """Say something else of a step; raises as `change_diagram`."""

    def change(sheet: Sheet) -> None:
        diagram = read_diagram(sheet.write(), name=name)
        if element not in diagram.elements:
            raise ElementGone(id=element)
        editing.say_step(sheet, diagram.elements[element], diagram, said, inputs=inputs, outputs=outputs)

    return change_diagram(session, draft_id, name, change, revision=revision, actor=actor, now=now)
