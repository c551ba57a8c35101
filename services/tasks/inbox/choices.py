"""Names for what the inbox is narrowed by and what its tabs are called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import literal, null, select, union_all
from sqlalchemy.orm import Session

from services.models.areas import Area
from services.models.inbox import SavedView
from services.models.people import Person
from services.people import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptView:
    """A view that somebody keeps under a name: the query of its address."""

    name: str
    query: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """Names of all areas and of some persons by their codes, and the views that the actor keeps, the oldest first."""

    areas: dict[str, str]
    persons: dict[str, str]
    views: list[KeptView]


def read_choices(session: Session, actor: Actor, *, locale: str, persons: Collection[str]) -> Choices:
    """Read what the tabs and the filter of an inbox speak of. One query."""
    areas = select(
        *(literal("AREA").label("kind"), Area.code.label("code"), null().label("text")),
        *(Area.name.label("named"), null().label("at")),
    )
    people = select(literal("PERSON"), Person.code, Person.name, null(), null()).where(Person.code.in_(persons))
    views = select(literal("VIEW"), SavedView.name, SavedView.query, null(), SavedView.created_at)
    rows = session.execute(union_all(areas, people, views.where(SavedView.person == actor.person))).all()
    kept = sorted((row for row in rows if row.kind == "VIEW"), key=lambda row: (row.at, row.code))
    return Choices(
        areas={row.code: str(row.named.get(locale) or row.named.get("en") or row.code) for row in rows if row.kind == "AREA"},
        persons={row.code: row.text for row in rows if row.kind == "PERSON"},
        views=[KeptView(name=row.code, query=row.text) for row in kept],
    )
