"""Figures of the processes themselves. Each selects rows; their totals are asked at once, and without them they are its list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, String, Subquery, and_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.indicators import process_rows as rows
from services.indicators.shape import Asked, Member, Part, Unit, Value, Why, percent, tenths
from services.indicators.statements import Extent
from services.prepared import Prepared, PreparedRow

#: So many entries of a list are shown, the newest first.
MOST_LISTED = 200
_SECONDS = {Unit.HOURS: 3600, Unit.DAYS: 86_400, Unit.COUNT: 1}


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A figure of the processes.

    Attributes:
        rows: Selects one row for each thing that is counted: entry, part, counted (1 or 0), amount, at, area, case_id.
        unit: A percentage counts the rows, a count those that are counted, everything else takes the median of the amounts.
        register: Where the entries are found.
        is_state: It says how things stand on the reference date.
    """

    key: str
    rows: Callable[[Extent], Select[Any]]
    unit: Unit = Unit.PERCENT
    register: str = "cases"
    is_median: bool = False
    is_state: bool = False

    def count(self, session: Session, asked: Asked) -> Value:
        """Count it, in all and by part. One query."""
        return count_figures(session, [self], asked)[self.key]

    def list_members(self, session: Session, asked: Asked, part: str = "") -> tuple[list[Member], int]:
        """Return the newest entries behind it or one of its parts, and how many there are. Two queries."""
        number, newest = _listed(self.key, asked.extent, of_part=bool(part))
        values = asked.values(part=part)
        total = session.scalar(number, values) or 0
        return [self._member(row) for row in session.execute(newest, values)], total

    def _member(self, row: Row[Any]) -> Member:
        return Member(
            register=self.register,
            entry=row.entry,
            label=row.label,
            numerator=1 if self.is_median else int(row.counted),
            denominator=1 if self.unit is Unit.PERCENT else 0,
            why=(Why(f"TOOK_{self.unit.upper()}", str(tenths(Decimal(str(row.amount)) / _SECONDS[self.unit]))),)
            if row.amount is not None and self.is_median
            else (),
            parts=frozenset({str(row.part)} if row.part else ()),
            area=row.area,
            case_id=row.case_id,
            is_case=self.register == "cases",
        )


def count_figures(session: Session, figures: Iterable[Figure], asked: Asked) -> dict[str, Value]:
    """Count figures, each in all and by part. Two queries, however many they are."""
    keys = tuple(figure.key for figure in figures)
    plain, medians = (tuple(key for key in keys if FIGURES[key].is_median is said) for said in (False, True))
    counted = {**_totals(session, plain, asked), **_medians(session, medians, asked)}
    return {key: counted[key] for key in keys}


def _value(figure: Figure, asked: Asked, parts: Sequence[Part], value: Decimal | None = None) -> Value:
    above = sum(part.numerator for part in parts)
    below = sum(part.denominator or 0 for part in parts) if figure.unit is Unit.PERCENT else None
    if not figure.is_median:
        value = percent(above, below) if below is not None else Decimal(above)
    return Value(
        key=figure.key,
        asked=asked,
        unit=figure.unit,
        numerator=above,
        denominator=below,
        value=value,
        parts=tuple(part for part in parts if part.name),
    )


def _totals(session: Session, keys: tuple[str, ...], asked: Asked) -> dict[str, Value]:
    parts: dict[str, list[Part]] = {key: [] for key in keys}
    for row in _grouped(keys, asked.extent).rows(session, **asked.values()) if keys else ():
        parts[row.figure].append(_part(FIGURES[row.figure], row))
    return {key: _value(FIGURES[key], asked, each) for key, each in parts.items()}


@cache
def _grouped(keys: tuple[str, ...], extent: Extent) -> Prepared:
    def group(key: str) -> Select[Any]:
        found = FIGURES[key].rows(extent).subquery()
        totals = (func.count().label("below"), func.sum(found.c.counted).label("above"))
        return select(literal(key).label("figure"), found.c.part, *totals).group_by(found.c.part)

    return _united(keys, group)


def _united(keys: Iterable[str], query: Callable[[str], Select[Any]]) -> Prepared:
    """Ask the same of several figures at once; of each the parts come in their order."""

    def build() -> Select[Any]:
        every = union_all(*(query(key) for key in keys)).subquery()
        return select(every).order_by(every.c.part)

    return Prepared(build)


def _part(figure: Figure, row: PreparedRow) -> Part:
    above, below = int(row.above or 0), int(row.below)
    is_share = figure.unit is Unit.PERCENT
    return Part(
        name=row.part,
        value=percent(above, below) if is_share else Decimal(above),
        unit=figure.unit,
        numerator=above,
        denominator=below if is_share else None,
        has_list=True,
    )


def _medians(session: Session, keys: tuple[str, ...], asked: Asked) -> dict[str, Value]:
    """Take medians: in SQL only the one or two rows in the middle of all and of each part are read, however many there are."""
    rows = _in_the_middle(keys, asked.extent).rows(session, **asked.values()) if keys else []
    return {key: _median_value(FIGURES[key], asked, [row for row in rows if row.figure == key]) for key in keys}


def _median_value(figure: Figure, asked: Asked, rows: Sequence[PreparedRow]) -> Value:
    every = [row.amount for row in rows if _is_middle(row.place, row.number)]
    amounts: dict[str, list[float]] = {}
    numbers: dict[str, int] = {}
    for row in rows:
        if _is_middle(row.place_in_part, row.number_in_part):
            amounts.setdefault(row.part, []).append(row.amount)
            numbers[row.part] = int(row.number_in_part)
    parts = [
        Part(name=name, value=_median(figure, two), unit=figure.unit, numerator=numbers[name], has_list=True)
        for name, two in amounts.items()
    ]
    return _value(figure, asked, parts, _median(figure, every) if every else None)


def _is_middle(place: int, number: int) -> bool:
    return number <= place * 2 <= number + 2


def _median(figure: Figure, two: Sequence[float]) -> Decimal:
    return tenths(sum((Decimal(str(amount)) for amount in two), Decimal()) / len(two) / _SECONDS[figure.unit])


@cache
def _in_the_middle(keys: tuple[str, ...], extent: Extent) -> Prepared:
    def place(key: str) -> Select[Any]:
        found = FIGURES[key].rows(extent).subquery()
        columns = (*_placed(found), *_placed(found, found.c.part, "_in_part"))
        placed = select(found.c.part, found.c.amount, *columns).where(found.c.amount.is_not(None)).subquery()
        pairs = ((placed.c.place * 2, placed.c.number), (placed.c.place_in_part * 2, placed.c.number_in_part))
        middle = or_(*(and_(doubled >= number, doubled <= number + 2) for doubled, number in pairs))
        return select(literal(key).label("figure"), placed).where(middle)

    return _united(keys, place)


def _placed(found: Subquery, part: Any = None, name: str = "") -> tuple[Any, Any]:
    """Say in SQL which place an amount has, and among how many: of all or of its part."""
    place = func.row_number().over(partition_by=part, order_by=found.c.amount).label(f"place{name}")
    return place, func.count().over(partition_by=part).label(f"number{name}")


@cache
def _listed(key: str, extent: Extent, *, of_part: bool) -> tuple[Select[int], Select[Any]]:
    """Select how many entries there are behind a figure or one of its parts, and the newest of them."""
    found = FIGURES[key].rows(extent).subquery()
    chosen = select(found).where(found.c.part == bindparam("part", type_=String)) if of_part else select(found)
    newest = chosen.order_by(found.c.at.desc(), found.c.entry).limit(MOST_LISTED)
    return select(func.count()).select_from(chosen.subquery()), newest


def _of(key: str, chosen: Callable[[Extent], Select[Any]], **how: Any) -> Figure:
    return Figure(key=key, rows=chosen, **how)


FIGURES: dict[str, Figure] = {
    each.key: each
    for each in (
        _of("decided_in_time", rows.decided),
        _of("decision_hours", rows.decided, unit=Unit.HOURS, is_median=True),
        _of("undecided", rows.undecided),
        _of("late_requests", rows.submitted),
        _of("blocked", rows.blocked, unit=Unit.COUNT),
        _of("waivers", rows.waivers),
        _of("conditions", rows.conditions),
        _of("revocations", rows.revoked, unit=Unit.COUNT),
        _of("endorsement_rounds", rows.rounds, unit=Unit.COUNT, is_median=True),
        _of("days_by_step", rows.steps, unit=Unit.DAYS, is_median=True),
        _of("measures_overdue", rows.measures, register="measures", is_state=True),
        _of("open_actions", rows.actions, unit=Unit.COUNT, register="corrective-actions", is_state=True),
        _of("delegation_use", rows.delegated),
        _of("conflicts", rows.conflicts, unit=Unit.COUNT),
    )
}


def get_figure(key: str) -> Figure:
    """Return a figure of the processes.

    Raises:
        NotFound: There is none with this key.
    """
    if key not in FIGURES:
        raise NotFound
    return FIGURES[key]
