"""Two people saved the same file: what each wrote, and what differs."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import people
from services.models.process_drafts import DraftFile, ProcessDraft
from webapp.navigation import has_page
from webapp.presenters.moments import show_moment
from webapp.presenters.studio.comparing import Part, compare_packages, read_changed
from workflows.errors import PackageRefused

_MOST_LINES = 400


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """What one has written and another has saved.

    Attributes:
        parts: What differs, as sentences, from what is stored to what was written; empty where one of them cannot be read.
        lines: The lines that differ, each with "+" or "-" before it.
        revision: Of the stored file.
        theirs: Where the stored file is shown.
    """

    name: str
    content: str
    by: str
    at: Markup
    parts: list[Part]
    lines: list[str]
    revision: int
    theirs: str


def get_conflict(session: Session, draft: ProcessDraft, stored: DraftFile, content: bytes) -> Conflict:
    """Compare what was written with the stored file."""
    try:
        old, new = read_changed(session, draft, stored.name, content)
        parts = compare_packages(draft, old, new, others=[], names=("", "")).parts
    except PackageRefused:
        parts = []
    mine, theirs = (each.decode("utf-8", errors="replace") for each in (content, stored.content))
    lines = [
        line
        for line in difflib.unified_diff(theirs.splitlines(), mine.splitlines(), lineterm="", n=1)
        if not line.startswith(("---", "+++"))
    ]
    endpoint = "studio.edit" if has_page("studio.edit") and stored.name.endswith((".bpmn", ".dmn", ".form")) else "studio.source"
    return Conflict(
        name=stored.name,
        content=mine,
        by=people.names_of(session, [stored.saved_by])[stored.saved_by],
        at=show_moment(stored.saved_at),
        parts=parts,
        lines=lines[:_MOST_LINES],
        revision=stored.revision,
        theirs=url_for(endpoint, draft_id=draft.id, name=stored.name),
    )
