"""What both pages of indicators begin with: period, scope, and what was reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import people
from services.indicators import Period
from services.indicators.scopes import Chosen, Scope
from services.models.indicators import FrozenPeriod
from webapp.presenters.indicators.figures import address_of, name_of_area, say_period, say_scope
from webapp.presenters.moments import show_date, show_moment
from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One option of a chooser."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a frozen period, or the figures counted anew."""

    text: Markup
    reason: str
    address: str
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What both pages say about period and scope."""

    period: str
    scope: str
    as_of: Markup
    periods: list[Choice]
    areas: list[Choice]
    organisations: list[Choice]
    versions: list[Version]
    is_frozen: bool


def make_frame(session: Session, scope: Scope, chosen: Chosen, endpoint: str, *, now: datetime, key: str | None = None) -> Frame:
    """Say for which period and scope figures are shown, and which others there are."""
    is_over = now >= scope.asked.period.until
    as_of = show_date(scope.asked.on) if is_over else show_moment(now, now=now)
    return Frame(
        period=say_period(scope.asked.period),
        scope=say_scope(scope),
        as_of=as_of,
        periods=[_choice(each.key, say_period(each), scope.asked.period.key) for each in _offered(scope)],
        areas=[_choice(code, f"{name_of_area(scope, code)} ({code})", scope.asked.area) for code in scope.areas],
        organisations=[_choice(code, code, scope.asked.organisation) for code in scope.organisations],
        versions=_versions(session, scope, chosen, endpoint, key),
        is_frozen=scope.frozen is not None,
    )


def _offered(scope: Scope) -> list[Period]:
    return scope.periods if scope.asked.period in scope.periods else [scope.asked.period, *scope.periods]


def _choice(value: str, text: str, chosen: str | None) -> Choice:
    return Choice(value=value, text=text, is_chosen=value == chosen)


def _versions(session: Session, scope: Scope, chosen: Chosen, endpoint: str, key: str | None) -> list[Version]:
    """List what was reported, the newest first, and last the figures counted anew."""
    if not scope.versions:
        return []
    names = people.names_of(session, {one.frozen_by for one in scope.versions})
    more = {"key": key} if key else {}
    found = [
        Version(
            text=_say_version(one, names[one.frozen_by]),
            reason=one.reason or "",
            address=address_of(endpoint, scope, chosen, **more, version=one.version),
            is_shown=scope.frozen is not None and scope.frozen.version == one.version,
        )
        for one in scope.versions
    ]
    anew = Version(
        text=escape(gettext("Counted now from the registers")),
        reason="",
        address=address_of(endpoint, scope, chosen, **more, version=0),
        is_shown=scope.frozen is None,
    )
    return [*found, anew]


def _say_version(one: FrozenPeriod, name: str) -> Markup:
    sentence = escape(gettext("Version {version}, reported on {day} by {name}; definitions {definitions}"))
    return sentence.format(
        version=one.version, day=show_date(one.frozen_at), name=Markup("<bdi>{}</bdi>").format(name), definitions=one.definitions
    )
