"""Places by night as a drawing of bars, with the same figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_decimal
from markupsafe import Markup, escape

from services.registers.nights import Night
from webapp.i18n import direction
from webapp.presenters.moments import say_short_day, show_date
from webapp.speech import gettext

_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT = 200, 26, 28, 44, 12
_WIDTH = 720
#: A short stay has bars that are not wider than this.
_WIDEST = 48
_FILLED = 0.72
_MOST_LABELS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One piece of a bar: what it stands for and where it is drawn."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """The ceiling over one night."""

    x1: float
    x2: float
    y: float


@dataclass(frozen=True, kw_only=True, slots=True)
class NightRow:
    """One night in the table: the day, posted, used, reserved, free, ceiling."""

    day: Markup
    figures: tuple[str, ...]
    is_worst: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NightsDrawing:
    """Bars over nights in the direction of reading, and the table beside them.

    Attributes:
        labels: Days below the bars, as x and text.
        levels: Heights of the scale, as y and text.
        worst: Where the night with the fewest free places stands.
        said: Which night that is, in a sentence.
    """

    width: int
    height: int
    pieces: list[Piece]
    limits: list[Limit]
    labels: list[tuple[float, str]]
    levels: list[tuple[float, str]]
    left: int
    right: int
    scale_x: int
    scale_anchor: str
    base: int
    worst: tuple[float, float] | None
    said: Markup
    rows: list[NightRow]


@dataclass(frozen=True, slots=True)
class _Field:
    """How nights and places become points."""

    count: int
    most: int
    mirrored: bool

    @property
    def step(self) -> float:
        return min((_WIDTH - _LEFT - _RIGHT) / self.count, _WIDEST)

    def x(self, number: int, part: float = 0.0) -> float:
        at = _LEFT + (number + part) * self.step
        return round(_WIDTH - at if self.mirrored else at, 1)

    def y(self, places: int) -> float:
        return round(_HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * places / self.most, 1)


def draw_nights(nights: Sequence[Night]) -> NightsDrawing:
    """Draw the nights, the first where reading begins."""
    most = max(1, *(max(night.taken, night.ceiling or 0) for night in nights))
    field = _Field(len(nights), most, direction() == "rtl")
    worst = _find_worst(nights)
    mirrored = field.mirrored
    return NightsDrawing(
        width=_WIDTH,
        height=_HEIGHT,
        pieces=[piece for number, night in enumerate(nights) for piece in _pieces(number, night, field)],
        limits=[_limit(number, night.ceiling, field) for number, night in enumerate(nights) if night.ceiling is not None],
        labels=_labels(nights, field),
        levels=[(field.y(places), format_decimal(places)) for places in sorted({0, most // 2, most})],
        left=_RIGHT if mirrored else _LEFT,
        right=_WIDTH - (_LEFT if mirrored else _RIGHT),
        scale_x=_WIDTH - _LEFT + 6 if mirrored else _LEFT - 6,
        scale_anchor="start" if mirrored else "end",
        base=_HEIGHT - _BOTTOM,
        worst=_point_at(worst, nights, field),
        said=_say_worst(nights[worst]) if worst is not None else Markup(""),
        rows=[_row(night, is_worst=number == worst) for number, night in enumerate(nights)],
    )


def _find_worst(nights: Sequence[Night]) -> int | None:
    """Find the night with the fewest free places, the first of several; none where nothing is limited."""
    limited = [number for number, night in enumerate(nights) if night.ceiling is not None]
    return min(limited, key=lambda number: (nights[number].ceiling or 0) - nights[number].taken, default=None)


def _point_at(worst: int | None, nights: Sequence[Night], field: _Field) -> tuple[float, float] | None:
    if worst is None:
        return None
    highest = max(nights[worst].taken, nights[worst].ceiling or 0)
    return field.x(worst, 0.5), field.y(highest) - 7


def _pieces(number: int, night: Night, field: _Field) -> list[Piece]:
    """Stack what is taken on a night, from those who are posted there to what is reserved."""
    found, below = [], 0
    edge = (1 - _FILLED) / 2
    left = min(field.x(number, edge), field.x(number, 1 - edge))
    for kind, places in (("posted", night.posted), ("used", night.used), ("reserved", night.reserved)):
        if places:
            top, bottom = field.y(below + places), field.y(below)
            width = round(field.step * _FILLED, 1)
            found.append(Piece(kind=kind, x=left, y=top, width=width, height=round(bottom - top, 1)))
        below += places
    return found


def _limit(number: int, ceiling: int, field: _Field) -> Limit:
    return Limit(x1=field.x(number), x2=field.x(number, 1.0), y=field.y(ceiling))


def _labels(nights: Sequence[Night], field: _Field) -> list[tuple[float, str]]:
    every = -(-len(nights) // _MOST_LABELS)
    return [(field.x(number, 0.5), say_short_day(night.night)) for number, night in enumerate(nights) if number % every == 0]


def _say_worst(night: Night) -> Markup:
    if night.beyond:
        sentence = gettext("Fullest night: {day}, {count} above the ceiling")
        return escape(sentence).format(day=show_date(night.night), count=format_decimal(night.beyond))
    sentence = gettext("Fewest free places: {count} on {day}")
    return escape(sentence).format(day=show_date(night.night), count=format_decimal(night.free or 0))


def _row(night: Night, *, is_worst: bool) -> NightRow:
    figures = (night.posted, night.used, night.reserved, night.free, night.ceiling)
    said = tuple("–" if figure is None else str(format_decimal(figure)) for figure in figures)
    return NightRow(day=show_date(night.night), figures=said, is_worst=is_worst)
