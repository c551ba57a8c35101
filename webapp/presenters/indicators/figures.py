"""Figures as a person reads them: values with their units, trends, scopes, reasons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.dates import get_quarter_names
from flask import url_for
from flask_babel import format_decimal, get_locale
from markupsafe import Markup, escape

from services.indicators import Member, Part, Period, Unit
from services.indicators.board import Shown
from services.indicators.scopes import Chosen, Scope
from services.indicators.shape import Why
from services.registry.declared.duties import TOOL_TITLES
from webapp.i18n import language
from webapp.presenters.indicators.texts import PARTS, PLAN_TYPES, REASONS, TOLD, Told
from webapp.presenters.moments import show_date
from webapp.speech import gettext

_DATED = frozenset({"OLD_SURVEY", "IN_GRACE", "UNDECIDED", "ISSUED_BEFORE", "NOT_PASSED"})


def told(key: str) -> Told:
    """Return what a figure is called and how it is defined."""
    return TOLD[key]


def say_amount(value: Decimal | None, unit: Unit) -> str:
    """Say a value with its unit; where nothing was to be counted it is not available."""
    if value is None:
        return gettext("n/a")
    if unit is Unit.PERCENT:
        return gettext("{number} %").format(number=format_decimal(value, format="#,##0.0"))
    if unit is Unit.HOURS:
        return gettext("{number} hours").format(number=format_decimal(value, format="#,##0.#"))
    if unit is Unit.DAYS:
        return gettext("{number} days").format(number=format_decimal(value, format="#,##0.#"))
    return str(format_decimal(value, format="#,##0.#"))


def say_fraction(numerator: int, denominator: int | None, unit: Unit) -> str:
    """Say what stands above and below the line: "13 of 15"; nothing for what is only counted."""
    if denominator is None or unit not in {Unit.PERCENT, Unit.RATE}:
        return ""
    return gettext("{above} of {below}").format(above=format_decimal(numerator), below=format_decimal(denominator))


def say_trend(shown: Shown, before: Period) -> str:
    """Say how a value moved since the period before."""
    if shown.value is None or shown.before is None:
        return gettext("nothing to compare with")
    moved = shown.value - shown.before
    if not moved:
        return gettext("as in {period}").format(period=say_period(before))
    number = format_decimal(abs(moved), format="#,##0.#")
    sentence = gettext("{number} more than in {period}") if moved > 0 else gettext("{number} less than in {period}")
    return sentence.format(number=number, period=say_period(before))


def say_period(period: Period) -> str:
    """Say a period: "Q4 2026", "2026–2027"."""
    if not period.is_quarter:
        return gettext("{first}–{last}").format(first=period.start.year, last=period.start.year + 1)
    quarter = (period.start.month + 2) // 3
    return gettext("Q{quarter} {year}").format(quarter=quarter, year=period.start.year)


def say_quarter(number: int) -> str:
    """Say a quarter of a year, as short as can be."""
    return str(get_quarter_names("abbreviated", locale=get_locale() or "en")[number])


def in_order(shown: Shown) -> list[Part]:
    """Return companion figures in the order in which they are named; parts of a figure of the processes stay as they are."""
    order = list(PARTS)
    return sorted(shown.parts, key=lambda part: order.index(part.name) if shown.key.startswith("K") else 0)


def say_part(key: str, part: Part) -> str:
    """Say a companion figure, or a part of a figure of the processes, whose names are codes of their process."""
    if key.startswith("K"):
        return str(PARTS[part.name])
    if key in {"decided_in_time", "decision_hours"}:
        return gettext("Tier {tier}").format(tier=part.name) if part.name else gettext("No tier")
    return part.name or gettext("Everything else")


def say_why(why: Why) -> Markup:
    """Say why an entry does not count."""
    about: Any = why.about
    if why.code in _DATED:
        about = show_date(why.about)
    elif why.code == "PLAN_MISSING":
        about = str(PLAN_TYPES.get(why.about, why.about))
    elif why.code == "TOOL_MISSING":
        about = gettext(TOOL_TITLES.get(why.about, why.about))
    else:
        about = Markup("<bdi>{}</bdi>").format(about)
    return escape(str(REASONS[why.code])).format(about=about)


def say_counting(member: Member) -> str:
    """Say whether an entry counts: yes, no, or not at all in this share."""
    if member.counts:
        return gettext("yes")
    return gettext("no") if member.denominator else gettext("apart")


def name_of_area(scope: Scope, code: str) -> str:
    """Say the name of an area."""
    name = scope.areas.get(code, {})
    return str(name.get(language()) or name.get("en") or code)


def say_scope(scope: Scope) -> str:
    """Say for whom figures are counted."""
    if scope.asked.area is not None:
        return name_of_area(scope, scope.asked.area)
    return scope.asked.organisation or gettext("all areas")


def address_of(endpoint: str, scope: Scope, chosen: Chosen, **more: Any) -> str:
    """Give the address of a page for the same period and scope."""
    return url_for(
        endpoint,
        period=scope.asked.period.key,
        area=scope.asked.area,
        organisation=scope.asked.organisation,
        **{"version": chosen.version, **more},
    )
