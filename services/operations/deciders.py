"""Who decides a unit: what D1.5 asks about people, and the persons behind the roles it answers with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import String, bindparam, select

from services import authority
from services.authority.ways import is_current
from services.models.authority import Absence
from services.models.base import UtcDateTime
from services.models.cases import Task
from services.operations.catalogue import operation
from services.operations.routing import count_route
from services.operations.standing import find_standing_roles
from services.operations.work import Work
from services.prepared import Prepared
from services.registers import areas, clearances
from services.roles import NEXT
from services.separation import DECIDE, RECOMMEND, Fact, Way, kind_of_involvement, objection, read_facts

#: Who advises when nobody of the role is left.
DEPUTIES = {"CSA": ("SA",), "DSSO": ("SA",), "DO": ("DOAI", "DRO_DIR")}
DELEGABLE = {1: ("TSC_TIER1", "TSC_TIER2"), 2: ("TSC_TIER2",)}
HIGHEST_FIRST = ("CSA", "ASC", "DSSO")
USG_TIER = 5
_ABSENT = Prepared(
    lambda: select(Absence.id).where(
        Absence.person == bindparam("person", type_=String), is_current(Absence, bindparam("now", type_=UtcDateTime))
    )
)


@operation("stop.authority")
def find_authority(work: Work, *, stop: dict[str, Any], tier: float) -> dict[str, Any]:
    """Say what the choice of the decider rests on: presence, delegation, conflict, and whether the official travels."""
    facts = _facts(work, stop)
    delegate = _delegate(work, stop["area"], int(tier))
    role = delegate if delegate != "NONE" and int(tier) in DELEGABLE else "DO"
    people = _people(work, role, stop) if int(tier) != USG_TIER else {}
    able = [person for person, way in people.items() if _objects(work, stop, person, way, facts, DECIDE) is None]
    conflict = bool(people) and not able
    kinds = [kind_of_involvement(person, facts) for person in people] if conflict else []
    kind = next((kind for kind in kinds if kind), None)
    for line in clearances.lines_of_unit(work.session, work.case.id, stop["key"]):
        line.conflict = kind
    officials = set(_officials(work, stop["area"]))
    return {
        "authority": {
            "traveller_is_do": bool(officials & set(stop["persons"])),
            "conflict": conflict,
            "conflict_kind": kind,
            "do_present": any(not _is_absent(work, person) for person in officials),
            "delegation": delegate,
        }
    }


def _facts(work: Work, unit: dict[str, Any]) -> list[Fact]:
    return read_facts(work.session, case_id=work.case.id, area=unit["area"], now=work.now)


def _people(work: Work, role: str, unit: dict[str, Any]) -> dict[str, Way]:
    """Return who acts in a role for a unit, each by the most natural way."""
    found = authority.acting(work.session, role=role, area=unit["area"], organisation=unit.get("organisation"), now=work.now)
    people: dict[str, Way] = {}
    for person, way in sorted(found, key=lambda row: row[1].capacity != "OWN"):
        people.setdefault(person, way)
    return people


def _objects(work: Work, unit: dict[str, Any], person: str, way: Way, facts: Iterable[Fact], act: str) -> Any:
    """Say what keeps a person from a step that is not opened yet."""
    step = Task(case_id=work.case.id, role=way.role, act=act, area=unit["area"], line=unit["key"], separate_from=[])
    return objection(person, way=way, task=step, facts=list(facts))


def _officials(work: Work, area: str) -> list[str]:
    found = authority.acting(work.session, role="DO", area=area, now=work.now)
    return [person for person, way in found if way.capacity == "OWN"]


def _is_absent(work: Work, person: str) -> bool:
    return bool(_ABSENT.rows(work.session, person=person, now=work.now))


def _delegate(work: Work, area: str, tier: int) -> str:
    """Return the role that decides this tier in the area under a standing delegation, the highest first, or NONE."""
    roles = find_standing_roles(work, area, DELEGABLE.get(tier, ()))
    return next((role for role in HIGHEST_FIRST if role in roles), "NONE")


@operation("stop.resolve_people")
def resolve_people(work: Work, *, stop: dict[str, Any], tier: float, decider: str, recommenders: str | None) -> dict[str, Any]:
    """Find the persons behind the roles; a role with nobody unconflicted goes one up, a recommender's to the deputy."""
    facts = _facts(work, stop)
    role, deciders = _resolve_decider(work, stop, decider, facts)
    advisers = _resolve_recommenders(
        work, stop, [one.strip() for one in (recommenders or "").split(",")], facts, set(deciders), role
    )
    lines = clearances.lines_of_unit(work.session, work.case.id, stop["key"])
    for line in lines:
        line.mode, line.tier = "MANUAL", int(tier)
    count_route(work, stop["area"], mode="MANUAL", tier=tier)
    moved = f"{decider} has nobody left who is not involved: {role} decides" if role != decider else None
    return {"decider": role, "deciders": deciders, "recommenders": advisers, "moved": moved}


def _resolve_decider(work: Work, unit: dict[str, Any], role: str, facts: list[Fact]) -> tuple[str, list[str]]:
    first = role = _at_headquarters(work, unit["area"], role)
    while True:
        people = _unconflicted(work, unit, role, facts, DECIDE)
        if people:
            return role, people
        if role not in NEXT:
            # Nobody at all is left: the task waits at its first role, where escalation and the hard stop still reach it.
            return first, []
        role = _at_headquarters(work, unit["area"], NEXT[role])


def _at_headquarters(work: Work, area: str, role: str) -> str:
    """At headquarters the director of their own division stands in the place of the director of operations."""
    if role == "DRO_DIR" and areas.get_area(work.session, area).location_class == "HQ":
        return "DHSSS_DIR"
    return role


def _unconflicted(work: Work, unit: dict[str, Any], role: str, facts: list[Fact], act: str) -> list[str]:
    people = _people(work, role, unit)
    return [person for person, way in people.items() if _objects(work, unit, person, way, facts, act) is None]


def _resolve_recommenders(
    work: Work, unit: dict[str, Any], roles: list[str], facts: list[Fact], deciders: set[str], decider: str
) -> list[dict[str, Any]]:
    """Name who advises: nobody who decides, and nobody twice."""
    found: list[dict[str, Any]] = []
    used: set[str] = set()
    for wanted in filter(None, roles):
        for role in (wanted, *DEPUTIES.get(wanted, ())):
            if role == decider or any(one["role"] == role for one in found):
                continue
            people = [one for one in _unconflicted(work, unit, role, facts, RECOMMEND) if one not in deciders and one not in used]
            if people:
                found.append({"role": role, "stands_for": wanted, "people": people})
                used.update(people if len(people) == 1 else ())
                break
    return found
