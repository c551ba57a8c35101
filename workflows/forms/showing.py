"""What a form shows again: answers as they were typed, and beside them what the case knows and nobody is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.forms.fields import Field, asked


def show_again(fields: tuple[Field, ...], raw: Any, known: Any) -> dict[str, Any]:
    """Return typed answers of one level with its locked fields filled in, which are shown and never sent.

    A row of a list is told by the first field that is asked in it, its number for instance: rows may have been removed meanwhile.

    Args:
        known: What the form showed before anybody answered.
    """
    shown = dict(raw) if isinstance(raw, Mapping) else {}
    before = known if isinstance(known, Mapping) else {}
    for field in asked(fields):
        if field.locked is True:
            shown[field.key] = before.get(field.key)
        elif field.kind == "group" and field.key in shown:
            shown[field.key] = show_again(field.fields, shown[field.key], before.get(field.key))
        elif field.kind == "dynamiclist" and isinstance(shown.get(field.key), list):
            shown[field.key] = _rows(field, shown[field.key], before.get(field.key))
    return shown


def _rows(field: Field, rows: list[Any], known: Any) -> list[dict[str, Any]]:
    telling = next((each.key for each in asked(field.fields) if each.locked is not True), "")
    before = {_told(row, telling): row for row in known or [] if isinstance(row, Mapping)}
    return [show_again(field.fields, row, before.get(_told(row, telling))) for row in rows]


def _told(row: Any, telling: str) -> str:
    value = row.get(telling) if isinstance(row, Mapping) else None
    return "" if value is None else str(value)
