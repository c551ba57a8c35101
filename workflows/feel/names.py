"""Names with spaces and signs in them: which tokens belong to one name.

FEEL allows names such as `date and time`, `first name` or `a-b`, and only the names in scope tell where one ends. Known names
win, the longest first. Where no known name fits, plain words in a row are one name, because nothing else could stand there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from workflows.feel.errors import FeelError
from workflows.feel.lexer import END, KEYWORDS, NAME, tokenize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from workflows.feel.lexer import Token

Words = tuple[str, ...]


class KnownNames:
    """Names of more than one token, by their first one, in nested scopes."""

    __slots__ = ("_functions", "_scopes")

    def __init__(self, names: Iterable[str], functions: Collection[Words]) -> None:
        """Know these names everywhere; `functions` are the built-in ones, already cut into words."""
        self._scopes: list[dict[str, list[tuple[Words, str]]]] = [{}]
        self._functions: dict[str, list[tuple[Words, str]]] = {}
        for words in functions:
            _file(self._functions, words, " ".join(words))
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Know a name in the innermost scope."""
        words = words_of(name)
        if len(words) > 1:
            _file(self._scopes[-1], words, name)

    def open_scope(self) -> None:
        """Begin a scope whose names are forgotten at its end."""
        self._scopes.append({})

    def close_scope(self) -> None:
        """Forget the names of the innermost scope."""
        self._scopes.pop()

    @property
    def scopes(self) -> int:
        """How many scopes are open."""
        return len(self._scopes)

    def leave_scopes(self, count: int) -> None:
        """Forget all scopes but so many, after an attempt at reading has failed inside of them."""
        del self._scopes[count:]

    def longest_at(self, tokens: Sequence[Token], position: int) -> tuple[str, int] | None:
        """Return the longest known name that starts here and how many tokens it takes."""
        first = tokens[position].text
        best: tuple[str, int] | None = None
        for scope in (*self._scopes, self._functions):
            for words, name in scope.get(first, ()):
                if (best is None or len(words) > best[1]) and _fits(words, tokens, position):
                    if scope is self._functions and not _fits_as_function(words, tokens, position):
                        continue
                    best = (name, len(words))
        return best


@lru_cache(maxsize=4_096)
def words_of(name: str) -> Words:
    """Cut a name into its tokens; a name that cannot be cut counts as one."""
    if name.isalnum():
        return (name,)
    try:
        return tuple(token.text for token in tokenize(name) if token.kind != END)
    except FeelError:
        return (name,)


def _file(scope: dict[str, list[tuple[Words, str]]], words: Words, name: str) -> None:
    scope.setdefault(words[0], []).append((words, name))


def _fits(words: Words, tokens: Sequence[Token], position: int) -> bool:
    if position + len(words) >= len(tokens):
        return False
    return all(tokens[position + offset].text == word for offset, word in enumerate(words))


def _fits_as_function(words: Words, tokens: Sequence[Token], position: int) -> bool:
    """`date and time` may also be two variables joined: it is the function only where it is called."""
    return "and" not in words or tokens[position + len(words)].text == "("


def plain_words_at(tokens: Sequence[Token], position: int) -> int:
    """Count the plain words in a row that start here."""
    count = 1
    while (
        tokens[position + count].kind == NAME
        and tokens[position + count].text not in KEYWORDS
        and tokens[position + count].text != "?"
    ):
        count += 1
    return count
