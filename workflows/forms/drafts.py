"""Answers as far as they can be understood, for the conditions that look at them while some are still wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.forms.fields import Field, asked
from workflows.forms.leaves import WrongAnswer, convert, is_blank


def draft_answers(fields: tuple[Field, ...], raw: Any, scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed answers of one level; what cannot be understood is None.

    A locked field is not asked, so its value stays what the case knows. A moment whose zone follows from another answer of its
    level is read after that answer.
    """
    given = raw if isinstance(raw, Mapping) else {}
    open_fields = [field for field in asked(fields) if field.locked is not True]
    answers: dict[str, Any] = {field.key: None for field in open_fields}
    for field in sorted(open_fields, key=lambda each: each.zone.startswith("=")):
        answers[field.key] = _draft(field, given.get(field.key), {**scope, **answers} if field.zone else scope)
    return answers


def _draft(field: Field, raw: Any, scope: Mapping[str, Any]) -> Any:
    if field.kind == "group":
        return draft_answers(field.fields, raw, scope)
    if field.kind == "dynamiclist":
        return [draft_answers(field.fields, row, scope) for row in raw if not is_blank(row)] if isinstance(raw, list) else []
    try:
        return convert(field, raw, scope)
    except WrongAnswer:
        return None
