"""Reads a regular expression, as XML Schema and XPath write them, into pieces."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflows.feel.values import NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable

    Predicate = Callable[[str], bool]
    Piece = tuple[
        Any, ...
    ]  # ("char", predicate), ("seq", pieces), ("alt", ways), ("repeat", piece, least, most, greedy), ("group", n, piece), …

_MOST_REPEATS = 1_000
_MOST_GROUPS = 40
_DEEPEST = 40
_DIGITS = frozenset("0123456789")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}
_META = frozenset("\\|.?*+(){}[]^$-/@")
_CATEGORY = re.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?")
_BLOCKS = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Devanagari": (0x900, 0x97F),
    "Thai": (0xE00, 0xE7F),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
}


class PatternError(NoAnswerError):
    """This regular expression is not valid."""


@dataclass(slots=True)
class PatternReader:
    """Reads a pattern's text; the flags i, s, x and q change how."""

    text: str
    flags: str
    place: int = 0
    groups: int = 0
    depth: int = 0
    closed: set[int] = field(default_factory=set)
    folded: bool = field(init=False)

    def __post_init__(self) -> None:
        self.folded = "i" in self.flags
        if "x" in self.flags and "q" not in self.flags:
            self.text = _without_blanks(self.text)

    def whole(self) -> Piece:
        """Read the whole text.

        Raises:
            PatternError: It is not valid.
        """
        if "q" in self.flags:
            return ("seq", [self._literal(letter) for letter in self.text])
        piece = self._ways()
        if self.place < len(self.text):
            raise PatternError
        return piece

    def _ways(self) -> Piece:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PatternError
        ways = [self._sequence()]
        while self._peek() == "|":
            self.place += 1
            ways.append(self._sequence())
        self.depth -= 1
        return ways[0] if len(ways) == 1 else ("alt", ways)

    def _peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def _take(self) -> str:
        letter = self._peek()
        if not letter:
            raise PatternError
        self.place += 1
        return letter

    def _sequence(self) -> Piece:
        pieces = []
        while self._peek() not in ("", "|", ")"):
            pieces.append(self._quantified(self._atom()))
        return ("seq", pieces)

    def _atom(self) -> Piece:
        letter = self._take()
        if letter == "(":
            return self._group()
        if letter == "[":
            return ("char", self._character_class())
        if letter == "\\":
            return self._reference() if self._peek() in _DIGITS else ("char", self._escape())
        if letter == ".":
            return ("char", (lambda _letter: True) if "s" in self.flags else (lambda letter: letter not in "\n\r"))
        if letter in "^$":
            return ("start",) if letter == "^" else ("end",)
        if letter in "*+?{}])":
            raise PatternError
        return self._literal(letter)

    def _literal(self, letter: str) -> Piece:
        return ("char", self._fold(letter.__eq__))

    def _fold(self, accepts: Predicate) -> Predicate:
        if not self.folded:
            return accepts
        return lambda letter: accepts(letter) or accepts(letter.lower()) or accepts(letter.upper())

    def _reference(self) -> Piece:
        """A group's number; a further digit belongs to it only if there are so many groups."""
        number = int(self._take())
        while self._peek() in _DIGITS and number * 10 + int(self._peek()) <= self.groups:
            number = number * 10 + int(self._take())
        if number not in self.closed:
            raise PatternError
        return ("same", number, self.folded)

    def _group(self) -> Piece:
        number = None
        if self._peek() == "?":
            if self.text[self.place : self.place + 2] != "?:":
                raise PatternError
            self.place += 2
        else:
            self.groups += 1
            if self.groups > _MOST_GROUPS:
                raise PatternError
            number = self.groups
        piece = self._ways()
        if self._take() != ")":
            raise PatternError
        if number is None:
            return piece
        self.closed.add(number)
        return ("group", number, piece)

    def _quantified(self, piece: Piece) -> Piece:
        sign = self._peek()
        if sign not in ("*", "+", "?", "{"):
            return piece
        self.place += 1
        least, most = self._counts() if sign == "{" else {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        greedy = self._peek() != "?"
        if not greedy:
            self.place += 1
        if self._peek() in ("*", "+", "?", "{") and self._peek():
            raise PatternError
        return ("repeat", piece, least, most, greedy)

    def _counts(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.place)
        low, comma, high = self.text[self.place : end].partition(",")
        if end < 0 or not low.isascii() or not low.isdigit() or (high and not (high.isascii() and high.isdigit())):
            raise PatternError
        self.place = end + 1
        least = int(low[:5])
        most = (int(high[:5]) if high else None) if comma else least
        if least > _MOST_REPEATS or (most is not None and not least <= most <= _MOST_REPEATS):
            raise PatternError
        return least, most

    def _escape(self) -> Predicate:
        letter = self._take()
        if letter in _CONTROL:
            return _CONTROL[letter].__eq__
        if letter in _META:
            return self._fold(letter.__eq__)
        if letter in "pP":
            return self._category(negated=letter == "P")
        known = _CLASSES.get(letter.lower())
        if known is None:
            raise PatternError
        return known if letter.islower() else lambda candidate: not known(candidate)

    def _category(self, *, negated: bool) -> Predicate:
        end = self.text.find("}", self.place)
        name = self.text[self.place + 1 : end]
        block = _BLOCKS.get(name.removeprefix("Is"))
        if self._peek() != "{" or end < 0 or (block is None and not _CATEGORY.fullmatch(name)):
            raise PatternError
        self.place = end + 1
        if block is not None:
            return lambda letter: (block[0] <= ord(letter) <= block[1]) is not negated
        return lambda letter: unicodedata.category(letter).startswith(name) is not negated

    def _character_class(self) -> Predicate:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PatternError
        negated = self._peek() == "^"
        self.place += negated
        members, without = self._members()
        self.depth -= 1

        def accepts(letter: str) -> bool:
            return any(member(letter) for member in members) is not negated and not (without and without(letter))

        return accepts

    def _members(self) -> tuple[list[Predicate], Predicate | None]:
        members: list[Predicate] = []
        without = None
        while self._peek() != "]" or not members:
            if self.text.startswith("-[", self.place) and members:
                self.place += 2
                without = self._character_class()
                break
            members.append(self._member())
        if self._take() != "]":
            raise PatternError
        return members, without

    def _member(self) -> Predicate:
        letter = self._take()
        if letter in "[]":
            raise PatternError
        if letter == "\\":
            if self._peek() not in _META and self._peek() not in _CONTROL:
                return self._escape()
            first = self._escaped_letter()
        else:
            first = letter
        if self._peek() == "-" and self.text[self.place + 1 : self.place + 2] not in ("]", "[", ""):
            self.place += 1
            return self._fold(_between(first, self._range_end()))
        return self._fold(first.__eq__)

    def _escaped_letter(self) -> str:
        letter = self._take()
        return _CONTROL.get(letter, letter)

    def _range_end(self) -> str:
        letter = self._take()
        return self._escaped_letter() if letter == "\\" else letter


def _without_blanks(text: str) -> str:
    """Leave out the blanks that stand outside of square brackets."""
    kept = []
    depth = 0
    for place, letter in enumerate(text):
        escaped = place > 0 and text[place - 1] == "\\"
        depth += 0 if escaped else {"[": 1, "]": -1}.get(letter, 0)
        if depth > 0 or not letter.isspace():
            kept.append(letter)
    return "".join(kept)


def _between(first: str, last: str) -> Predicate:
    if first > last:
        raise PatternError
    return lambda letter: first <= letter <= last


def _is_name_start(letter: str) -> bool:
    return letter in "_:" or letter.isalpha()


_CLASSES: dict[str, Predicate] = {
    "d": str.isdecimal,
    "s": lambda letter: letter in " \t\n\r",
    "w": lambda letter: unicodedata.category(letter)[0] not in "PZC",
    "i": _is_name_start,
    "c": lambda letter: _is_name_start(letter) or letter in "-." or letter.isdigit(),
}
