"""The rules of separation, one by one, as findings: what each says about a person and a task, with the facts behind it.

`services.separation.objection` decides; this module explains. A test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.models.cases import Task
from services.roles import ENDORSING_ROLES
from services.separation import (
    ENDORSERS,
    IN_PLACE_OF_DO,
    NEUTRAL_ACTS,
    PRINCIPALS,
    RECOMMEND,
    RELATED,
    Fact,
    Way,
    is_for_official,
    is_personal,
    is_same_line,
)

#: The order in which a person understands them best: what one said oneself, who one is, in whose place one acts, what one did.
RULES = ("S7", "S1", "S2", "S5", "S3", "S4")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one check says.

    Attributes:
        check: A rule of separation (S1 to S10) or OPEN, CONFINED, ROLE, SCOPE, PERIOD, DELEGATION, FREE.
        holds: Whether it lets the person act; None when it does not apply here.
        facts: What it looked at: codes and moments, no sentences.
    """

    check: str
    holds: bool | None
    facts: Mapping[str, Any] = field(default_factory=dict)


def examine(person: str, *, way: Way, task: Task, facts: Collection[Fact]) -> list[Finding]:
    """Say of every rule whether it lets the person act on the task in this way."""
    if is_personal(task, way.via):
        return [Finding(check=rule, holds=None, facts={"personal": True}) for rule in RULES]
    own = [fact for fact in facts if fact.person == person]
    found = {
        "S7": {"declared": True} if any(fact.kind == "ACT" and fact.flag for fact in own) else {},
        "S1": _relations(own, PRINCIPALS),
        "S2": _ties(own, way.role),
        "S5": _in_place_of(person, way, task, facts),
        "S3": _acts_before(own, task),
        "S4": _other_role(own, way, task),
    }
    return [Finding(check=rule, holds=not found[rule], facts=found[rule]) for rule in RULES]


def _relations(own: Collection[Fact], kinds: Collection[str]) -> dict[str, Any]:
    named = sorted({fact.what for fact in own if fact.kind == "PARTY" and fact.what in kinds})
    return {"relations": named} if named else {}


def _ties(own: Collection[Fact], role: str | None) -> dict[str, Any]:
    """Family, hierarchy, and a supervisor who would do more than endorse. Whose relative it is stays unsaid."""
    kinds = (*RELATED, *(() if role in ENDORSING_ROLES else ENDORSERS))
    named = set(_relations(own, kinds).get("relations", ()))
    if any(fact.kind == "FAMILY" for fact in own):
        named.add("FAMILY")
    return {"relations": sorted(named)} if named else {}


def _in_place_of(person: str, way: Way, task: Task, facts: Collection[Fact]) -> dict[str, Any]:
    principals = {fact.person for fact in facts if fact.kind == "PARTY" and fact.what in PRINCIPALS}
    if way.delegator is not None and way.delegator in principals - {person}:
        return {"in_place_of": "DELEGATOR", "holder": way.delegator}
    if way.holder in principals - {person}:
        return {"in_place_of": "ABSENT", "holder": way.holder}
    if way.role in IN_PLACE_OF_DO and is_for_official(task, facts):
        return {"in_place_of": "OFFICIAL"}
    return {}


def _acts_before(own: Collection[Fact], task: Task) -> dict[str, Any]:
    acts = [fact for fact in own if fact.kind == "ACT" and is_same_line(fact.line, task.line)]
    apart = [fact for fact in acts if fact.element in task.separate_from]
    if task.act is not None and task.act not in (*NEUTRAL_ACTS, RECOMMEND):
        apart += [fact for fact in acts if fact.what not in NEUTRAL_ACTS and fact.what != task.act]
    if not apart:
        return {}
    return {"acts": sorted({fact.what for fact in apart}), "elements": sorted({fact.element for fact in apart if fact.element})}


def _other_role(own: Collection[Fact], way: Way, task: Task) -> dict[str, Any]:
    if task.act is None or task.act in NEUTRAL_ACTS:
        return {}
    judged = [fact for fact in own if fact.kind == "ACT" and fact.what not in NEUTRAL_ACTS and fact.role is not None]
    other = next((fact.role for fact in judged if fact.role != way.role), None)
    return {"role": other} if other else {}
