"""Reading who is pasted into the list of an event: a line for each person, in the words of any language of the process."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from workflows.errors import AnswersInvalid, Problem
from workflows.packages import Texts

#: What a pasted line consists of, and which kinds there are.
PARTS = ("name", "organisation", "kind")
KINDS = ("DELEGATE", "VISITOR", "PRESS", "CONTRACTOR")
LONGEST = 120
#: What stands between the parts: as people write it, and as a table is copied.
_BETWEEN = re.compile(r"[;；؛\t]")
#: How the names of the question as what somebody comes, and of the question for the name, end among the texts of the process.
_KIND, _NAME = "people_kind", "people_name"
UNREAD_SENTENCE = "Line {line} cannot be read."
UNREAD_WAY_OUT = (
    "Write name; organisation; and as what, with a word of the list above, such as Delegate. Its code is read as well: {codes}."
)


def read_lines(text: str, texts: Mapping[str, Texts]) -> list[dict[str, Any]]:
    """Read pasted lines: name; organisation; kind. A first line with the headings of a table is left out.

    Args:
        texts: The texts of the process by language.

    Raises:
        AnswersInvalid: A line cannot be read.
    """
    kinds, headings = dict(_kinds_called(texts)), {_folded(name) for name in _names_asked(texts)}
    lines = [
        (no, [part.strip() for part in _BETWEEN.split(line)]) for no, line in enumerate(text.splitlines(), 1) if line.strip()
    ]
    if lines and _folded(lines[0][1][0]) in headings and _folded(lines[0][1][-1]) not in kinds:
        del lines[0]
    return [_read(no, parts, kinds) for no, parts in lines]


def unfit(sentence: str, way_out: str, **facts: Any) -> AnswersInvalid:
    """Say what is wrong with a pasted list."""
    return AnswersInvalid([Problem(where="pasted", sentence=sentence, way_out=way_out, facts=facts)])


def _read(no: int, parts: list[str], kinds: Mapping[str, str]) -> dict[str, Any]:
    kind = kinds.get(_folded(parts[-1]))
    if len(parts) != len(PARTS) or kind is None or not all(2 <= len(part) <= LONGEST for part in parts):
        raise unfit(UNREAD_SENTENCE, UNREAD_WAY_OUT, line=no, codes=", ".join(KINDS))
    return dict(zip(PARTS, (*parts[:2], kind), strict=True))


def _kinds_called(texts: Mapping[str, Texts]) -> Iterator[tuple[str, str]]:
    """Yield what each kind is called in each language, with its code."""
    for kind in KINDS:
        yield _folded(kind), kind
        for spoken in texts.values():
            options = spoken.get("options", {})
            yield from ((_folded(word), kind) for name, word in options.items() if name.endswith(f"{_KIND}.{kind}"))


def _names_asked(texts: Mapping[str, Texts]) -> Iterator[str]:
    for spoken in texts.values():
        yield from (label for name, label in spoken.get("fields", {}).items() if name.endswith(_NAME))


def _folded(word: str) -> str:
    """Write a word without capitals and accents."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).strip()
