"""Texts as a search compares them: words in small letters without accents, and the condition that finds them.

Both databases compare the same words in the same way. PostgreSQL does so with an index over `to_tsvector`, SQLite by reading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, func, literal, literal_column

LONGEST_TEXT = 10_000
MOST_WORDS = 6
_WORD = re.compile(r"[^\W_]+")
_SIGNS = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")


def words_of(*texts: str | None) -> str:
    """Write texts as their words, each once, with a space before each; a sign that is a word by itself stands alone."""
    words = dict.fromkeys(split_words(" ".join([text for text in texts if text])))
    return "".join([f" {word}" for word in words])[:LONGEST_TEXT]


def split_words(text: str) -> list[str]:
    """Split a text into comparable words."""
    bare = text.casefold()
    if not bare.isascii():
        bare = "".join([sign for sign in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(sign)])
    return _WORD.findall(_SIGNS.sub(r" \1 ", bare))


def search_vector(column: Any) -> Any:
    """Build what the index of PostgreSQL holds; the condition has to say it in the same words."""
    return func.to_tsvector(literal_column("'simple'"), column)


def has_words(column: Any, wanted: Sequence[str], *, dialect: str) -> ColumnElement[bool]:
    """Say in SQL whether each wanted word begins some word of a column that `words_of` wrote.

    Args:
        wanted: Words as `split_words` gives them, letters and digits only; none of them is part of any pattern language.
    """
    if dialect == "postgresql":
        query = func.to_tsquery(literal_column("'simple'"), literal(" & ".join(f"{word}:*" for word in wanted), Text))
        found: ColumnElement[bool] = search_vector(column).op("@@", is_comparison=True)(query)
        return found
    return and_(*(column.like(literal(f"% {word}%")) for word in wanted))
