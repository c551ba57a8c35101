"""Rules that a form sets its answers beside their limits: what has to hold, what is usual, and what is said otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter
from typing import Any

from workflows import feel


class MomentText(str):
    """A date or a moment in ISO 8601 as a fact of a sentence: pages say it in the language of their reader."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What has to hold, or usually does.

    Attributes:
        holds: FEEL; null counts as kept, because then something it needs is not answered.
        sentence: What is said when it does not hold; empty for the general sentence.
        is_advice: It is said, and refuses nothing.
    """

    holds: feel.Expression
    sentence: str = ""
    is_advice: bool = False

    def is_broken(self, scope: Mapping[str, Any], now: datetime) -> bool:
        """Tell whether the answers go against it."""
        return self.holds.evaluate(scope, now=now) is False


@dataclass(frozen=True, kw_only=True, slots=True)
class Sayings:
    """What a field says by itself, with what fills the braces of its sentences.

    Attributes:
        missing: What is said when it has to be answered and is not; empty for the general sentence.
        facts: FEEL by the name that stands in the braces.
    """

    missing: str = ""
    facts: Mapping[str, feel.Expression] = field(default_factory=dict)

    def facts_of(self, sentence: str, scope: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Work out what a sentence names."""
        return {name: _as_fact(self.facts[name].evaluate(scope, now=now)) for name in names_in(sentence) if name in self.facts}


def names_in(sentence: str) -> list[str]:
    """Return the names in the braces of a sentence.

    Raises:
        ValueError: Its braces are not those of names.
    """
    return list(_names(sentence))


def _names(sentence: str) -> Iterator[str]:
    for _, name, shape, conversion in Formatter().parse(sentence):
        if name is None:
            continue
        if not name.isidentifier() or shape or conversion:
            raise ValueError(sentence)
        yield name


def _as_fact(value: Any) -> Any:
    shown = feel.to_json(value)
    if isinstance(value, feel.Date | feel.DateTime):
        return MomentText(shown)
    return shown if isinstance(shown, int | float) and not isinstance(shown, bool) else "" if shown is None else str(shown)
