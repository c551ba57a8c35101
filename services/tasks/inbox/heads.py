"""Where tasks of a person may be: the heads of queues, what was named beside them, and what is the person's by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import aliased

from services.authority.places import covers_organisation
from services.authority.ways import NOW, PERSON
from services.given import given_rows, is_given
from services.models.base import UtcDateTime
from services.models.cases import OPEN, CaseParty, Task, TaskCandidate
from services.models.inbox import PutOff
from services.models.questions import Question, QuestionEnd
from services.roles import OWN_ROLES
from services.tasks.inbox.narrowing import Narrow, still_put_off
from services.tasks.inbox.tabs import OWN_TAB, PUT_OFF_TAB, QUESTIONS_TAB

#: What each order looks at, the first thing first; an index of `tasks` follows each.
ORDERS: dict[str, tuple[Any, ...]] = {
    "due": (Task.due_at, Task.opened_at),
    "departure": (Task.departs_at, Task.due_at),
    "risk": (Task.risk_rank, Task.due_at),
    "waiting": (Task.opened_at, Task.due_at),
}
IN_AREA, EVERYWHERE, NOWHERE = "in_area", "everywhere", "nowhere"
#: What is handed over of each queue, and of each person who is away.
QUEUE = {"queue": Integer, "tab": Integer, "shown": Integer, "role": String, "area": String, "organisation": String}
ABSENT = {"tab": Integer, "shown": Integer, "person": String}
AREAS = "beside_areas"
SOON = bindparam("acting_soon", type_=UtcDateTime)
# What never changes is written into the statement. A statement of this length takes longer to plan than to run, so it has to be
# planned once for all people, and of a parameter PostgreSQL cannot tell then that the indexes of open tasks serve.
_IS_OPEN = Task.state == literal_column(f"'{OPEN}'", String)
_KEY_NAMES = ("key_0", "key_1")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What makes one statement different from another; all else are parameters.

    Attributes:
        kinds: Which kinds of queues there are.
        stands_in: Whether somebody is away for whom the person stands in.
        own: The number of the own tab that is listed, if one is.
        rows: How many rows the list needs.
        head: How many tasks are taken from each queue at first.
        counted: Up to how many tasks of a tab are looked at, so that its count is right.
    """

    dialect: str
    order: str
    kinds: tuple[str, ...]
    stands_in: bool
    own: int | None
    rows: int
    head: int
    counted: int

    @property
    def deep(self) -> int:
        """How many tasks are taken of what is not a queue."""
        return max(self.rows, self.counted + 1)


def number(value: int) -> Any:
    """Write a number into the statement: there are few different ones, and the database plans better when it knows them."""
    return literal_column(str(int(value)), Integer)


def in_order(columns: Sequence[Any]) -> tuple[Any, ...]:
    """Put what is not known last."""
    return tuple(column.asc().nulls_last() for column in columns)


def keys_of(found: Any) -> tuple[Any, ...]:
    """Return what rows of tasks are sorted by."""
    return in_order([found.c[key] for key in _KEY_NAMES])


def look_everywhere(shape: Shape, narrow: Narrow) -> Iterator[Select[Any]]:
    """Build the selects, to be united, of all places where tasks of a person may be: tab, shown, queue, id, what sorts them."""
    away = _away(shape)
    only = [*narrow.conditions(shape.dialect)]
    here = [_IS_OPEN, *only, Task.id.not_in(select(away.c.id))]
    others = _of_others(here)
    for kind in shape.kinds:
        yield heads(kind, shape, others, shape.head)
        yield _beside(kind, shape, others)
    if shape.stands_in:
        yield _for_absent(shape, others)
    yield _own(OWN_TAB, shape, _named(shape, here))
    put_off = select(away.c.id, *(away.c[key] for key in _KEY_NAMES))
    yield _own(PUT_OFF_TAB, shape, put_off.join(Task, and_(Task.id == away.c.id, *only)) if only else put_off)
    asked = and_(Question.task_id == Task.id, Question.asked_by == PERSON)
    ended = exists().where(QuestionEnd.question_id == Question.id)
    questions = select(Task.id, *_keys(shape)).join(Question, asked).where(_IS_OPEN, *only, ~ended)
    yield _own(QUESTIONS_TAB, shape, questions.distinct())


def look_further(shape: Shape, narrow: Narrow, full: Any) -> Iterator[Select[Any]]:
    """Build the selects of more of the queues whose whole head belongs into the list: as much as the list can hold."""
    others = _of_others([_IS_OPEN, *narrow.conditions(shape.dialect), Task.id.not_in(select(_away(shape).c.id))])
    return (heads(kind, shape, others, shape.rows, among=full) for kind in shape.kinds)


def heads(kind: str, shape: Shape, only: Sequence[ColumnElement[bool]], most: int, among: Any = None) -> Select[Any]:
    """Take the first tasks of every queue of a kind, or of those `among` some."""
    queues = _queues(kind, shape.dialect)
    some = true() if among is None else queues.c.queue.in_(select(among.c.queue))
    waiting = (*only, _waits_in(queues, kind), Task.assignee.is_(None), covers_organisation(queues))
    if shape.dialect == "postgresql":
        one = select(Task.id, *_keys(shape)).where(*waiting).order_by(*in_order(ORDERS[shape.order]))
        head = one.limit(number(most)).correlate(queues).lateral()
        found = select(queues.c.tab, queues.c.shown, queues.c.queue, *head.c).select_from(queues)
        return found.join(head, true()).where(some)
    nth = func.row_number().over(partition_by=queues.c.queue, order_by=in_order(ORDERS[shape.order])).label("place")
    each = select(queues.c.tab, queues.c.shown, queues.c.queue, Task.id.label("id"), *_keys(shape), nth)
    placed = each.select_from(queues).join(Task, and_(*waiting)).where(some).subquery()
    kept = [column for column in placed.c if column.key != "place"]
    return select(*kept).where(placed.c.place <= number(most))


@lru_cache(maxsize=6)
def _queues(kind: str, dialect: str) -> Any:
    """Take the queues of a kind that were handed over: read once for all that asks."""
    given = given_rows(f"given_{kind}", QUEUE, dialect)
    return select(*(given.c[field] for field in QUEUE)).cte(f"queues_{kind}").prefix_with("MATERIALIZED")


@lru_cache(maxsize=16)
def _away(shape: Shape) -> Any:
    """Select what the person has put off: few tasks, found once for all that asks."""
    task = aliased(Task)
    mine = and_(PutOff.task_id == task.id, PutOff.person == PERSON)
    keys = (getattr(task, key.key).label(name) for key, name in zip(ORDERS[shape.order], _KEY_NAMES, strict=True))
    query = select(task.id, *keys).join(PutOff, mine).where(task.state == literal_column(f"'{OPEN}'", String))
    return query.where(still_put_off(task, NOW, SOON)).cte("away").prefix_with("MATERIALIZED")


def _of_others(only: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Leave out what the person has in hand: that is in the own tab."""
    return [*only, or_(Task.claimed_by.is_(None), Task.claimed_by != PERSON)]


def _waits_in(queues: Any, kind: str) -> ColumnElement[bool]:
    if kind == EVERYWHERE:
        return and_(Task.role == queues.c.role)
    area = Task.area.is_(None) if kind == NOWHERE else Task.area == queues.c.area
    return and_(Task.role == queues.c.role, area)


def _keys(shape: Shape) -> tuple[Any, ...]:
    return tuple(key.label(name) for name, key in zip(_KEY_NAMES, ORDERS[shape.order], strict=True))


def _no_queue() -> Any:
    return cast(null(), Integer).label("queue")


def _own(tab: int, shape: Shape, found: Any) -> Select[Any]:
    """Take the first of what is in a tab that everybody has, each with its id and what sorts it."""
    found = found.subquery()
    shown = number(int(tab == shape.own)).label("shown")
    columns = (number(tab).label("tab"), shown, _no_queue(), found.c.id, *(found.c[key] for key in _KEY_NAMES))
    return select(select(*columns).order_by(*keys_of(found)).limit(number(shape.deep)).subquery())


def _first(query: Select[Any], shape: Shape) -> Select[Any]:
    return select(query.order_by(*in_order(ORDERS[shape.order])).limit(number(shape.deep)).subquery())


def _beside(kind: str, shape: Shape, only: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Find tasks for which a role was named besides their own, as after an escalation: first all of the areas, then by queue.

    The OFFSET keeps PostgreSQL from looking queue by queue.
    """
    queues = _queues(kind, shape.dialect)
    areas = {IN_AREA: is_given(Task.area, AREAS, shape.dialect), NOWHERE: Task.area.is_(None), EVERYWHERE: true()}
    columns = (Task.id.label("id"), Task.area.label("area"), Task.organisation.label("organisation"))
    has_added = Task.added_roles != literal_column("''", String)
    wider = _with_added(select(*columns, *_keys(shape)), shape).where(*only, has_added, areas[kind])
    found = wider.offset(number(0)).subquery()
    here = [found.c.role == queues.c.role, covers_organisation(queues, found.c.organisation)]
    here += [found.c.area == queues.c.area] if kind == IN_AREA else []
    keys = [found.c[key] for key in _KEY_NAMES]
    query = select(queues.c.tab, queues.c.shown, _no_queue(), found.c.id, *keys).join_from(queues, found, and_(*here))
    return select(query.order_by(*in_order(keys)).limit(number(shape.deep)).subquery())


def _with_added(query: Select[Any], shape: Shape) -> Select[Any]:
    """Add each further role to rows of tasks; on PostgreSQL out of the index alone, without a look at the candidates."""
    if shape.dialect == "postgresql":
        each = func.string_to_array(func.rtrim(Task.added_roles), literal_column("' '", String))
        added = func.unnest(each).table_valued("role").render_derived(name="added")
        return query.add_columns(cast(added.c.role, String).label("role")).join_from(Task, added, true())
    return query.add_columns(TaskCandidate.role).join(TaskCandidate, TaskCandidate.task_id == Task.id)


def _named(shape: Shape, here: Sequence[ColumnElement[bool]]) -> Any:
    """Select tasks that are the person's by name: assigned, in hand, one of several named, a step of the own case."""
    of_owner = Task.role.in_(bindparam("own_roles", OWN_ROLES, expanding=True, literal_execute=True))
    own = and_(Task.case_id == CaseParty.case_id, of_owner, Task.assignee.is_(None))
    each = select(Task.id, *_keys(shape)).where(*here)
    return union(
        each.where(Task.assignee == PERSON),
        each.where(Task.claimed_by == PERSON),
        each.join(TaskCandidate, TaskCandidate.task_id == Task.id).where(TaskCandidate.person == PERSON),
        each.join(CaseParty, own).where(CaseParty.person == PERSON),
    )


def _for_absent(shape: Shape, only: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Find tasks that name somebody for whom the person stands in."""
    absent = given_rows("absent", ABSENT, shape.dialect)
    named = Task.id.in_(select(TaskCandidate.task_id).where(TaskCandidate.person == absent.c.person).correlate(absent))
    query = select(absent.c.tab, absent.c.shown, _no_queue(), Task.id.label("id"), *_keys(shape)).select_from(absent)
    return _first(query.join(Task, or_(Task.assignee == absent.c.person, named)).where(*only), shape)
