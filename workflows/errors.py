"""What can go wrong, each said as a sentence for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class SafeconductError(Exception):
    """Something went wrong."""

    def __init__(self, sentence: str | None = None, **facts: Any) -> None:
        """Keep the sentence (by default the class's docstring) and the facts that fill its braces."""
        self.sentence = sentence or " ".join((type(self).__doc__ or "").split("\n\n", maxsplit=1)[0].split())
        self.facts = facts
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence.format(**self.facts) if self.facts else self.sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing to mend: where it is, what is wrong, and the way out.

    Attributes:
        where: An element id, a field path ("stops.0.area") or a file name; empty when it is the whole.
        sentence: What is wrong, with named braces for `facts`. The text itself is the key of its translation.
        way_out: What to do about it; may be empty where the sentence says so already.
        facts: What fills the braces of both sentences.
        is_advice: Whether this only wants to be looked at, and keeps nothing from being used.
    """

    where: str
    sentence: str
    way_out: str = ""
    facts: dict[str, Any] | None = None
    is_advice: bool = False

    def __str__(self) -> str:
        text = f"{self.sentence} {self.way_out}".strip().format(**(self.facts or {}))
        return f"{self.where}: {text}" if self.where else text


class Refused(SafeconductError):
    """This cannot be accepted as it is."""

    def __init__(self, problems: list[Problem], sentence: str | None = None, **facts: Any) -> None:
        """Carry every problem, so that all can be mended in one go."""
        super().__init__(sentence, **facts)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(str(problem) for problem in self.problems)])


class DiagramRefused(Refused):
    """The diagram cannot be published as it is."""


class DecisionRefused(Refused):
    """The decision model cannot be used as it is."""


class PackageRefused(Refused):
    """The process folder cannot be published as it is."""


class AnswersInvalid(Refused):
    """There is a problem with what you entered."""
