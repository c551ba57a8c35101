"""The texts of a diagram: FEEL where they begin with "=", themselves where they do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from workflows import feel


@dataclass(frozen=True, slots=True)
class Formula:
    """A text of a diagram, parsed once."""

    text: str
    expression: feel.Expression | None

    def evaluate(self, variables: Mapping[str, Any], now: datetime) -> Any:
        """Answer the text itself, or the FEEL value of its expression."""
        if self.expression is None:
            return self.text
        return self.expression.evaluate(variables, now=now)

    def to_json(self, variables: Mapping[str, Any], now: datetime) -> Any:
        """Like `evaluate`, as a value that a variable can hold."""
        return self.text if self.expression is None else feel.to_json(self.expression.evaluate(variables, now=now))


@dataclass(frozen=True, slots=True)
class Saying:
    """A formula whose words are exchanged after it was evaluated.

    Attributes:
        own: What its marks say as it is written.
        others: What they say in each other language that has one of the words.
    """

    formula: Formula
    own: Mapping[int, str]
    others: Mapping[str, Mapping[int, str]]


def read_saying(formula: Formula, words: Mapping[str, Mapping[str, str]]) -> Saying:
    """Prepare a formula to be said in several languages: by locale, then by the text. Raises: feel.FeelLimitError."""
    expression = formula.expression or feel.parse(feel.write_value(formula.text))
    worded = feel.mark_words(expression)
    others = {locale: said for locale, said in words.items() if not said.keys().isdisjoint(worded.words)}
    own = worded.marks({})
    return Saying(Formula(formula.text, worded.expression), own, {locale: worded.marks(said) for locale, said in others.items()})


@lru_cache(maxsize=4096)
def read_formula(raw: str) -> Formula:
    """Read a raw text. Raises: feel.FeelError."""
    text = raw.strip()
    if text.startswith("="):
        return Formula(text, feel.parse(text[1:]))
    return Formula(raw, None)


@lru_cache(maxsize=4096)
def read_expression(raw: str) -> Formula:
    """Read a text that is FEEL with or without a leading "=" (conditions, scripts). Raises: feel.FeelError."""
    text = raw.strip()
    return Formula(text, feel.parse(text.removeprefix("=")))


def read_optional(raw: str | None) -> Formula | None:
    """Read a raw text that may be missing."""
    return None if raw is None or raw == "" else read_formula(raw)
