"""Names for what the inbox is narrowed by and what its tabs are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import literal, null, select, union_all
from sqlalchemy.orm import Session

from services.models.areas import Area
from services.models.inbox import SavedView
from services.models.people import Person
from services.people import Actor
from services.registers.areas import call_places

#: Code, code of the area around it, and names by language.
KnownArea = tuple[str, str | None, dict[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptView:
    """A view that somebody keeps under a name: the query of its address."""

    name: str
    query: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """Names of all areas and of some persons by their codes, and the views that the actor keeps, the oldest first.

    Attributes:
        places: By area what a text may call it and those around it, with their names in the language of the actor.
    """

    areas: dict[str, str]
    places: dict[str, dict[str, str]]
    persons: dict[str, str]
    views: list[KeptView]


def read_choices(session: Session, actor: Actor, *, locale: str, persons: Collection[str]) -> Choices:
    """Read what the tabs and the filter of an inbox speak of. One query."""
    named_areas = select(
        *(literal("AREA").label("kind"), Area.code.label("code"), Area.parent.label("text")),
        *(Area.name.label("named"), null().label("at")),
    )
    people = select(literal("PERSON"), Person.code, Person.name, null(), null()).where(Person.code.in_(persons))
    views = select(literal("VIEW"), SavedView.name, SavedView.query, null(), SavedView.created_at)
    rows = session.execute(union_all(named_areas, people, views.where(SavedView.person == actor.person))).all()
    kept = sorted((row for row in rows if row.kind == "VIEW"), key=lambda row: (row.at, row.code))
    known = {row.code: (row.code, row.text, row.named) for row in rows if row.kind == "AREA"}
    areas = {code: str(name.get(locale) or name.get("en") or code) for code, _, name in known.values()}
    return Choices(
        areas=areas,
        places={code: call_places(_line_of(code, known), own=code, locale=locale) for code in known},
        persons={row.code: row.text for row in rows if row.kind == "PERSON"},
        views=[KeptView(name=row.code, query=row.text) for row in kept],
    )


def _line_of(code: str, known: Mapping[str, KnownArea]) -> list[KnownArea]:
    """Return an area and those around it, the widest first."""
    line = []
    at: str | None = code
    while at is not None and at in known:
        line.append(known[at])
        at = known[at][1]
    return line[::-1]
