"""Values of a case as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from flask_babel import format_decimal
from markupsafe import Markup, escape

from webapp.i18n import direction
from webapp.presenters.moments import say_subject, show_date, show_moment
from webapp.speech import comma, gettext

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})?(\[[\w/+-]+\])?")
_PHONE = re.compile(r"\+[\d ()-]{5,}")
# Letters of Hebrew, Arabic and their relatives, as they are and in their old forms of printing.
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def say_value(value: Any) -> str:
    """Say a value of a case as plain text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int | float):
        return str(format_decimal(value))
    if isinstance(value, Mapping):
        named = value.get("label") or value.get("name") or value.get("title") or value.get("code")
        return str(named) if named else comma().join(say_value(part) for part in value.values() if part not in (None, ""))
    if isinstance(value, list | tuple):
        return comma().join(say_value(part) for part in value)
    return str(value)


def show_value(value: Any, zone: tzinfo | None = None) -> Markup:
    """Show a value of a case: a moment (in a zone, else in the reader's) or a day as `<time>`, a text with its days in words."""
    if isinstance(value, str):
        if _MOMENT.fullmatch(value):
            return show_moment(value.split("[")[0], zone=zone)
        if _DAY.fullmatch(value):
            return show_date(value)
    if isinstance(value, list | tuple):
        return escape(comma()).join(show_value(part, zone) for part in value)
    return isolate(say_subject(value)) if isinstance(value, str) else escape(say_value(value))


def isolate(text: str) -> Markup:
    """Keep a text in its own direction where that is not the page's: a number of a telephone, a sentence in another script."""
    if _PHONE.fullmatch(text):
        return Markup('<bdi dir="ltr">{}</bdi>').format(text) if direction() == "rtl" else escape(text)
    runs = "rtl" if _FROM_THE_RIGHT.search(text) else "ltr"
    return escape(text) if runs == direction() else Markup("<bdi>{}</bdi>").format(text)
