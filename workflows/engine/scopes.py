"""Variables, kept apart from SpiffWorkflow's task data: one dictionary per scope, found by walking outwards.

A scope belongs to the whole case, to a called process, to a subprocess, to one run of a multi-instance activity, or to an
activity with input mappings. Values are JSON and are never changed in place, so that no two scopes can share a mutable value
by accident.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ROOT = ""


class Visible(Mapping[str, Any]):
    """The variables that a token sees: the innermost scope first. Reads through; holds nothing."""

    __slots__ = ("_scopes",)

    def __init__(self, scopes: Sequence[Mapping[str, Any]]) -> None:
        self._scopes = scopes

    def __getitem__(self, name: str) -> Any:
        for scope in self._scopes:
            if name in scope:
                return scope[name]
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        for scope in self._scopes:
            if name in scope:
                return scope[name]
        return default

    def gathered(self) -> dict[str, Any]:
        """All of them as they are now, for whoever asks for many."""
        together: dict[str, Any] = {}
        for scope in reversed(self._scopes):
            together.update(scope)
        return together

    def __contains__(self, name: object) -> bool:
        return any(name in scope for scope in self._scopes)

    def __iter__(self) -> Iterator[str]:
        seen: set[str] = set()
        for scope in self._scopes:
            for name in scope:
                if name not in seen:
                    seen.add(name)
                    yield name

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Scopes:
    """All scopes of one case, by key."""

    def __init__(self, scopes: dict[str, dict[str, Any]] | None = None) -> None:
        self.by_key: dict[str, dict[str, Any]] = scopes if scopes is not None else {ROOT: {}}

    def open(self, key: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Open a scope, or add to the one that is open."""
        scope = self.by_key.setdefault(key, {})
        if variables:
            scope.update(variables)
        return scope

    def close(self, key: str) -> None:
        """Forget a scope and what it held."""
        self.by_key.pop(key, None)

    def visible(self, chain: list[str]) -> Visible:
        """The view along a chain of keys, innermost first."""
        by_key = self.by_key
        return Visible([by_key[key] for key in chain if key in by_key])

    def write(self, chain: list[str], home: str, name: str, value: Any) -> None:
        """Write a variable where it is found along the chain, or else in the home scope of the process instance.

        Args:
            chain: Keys, innermost first, that end with `home`: nothing beyond it is written.
            name: May be a path ("order.id"); the contexts on the way are made or copied, never changed in place.
        """
        head, *path = name.split(".")
        for key in chain:
            scope = self.by_key.get(key)
            if scope is not None and head in scope:
                break
        else:
            scope = self.open(home)
        scope[head] = _with_path(scope.get(head), path, value) if path else value


def _with_path(context: Any, path: list[str], value: Any) -> dict[str, Any]:
    copy = dict(context) if isinstance(context, dict) else {}
    copy[path[0]] = _with_path(copy.get(path[0]), path[1:], value) if path[1:] else value
    return copy
