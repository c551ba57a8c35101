"""Names of months and days of the week in the languages of the house."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale

from services.itineraries.parts import fold

#: Beside the languages that the house speaks, those in which its travel agents and Arabic calendars name months.
_LOCALES = ("en", "fr", "es", "ru", "zh", "ar", "ar_LB", "de")
_LEAST_LETTERS = 3


@cache
def month_names() -> Mapping[str, int]:
    """Give the number of a month by its folded name; a name that means two months in two languages is left out."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for locale in _LOCALES:
        for months in _widths(Locale.parse(locale).months):
            for number, name in months.items():
                bare = fold(name).strip(". ")
                if len(bare) >= _LEAST_LETTERS and not any(sign.isdigit() for sign in bare):
                    found[bare].add(number)
    found["sept"].add(9)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}


@cache
def weekday_names() -> Mapping[str, frozenset[int]]:
    """Give the days of the week that a folded name can mean; Monday is 0."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for locale in _LOCALES:
        for days in _widths(Locale.parse(locale).days):
            for number, name in days.items():
                bare = fold(name).strip(". ")
                if len(bare) >= 2:
                    found[bare].add(number)
    for number, sign in enumerate("一二三四五六日"):
        found[f"星期{sign}"].add(number)
        found[f"周{sign}"].add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def one_of(names: Iterable[str]) -> str:
    """Write names as alternatives of a pattern, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


def _widths(contexts: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterable[Mapping[int, str]]:
    return [contexts[context][width] for context in ("format", "stand-alone") for width in ("wide", "abbreviated")]
