"""The oversight page: who holds what where, what is missing, what is overdue, and where duties are carried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import definitions, oversight
from services.errors import NotFound
from services.indicators.scopes import Chosen, read_scope
from services.models.authority import Delegation
from services.oversight import Duty, Gap, Office, Offices, Overdue, Place, Reach, Strained
from services.people import Actor
from services.registry.declared import registers
from services.registry.reading import list_registers
from webapp.i18n import language
from webapp.presenters.moments import show_date, show_since
from webapp.presenters.roles import say_role
from webapp.presenters.texts import Texts
from webapp.presenters.words import say_capacity
from webapp.speech import gettext, ngettext

_SOON_DAYS = 30
_GAPS = {
    "NO_OFFICIAL": lazy_gettext("No Designated Official"),
    "NOBODY_THERE": lazy_gettext("Official and alternates are away, and nobody stands in"),
    "NO_HOLDER": lazy_gettext("Nobody in office: {role}"),
    "TERM_ENDS": lazy_gettext("{name}, {role}: the term ends on {date}"),
    "WITH_POST": lazy_gettext("{name}, {role}: the office goes with the post ({post})"),
}
_PRESSING = frozenset({"NO_OFFICIAL", "NOBODY_THERE", "NO_HOLDER"})
_PAGES = {
    "oversight.index": lazy_gettext("Oversight"),
    "certificates.show": lazy_gettext("Certificate"),
    "indicators.index": lazy_gettext("Indicators"),
}


@dataclass(frozen=True, kw_only=True)
class OfficeRow:
    """A role that somebody holds, in one row."""

    role: str
    name: str
    place: Markup
    capacity: str
    period: Markup
    source: str
    away: str


@dataclass(frozen=True, kw_only=True)
class AreaGroup:
    """The offices of one designated area, or of one organisation."""

    title: str
    key: str
    about: str
    rows: list[OfficeRow]


@dataclass(frozen=True, kw_only=True)
class GapRow:
    """Something that is missing, in one row."""

    place: str
    said: Markup
    is_pressing: bool


@dataclass(frozen=True, kw_only=True)
class DutyRow:
    """A duty of the framework with where it is carried out."""

    key: str
    reference: str
    said: str
    places: list[Markup]
    lacks: str


@dataclass(frozen=True, kw_only=True)
class OversightPage:
    """Everything that the page shows. Rows of tables are tuples of cells."""

    groups: list[AreaGroup]
    gaps: list[GapRow]
    strained: list[tuple[str, str, int, str]]
    overdue: list[tuple[str, str, int, Markup]]
    delegations: list[tuple[str, str, str, str, str, Markup, bool]]
    duties: list[DutyRow]
    summary: str


def get_oversight_page(session: Session, *, actor: Actor, now: datetime) -> OversightPage:
    """Read the page for somebody who oversees.

    Raises:
        NotFound: The reader oversees nothing.
    """
    reach = oversight.ensure_oversees(session, actor, now)
    offices = oversight.read_offices(session, reach, now=now)
    titles, needed = _read_processes(session)
    gaps = oversight.find_gaps(offices, needed, now=now)
    overdue, strained = oversight.read_waiting(session, offices, reach, actor=actor, now=now)
    opens = _read_open_places(session, actor=actor, now=now)
    return OversightPage(
        groups=_groups(offices, reach, gaps),
        gaps=[_gap(gap, offices) for gap in gaps],
        strained=[_strained(one, offices) for one in strained],
        overdue=[_overdue(one, now) for one in overdue],
        delegations=[_delegation(one, offices, now) for one in offices.delegations],
        duties=[_duty(duty, titles, opens) for duty in oversight.read_duties()],
        summary=ngettext("%(num)d overdue step", "%(num)d overdue steps", sum(one.count for one in overdue)),
    )


def _read_processes(session: Session) -> tuple[dict[str, str], set[str]]:
    """Read the titles of all processes, and the roles that their lanes name."""
    titles: dict[str, str] = {}
    needed: set[str] = set()
    for version in definitions.list_current_versions(session):
        package = definitions.get_package(session, version.id)
        titles[version.key] = Texts.of(package).title(version.title)
        elements = (element for diagram in package.diagrams.values() for element in diagram.elements.values())
        needed |= {element.lane for element in elements if element.kind == "userTask" and element.lane}
    return titles, needed


def _name_of_area(offices: Offices, code: str | None) -> str:
    name = offices.areas.get(code or "", {})
    return str(name.get(language()) or name.get("en") or code or gettext("everywhere"))


def _groups(offices: Offices, reach: Reach, gaps: Iterable[Gap]) -> list[AreaGroup]:
    listed = list(gaps)
    groups = [_group_of_area(area, offices, listed) for area in offices.designated]
    shown = {one for area in offices.designated for one in offices.held if area in offices.within.get(one.area or "", ())}
    left = [one for one in offices.held if one not in shown]
    for organisation in sorted({one.organisation for one in left if one.organisation}):
        if reach.everywhere or organisation in reach.organisations:
            rows = [_office(one, offices) for one in left if one.organisation == organisation]
            groups.append(AreaGroup(title=organisation, key=organisation, about=_say_count(rows), rows=rows))
    above = [_office(one, offices) for one in left if one.organisation is None]
    if above:
        groups.append(
            AreaGroup(title=gettext("Headquarters and several areas"), key="above", about=_say_count(above), rows=above)
        )
    return groups


def _group_of_area(area: str, offices: Offices, gaps: list[Gap]) -> AreaGroup:
    rows = [_office(one, offices) for one in offices.held if area in offices.within.get(one.area or "", ())]
    missing = sum(gap.area == area and gap.kind in _PRESSING for gap in gaps)
    about = [_say_count(rows)]
    if missing:
        about.append(ngettext("%(num)d gap", "%(num)d gaps", missing))
    return AreaGroup(title=_name_of_area(offices, area), key=area, about=", ".join(about), rows=rows)


def _say_count(rows: list[OfficeRow]) -> str:
    return ngettext("%(num)d office", "%(num)d offices", len(rows))


def _office(one: Office, offices: Offices) -> OfficeRow:
    named = [_name_of_area(offices, one.area) if one.area else "", one.organisation or ""]
    place = Markup(" · ").join(Markup("<bdi>{}</bdi>").format(part) for part in named if part)
    away = ""
    if one.is_away:
        stands_in = offices.names.get(one.stands_in or "", "")
        away = gettext("away; {name} stands in").format(name=stands_in) if stands_in else gettext("away, nobody stands in")
    return OfficeRow(
        role=say_role(one.role),
        name=one.name,
        place=place or escape(gettext("everywhere")),
        capacity=say_capacity(one.capacity) or gettext("in their own right"),
        period=_period(one.valid_from, one.valid_to),
        source=one.delegation or (gettext("with the post: {post}").format(post=one.post) if one.post else one.source or ""),
        away=away,
    )


def _period(start: datetime, end: datetime | None) -> Markup:
    if end is None:
        return escape(gettext("since {date}")).format(date=show_date(start))
    return Markup("{} – {}").format(show_date(start), show_date(end))


def _gap(gap: Gap, offices: Offices) -> GapRow:
    office = gap.office
    said = escape(str(_GAPS[gap.kind])).format(
        role=say_role(gap.role),
        name=office.name if office else "",
        date=show_date(office.valid_to) if office else "",
        post=(office.post or "") if office else "",
    )
    place = _name_of_area(offices, gap.area) if gap.area else (office.organisation if office else None) or gettext("everywhere")
    return GapRow(place=place, said=said, is_pressing=gap.kind in _PRESSING)


def _strained(one: Strained, offices: Offices) -> tuple[str, str, int, str]:
    place = " · ".join(part for part in (_name_of_area(offices, one.area) if one.area else "", one.organisation or "") if part)
    return say_role(one.role), place, one.waiting, one.holder.name if one.holder else gettext("nobody")


def _overdue(one: Overdue, now: datetime) -> tuple[str, str, int, Markup]:
    return one.role, say_role(one.role), one.count, show_since(one.oldest_due_at, now=now)


def _delegation(one: Delegation, offices: Offices, now: datetime) -> tuple[str, str, str, str, str, Markup, bool]:
    to = offices.names.get(one.delegate or "", "") if one.delegate else say_role(one.delegate_role)
    place = " · ".join(part for part in (_name_of_area(offices, one.area) if one.area else "", one.organisation or "") if part)
    is_ending = one.valid_to is not None and (one.valid_to - now).days < _SOON_DAYS
    given = offices.names.get(one.delegator, one.delegator)
    return one.number, given, to, say_authority(one.authority), place, _period(one.valid_from, one.valid_to), is_ending


_AUTHORITIES = {
    "TSC_TIER1": lazy_gettext("Clearances of tier 1"),
    "TSC_TIER2": lazy_gettext("Clearances of tiers 1 and 2"),
    "DRILL_APPROVAL": lazy_gettext("Approval of drills"),
    "CLAIM_VERIFY": lazy_gettext("Verification of claims"),
    "EXH_CERTIFY": lazy_gettext("Certification by the executive head"),
    "ORG_ENDORSE": lazy_gettext("Endorsement for the organisation"),
    "FIN_CERTIFY": lazy_gettext("Certification of funds"),
    "DO_INTERIM": lazy_gettext("The full power of the official, ad interim"),
}


def say_authority(code: str) -> str:
    """Say what a delegation gives; a code that has no name yet is said as it is."""
    return str(_AUTHORITIES.get(code, code))


def _read_open_places(session: Session, *, actor: Actor, now: datetime) -> set[tuple[str, str]]:
    """Read which registers and indicators the reader may open."""
    opens = {("register", each.key) for each in list_registers(session, actor=actor, now=now)}
    try:
        scope = read_scope(session, Chosen(), actor=actor, now=now)
    except NotFound:
        return opens
    return opens | {("indicator", each.key) for each in scope.indicators}


def _duty(duty: Duty, titles: Mapping[str, str], opens: AbstractSet[tuple[str, str]]) -> DutyRow:
    speech = language() if language() in duty.said else "en"
    return DutyRow(
        key=duty.key,
        reference=duty.reference,
        said=duty.said[speech],
        places=[_show_place(place, titles, is_open=(place.kind, place.key) in opens) for place in duty.places],
        lacks=duty.lacks.get(speech, ""),
    )


def _show_place(place: Place, titles: Mapping[str, str], *, is_open: bool) -> Markup:
    """Name a place, with a link where the reader may follow it and it leads anywhere without a number."""
    if place.kind == "process":
        return escape(gettext("process “{title}”")).format(title=titles.get(place.key, place.key))
    if place.kind == "register":
        said = gettext("register “{title}”").format(title=gettext(registers()[place.key].title))
        return _link(url_for("registers.index_of", register=place.key), said) if is_open else escape(said)
    if place.kind == "indicator":
        said = gettext("indicator {key}").format(key=place.key)
        return _link(url_for("indicators.show", key=place.key), said) if is_open else escape(said)
    name = str(_PAGES[place.key])
    return escape(gettext("page “{title}”")).format(title=name)


def _link(address: str, said: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, said)
