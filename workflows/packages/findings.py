"""What is wrong with a folder, collected while reading, so that a person sees all of it at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from workflows.errors import Problem


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The problems of a folder; each says the file that it is in."""

    problems: list[Problem]

    def report(self, where: str, sentence: str, way_out: str = "", /, **facts: Any) -> None:
        """Note a problem."""
        self.problems.append(Problem(where=where, sentence=sentence, way_out=way_out, facts=facts))

    def advise(self, where: str, sentence: str, way_out: str = "", /, **facts: Any) -> None:
        """Note what wants to be looked at, and keeps nothing from being published."""
        self.problems.append(Problem(where=where, sentence=sentence, way_out=way_out, facts=facts, is_advice=True))

    def take_over(self, file: str, problems: Iterable[Problem]) -> None:
        """Note the problems that another reader found, with the file before their place."""
        for problem in problems:
            where = problem.where if problem.where.startswith(file) else f"{file}: {problem.where}".removesuffix(": ")
            self.problems.append(replace(problem, where=where))

    def toml(self, file: str, content: bytes) -> dict[str, Any] | None:
        """Read TOML; None, with the problem noted, when it is none."""
        try:
            return tomllib.loads(content.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            self.report(file, "This is not TOML: {reason}.", reason=str(error))
            return None
