"""Values of a case as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from flask_babel import format_decimal
from markupsafe import Markup, escape

from webapp.presenters.moments import show_date, show_moment
from webapp.speech import gettext

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})?(\[[\w/+-]+\])?")


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
        return str(named) if named else ", ".join(say_value(part) for part in value.values() if part not in (None, ""))
    if isinstance(value, list | tuple):
        return ", ".join(say_value(part) for part in value)
    return str(value)


def show_value(value: Any, zone: tzinfo | None = None) -> Markup:
    """Show a value of a case, a moment (in a zone, else in the reader's) or a day as `<time>`."""
    if isinstance(value, str):
        if _MOMENT.fullmatch(value):
            return show_moment(value.split("[")[0], zone=zone)
        if _DAY.fullmatch(value):
            return show_date(value)
    if isinstance(value, list | tuple):
        return Markup(", ").join(show_value(part, zone) for part in value)
    return escape(say_value(value))
