"""Checking in by one press: the stops of the reader's own journeys that can be reported now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from services.locator.own_stops import ARRIVED, OwnStop, list_own_stops
from services.people import Actor
from webapp.i18n import language
from webapp.marks import new_idempotency_key
from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one press says: the button, where it is sent, and the answers that it carries."""

    button: str
    address: str
    answers: dict[str, str]
    idempotency_key: str


def list_reports(session: Session, *, actor: Actor, now: datetime, number: str | None = None) -> list[Report]:
    """List what the reader can report of their own journeys now, of one request when its number is given."""
    reports = []
    for stop in list_own_stops(session, actor=actor, now=now, number=number):
        area = str(stop.area.get(language()) or stop.area.get("en") or "")
        reports.append(
            Report(
                button=_say(stop).format(place=stop.place or area),
                address=url_for("cases.send", number=stop.number, slug="check-in"),
                answers={"kind": stop.kind, "stop": stop.stop_key, "person": actor.person},
                idempotency_key=new_idempotency_key(),
            )
        )
    return reports


def _say(stop: OwnStop) -> str:
    if stop.was_left:
        return gettext("I am still in {place}")
    return gettext("I have arrived in {place}") if stop.kind == ARRIVED else gettext("I have left {place}")
