"""Policies as their readers see them: what is to be read, the text, and who of one's staff has not read it in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import overview, policies
from services.models.organisations import Organisation
from services.models.policies import PolicyReader, PolicyVersion
from services.people import Actor
from webapp.i18n import direction_of, language
from webapp.presenters.moments import show_date, show_moment
from webapp.presenters.words import Word, word

_CONFIRMED = lazy_gettext("Confirmed")
_TO_READ = lazy_gettext("To be read")
_OVERDUE = lazy_gettext("Overdue")
_FOR_INFORMATION = lazy_gettext("For information")


@dataclass(frozen=True, kw_only=True)
class PolicyRow:
    """A policy in force, in one line."""

    address: str
    code: str
    title: str
    language: str
    version: int
    published: Markup
    due: Markup
    word: Word
    waits: bool


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """Somebody of one's staff who has not confirmed a policy in time."""

    name: str
    title: str
    due: Markup


@dataclass(frozen=True, kw_only=True)
class PolicyPage:
    """A policy to be read; texts come as paragraphs of lines.

    Attributes:
        addendum: What the reader's organisation adds.
        was_asked: The reader is one of those for whom it is meant.
    """

    code: str
    title: str
    version: int
    language: str
    direction: str
    text: list[list[str]]
    organisation: str
    addendum: list[list[str]]
    published: Markup
    approved_by: str
    due: Markup
    confirmed: Markup
    was_asked: bool
    waits: bool
    digest: str


def list_waiting(session: Session, *, actor: Actor, now: datetime) -> list[PolicyRow]:
    """List what the reader has to read and confirm, for the home page."""
    if not policies.count_waiting(session, actor=actor):
        return []
    return [row for row in list_policies(session, actor=actor, now=now) if row.waits]


def list_policies(session: Session, *, actor: Actor, now: datetime) -> list[PolicyRow]:
    """List the policies that the reader may read, what waits first."""
    return [_row(version, reader, now) for version, reader in policies.list_policies(session, actor=actor, now=now)]


def list_staff(session: Session, *, actor: Actor, now: datetime) -> list[StaffRow]:
    """List whom the reader supervises and who have not confirmed in time."""
    found = policies.list_overdue_staff(session, actor=actor, now=now)
    return [StaffRow(name=name, title=version.title, due=show_date(reader.due_at)) for reader, version, name in found]


def get_policy(session: Session, code: str, *, actor: Actor, now: datetime) -> PolicyPage:
    """Read a policy for its page."""
    reading = policies.read_policy(session, code, actor=actor, now=now)
    version, reader = reading.version, reading.reader
    names = overview.name_codes(session, [version.approved_by], locale=language())
    organisation = session.get(Organisation, reading.organisation) if reading.addendum and reading.organisation else None
    return PolicyPage(
        code=version.policy,
        title=version.title,
        version=version.version,
        language=version.language,
        direction=direction_of(version.language),
        text=_paragraphs(version.text),
        organisation=str(organisation.name.get(language()) or organisation.name.get("en")) if organisation else "",
        addendum=_paragraphs(reading.addendum or ""),
        published=show_date(version.published_at),
        approved_by=names.get(version.approved_by, version.approved_by),
        due=show_date(reader.due_at) if reader and reading.waits else Markup(""),
        confirmed=show_moment(reader.acknowledged_at, now=now) if reader else Markup(""),
        was_asked=reader is not None,
        waits=reading.waits,
        digest=reading.digest,
    )


def _row(version: PolicyVersion, reader: PolicyReader | None, now: datetime) -> PolicyRow:
    waits = reader is not None and reader.acknowledged_at is None
    return PolicyRow(
        address=url_for("policies.show", code=version.policy),
        code=version.policy,
        title=version.title,
        language=version.language,
        version=version.version,
        published=show_date(version.published_at),
        due=show_date(reader.due_at) if reader and waits else Markup(""),
        word=_say(reader, now),
        waits=waits,
    )


def _say(reader: PolicyReader | None, now: datetime) -> Word:
    if reader is None:
        return word(str(_FOR_INFORMATION), "closed")
    if reader.acknowledged_at is not None:
        return word(str(_CONFIRMED), "good")
    return word(str(_OVERDUE), "bad") if reader.due_at <= now else word(str(_TO_READ), "yours")


def _paragraphs(text: str) -> list[list[str]]:
    """Cut a text at its empty lines, and each part at its lines."""
    parts = [part.strip().splitlines() for part in text.replace("\r\n", "\n").split("\n\n")]
    return [part for part in parts if part]
