"""Budgets: how much an expression may cost, so that no text can stop the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflows.feel.errors import FeelLimitError

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How large an expression and its values may get.

    Attributes:
        source_chars: Length of an expression's text.
        tokens: How many words, signs and literals the text may have.
        depth: How deep brackets, operators and calls may nest.
        steps: How many small steps one evaluation may take; a loop pays its body's size per turn.
        list_items: Length of a list that an expression builds.
        string_chars: Length of a string that an expression builds.
        pattern_chars: Length of a regular expression.
    """

    source_chars: int = 32_000
    tokens: int = 4_000
    depth: int = 100
    steps: int = 20_000
    list_items: int = 10_000
    string_chars: int = 100_000
    pattern_chars: int = 1_000


DEFAULT = Limits()
_CHARS_PER_STEP = 64  # a step's worth of text: keeps all strings of one evaluation under about 13 MB


class Run:
    """One evaluation: what is left of its budget, and the moment it happens at."""

    __slots__ = ("calls", "limits", "now", "steps")

    def __init__(self, limits: Limits = DEFAULT, now: datetime | None = None) -> None:
        """Start with a full budget."""
        self.limits = limits
        self.steps = limits.steps
        self.now = now
        self.calls = 0

    def charge(self, steps: int) -> None:
        """Pay for work about to be done.

        Raises:
            FeelLimitError: The budget is used up.
        """
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimitError("This takes more than {steps} steps to work out.", steps=self.limits.steps)

    def charge_list(self, length: int) -> None:
        """Pay for a list of this length, before it is built."""
        if length > self.limits.list_items:
            raise FeelLimitError("A list may have at most {items} entries.", items=self.limits.list_items)
        self.charge(length)

    def charge_string(self, length: int) -> None:
        """Pay for a string of this length, before it is built."""
        if length > self.limits.string_chars:
            raise FeelLimitError("A text may have at most {chars} characters.", chars=self.limits.string_chars)
        self.charge(1 + length // _CHARS_PER_STEP)

    def enter_call(self, weight: int) -> None:
        """Pay for a function's body and count how deep calls nest; `leave_call` undoes the count."""
        self.charge(weight)
        self.calls += 1
        if self.calls > self.limits.depth:
            raise FeelLimitError("Functions call each other more than {depth} deep.", depth=self.limits.depth)

    def leave_call(self) -> None:
        """Come back from a function."""
        self.calls -= 1
