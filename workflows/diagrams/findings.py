"""Where reading and checking write down what they find."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from workflows.diagrams.model import Note
from workflows.errors import Problem

_LONGEST_FACT = 120


def shown(value: object) -> object:
    """Keep a fact short enough for a sentence; a file from a stranger may hold names of any length."""
    if isinstance(value, str) and len(value) > _LONGEST_FACT:
        return value[: _LONGEST_FACT - 1] + "…"
    return value


def suggestion(name: str, known: Iterable[str]) -> str:
    """What may have been meant by a name that does not exist, to be put behind a sentence; empty when nothing comes near."""
    near = get_close_matches(name, list(known), n=1)
    return f" ({near[0]}?)" if near else ""


class Findings:
    """A list of problems in the order in which they were found."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self.found: list[Problem] = []
        self._seen: set[tuple[str, str, str]] = set()

    def refuse(self, where: str, sentence: str, way_out: str = "", **facts: Any) -> None:
        """Write down what keeps the diagram from being published."""
        self._add(Problem, where, sentence, way_out, facts)

    def note(self, where: str, sentence: str, way_out: str = "", **facts: Any) -> None:
        """Write down what is worth knowing, but does no harm."""
        self._add(Note, where, sentence, way_out, facts)

    def soften(self, first: int) -> None:
        """Turn what was refused since into notes: it stands in a process that is a drawing only."""
        self.found[first:] = [
            Note(where=problem.where, sentence=problem.sentence, way_out=problem.way_out, facts=problem.facts)
            for problem in self.found[first:]
        ]

    def _add(self, kind: type[Problem], where: str, sentence: str, way_out: str, facts: dict[str, Any]) -> None:
        kept = {name: shown(value) for name, value in facts.items()} or None
        problem = kind(where=str(shown(where)), sentence=sentence, way_out=way_out, facts=kept)
        key = (problem.where, sentence, repr(kept))
        if key not in self._seen:
            self._seen.add(key)
            self.found.append(problem)
