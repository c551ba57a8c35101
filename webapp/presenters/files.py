"""Attached files as links: what they are called, how large they are, who added them and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import attachments, people
from webapp.presenters.moments import show_moment
from webapp.speech import gettext
from workflows.forms.attachments import in_words


@dataclass(frozen=True, kw_only=True)
class ListedFile:
    """A file of a case, in one line."""

    link: Markup
    about: Markup


def link_file(attachment_id: str, name: str) -> Markup:
    """Link to a file under its name."""
    address = url_for("attachments.download", attachment_id=attachment_id)
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(address, name)


def list_files(session: Session, case_id: str, *, now: datetime) -> list[ListedFile]:
    """List the files of a case for somebody who may open them."""
    files = attachments.list_attachments(session, case_id)
    names = people.names_of(session, {file.person for file in files}) if files else {}
    return [
        ListedFile(
            link=link_file(file.id, file.name),
            about=escape(gettext("{size}, added by {name}, {moment}")).format(
                size=in_words(file.size),
                name=names.get(file.person, file.person),
                moment=show_moment(file.attached_at or file.added_at, now=now),
            ),
        )
        for file in files
    ]
