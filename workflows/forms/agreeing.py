"""Answers that say yes, for looking ahead: what a form would carry if whoever fills it in agrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from workflows.forms.fields import Field, asked
from workflows.forms.form import Form

#: Values of options that let a case go on, the plainest first. The words are those of the acts of the decision record.
AGREEING = (
    "GRANT", "APPROVE", "ENDORSE", "RECOMMEND", "CERTIFY", "CONFIRM", "ACCEPT", "SIGN", "VERIFY", "ADOPT", "ACTIVATE",
    "ACKNOWLEDGE", "APPROVED", "CONFIRMED", "ACCEPTED", "USE", "KEEP", "YES",
)  # fmt: skip


def agreeing_answers(form: Form) -> dict[str, Any] | None:
    """Return the answers of somebody who agrees and adds nothing; None when no question of the form offers that.

    They are for looking ahead only: nothing checks whether the form would take them.
    """
    chosen = {field.key: value for field in _choices(form.fields) if (value := _agreeing(field)) is not None}
    return {**form.default_answers({}), **chosen} if chosen else None


def _choices(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Yield the questions that somebody decides by: those that always have to be answered, from a few fixed options."""
    for field in asked(fields):
        if field.kind in {"radio", "select"} and field.choices is not None and field.choices.fixed:
            yield field


def _agreeing(field: Field) -> str | None:
    offered = set(_values(field))
    return next((word for word in AGREEING if word in offered), None)


def _values(field: Field) -> Iterable[str]:
    return (str(choice.value) for choice in field.choices.fixed) if field.choices is not None else ()
