"""What somebody asks of a list, read from the parameters of its address: search, filters, a day, an order, a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from services.registry.shape import Column, Kind, Register
from workflows.errors import Problem

SEARCH, VALID_ON, SORT, PAGE = "search", "valid_on", "sort", "page"
LONGEST_SEARCH = 80
LONGEST_VALUE = 120
MOST_PAGES = 1_000_000
YES, NO = "yes", "no"
_UNSORTED = frozenset({Kind.LIST, Kind.PROSE, Kind.CASE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is asked of a list.

    Attributes:
        filters: Values by the attributes of columns, as typed.
        sort: Attributes, each with "-" before it when the greatest come first; empty for the register's own order.
        problems: What could not be understood; nothing is listed then, rather than more than was asked for.
    """

    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    valid_on: date | None = None
    sort: str = ""
    page: int = 1
    problems: tuple[Problem, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether the list shows less than there is."""
        return bool(self.search or self.filters or self.valid_on)

    def query(self, **changed: str | int | None) -> str:
        """Write it as the query of an address, with some parts changed; None leaves a part out."""
        parts: dict[str, str | int | None] = {SEARCH: self.search, **self.filters}
        parts |= {VALID_ON: self.valid_on.isoformat() if self.valid_on else None, SORT: self.sort}
        parts |= {PAGE: self.page if self.page > 1 else None}
        return urlencode({name: value for name, value in (parts | changed).items() if value not in (None, "")})


def read_asked(register: Register, parameters: Mapping[str, str]) -> Asked:
    """Read what is asked from the parameters of an address; what the register does not know is left aside."""
    filters = {}
    for column in filters_of(register):
        value = parameters.get(column.attribute, "").strip()[:LONGEST_VALUE]
        if value:
            filters[column.attribute] = value
    day, problems = _read_day(parameters.get(VALID_ON, "")) if has_validity(register) else (None, ())
    sort = parameters.get(SORT, "")
    return Asked(
        search=parameters.get(SEARCH, "").strip()[:LONGEST_SEARCH],
        filters=filters,
        valid_on=day,
        sort=sort if sort.removeprefix("-") in {column.attribute for column in sortable(register)} else "",
        page=_read_page(parameters.get(PAGE, "")),
        problems=problems,
    )


def filters_of(register: Register) -> tuple[Column, ...]:
    """Return the columns that a list may be narrowed by."""
    return tuple(column for column in register.columns if column.filtered)


def sortable(register: Register) -> tuple[Column, ...]:
    """Return the columns that a list may be sorted by."""
    return tuple(column for column in register.columns if column.listed and column.kind not in _UNSORTED)


def has_validity(register: Register) -> bool:
    """Say whether rows of a register hold for a time."""
    return bool(register.valid_from or register.valid_to)


def _read_day(text: str) -> tuple[date | None, tuple[Problem, ...]]:
    if not text.strip():
        return None, ()
    try:
        return date.fromisoformat(text.strip()), ()
    except ValueError:
        return None, (Problem(where=VALID_ON, sentence="This is not a day.", way_out="Write it like 2026-12-31."),)


def _read_page(text: str) -> int:
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 8 else 1
