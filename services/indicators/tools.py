"""K15: persons with a security function who may use every tool of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from services.indicators.shape import Asked, Member, Value, Why, share
from services.indicators.statements import ON, UNTIL, Extent
from services.models.authority import RoleHolding
from services.models.duties import ToolAccess, ToolNeed
from services.models.people import Person


def tool_access(session: Session, asked: Asked) -> Value:
    """K15: of the persons who hold a role of the matrix of functions and tools, those with access to all tools of their roles.

    A delegated role brings no tools: the function stays with the delegator.
    """
    needed: dict[str, set[str]] = {}
    for role, tool in session.execute(_NEEDED, asked.values()):
        needed.setdefault(role, set()).add(tool)
    held: dict[str, set[str]] = {}
    for person, tool in session.execute(_HELD, asked.values()):
        held.setdefault(person, set()).add(tool)
    people: dict[str, tuple[str, str | None, set[str]]] = {}
    for row in session.execute(_functions(asked.extent), asked.values(roles=list(needed))):
        _, _, tools = people.setdefault(row.code, (row.name, row.duty_area, set()))
        tools |= needed[row.role]
    members = [
        _member(code, name, area, sorted(tools - held.get(code, set()))) for code, (name, area, tools) in sorted(people.items())
    ]
    return share("K15", asked, members)


def _current(model: Any, *columns: Any) -> Any:
    return select(*columns).where(model.valid_from <= ON, or_(model.valid_to.is_(None), model.valid_to >= ON))


_NEEDED = _current(ToolNeed, ToolNeed.role, ToolNeed.tool)
_HELD = _current(ToolAccess, ToolAccess.person, ToolAccess.tool)


@cache
def _functions(extent: Extent) -> Any:
    return (
        select(Person.code, Person.name, Person.duty_area, RoleHolding.role)
        .join(RoleHolding, RoleHolding.person == Person.code)
        .where(
            RoleHolding.role.in_(bindparam("roles", expanding=True)),
            RoleHolding.delegation_id.is_(None),
            RoleHolding.valid_from < UNTIL,
            or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= UNTIL),
            extent.covers(Person.duty_area),
            extent.employs(Person.organisation),
        )
        .distinct()
    )


def _member(code: str, name: str, area: str | None, missing: list[str]) -> Member:
    return Member(
        register="people",
        entry=code,
        label=name,
        numerator=0 if missing else 1,
        why=tuple(Why("TOOL_MISSING", tool) for tool in missing),
        area=area,
    )
