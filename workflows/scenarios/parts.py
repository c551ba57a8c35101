"""Reading a mapping bit by bit, with a problem for whatever does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from workflows.errors import Problem

Found = TypeVar("Found")


class Part:
    """Reads one mapping of the file and notes what does not fit; whatever was not asked for by the end is refused."""

    def __init__(self, mapping: Any, where: str, problems: list[Problem]) -> None:
        self.where = where
        self.problems = problems
        self.known: set[str] = set()
        self.mapping: Mapping[str, Any] = mapping if isinstance(mapping, Mapping) else {}
        if not isinstance(mapping, Mapping):
            self.report("", "A mapping is expected here.")

    def report(self, name: str, sentence: str, way_out: str = "", /, **facts: Any) -> None:
        """Note a problem with one of the names."""
        self.problems.append(Problem(where=self.place(name), sentence=sentence, way_out=way_out, facts=facts))

    def place(self, name: str) -> str:
        """Say where a name stands in the file."""
        return ".".join(part for part in (self.where, name) if part)

    def take(self, name: str, kind: type, sentence: str, *, required: bool = False) -> Any:
        """Return a value of a kind; None, with the problem noted, when it is another."""
        self.known.add(name)
        value = self.mapping.get(name)
        if value is None:
            if required:
                self.report(name, "{name} is missing.", name=name)
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.report(name, sentence)
            return None
        return value

    def text(self, name: str, *, required: bool = False) -> str | None:
        """Return a text; a number is taken as it is written."""
        self.known.add(name)
        value = self.mapping.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        found: str | None = self.take(name, str, "A text is expected here.", required=required)
        return found

    def number(self, name: str) -> int | None:
        """Return a whole number."""
        found: int | None = self.take(name, int, "A whole number is expected here.")
        return found

    def values(self, name: str) -> Mapping[str, Any]:
        """Return free names and values."""
        return self.take(name, Mapping, "A mapping from name to value is expected here.") or {}

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        listed = self.take(name, list, "A list is expected here.") or []
        if not all(isinstance(each, str) for each in listed):
            self.report(name, "A list of texts is expected here.")
            return ()
        return tuple(listed)

    def moment(self, name: str, *, required: bool = False) -> datetime | None:
        """Return an aware moment, in UTC."""
        text = self.text(name, required=required)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.report(name, "{text} is not a moment with its offset.", "Write it like 2026-12-01T09:00:00Z.", text=text)
            return None
        return moment.astimezone(UTC)

    def part(self, name: str, *, required: bool = False) -> Part:
        """Return a mapping inside this one."""
        return Part(
            self.take(name, Mapping, "A mapping is expected here.", required=required) or {}, self.place(name), self.problems
        )

    def each(self, name: str, read: Callable[[Part], Found | None]) -> Iterator[Found]:
        """Read every entry of a list; an entry that cannot be read (None) has noted its problem."""
        for number, entry in enumerate(self.take(name, list, "A list is expected here.") or []):
            found = read(Part(entry, self.place(f"{name}.{number}"), self.problems))
            if found is not None:
                yield found

    def finish(self) -> None:
        """Refuse what nobody asked for: a misspelt expectation would otherwise hold for ever."""
        for name in sorted(str(name) for name in self.mapping if name not in self.known):
            self.report(name, "{name} is not known here.", "Known here: {known}.", name=name, known=", ".join(sorted(self.known)))
