"""Sentences in the language of the page, as typed functions; their names are those that the catalogues are collected by."""

from __future__ import annotations

import flask_babel


def gettext(text: str) -> str:
    """Say a sentence in the reader's language. Named braces in it are filled by the caller."""
    return str(flask_babel.gettext(text))


def comma() -> str:
    """What the page's language writes between the parts of a list."""
    return gettext(", ")


def ngettext(one: str, many: str, count: int) -> str:
    """Say a sentence for one or for many; `%(num)d` in it is the count."""
    return str(flask_babel.ngettext(one, many, count))
