"""What somebody is shown: all indicators of a period and scope, or one with its list and its last two years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from services.indicators import freezing
from services.indicators.catalogue import INDICATORS, Indicator, ask
from services.indicators.links import readable_entries
from services.indicators.periods import Period, latest_quarters
from services.indicators.process import FIGURES, Figure, count_figures
from services.indicators.reach import closed_entries
from services.indicators.scopes import QUARTERS, Chosen, Scope, read_scope
from services.indicators.shape import Asked, Member, Part, Unit, Value
from services.models.indicators import FrozenPeriod, FrozenValue
from services.people import Actor

PAGE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A figure as it is shown: counted just now, or as it was reported."""

    key: str
    unit: Unit
    numerator: int
    denominator: int | None
    value: Decimal | None
    parts: tuple[Part, ...] = ()
    before: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """All figures of a period and scope."""

    scope: Scope
    shown: dict[str, Shown]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarter:
    """One point of a trend."""

    period: Period
    value: Decimal | None
    numerator: int
    denominator: int | None
    is_frozen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One figure with the list behind it.

    Attributes:
        members: One page of the list; `found` says how many entries there are in all.
        closed: Ids of the cases behind entries of which the reader sees only that they are one.
        links: Entries that the reader may open, by register and name.
    """

    scope: Scope
    shown: Shown
    members: Sequence[Member]
    found: int
    trend: list[Quarter]
    closed: set[str] = field(default_factory=set)
    links: set[tuple[str, str]] = field(default_factory=set)

    def is_closed(self, member: Member) -> bool:
        """Say whether the reader sees of an entry only that it is one."""
        return member.is_secret or member.case_id in self.closed


def read_board(session: Session, chosen: Chosen, *, actor: Actor, now: datetime) -> Board:
    """Count everything that somebody may see of a period and scope, each with what it was in the period before."""
    scope = read_scope(session, chosen, actor=actor, now=now)
    keys = [each.key for each in scope.figures_of_all]
    shown = _reported(session, scope.frozen, keys) if scope.frozen else _counted(session, scope, scope.asked)
    before = _before(session, scope, keys, now)
    return Board(scope=scope, shown={key: _with_before(one, before.get(key)) for key, one in shown.items()})


def read_sheet(session: Session, key: str, chosen: Chosen, *, actor: Actor, now: datetime) -> Sheet:
    """Count one figure with the list behind it, as far as somebody may see that.

    Raises:
        NotFound: There is no such figure, or it is not theirs to see in this scope.
    """
    scope = read_scope(session, chosen, actor=actor, now=now)
    wanted = scope.find(key)
    value = wanted.count(session, scope.asked)
    shown = _reported(session, scope.frozen, [key])[key] if scope.frozen else _as_shown(value)
    listed, found = _page(session, wanted, value, chosen)
    return Sheet(
        scope=scope,
        shown=shown,
        members=listed,
        found=found,
        trend=_trend(session, wanted, scope, now),
        closed=closed_entries(session, listed, actor=actor, now=now),
        links=readable_entries(session, listed, actor=actor, now=now),
    )


def read_list(session: Session, key: str, chosen: Chosen, *, actor: Actor, now: datetime) -> Sheet:
    """Return one figure with its whole list and without its trend, for a file."""
    scope = read_scope(session, chosen, actor=actor, now=now)
    wanted = scope.find(key)
    value = wanted.count(session, scope.asked)
    if isinstance(wanted, Figure):
        listed: Sequence[Member] = wanted.list_members(session, scope.asked, chosen.part)[0]
    else:
        listed = value.members_of(chosen.part)
    closed = closed_entries(session, listed, actor=actor, now=now)
    return Sheet(scope=scope, shown=_as_shown(value), members=listed, found=len(listed), trend=[], closed=closed)


def _page(session: Session, wanted: Indicator | Figure, value: Value, chosen: Chosen) -> tuple[Sequence[Member], int]:
    if isinstance(wanted, Figure):
        return wanted.list_members(session, value.asked, chosen.part)
    # What does not count comes first: that is what a reader looks for.
    members = sorted(value.members_of(chosen.part), key=lambda member: member.counts)
    first = (max(chosen.page, 1) - 1) * PAGE
    return members[first : first + PAGE], len(members)


def _as_shown(value: Value) -> Shown:
    return Shown(
        key=value.key,
        unit=value.unit,
        numerator=value.numerator,
        denominator=value.denominator,
        value=value.value,
        parts=value.parts,
    )


def _counted(session: Session, scope: Scope, asked: Asked) -> dict[str, Shown]:
    values = {each.key: each.count(session, asked) for each in scope.indicators} | count_figures(session, scope.figures, asked)
    return {key: _as_shown(value) for key, value in values.items()}


def _reported(session: Session, frozen: FrozenPeriod, keys: Iterable[str]) -> dict[str, Shown]:
    """Read figures as they were reported. One that there was no definition of then is not available."""
    rows = freezing.frozen_values(session, frozen.period, frozen.version)
    return {key: _reported_one(key, rows) for key in keys}


def _reported_one(key: str, rows: dict[tuple[str, str], FrozenValue]) -> Shown:
    row = rows.get((key, ""))
    parts = (
        Part(
            name=part,
            value=_number(one),
            unit=Unit(one.unit),
            numerator=one.numerator,
            denominator=one.denominator,
        )
        for (of, part), one in sorted(rows.items())
        if of == key and part
    )
    unit = INDICATORS[key].unit if key in INDICATORS else FIGURES[key].unit
    if row is None:
        return Shown(key=key, unit=unit, numerator=0, denominator=None, value=None)
    return Shown(
        key=key,
        unit=Unit(row.unit),
        numerator=row.numerator,
        denominator=row.denominator,
        value=_number(row),
        parts=tuple(parts),
    )


def _number(row: FrozenValue) -> Decimal | None:
    return None if row.value is None else Decimal(row.value)


def _before(session: Session, scope: Scope, keys: Sequence[str], now: datetime) -> dict[str, Decimal | None]:
    """Return the values of the period before: as reported, else counted now."""
    previous = scope.asked.period.previous()
    if scope.is_total:
        rows = freezing.latest_values(session, [previous.key], keys)
        if rows:
            return {key: _number(row) for (_, key), row in rows.items()}
    asked = ask(period=previous, area=scope.asked.area, organisation=scope.asked.organisation, now=now)
    return {key: one.value for key, one in _counted(session, scope, asked).items()}


def _with_before(one: Shown, before: Decimal | None) -> Shown:
    return replace(one, before=before)


def _trend(session: Session, wanted: Indicator | Figure, scope: Scope, now: datetime) -> list[Quarter]:
    quarters = latest_quarters(scope.asked.on, QUARTERS)
    rows = freezing.latest_values(session, [each.key for each in quarters], [wanted.key]) if scope.is_total else {}
    return [_quarter(session, wanted, scope, each, rows.get((each.key, wanted.key)), now) for each in quarters]


def _quarter(
    session: Session, wanted: Indicator | Figure, scope: Scope, period: Period, row: FrozenValue | None, now: datetime
) -> Quarter:
    if row is not None:
        return Quarter(period=period, value=_number(row), numerator=row.numerator, denominator=row.denominator, is_frozen=True)
    asked = ask(period=period, area=scope.asked.area, organisation=scope.asked.organisation, now=now)
    value = wanted.count(session, asked)
    return Quarter(period=period, value=value.value, numerator=value.numerator, denominator=value.denominator, is_frozen=False)
