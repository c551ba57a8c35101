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
        return feel.to_json(self.evaluate(variables, now))


def reword_formula(formula: Formula, words: Mapping[str, str]) -> Formula | None:
    """Say a formula in the words of another language; None when it has none of them."""
    if formula.expression is None:
        said = words.get(formula.text)
        return None if said is None else Formula(said, None)
    expression = feel.reword(formula.expression, words)
    return None if expression is None else Formula("=" + expression.text, expression)


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
