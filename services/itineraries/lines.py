"""A line of an itinerary while it is taken apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.itineraries.parts import fold

#: Stands in a line for what was taken out of it.
TAKEN = "\x00"
_UNSEEN = (0x00AD, 0x0640, 0x200B, 0x200E, 0x200F, 0x061C, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SPACES = re.compile(r"[^\S\t\n]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Something that was found in a line, with where it stood."""

    start: int
    end: int
    found: Any


class Line:
    """One line: as it is written, and folded with what was taken out blanked; both have the same length."""

    def __init__(self, number: int, text: str) -> None:
        """Begin with a line of a cleaned text, counted from 1."""
        self.number = number
        self.text = text
        self.left = fold(text)

    def take(self, pattern: re.Pattern[str], *, as_written: bool = False) -> Iterator[re.Match[str]]:
        """Take out everything that a pattern finds; `as_written` looks at capitals too."""
        looked_at = self.rest if as_written else self.left
        for match in pattern.finditer(looked_at):
            if match.end() > match.start():
                self.blank(match.start(), match.end())
                yield match

    def blank(self, start: int, end: int) -> None:
        """Blank a part of the line."""
        self.left = self.left[:start] + TAKEN * (end - start) + self.left[end:]

    @property
    def rest(self) -> str:
        """What is left, as it is written."""
        pairs = zip(self.text, self.left, strict=True)
        return "".join([TAKEN if left == TAKEN else written for written, left in pairs])


def split_lines(text: str) -> list[Line]:
    """Split a text into lines: signs that only steer writing are dropped, figures of all scripts become ours."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [Line(number, clean(line)) for number, line in enumerate(lines, start=1)]


def clean(text: str) -> str:
    """Drop what cannot be seen, and write figures and spaces in the plain way."""
    plain = _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(dict.fromkeys(_UNSEEN))))
    return "".join([_clean_sign(sign) for sign in plain if sign == "\t" or unicodedata.category(sign) not in {"Cc", "Cs", "Co"}])


def _clean_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    # Signs of full width, as Chinese texts have them.
    return chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" else sign
