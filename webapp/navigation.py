"""The links that every page carries, as far as their pages exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext


@dataclass(frozen=True, kw_only=True)
class Link:
    """One place of the main navigation.

    Attributes:
        keys: What a person types to go there, as "g i".
        count: How much waits there, where that is shown.
    """

    text: Any
    address: str
    keys: str
    is_current: bool
    count: int | None = None


PLACES: tuple[tuple[str, Any, str], ...] = (
    ("home.index", lazy_gettext("My requests"), "g h"),
    ("tasks.inbox", lazy_gettext("Inbox"), "g i"),
    ("cases.index", lazy_gettext("Cases"), "g c"),
)


def navigation() -> list[Link]:
    """List the places of the main navigation."""
    return [
        Link(text=text, address=url_for(endpoint), keys=keys, is_current=request.endpoint == endpoint)
        for endpoint, text, keys in PLACES
        if has_page(endpoint)
    ]


def has_page(endpoint: str) -> bool:
    """Tell whether a page exists, so that the frame links only to what is there."""
    return endpoint in current_app.view_functions


def here() -> str:
    """Give the address of this page, for a form that comes back to it. After a refused form that is the home page."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
