"""Separation of duties in SQL, for lists: which tasks the rules of `services.separation` keep a person from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)

from services.audit import is_standing
from services.models.audit import Decision
from services.models.cases import CaseParty, Task
from services.models.people import Dependant, FamilyLink
from services.roles import ENDORSING_ROLES
from services.separation import DECIDE, ENDORSERS, IN_PLACE_OF_DO, NEUTRAL_ACTS, PRINCIPALS, RECOMMEND, RELATED, leads


def barred(
    person: Any,
    *,
    role: Any,
    holder: Any,
    delegator: Any,
    now: Any,
    task: Any = Task,
    act: Any = Decision,
    party: Any = CaseParty,
) -> ColumnElement[bool]:
    """Say in SQL, beside a row of `tasks`, whether `objection` would object; the other arguments are columns of the way.

    Args:
        task: The table of tasks, or a part of it.
        act: The table of decisions, or a part of it that has all of the person on these cases.
        party: The table of parties, or a part of it that has the person and the relatives in these cases.
    """
    return or_(
        _acts(person, task, act, act.conflict_declared.is_(true())),
        _involved(person, role, task, party),
        _of_principal(person, role, holder, delegator, now, task),
        _clashes(person, role, task, act),
    )


def _acts(person: Any, task: Any, act: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(act.case_id == task.case_id, act.actor_person == person, is_standing(act), *conditions)


def relatives(person: Any) -> CompoundSelect[Any]:
    """Select the family of a person, as far as it is known here."""
    return union_all(
        select(FamilyLink.person_a.label("person")).where(FamilyLink.person_b == person),
        select(FamilyLink.person_b).where(FamilyLink.person_a == person),
        select(Dependant.person).where(Dependant.sponsor == person),
        select(Dependant.sponsor).where(Dependant.person == person),
    )


def _involved(person: Any, role: Any, task: Any, party: Any) -> ColumnElement[bool]:
    family = and_(party.kind.in_(PRINCIPALS), party.person.in_(relatives(person)))
    own = and_(party.person == person, party.kind.in_((*PRINCIPALS, *RELATED)))
    endorsing = and_(party.person == person, party.kind.in_(ENDORSERS), not_(func.coalesce(role, "").in_(ENDORSING_ROLES)))
    return exists().where(party.case_id == task.case_id, or_(own, endorsing, family))


def _of_principal(person: Any, role: Any, holder: Any, delegator: Any, now: Any, task: Any) -> ColumnElement[bool]:
    principal = and_(CaseParty.case_id == task.case_id, CaseParty.kind.in_(PRINCIPALS))
    in_place = or_(and_(CaseParty.person == holder, CaseParty.person != person), CaseParty.person == delegator)
    acts_for_another = or_(holder != person, delegator.is_not(None))
    decides = and_(task.act == DECIDE, func.coalesce(role, "").in_(IN_PLACE_OF_DO))
    return or_(
        and_(acts_for_another, exists().where(principal, in_place)),
        and_(decides, exists().where(principal, leads(CaseParty.person, task.area, now))),
    )


def _clashes(person: Any, role: Any, task: Any, act: Any) -> ColumnElement[bool]:
    same_line = or_(act.line.is_(None), task.line.is_(None), act.line == task.line)
    element = func.replace(func.replace(act.element, "!", "!!"), "_", "!_")
    kept_apart = and_(cast(task.separate_from, String).like(literal('%"') + element + literal('"%'), escape="!"), same_line)
    judging = and_(task.act.is_not(None), task.act.not_in(NEUTRAL_ACTS), act.act.not_in(NEUTRAL_ACTS))
    before = and_(task.act != RECOMMEND, act.act != task.act, same_line)
    other_role = and_(act.actor_role.is_not(None), func.coalesce(role, "") != act.actor_role)
    return _acts(person, task, act, or_(kept_apart, and_(judging, or_(before, other_role))))
