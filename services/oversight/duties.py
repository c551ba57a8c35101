"""The duties of the framework of accountability, and where each is carried out; content, kept in `duties.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from services.people import LOCALES

KINDS = ("process", "register", "page", "indicator")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a duty is carried out: the key of a process, register or indicator, or the endpoint of a page."""

    kind: str
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """One duty.

    Attributes:
        reference: The paragraph of the framework.
        said: What it asks, in our own words, by language.
        places: Where it is carried out; none when that is not part of this release.
        lacks: What is not carried out yet, by language.
    """

    key: str
    reference: str
    said: dict[str, str]
    places: tuple[Place, ...]
    lacks: dict[str, str]


@cache
def read_duties() -> tuple[Duty, ...]:
    """Return all duties in the order of the framework."""
    content = tomllib.loads(files("services.oversight").joinpath("duties.toml").read_text(encoding="utf-8"))
    return tuple(
        Duty(
            key=row["key"],
            reference=row["ref"],
            said={language: row[language] for language in LOCALES},
            places=tuple(Place(kind=kind, key=key) for kind, _, key in (place.partition(":") for place in row["where"])),
            lacks={language: row[f"lacks_{language}"] for language in LOCALES if f"lacks_{language}" in row},
        )
        for row in content["duty"]
    )
