"""Rows of a list that come and go by the buttons of a form, without scripts: `_add` names the list, `_remove` the row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_asked(posted: Mapping[str, str]) -> bool:
    """Tell whether a form was sent only to have a row more or less."""
    return bool(posted.get("_add") or posted.get("_remove"))


def change_rows(answers: dict[str, Any], posted: Mapping[str, str]) -> str:
    """Add or remove the row that a button asks for, in the answers themselves; say where on the page to go on."""
    if wanted := posted.get("_add"):
        rows = _find(answers, wanted, make=True)
        if isinstance(rows, list):
            rows.append({})
            return f"{wanted}.{len(rows) - 1}"
        return wanted
    name, _, number = posted.get("_remove", "").rpartition(".")
    rows = _find(answers, name) if name else None
    if isinstance(rows, list) and number.isascii() and number.isdigit() and int(number) < len(rows):
        del rows[int(number)]
    return name


def _find(answers: dict[str, Any], name: str, *, make: bool = False) -> Any:
    place: Any = answers
    *path, last = name.split(".")
    for part in path:
        if isinstance(place, list) and part.isascii() and part.isdigit() and int(part) < len(place):
            place = place[int(part)]
        elif isinstance(place, dict):
            place = place.get(part)
        else:
            return None
    if not isinstance(place, dict):
        return None
    if make and not place.get(last):
        place[last] = []
    return place.get(last)
