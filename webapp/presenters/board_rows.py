"""One person on the board of an area, as the page and the file show it: of the journey the part in this area alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from services.locator import HELP, MISSING, OVERDUE, Row
from services.registry.exporting import Cell
from webapp.presenters.moments import show_moment
from webapp.presenters.words import Word, say_status, word
from webapp.speech import comma, gettext

_ALARMS = {
    MISSING: lazy_gettext("Reported missing"),
    HELP: lazy_gettext("Asks for help"),
    OVERDUE: lazy_gettext("No check-in"),
}
_HEARD = {
    "ARRIVED": lazy_gettext("Arrived"),
    "DEPARTED": lazy_gettext("Left the area"),
    "MISSING": lazy_gettext("Reported missing"),
    "PRESENT": lazy_gettext("There without a clearance"),
}
#: Stays that have begun by the plan, and of which nothing was heard.
_PLANNED = ("GRANTED", "GRANTED_COND", "REGISTERED")


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A number, and whose it is."""

    whose: str
    number: str


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """Somebody on the board.

    Attributes:
        words: What is wrong, then where the clearance stands.
        number: Of the case, where the reader may open it.
    """

    name: str
    organisation: str
    words: list[Word]
    arrives: Markup
    leaves: Markup
    place: str
    lodging: str
    heard: Markup
    phones: list[Phone]
    number: str | None


def show_row(row: Row, numbers: Mapping[str, str], *, zone: tzinfo, now: datetime) -> PersonRow:
    """Show somebody; moments are on the clock of the area."""
    return PersonRow(
        name=row.name,
        organisation=row.organisation,
        words=[*(word(str(_ALARMS[code]), "bad") for code in row.alarms), say_status(row.status)],
        arrives=show_moment(row.arrive_at, now=now, zone=zone),
        leaves=show_moment(row.depart_at, now=now, zone=zone),
        place=row.place or "",
        lodging=row.lodging or "",
        heard=_show_heard(row, zone=zone, now=now),
        phones=list_phones(row),
        number=numbers.get(row.case_id),
    )


def _show_heard(row: Row, *, zone: tzinfo, now: datetime) -> Markup:
    if row.heard_kind is None or row.heard_at is None:
        began = row.arrive_at <= now and row.status in _PLANNED
        return escape(gettext("there by plan, no check-in")) if began else Markup("")
    said = str(_HEARD.get(row.heard_kind) or row.heard_kind.replace("_", " ").capitalize())
    parts = [escape(said), show_moment(row.heard_at, now=now, zone=zone)]
    if row.heard_place and row.heard_place != row.place:
        parts.append(Markup("<bdi>{}</bdi>").format(row.heard_place))
    return escape(comma()).join(parts)


def list_phones(row: Row) -> list[Phone]:
    """List the numbers at which somebody is reached on site, the person's own first."""
    if row.reached is None:
        return []
    named = (
        (gettext("Mobile"), row.reached.mobile),
        (gettext("Lodging"), row.reached.lodging_phone),
        (row.reached.contact_name or gettext("Contact on site"), row.reached.contact_phone),
    )
    return [Phone(whose=whose, number=number) for whose, number in named if number]


def list_headers(*, tells_phones: bool) -> list[str]:
    """Name the columns of a file."""
    headers = [gettext("Person"), gettext("Organisation"), gettext("Arrival"), gettext("Departure"), gettext("Status")]
    headers += [gettext("Take note"), gettext("Place"), gettext("Lodging"), gettext("Last heard"), gettext("Heard at")]
    return [*headers, gettext("Phone")] if tells_phones else headers


def list_cells(row: Row, *, tells_phones: bool) -> list[Cell]:
    """Turn somebody into cells of a file."""
    phones = comma().join(f"{phone.whose}: {phone.number}" for phone in list_phones(row))
    heard = str(_HEARD.get(row.heard_kind, row.heard_kind)) if row.heard_kind else None
    cells: list[Cell] = [row.name, row.organisation, row.arrive_at, row.depart_at, say_status(row.status).text]
    cells += [comma().join(str(_ALARMS[code]) for code in row.alarms), row.place, row.lodging, heard, row.heard_at]
    return [*cells, phones] if tells_phones else cells
