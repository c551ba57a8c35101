"""A letter of recognition as it is shown and printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import letters
from services.people import Actor
from webapp.i18n import language
from webapp.pdf import print_page
from webapp.presenters.moments import show_date
from webapp.presenters.words import say_actor
from webapp.speech import comma


@dataclass(frozen=True, kw_only=True)
class LetterPage:
    """A letter, ready to be shown.

    Attributes:
        words: What it says, paragraph by paragraph, in the language in which it was written.
    """

    number: str
    organisation: str
    day: Markup
    team: str
    recognised: str
    words: list[str]
    done: list[str]
    nominator: str
    signed: str


def get_letter_page(session: Session, number: str, *, actor: Actor, now: datetime) -> LetterPage:
    """Read a letter for a person who may see the whole recognition.

    Raises:
        NotFound: There is no such letter for this person.
    """
    found = letters.get_letter(session, number, actor=actor, now=now)
    decided = found.decided
    return LetterPage(
        number=found.number,
        organisation=found.organisation.get(language()) or found.organisation["en"],
        day=show_date(decided.decided_at.date()),
        team=found.team or "",
        recognised=comma().join(found.recognised),
        words=_split(found.words),
        done=_split(found.done),
        nominator=found.nominator,
        signed=say_actor(found.decider, decided.actor_role, decided.capacity, for_name=found.absent),
    )


def print_letter(page: LetterPage) -> bytes:
    """Lay out a letter as PDF."""
    return print_page(render_template("letters/print.html", letter=page))


def _split(text: str) -> list[str]:
    return [line for line in (line.strip() for line in text.splitlines()) if line]
