"""What stands above the inbox and the tasks of somebody who is away."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import request
from markupsafe import Markup, escape

from services import absences
from services.absences import Absent
from webapp.context import actor, database, find_signed_in, now
from webapp.presenters.moments import show_moment
from webapp.speech import gettext

#: Pages on which somebody works on tasks.
WORKING = frozenset({"tasks.inbox", "tasks.show"})


@dataclass(frozen=True, kw_only=True)
class AwayNotice:
    """That the reader is away, until when, and who acts."""

    id: str
    sentence: Markup
    may_end: bool


def away_notice() -> AwayNotice | None:
    """Say that the reader is away, on the pages on which that matters. One query for whoever is not."""
    if request.endpoint not in WORKING or find_signed_in() is None:
        return None
    with database().reading() as session:
        absence = absences.current_of(session, actor().person, now())
        zone = ZoneInfo(absences.place_of(session, actor().person)[1]) if absence is not None else None
    if absence is None:
        return None
    return AwayNotice(id=absence.id, sentence=_say_away(absence, zone), may_end=absence.is_declared)


def _say_away(absence: Absent, zone: ZoneInfo | None) -> Markup:
    until = show_moment(absence.valid_to, now=now(), zone=zone)
    if not absence.acting:
        return escape(gettext("You are away until {moment}; nobody acts for you.")).format(moment=until)
    names = ", ".join(stand.name for stand in absence.acting)
    if len(absence.acting) == 1:
        return escape(gettext("You are away until {moment}; {name} acts for you.")).format(moment=until, name=names)
    return escape(gettext("You are away until {moment}; these act for you: {names}.")).format(moment=until, names=names)
