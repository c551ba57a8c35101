"""Figures of the processes themselves. Each is one query over rows; the same query without its totals is the list behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, func, literal, select
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.indicators import process_rows as rows
from services.indicators.shape import Asked, Member, Part, Unit, Value, Why, percent, tenths

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
    rows: Callable[[Asked], Select[Any]]
    unit: Unit = Unit.PERCENT
    register: str = "cases"
    is_median: bool = False
    is_state: bool = False

    def count(self, session: Session, asked: Asked) -> Value:
        """Count it, in all and by part. One query."""
        totals = _medians(session, self, asked) if self.is_median else _totals(session, self, asked)
        above = sum(part.numerator for part in totals)
        below = sum(part.denominator or 0 for part in totals) if self.unit is Unit.PERCENT else None
        return Value(
            key=self.key,
            asked=asked,
            unit=self.unit,
            numerator=above,
            denominator=below,
            value=self._value(session, asked, above, below),
            parts=tuple(part for part in totals if part.name),
        )

    def list_members(self, session: Session, asked: Asked, part: str = "") -> tuple[list[Member], int]:
        """Return the newest entries behind it or one of its parts, and how many there are. Two queries."""
        found = self.rows(asked).subquery()
        chosen = select(found) if not part else select(found).where(found.c.part == part)
        total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
        listed = session.execute(chosen.order_by(found.c.at.desc(), found.c.entry).limit(MOST_LISTED))
        return [self._member(row) for row in listed], total

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

    def _value(self, session: Session, asked: Asked, above: int, below: int | None) -> Decimal | None:
        if self.is_median:
            every = _medians(session, self, asked, by_part=False)
            return every[0].value if every else None
        return percent(above, below) if below is not None else Decimal(above)


def _totals(session: Session, figure: Figure, asked: Asked) -> list[Part]:
    found = figure.rows(asked).subquery()
    grouped = select(found.c.part, func.count().label("below"), func.sum(found.c.counted).label("above")).group_by(found.c.part)
    return [_part(figure, row) for row in session.execute(grouped.order_by(found.c.part))]


def _part(figure: Figure, row: Row[Any]) -> Part:
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


def _medians(session: Session, figure: Figure, asked: Asked, *, by_part: bool = True) -> list[Part]:
    """Take medians: in SQL only the one or two rows in the middle are read, however many there are."""
    found = figure.rows(asked).subquery()
    part = found.c.part if by_part else literal("").label("part")
    within = found.c.part if by_part else None
    place = func.row_number().over(partition_by=within, order_by=found.c.amount).label("place")
    number = func.count().over(partition_by=within).label("number")
    placed = select(part, found.c.amount, place, number).where(found.c.amount.is_not(None)).subquery()
    doubled = placed.c.place * 2
    middle = select(placed).where(doubled >= placed.c.number, doubled <= placed.c.number + 2)
    amounts: dict[str, list[Decimal]] = {}
    numbers: dict[str, int] = {}
    for row in session.execute(middle.order_by(placed.c.part)):
        amounts.setdefault(row.part, []).append(Decimal(str(row.amount)))
        numbers[row.part] = int(row.number)
    return [
        Part(
            name=name,
            value=tenths(sum(two, Decimal()) / len(two) / _SECONDS[figure.unit]),
            unit=figure.unit,
            numerator=numbers[name],
            has_list=True,
        )
        for name, two in amounts.items()
    ]


def _of(key: str, chosen: Callable[[Asked], Select[Any]], **how: Any) -> Figure:
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
