"""What stands beside the card of a stay: the bars of its nights, earlier trips of the travellers, family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from services.locator.stays import Companion, EarlierTrips, Stay
from webapp.presenters.moments import show_date
from webapp.presenters.nights import NightsDrawing, draw_nights
from webapp.presenters.words import say_status
from webapp.speech import gettext, ngettext

#: Of a large group so many are named.
_MOST = 12


@dataclass(frozen=True, kw_only=True)
class EarlierRow:
    """What is known of one traveller, and what must not be overlooked of it."""

    said: Markup
    flag: str


@dataclass(frozen=True, kw_only=True)
class StayView:
    """What is shown of a stay."""

    nights: NightsDrawing | None
    earlier: Sequence[EarlierRow]
    others: str
    family: Sequence[Markup]


def show_stay(stay: Stay | None) -> StayView | None:
    """Show what is known of a stay; nothing when a task is about none."""
    if stay is None:
        return None
    shown = stay.earlier[:_MOST]
    return StayView(
        nights=draw_nights(stay.nights) if stay.nights else None,
        earlier=[EarlierRow(said=_say_earlier(one), flag=_say_breaches(one)) for one in shown],
        others=_say_others(stay, len(shown)),
        family=[_say_companion(one) for one in stay.family[:_MOST]],
    )


def _say_earlier(one: EarlierTrips) -> Markup:
    if one.last_status is None:
        return escape(one.name)
    counted = ngettext("%(num)d earlier request", "%(num)d earlier requests", one.count)
    sentence = gettext("{name}: {counted}, the last for {day}: {status}")
    status = say_status(one.last_status, state="COMPLETED").text
    return escape(sentence).format(name=one.name, counted=counted, day=show_date(one.last_at), status=status)


def _say_breaches(one: EarlierTrips) -> str:
    if not one.breaches:
        return ""
    return ngettext(
        "%(num)d stop here without clearance, not reviewed", "%(num)d stops here without clearance, not reviewed", one.breaches
    )


def _say_others(stay: Stay, shown: int) -> str:
    """Say of how many nothing is known, or that some are left out."""
    if not stay.earlier:
        return gettext("No earlier request for this area is known.")
    if len(stay.earlier) > shown:
        return ngettext("and %(num)d more traveller", "and %(num)d more travellers", len(stay.earlier) - shown)
    return ""


def _say_companion(one: Companion) -> Markup:
    together = gettext("{name} is family of {sponsor}, who travels along")
    alone = gettext("{name} is family of {sponsor}, who is not on this stop")
    return escape(together if one.is_together else alone).format(name=one.name, sponsor=one.sponsor)
