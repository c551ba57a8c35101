"""Files that come with a form: kept at once, so that they are not lost when something else on the page is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import SEEK_END
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from services import attachments
from services.people import Actor
from workflows import forms
from workflows.errors import Problem


def take_files(
    session: Session,
    fields: tuple[forms.Field, ...],
    typed: dict[str, Any],
    sent: MultiDict[str, FileStorage],
    *,
    actor: Actor,
    now: datetime,
    case_id: str | None = None,
) -> list[Problem]:
    """Keep the files that came with a form, and let what was typed name them beside those that were there before.

    Args:
        typed: Nested raw answers; changed in place.

    Returns:
        What is wrong with files that could not be kept.
    """
    problems: list[Problem] = []
    kept = forms.named_files(fields, typed)
    known = attachments.references_for(session, kept, person=actor.person, case_id=case_id)
    for place, key, _, name in forms.file_places(fields, typed):
        references = [known[each] for each in forms.identities(place.get(key)) if each in known]
        for file in _chosen(sent.getlist(name)):
            size = file.stream.seek(0, SEEK_END)
            file.stream.seek(0)
            content = file.stream.read(attachments.MOST_BYTES + 1)
            try:
                new = attachments.keep_attachment(
                    session, name=file.filename or "", content=content, size=size, actor=actor, now=now
                )
            except attachments.FileRefused as refusal:
                problems.append(Problem(where=name, sentence=refusal.sentence, facts=refusal.facts))
            else:
                references.append(attachments.reference_of(new))
        place[key] = references
    return problems


def _chosen(files: Iterable[FileStorage]) -> Iterable[FileStorage]:
    """Leave out what a browser sends for a file question that nobody answered."""
    return (file for file in files if file.filename)
