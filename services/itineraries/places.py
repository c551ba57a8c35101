"""Places in itineraries: which area a written name certainly is, and what looks like the name of a place at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.itineraries.parts import Place, fold
from services.itineraries.words import ASIDES, FILLER, HAN_FILLER
from services.models.words import split_words

_CODE_IN_BRACKETS = re.compile(r"\(\s?([A-Z]{3})(?:\s?[,/-][^()]{0,20})?\)")
_CODE_BEFORE, _CODE_AFTER = re.compile(r"([A-Z]{3})\s(?=\w)"), re.compile(r"(?<=\w)\s([A-Z]{3})")
_CODE = re.compile(r"[A-Z]{3}")
_TWO_CODES = re.compile(r"([A-Z]{3})\s?([A-Z]{3})")
#: Three capitals that are no airport in an itinerary.
_NO_CODES = frozenset(
    re.findall(
        "[A-Z]{3}",
        "USD EUR CHF GBP PNR REF VIA DEP ARR ETD ETA NON THE AND FOR VAT TVA TAX MON TUE WED THU FRI SAT SUN YES SEE ALL KGS PCS "
        "CET EET EST EDT CST CDT MST PST PDT GMT BST WAT CAT EAT MSK IST PKT JST HKT",
    )
)
_AIRPORT_WORDS = frozenset(
    word for name in ("airport", "aéroport", "aeropuerto", "аэропорт", "机场", "مطار") for word in split_words(name)
) | {"international", "intl", "internacional"}
_LONGEST, _MOST_WORDS = 80, 6
_EDGES = " \t\x00,.:;()[]*•·-–—_'\"“”«»"
_LEADING = frozenset({"at", "on", "from", "in", "desde", "из", "в", "في", "من"})


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the registers know: names and codes of areas and places there, of operators, and the clocks of areas.

    Attributes:
        areas: By name in any language, the areas that are called so.
        operators: By name or code, the code of the operator.
        zones: By area, its IANA zone.
    """

    areas: Mapping[str, Collection[str]]
    operators: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _areas(self) -> dict[tuple[str, ...], set[str]]:
        found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for name, codes in self.areas.items():
            found[tuple(split_words(name))].update(codes)
        return found

    @cached_property
    def _operators(self) -> dict[tuple[str, ...], str]:
        return {tuple(split_words(name)): code for name, code in self.operators.items()}

    def find_area(self, text: str) -> str:
        """Return the one area that a whole text names, perhaps with the words around an airport; empty when it is not certain."""
        whole = tuple(split_words(text))
        bare = tuple(word for word in whole if word not in _AIRPORT_WORDS)
        parts = [tuple(split_words(part)) for part in text.split(",")]
        candidates = [whole, bare]
        if len(parts) > 1 and any(word in _AIRPORT_WORDS for part in parts[1:] for word in part):
            candidates.append(parts[0])
        for words in candidates:
            found = self._areas.get(words, set())
            if words and found:
                return next(iter(found)) if len(found) == 1 else ""
        return ""

    def find_operator(self, text: str) -> str:
        """Return the operator that a whole text names; empty when there is none."""
        return self._operators.get(tuple(split_words(text)), "")


def trim(text: str) -> str:
    """Take off the signs and small words around a name."""
    bare = text.replace("\x00", " ").strip(_EDGES)
    while bare and (first := bare.split(maxsplit=1)) and len(first) == 2 and fold(first[0]) in _LEADING:
        bare = first[1].strip(_EDGES)
    before, colon, after = bare.partition(":")
    if colon and is_filler(before):
        bare = after.strip(_EDGES)
    if bare[:1] in {"从", "自"} and len(bare) > 1:
        bare = bare[1:]
    return f"{bare})" if bare.count("(") > bare.count(")") else bare


def read_place(text: str, names: Names) -> Place | None:
    """Read a text that is certainly a place: its name is known, or it carries the code of an airport."""
    if not 2 <= len(text) <= _LONGEST:
        return None
    code, name = _part_code(text)
    area = names.find_area(name) if name else names.find_area(text)
    if not area and not code:
        return None
    if name and not area and not _is_name(name):
        return None
    return Place(text=text, code=code, area=area)


def read_unknown_place(text: str) -> Place | None:
    """Read a text that may be a place because of where it stands, if it is written like a name."""
    return Place(text=text) if 2 <= len(text) <= _LONGEST and _is_name(text) else None


def read_two_codes(text: str) -> tuple[Place, Place] | None:
    """Read two codes of airports without a sign between them, as reservation systems write them."""
    found = _TWO_CODES.fullmatch(text)
    if found is None or not {found[1], found[2]}.isdisjoint(_NO_CODES):
        return None
    return Place(text=found[1], code=found[1]), Place(text=found[2], code=found[2])


def is_filler(text: str) -> bool:
    """Tell whether a text has nothing but words and numbers of seats that say nothing of where and when."""
    return all(word in FILLER for word in split_words(HAN_FILLER.sub(" ", fold(text))))


def _part_code(text: str) -> tuple[str, str]:
    """Part the code of an airport from the name beside it."""
    if _CODE.fullmatch(text):
        return (text, "") if text not in _NO_CODES else ("", text)
    found = _CODE_IN_BRACKETS.search(text)
    if found is None and not text.isupper():
        found = _CODE_BEFORE.match(text) or next((each for each in _CODE_AFTER.finditer(text) if each.end() == len(text)), None)
    if found is None or found[1] in _NO_CODES:
        return "", text
    return found[1], " ".join(f"{text[: found.start()]} {text[found.end() :]}".split()).strip(_EDGES)


def _is_name(text: str) -> bool:
    words = [word for word in re.split(r"[\s,()/-]+", text) if word]
    if not words or len(words) > _MOST_WORDS or any(sign.isdigit() for sign in text):
        return False
    folded = [fold(word).strip(".:") for word in words]
    if any(word in ASIDES for word in folded) or all(word in FILLER for word in folded):
        return False
    return all(not word[0].islower() or len(word) <= 3 for word in words) and not words[0][0].islower() and words[0][0].isalpha()
