"""What a reader chooses of the board of an area: an organisation and a day, as an address names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.locator import Scope
from workflows.errors import Problem

DAY, ORGANISATION = "day", "organisation"


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """What a reader chose of a board, and what was wrong with it."""

    organisation: str | None
    day: date | None
    problems: tuple[Problem, ...]

    def query(self) -> dict[str, Any]:
        """Write it as parameters of an address."""
        parts = {ORGANISATION: self.organisation, DAY: self.day.isoformat() if self.day else None}
        return {name: value for name, value in parts.items() if value}


def read_narrowed(parameters: Mapping[str, str]) -> Narrowed:
    """Read what a reader chose from the parameters of an address."""
    organisation = parameters.get(ORGANISATION, "").strip() or None
    typed = parameters.get(DAY, "").strip()
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        problem = Problem(where=DAY, sentence="This is not a day.", way_out="Write it like 2026-12-31.")
        return Narrowed(organisation=organisation, day=None, problems=(problem,))
    return Narrowed(organisation=organisation, day=day, problems=())


def refuse_past(narrowed: Narrowed, scope: Scope) -> Narrowed:
    """Leave a day aside that is over by the clock of the area: whoever has left is no longer on the board."""
    if narrowed.day is None or narrowed.day >= scope.today:
        return narrowed
    problem = Problem(where=DAY, sentence="The board shows today and later days.", way_out="Choose today or a later day.")
    return replace(narrowed, day=None, problems=(problem,))
