"""What stands in a cell of a register, as it is shown on a page and as it goes into a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import format_decimal
from markupsafe import Markup, escape

from services.registry.declared import registers
from services.registry.exporting import Cell
from services.registry.names import Names
from services.registry.shape import Column, Kind
from webapp.presenters.moments import say_subject, show_date, show_moment
from webapp.presenters.roles import say_role
from webapp.speech import gettext

NOTHING = Markup("")
_CENTS_IN_A_DOLLAR = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How values are read: the names behind their codes, and the language."""

    names: Names
    locale: str


def show_cell(column: Column, value: Any, reading: Reading) -> Markup:
    """Show a value on a page; nothing when there is none."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if column.kind is Kind.MOMENT:
        return show_moment(value)
    if column.kind is Kind.DATE:
        return show_date(value)
    if column.kind is Kind.CASE:
        return _show_case(value, reading)
    if column.kind in {Kind.AREA, Kind.ORGANISATION}:
        return _show_named(str(value), _named(column, value, reading))
    if column.kind is Kind.PERSON:
        return Markup('<bdi title="{}">{}</bdi>').format(value, reading.names.persons.get(value, value))
    text = say_text(column, value, reading)
    if column.kind is Kind.LIST:
        return escape(say_subject(text))
    is_code = column.kind is Kind.TEXT and " " not in text
    return Markup("<bdi>{}</bdi>").format(text) if is_code else escape(text)


def cell_for_file(column: Column, value: Any, reading: Reading) -> Cell:
    """Turn a value into what a file holds: days, moments and numbers as such, codes together with what they stand for."""
    if value is None or value in ("", [], {}):
        return None
    if column.kind is Kind.CASE:
        return reading.names.cases.get(str(value))
    if column.kind is Kind.CENTS:
        return float(value) / _CENTS_IN_A_DOLLAR
    if column.kind is not Kind.YES_NO and isinstance(value, int | float | date):
        return value
    if column.kind in {Kind.AREA, Kind.ORGANISATION}:
        name = _named(column, value, reading)
        return f"{value} {name}" if name else str(value)
    if column.kind is Kind.PERSON:
        return f"{reading.names.persons[value]} ({value})" if value in reading.names.persons else str(value)
    return say_text(column, value, reading)


def say_text(column: Column, value: Any, reading: Reading) -> str:
    """Say a value in words."""
    if column.kind is Kind.CHOICE:
        return say_choice(column, value)
    if column.kind is Kind.ROLE:
        return gettext(column.options[value]) if value in column.options else say_role(str(value))
    if column.kind is Kind.REGISTER:
        found = registers().get(str(value))
        return gettext(found.title) if found else str(value)
    if column.kind is Kind.YES_NO:
        return gettext("yes") if value else gettext("no")
    if column.kind is Kind.CENTS:
        return str(format_decimal(value / _CENTS_IN_A_DOLLAR, format="#,##0.00"))
    if column.kind is Kind.NUMBER:
        return str(format_decimal(value))
    if column.kind is Kind.NAME and isinstance(value, Mapping):
        return _in_language(value, reading.locale)
    if column.kind is Kind.LIST:
        return ", ".join(str(each) for each in value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict | list) else str(value)


def say_choice(column: Column, value: Any) -> str:
    """Say a choice; a code that the register has no word for is said as it is."""
    title = column.options.get(str(value))
    return gettext(title) if title else str(value).replace("_", " ").capitalize()


def _show_case(value: Any, reading: Reading) -> Markup:
    number = reading.names.cases.get(str(value))
    if number is None:
        return NOTHING
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(url_for("cases.show", number=number), number)


def _show_named(code: str, name: str) -> Markup:
    return Markup("{} <bdi class='code-beside'>{}</bdi>").format(name, code) if name else Markup("<bdi>{}</bdi>").format(code)


def _named(column: Column, value: Any, reading: Reading) -> str:
    known = reading.names.areas if column.kind is Kind.AREA else reading.names.organisations
    return _in_language(known.get(str(value), {}), reading.locale)


def _in_language(said: Mapping[str, Any], locale: str) -> str:
    return str(said.get(locale) or said.get("en") or "")
