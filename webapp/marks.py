"""What a form carries besides answers, the mark of an act and the revision that its sender saw, and the answers without it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from workflows import forms

NOT_ANSWERS = frozenset(
    {"csrf_token", "revision", "idempotency_key", "onward", "step", "_add", "_remove", "_checked", "_back", "_password"}
)
"""Names that pages send along with the answers of a form."""

_LONGEST_KEY = 64


def new_idempotency_key() -> str:
    """Make the mark that a page puts into its form."""
    return uuid4().hex


def idempotency_key() -> str | None:
    """Give the mark of the form that was sent."""
    key = request.form.get("idempotency_key", "")
    if len(key) > _LONGEST_KEY:
        raise BadRequest
    return key or None


def seen_revision() -> int | None:
    """Give the revision that the sender of a form saw."""
    text = request.form.get("revision", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest
    return int(text)


def read_typed(posted: MultiDict[str, str]) -> dict[str, Any]:
    """Read what was typed into a form; what its page itself sends along is left out."""
    return forms.nest((name, value) for name, value in posted.items(multi=True) if name not in NOT_ANSWERS)
