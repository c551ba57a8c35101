"""The names behind the codes of a page: persons, areas, organisations and the numbers of cases, one query for each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority
from services.models.areas import Area
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.register_changes import RegisterChange
from services.people import SYSTEM
from services.registry.rights import Reader
from services.registry.shape import Column, Kind, Register

_NAMED = (Kind.PERSON, Kind.AREA, Kind.ORGANISATION, Kind.CASE)
Group = tuple[Sequence[Column], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Names by codes. Areas and organisations have one per language; of cases only those are here that the reader may see."""

    persons: Mapping[str, str]
    areas: Mapping[str, Mapping[str, str]]
    organisations: Mapping[str, Mapping[str, str]]
    cases: Mapping[str, str]


def names_in(
    session: Session,
    groups: Iterable[Group],
    *,
    reader: Reader,
    changes: tuple[Register, Sequence[RegisterChange]] | None = None,
) -> Names:
    """Look up the names of everything that stands in groups of columns and rows, and in the history of an entry."""
    codes: dict[Kind, set[str]] = defaultdict(set)
    for columns, rows in groups:
        _collect(codes, columns, rows)
    if changes is not None:
        register, acts = changes
        codes[Kind.PERSON] |= {act.by for act in acts}
        _collect(codes, register.columns, [said for act in acts for said in (act.before, act.after) if said])
    return Names(
        persons=_persons(session, codes[Kind.PERSON]),
        areas=_named(session, Area, codes[Kind.AREA]),
        organisations=_named(session, Organisation, codes[Kind.ORGANISATION]),
        cases=authority.pick_seen(session, codes[Kind.CASE], actor=reader.actor, now=reader.now),
    )


def _collect(codes: dict[Kind, set[str]], columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> None:
    for column in columns:
        if column.kind in _NAMED:
            codes[column.kind] |= {str(row[column.attribute]) for row in rows if row.get(column.attribute)}


def _persons(session: Session, codes: set[str]) -> dict[str, str]:
    if not codes:
        return {}
    rows = session.execute(select(Person.code, Person.name).where(Person.code.in_(codes)))
    return {SYSTEM.person: SYSTEM.name} | {row.code: row.name for row in rows}


def _named(session: Session, model: type[Area | Organisation], codes: set[str]) -> dict[str, Mapping[str, str]]:
    if not codes:
        return {}
    return {row.code: row.name for row in session.execute(select(model.code, model.name).where(model.code.in_(codes)))}
