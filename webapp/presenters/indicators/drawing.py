"""The drawing of a trend: where its points and labels stand. A table with the same figures stands below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.indicators import Unit
from services.indicators.board import Quarter
from webapp.presenters.indicators.figures import say_amount, say_quarter

#: On the drawing hours and days are numbers alone: there is no room for their words.
_PLAIN = {Unit.HOURS: Unit.COUNT, Unit.DAYS: Unit.COUNT}

WIDTH, HEIGHT = 640, 232
_LEFT, _RIGHT, _TOP, _BOTTOM = 88, 40, 28, 48
_GAP = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One quarter: where it stands; without a value it has no height. Its label is the quarter, then the year."""

    x: float
    y: float | None
    label: tuple[str, str]
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A line over quarters, broken where there is no value."""

    width: int
    height: int
    points: list[Point]
    lines: list[str]
    levels: list[tuple[float, str]]
    scale_x: float
    scale_anchor: str
    left: int
    right: int
    base: int = HEIGHT - _BOTTOM


def draw_trend(quarters: Sequence[Quarter], unit: Unit, *, mirrored: bool = False) -> Drawing:
    """Draw the quarters in the direction of reading, the oldest first."""
    most = (
        Decimal(100)
        if unit is Unit.PERCENT
        else max((one.value for one in quarters if one.value is not None), default=Decimal(1))
    )
    most = most or Decimal(1)
    step = (WIDTH - _LEFT - _RIGHT) / max(len(quarters) - 1, 1)
    places = [_LEFT + number * step for number in range(len(quarters))]
    points = [_point(one, unit, x=WIDTH - x if mirrored else x, most=most) for one, x in zip(quarters, places, strict=True)]
    levels = [
        (_height(share * most, most), say_amount(share * most, _PLAIN.get(unit, unit)))
        for share in (Decimal(0), Decimal("0.5"), Decimal(1))
    ]
    left, right = _LEFT - 28, WIDTH - _RIGHT + 24
    return Drawing(
        width=WIDTH,
        height=HEIGHT,
        points=points,
        lines=_lines(points),
        levels=levels,
        scale_x=WIDTH - left + _GAP if mirrored else left - _GAP,
        scale_anchor="start" if mirrored else "end",
        left=WIDTH - right if mirrored else left,
        right=WIDTH - left if mirrored else right,
    )


def _point(quarter: Quarter, unit: Unit, *, x: float, most: Decimal) -> Point:
    year, number = quarter.period.key.split("-")
    return Point(
        x=round(x, 1),
        y=None if quarter.value is None else _height(quarter.value, most),
        label=(say_quarter(int(number.removeprefix("Q"))), year),
        value=say_amount(quarter.value, _PLAIN.get(unit, unit)),
    )


def _height(value: Decimal, most: Decimal) -> float:
    room = HEIGHT - _TOP - _BOTTOM
    return round(HEIGHT - _BOTTOM - room * float(value / most), 1)


def _lines(points: Sequence[Point]) -> list[str]:
    """Join neighbours that have a value."""
    lines: list[list[str]] = [[]]
    for point in points:
        if point.y is None:
            lines.append([])
        else:
            lines[-1].append(f"{point.x},{point.y}")
    return [" ".join(line) for line in lines if len(line) > 1]
