"""What can go wrong with an expression, said with the place in its text."""

from __future__ import annotations

from typing import Any

from workflows.errors import SafeconductError


class FeelError(SafeconductError):
    """This expression cannot be used."""

    def __init__(self, sentence: str | None = None, *, text: str = "", position: int = 0, **facts: Any) -> None:
        """Keep the expression's text and the place (0-based) in it that the sentence is about."""
        super().__init__(sentence, **facts)
        self.text = text
        self.position = position

    @property
    def line(self) -> int:
        """The line of the position, counted from 1."""
        return self.text.count("\n", 0, self.position) + 1

    @property
    def column(self) -> int:
        """The column of the position in its line, counted from 1."""
        return self.position - (self.text.rfind("\n", 0, self.position) + 1) + 1

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {super().__str__()}"


class FeelSyntaxError(FeelError):
    """This expression is not written as FEEL asks."""


class FeelLimitError(FeelError):
    """This expression is too large or takes too long to work out."""
