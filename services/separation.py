"""Separation of duties: who has a stake in a case, and what that keeps a person from doing.

The facts are read in one query per question (`read_facts`) and judged here (`objection`); `services.barring` says the same in
SQL, for lists. A test holds both against each other. S1 to S7 are the rules of the specification, section 16.2.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    cast,
    exists,
    false,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from services.audit import TAKE_BACK, is_standing
from services.errors import AlreadyActed, NotAllowed, OwnMatter
from services.models.areas import AreaWithin
from services.models.audit import Decision
from services.models.authority import RoleHolding
from services.models.base import UtcDateTime
from services.models.cases import CaseParty, Task
from services.models.people import Dependant, FamilyLink
from services.prepared import Prepared
from services.roles import ENDORSING_ROLES, OWN_ROLES

#: Roles that decide in the place of the Designated Official of the area.
IN_PLACE_OF_DO = ("DSSO", "ASC", "CSA", "DOAI")
#: Parties whose own matter it is; their family is barred with them.
PRINCIPALS = ("TRAVELLER", "REQUESTER", "PREPARER", "CLAIMANT", "SPONSOR", "DRAFTER", "DELEGATOR", "DELEGATE", "SENT", "NOMINEE")
#: Parties who may still endorse for the organisation, but not decide.
ENDORSERS = ("SUPERVISOR", "ENDORSER")
#: Others who are kept from it: relatives, and who stands above or below a claimant.
RELATED = ("FAMILY", "HIERARCHY")
#: Acts of an author on the own draft: it may be one's own matter, because somebody else decides it.
AUTHOR_ACTS = ("DRAFT",)
#: Acts that judge nothing and so never clash with another act.
NEUTRAL_ACTS = (
    *("ANSWER", "CONFIRM", "ACKNOWLEDGE", "CHASE", "REVIEW", "INFORM", "CHOOSE", "CORRECT", "REGISTER", "WITHDRAW", "COMMENT"),
    *AUTHOR_ACTS,
)
DECIDE = "DECIDE"
RECOMMEND = "RECOMMEND"
_DECISIONS = frozenset({"decisions"})


class ConflictDeclared(OwnMatter):
    """You declared a conflict of interest in this case, so somebody else has to act."""


class OwnMatterOfDelegator(OwnMatter):
    """This concerns the person in whose place you would act, so it goes to the next level up."""


class JudgedBefore(AlreadyActed):
    """You recommended or endorsed this before. Somebody else has to decide it."""


class OtherCapacity(AlreadyActed):
    """You have already acted on this case as {role}, and one person acts in one capacity only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One way in which a person may come to act on a task.

    Attributes:
        holder: Whose role it is; another person's when a substitute acts.
        via: ROLE, CANDIDATE (a role added later), ASSIGNEE, PERSON (named later) or OWN (the traveller's own task).
    """

    role: str | None
    via: str
    holder: str
    capacity: str = "OWN"
    delegation_id: str | None = None
    delegator: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A party of the case, an act on it, or a family tie with a party."""

    kind: str
    person: str
    other: str | None
    what: str
    role: str | None
    element: str | None
    line: str | None
    flag: bool


def read_facts(session: Session, *, case_id: str, area: str | None, now: datetime) -> list[Fact]:
    """Read, in one query, everything about a case that may keep somebody from acting on it.

    What this act has decided is added from the rows that wait: it is the only thing that comes while a case moves on.
    """
    taken = [row for row in session.new if isinstance(row, Decision) and row.case_id == case_id]
    if any(row.act == TAKE_BACK for row in taken):
        taken = []  # what it undoes only the query knows, which then writes it first
    rows = _FACTS.recall(
        session, beside=_DECISIONS if taken else frozenset(), asked_case=case_id, asked_area=area, acting_now=now
    )
    return [*(Fact(**row._asdict() | {"flag": bool(row.flag)}) for row in rows), *map(_fact_of, taken)]


def _fact_of(taken: Decision) -> Fact:
    return Fact(
        kind="ACT",
        person=taken.actor_person,
        other=None,
        what=taken.act,
        role=taken.actor_role,
        element=taken.element,
        line=taken.line,
        flag=taken.conflict_declared,
    )


def _facts_query() -> Select[Any]:
    case_id, area = bindparam("asked_case", type_=String), bindparam("asked_area", type_=String)
    nothing = cast(null(), String)
    concerned = select(CaseParty.person).where(CaseParty.case_id == case_id, CaseParty.kind.in_(PRINCIPALS))
    leading = leads(CaseParty.person, area, bindparam("acting_now", type_=UtcDateTime))
    parties: list[Any] = [literal("PARTY"), CaseParty.person, nothing, CaseParty.kind, nothing, nothing, CaseParty.line, leading]
    made = [Decision.actor_person, nothing, Decision.act, Decision.actor_role, Decision.element, Decision.line]
    acts: list[Any] = [literal("ACT"), *made, Decision.conflict_declared]
    ties = [
        (FamilyLink.person_a, FamilyLink.person_b),
        (FamilyLink.person_b, FamilyLink.person_a),
        (Dependant.sponsor, Dependant.person),
        (Dependant.person, Dependant.sponsor),
    ]
    names = [field.name for field in fields(Fact)]
    rows = union_all(
        select(*(column.label(name) for name, column in zip(names, parties, strict=True))).where(CaseParty.case_id == case_id),
        select(*acts).where(Decision.case_id == case_id, is_standing()),
        *(
            select(literal("FAMILY"), one, other, literal("FAMILY"), nothing, nothing, nothing, false()).where(
                other.in_(concerned)
            )
            for one, other in ties
        ),
    ).subquery()
    return select(rows)


_FACTS = Prepared(_facts_query)


def leads(person: Any, area: Any, now: Any) -> ColumnElement[bool]:
    """Say in SQL whether a person is the Designated Official of an area."""
    holding, within = aliased(RoleHolding), aliased(AreaWithin)
    above = select(within.ancestor).where(within.area == area).correlate_except(within)
    return exists().where(
        holding.person == person,
        holding.role == "DO",
        holding.capacity == "OWN",
        holding.valid_from <= now,
        or_(holding.valid_to.is_(None), holding.valid_to > now),
        or_(holding.area.is_(None), holding.area.in_(above)),
    )


def is_personal(task: Task, via: str) -> bool:
    """Say whether a task asks a person about the own case or draft, where nothing is judged and no rule of separation applies."""
    return task.act in AUTHOR_ACTS or task.role in OWN_ROLES or (task.role is None and via in {"ASSIGNEE", "PERSON", "OWN"})


def objection(person: str, *, way: Way, task: Task, facts: Collection[Fact]) -> NotAllowed | None:
    """Return what keeps the person from acting on the task in this way, or nothing."""
    if is_personal(task, way.via):
        return None
    if any(fact.kind == "ACT" and fact.person == person and fact.flag for fact in facts):
        return ConflictDeclared()
    if _is_involved(person, way.role, facts):
        return OwnMatter()
    if _is_matter_of_principal(person, way, task, facts):
        return OwnMatterOfDelegator()
    return _clash_with_acts(person, way, task, [fact for fact in facts if fact.kind == "ACT" and fact.person == person])


def kind_of_involvement(person: str, facts: Collection[Fact]) -> str | None:
    """Name why somebody is involved: DECLARED, SELF, FAMILY, PREPARER or SUPERVISOR."""
    own = [fact for fact in facts if fact.person == person]
    parties = {fact.what for fact in own if fact.kind == "PARTY"}
    if any(fact.kind == "ACT" and fact.flag for fact in own):
        return "DECLARED"
    if "TRAVELLER" in parties:
        return "SELF"
    if "FAMILY" in parties or any(fact.kind == "FAMILY" for fact in own):
        return "FAMILY"
    if parties & set(PRINCIPALS):
        return "PREPARER"
    return "SUPERVISOR" if parties & set(ENDORSERS) or own else None


def _is_involved(person: str, role: str | None, facts: Collection[Fact]) -> bool:
    """S1, S2: the own matter, the family's matter, and a supervisor's later decision."""
    for fact in facts:
        if fact.person != person:
            continue
        if fact.kind == "FAMILY" or (fact.kind == "PARTY" and fact.what in (*PRINCIPALS, *RELATED)):
            return True
        if fact.kind == "PARTY" and fact.what in ENDORSERS and role not in ENDORSING_ROLES:
            return True
    return False


def _is_matter_of_principal(person: str, way: Way, task: Task, facts: Collection[Fact]) -> bool:
    """S5: nobody decides in the place of somebody whose own matter it is."""
    principals = {fact.person for fact in facts if fact.kind == "PARTY" and fact.what in PRINCIPALS}
    if principals & ({way.holder, way.delegator} - {person, None}):
        return True
    return way.role in IN_PLACE_OF_DO and is_for_official(task, facts)


def is_for_official(task: Task, facts: Collection[Fact]) -> bool:
    """Say whether a decision would be about the Designated Official of the area."""
    return task.act == DECIDE and any(fact.kind == "PARTY" and fact.what in PRINCIPALS and fact.flag for fact in facts)


def _clash_with_acts(person: str, way: Way, task: Task, acts: list[Fact]) -> AlreadyActed | None:
    """S3, S4: recommender is not decider, one person acts in one capacity, and steps that the diagram keeps apart."""
    if any(act.element in task.separate_from and is_same_line(act.line, task.line) for act in acts):
        return AlreadyActed()
    judged = [act for act in acts if act.what not in NEUTRAL_ACTS]
    if task.act is None or task.act in NEUTRAL_ACTS:
        return None
    if task.act != RECOMMEND and any(act.what != task.act and is_same_line(act.line, task.line) for act in judged):
        return JudgedBefore()
    other = next((act.role for act in judged if act.role is not None and act.role != way.role), None)
    return OtherCapacity(role=other) if other else None


def is_same_line(one: str | None, other: str | None) -> bool:
    """Two acts concern the same thing when they are on one line, or one of them is on the whole case."""
    return one is None or other is None or one == other
