"""Answers as far as they can be understood, for the conditions that look at them while some are still wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.forms.fields import Field, asked
from workflows.forms.leaves import WrongAnswer, convert, is_blank


def draft_answers(fields: tuple[Field, ...], raw: Any, scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed answers of one level; what cannot be understood is None.

    A locked field is not asked, so its value stays what the case knows.
    """
    given = raw if isinstance(raw, Mapping) else {}
    return {field.key: _draft(field, given.get(field.key), scope) for field in asked(fields) if field.locked is not True}


def _draft(field: Field, raw: Any, scope: Mapping[str, Any]) -> Any:
    if field.kind == "group":
        return draft_answers(field.fields, raw, scope)
    if field.kind == "dynamiclist":
        return [draft_answers(field.fields, row, scope) for row in raw if not is_blank(row)] if isinstance(raw, list) else []
    try:
        return convert(field, raw, scope)
    except WrongAnswer:
        return None
