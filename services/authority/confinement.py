"""Confined cases: as long as a confinement stands, only the roles and persons that it names know that the case is there.

Everything that lists, counts, finds, shows or sends asks here. It is SQL, so that a list leaves a case out before it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, exists, not_, or_, select
from sqlalchemy.orm import Session, aliased

from services.authority.ways import NOW, PERSON, absent_of, held_by, is_kept_out
from services.models.areas import AreaWithin
from services.models.authority import RoleHolding
from services.models.cases import Case
from services.models.confinements import CaseConfinement
from services.models.outbox import OutboxMessage
from services.models.people import Person
from services.people import Actor
from services.prepared import Prepared

_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])


def is_open_to(person: Any, now: Any, case_id: Any) -> ColumnElement[bool]:
    """Say in SQL whether a person may know of a case: it is not confined, or the person or a role of theirs is named."""
    return or_(is_known_to_all(case_id), is_named(person, now, case_id))


@cache
def is_open_to_actor(case_id: Any) -> ColumnElement[bool]:
    """Say the same of the one who asks: it is long, so it is built once for a column. `as_asked_by` fills in who that is."""
    return is_open_to(PERSON, NOW, case_id)


def as_asked_by(statement: _Query, actor: Actor, now: datetime) -> _Query:
    """Fill in who asks a statement that says `is_open_to_actor`, and when."""
    return statement.params(acting_person=actor.person, acting_now=now)


def is_known_to_all(case_id: Any) -> ColumnElement[bool]:
    """Say in SQL whether a case is not confined, as nearly all are."""
    confined = aliased(CaseConfinement)
    return not_(exists().where(confined.case_id == case_id, confined.lifted_at.is_(None)))


def is_named(person: Any, now: Any, case_id: Any, *, counts: Callable[[Any], Any] | None = None) -> ColumnElement[bool]:
    """Say in SQL whether a standing confinement of a case names a person, or a role that the person holds there.

    Args:
        counts: Which rows of the confinement count; by default all.
    """
    row, holding, within = aliased(CaseConfinement), aliased(RoleHolding), aliased(AreaWithin)
    above = select(within.ancestor).where(within.area == row.area).correlate_except(within)
    mine = and_(row.case_id == case_id, row.lifted_at.is_(None), *([] if counts is None else [counts(row)]))
    by_name = exists().where(mine, or_(row.person == person, row.person.in_(absent_of(person, now))))
    by_role = exists().where(
        mine,
        holding.role == row.role,
        or_(row.area.is_(None), holding.area.is_(None), holding.area.in_(above)),
        held_by(holding, person, now, area=row.area),
        not_(is_kept_out(person, now, row.role)),
    )
    return or_(by_name, by_role)


@cache
def may_be_told() -> ColumnElement[bool]:
    """Say in SQL, of a notice in the outbox, whether its receiver may know of its case; one who may not gets it afterwards.

    It is long and the same each time, so it is built once; the moment is the parameter `NOW`.
    """
    confined, named = aliased(CaseConfinement), aliased(CaseConfinement)
    mine = and_(named.case_id == OutboxMessage.case_id, named.lifted_at.is_(None))
    return or_(
        not_(exists().where(confined.case_id == OutboxMessage.case_id, confined.lifted_at.is_(None))),
        exists().where(mine, named.role == OutboxMessage.to_role),
        and_(OutboxMessage.to_person.is_not(None), is_open_to(OutboxMessage.to_person, NOW, OutboxMessage.case_id)),
    )


def who_may_know(session: Session, case_id: str, persons: Collection[str], now: datetime) -> set[str]:
    """Return those of the persons who may know of a case."""
    stands = select(CaseConfinement.case_id).where(CaseConfinement.case_id == case_id, CaseConfinement.lifted_at.is_(None))
    if session.scalar(stands.limit(1)) is None:
        return set(persons)
    known = select(Person.code).where(Person.code.in_(persons), is_open_to(Person.code, now, case_id))
    return set(session.scalars(known))


def may_know(session: Session, person: str, case: Case, now: datetime) -> bool:
    """Say whether one person may know of a case."""
    (row,) = _MAY_KNOW.recall(session, acting_person=person, acting_now=now, asked_case=case.id)
    return bool(row[0])


_MAY_KNOW = Prepared(lambda: select(is_open_to(PERSON, NOW, bindparam("asked_case", type_=String)).label("may")))
