"""Changing the tables and forms of a draft as lists of texts, without a drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.errors import NotFound
from services.models.process_drafts import DraftFile
from services.people import Actor
from services.process_drafts.files import read_file, save_file
from services.process_drafts.keeping import get_draft
from workflows.dmn import editing as tables
from workflows.forms import editing as forms


def change_rules(
    session: Session,
    draft_id: str,
    name: str,
    decision: str,
    rows: Sequence[tables.Row],
    *,
    revision: int,
    actor: Actor,
    now: datetime,
) -> DraftFile:
    """Write the rules of a decision table anew and save the file.

    Args:
        revision: Of the file when its rules were read.

    Raises:
        NotFound: There is no such table.
        DraftClosed, SavedMeanwhile, FileRefused: As for saving a file.
    """
    kept = read_file(session, get_draft(session, draft_id, actor=actor, now=now), name)
    try:
        content = tables.write_rows(kept.content, decision, rows)
    except (KeyError, ValueError) as error:
        raise NotFound from error
    return save_file(session, draft_id, name, content, revision=revision, actor=actor, now=now)


def change_form(
    session: Session,
    draft_id: str,
    name: str,
    change: Callable[[forms.FormSheet], object],
    *,
    revision: int,
    actor: Actor,
    now: datetime,
) -> DraftFile:
    """Change a form by a function of its sheet, and save it.

    Raises:
        NotFound, DraftClosed, SavedMeanwhile, FileRefused: As for saving a file.
        FormUnreadable, ComponentGone: The form cannot be changed so.
    """
    kept = read_file(session, get_draft(session, draft_id, actor=actor, now=now), name)
    if kept.revision != revision:
        # What stands at a place may be another component by now. Not what is stored, so that saving says who was quicker.
        return save_file(session, draft_id, name, kept.content + b"\n", revision=revision, actor=actor, now=now)
    sheet = forms.FormSheet(kept.content)
    change(sheet)
    return save_file(session, draft_id, name, sheet.write(), revision=revision, actor=actor, now=now)
