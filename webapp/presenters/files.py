"""Attached files as links: what they are called, how large they are, who added them and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import attachments, people
from services.attachments import MOST_BYTES
from webapp.presenters.moments import show_moment
from webapp.speech import gettext
from workflows.forms.attachments import in_words
from workflows.forms.fields import FileLimits


@dataclass(frozen=True, kw_only=True)
class ListedFile:
    """A file of a case.

    Attributes:
        version: The version of the request with which it came; empty when there is only one.
        fingerprint: The hash of its content, which the audit of the case keeps.
    """

    link: Markup
    about: Markup
    version: str
    fingerprint: str


def say_file_rule(limits: FileLimits | None) -> str:
    """Say which files are taken before one is chosen."""
    limits = limits or FileLimits()
    most = in_words(_most_bytes(limits))
    kinds = ", ".join(each.removeprefix(".").upper() for each in limits.accept if each.startswith(".")) or "PDF, JPG, PNG"
    rule = gettext("{kinds}, {most} at most").format(kinds=kinds, most=most)
    if limits.most_files == 1:
        return rule
    return gettext("{rule}, up to {count} files").format(rule=rule, count=limits.most_files)


def size_attributes(limits: FileLimits | None) -> dict[str, str]:
    """Say how large a file may be, so that the page can refuse a larger one when it is chosen; {name} and {size} stay open."""
    most = _most_bytes(limits or FileLimits())
    sentence = gettext("The file {name} must be smaller than {most} (yours is {size}).").replace("{most}", in_words(most))
    return {"data-most": str(most), "data-too-large": sentence}


def _most_bytes(limits: FileLimits) -> int:
    return min(limits.most_bytes or MOST_BYTES, MOST_BYTES)


def link_file(attachment_id: str, name: str) -> Markup:
    """Link to a file under its name."""
    address = url_for("attachments.download", attachment_id=attachment_id)
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(address, name)


def list_files(session: Session, case_id: str, *, now: datetime, versions: Sequence[datetime] = ()) -> list[ListedFile]:
    """List the files of a case for somebody who may open them.

    Args:
        versions: When each version of the request was sent, the first one first.
    """
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
            version=_say_version(file.attached_at or file.added_at, versions),
            fingerprint=file.sha256,
        )
        for file in files
    ]


def _say_version(attached_at: datetime, versions: Sequence[datetime]) -> str:
    number = sum(sent_at <= attached_at for sent_at in versions)
    return gettext("came with version {number}").format(number=max(number, 1)) if len(versions) > 1 else ""
