"""A file of a draft as text, and what is said when it cannot be saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import process_drafts
from services.errors import NotFound, SavedMeanwhile
from services.models.process_drafts import ProcessDraft
from webapp.i18n import say
from webapp.navigation import has_page
from webapp.presenters.conflicts import say_conflict
from workflows.errors import SafeconductError


@dataclass(frozen=True, kw_only=True)
class SourcePage:
    """A file as text.

    Attributes:
        revision: Which the text was read at; what is saved has to name it. None when the draft has no such file yet.
        refused: Why it was not saved.
        theirs: What somebody else saved meanwhile; None when nobody did.
        is_text: The file can be shown as text.
    """

    name: str
    content: str
    revision: int | None
    refused: Markup | str
    theirs: str | None
    is_text: bool
    edit_address: str | None


def get_source(
    session: Session,
    draft: ProcessDraft,
    name: str,
    *,
    now: datetime,
    typed: str | None = None,
    revision: int | None = None,
    refused: SafeconductError | None = None,
) -> SourcePage:
    """Show a file of a draft as text, or what was typed in its place.

    Raises:
        NotFound: The draft has no such file, and none was typed.
    """
    try:
        kept = process_drafts.read_file(session, draft, name)
    except NotFound:
        if typed is None:
            raise
        kept = None
    try:
        stored = kept.content.decode() if kept is not None else ""
        is_text = True
    except UnicodeDecodeError:
        stored, is_text = "", False
    is_late = isinstance(refused, SavedMeanwhile)
    drawn = name.endswith((".bpmn", ".dmn", ".form")) and has_page("studio.edit")
    return SourcePage(
        name=name,
        content=typed if typed is not None else stored,
        revision=revision if typed is not None else kept.revision if kept is not None else None,
        refused=say_conflict(refused, now=now) if isinstance(refused, SavedMeanwhile) else say(refused) if refused else "",
        theirs=stored if is_late else None,
        is_text=is_text,
        edit_address=url_for("studio.edit", draft_id=draft.id, name=name) if drawn else None,
    )
