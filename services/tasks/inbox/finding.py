"""Looking for tasks: from each queue only its head, so that the time it takes does not grow with what waits behind it.

What is found here only might be the person's to act on: roles, areas and names fit. `authority.pick_visible` has the last word.
Source: our measurements with a million open tasks; benchmarks/inbox.py repeats them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from services.authority import Queue
from services.models.cases import OPEN, CaseParty, Task, TaskCandidate
from services.models.inbox import PutOff
from services.models.questions import Question, QuestionEnd
from services.roles import OWN_ROLES
from services.tasks.inbox.narrowing import Narrow, is_put_off, still_put_off
from services.tasks.inbox.tabs import OWN_TAB, PUT_OFF_TAB, QUESTIONS_TAB, Tabs

#: What each order looks at, the first thing first; an index of `tasks` follows each.
ORDERS: dict[str, tuple[Any, ...]] = {
    "due": (Task.due_at, Task.opened_at),
    "departure": (Task.departs_at, Task.due_at),
    "risk": (Task.risk_rank, Task.due_at),
    "waiting": (Task.opened_at, Task.due_at),
}
#: A tab with more tasks than this says "99+", and nobody counts how many more.
COUNTED = 100
# What never changes is written into the statement. A statement of this length takes longer to plan than to run, so it has to be
# planned once for all people, and of a parameter PostgreSQL cannot tell then that the indexes of open tasks serve.
_IS_OPEN = Task.state == literal_column(f"'{OPEN}'", String)
_SLACK = 20
_VERY_FEW_QUEUES = 4
_FEW_QUEUES = 12
_SOME = 12
_LOOKED_AT = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A task that might be the person's.

    Attributes:
        tab: The number of its tab.
        queue: In which queue it was found; None when by name.
        in_tab: How many were found in this tab.
        nth: Its place in the list that is shown; 0 when it is not in that.
        is_counted: It is among those that are counted; the list may be narrowed further.
    """

    id: str
    tab: int
    queue: int | None
    in_tab: int
    nth: int
    is_counted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What to look for.

    Attributes:
        shown: The numbers of the tabs whose tasks are listed; all are counted.
        rows: How many rows the list needs.
        least: How many tasks to take from each queue at least.
    """

    person: str
    now: datetime
    tabs: Tabs
    shown: Sequence[int]
    order: str
    rows: int
    narrow: Narrow
    least: int = 0

    def shows(self, tab: int) -> int:
        """Whether the tasks of a tab are listed, as the databases say it: 1 or 0."""
        return int(tab in self.shown)

    @property
    def counted(self) -> int:
        """Up to how many tasks each one of a tab is looked at, so that its count is right."""
        return COUNTED + _SLACK if len(self.tabs.queues) <= _VERY_FEW_QUEUES else _LOOKED_AT

    @property
    def head(self) -> int:
        """How many tasks are taken from each queue: all that are shown or counted, or some of each where queues are many."""
        few = len(self.tabs.queues) <= _FEW_QUEUES
        return max(self.least, self.rows, COUNTED + _SLACK) if few else max(self.least, _SOME)


def find_tasks(session: Session, search: Search) -> list[Found]:
    """Return the tasks of the list in its order, and of each tab those that have to be counted. One query."""
    dialect = session.get_bind().dialect.name
    found = session.execute(_statement(search, dialect), _asked(search)).all()
    return [
        Found(
            id=row.id,
            tab=row.tab,
            queue=row.queue,
            in_tab=row.in_tab,
            nth=row.nth if row.shown else 0,
            is_counted=bool(row.is_counted),
        )
        for row in found
    ]


def _statement(search: Search, dialect: str) -> Any:
    """Look for what is listed and for what is counted: at once, unless the list is narrowed and the counts are not."""
    if not search.narrow.is_any:
        listed = _placed(search, "found", dialect, is_counted=True)
        return select(listed).order_by(listed.c.shown.desc(), listed.c.nth)
    listed = _placed(search, "listed", dialect, is_counted=False)
    counted = _placed(replace(search, narrow=Narrow()), "counted", dialect, is_counted=True, only_counted=True)
    both = union_all(select(listed).where(listed.c.shown == _number(1)), select(counted)).subquery()
    return select(both).order_by(both.c.shown.desc(), both.c.nth)


def _placed(search: Search, name: str, dialect: str, *, is_counted: bool, only_counted: bool = False) -> Any:
    found = union_all(*_parts(search, dialect)).cte(name)
    shown = _number(0) if only_counted else found.c.shown
    keys = [found.c[f"key_{place}"].asc().nulls_last() for place in range(2)]
    placed = select(
        found.c.tab,
        found.c.queue,
        found.c.id,
        _number(0).label("shown") if only_counted else found.c.shown,
        func.count().over(partition_by=found.c.tab).label("in_tab"),
        func.row_number().over(partition_by=shown, order_by=(*keys, found.c.id)).label("nth"),
        func.row_number().over(partition_by=found.c.tab).label("first"),
        _number(int(is_counted)).label("is_counted"),
    ).subquery()
    wanted = or_(
        and_(placed.c.shown == _number(1), placed.c.nth <= _number(search.rows)),
        placed.c.in_tab <= _number(search.counted),
        placed.c.first == _number(1),
    )
    return select(placed).where(wanted).subquery()


def _number(number: int) -> Any:
    """Write a number into the statement: there are few different ones, and the database plans better when it knows them."""
    return literal_column(str(int(number)), Integer)


def _asked(search: Search) -> dict[str, Any]:
    kinds: dict[str, list[dict[str, Any]]] = {"in_area": [], "everywhere": [], "nowhere": []}
    for number, (queue, tab) in enumerate(search.tabs.queues):
        kind = "everywhere" if queue.everywhere else "nowhere" if queue.area is None else "in_area"
        kinds[kind].append(_record(number, queue, tab.number, search))
    asked = {f"queues_{kind}": json.dumps(records) for kind, records in kinds.items()}
    away = [{"tab": tab.number, "shown": search.shows(tab.number), "person": person} for person, tab in search.tabs.absent]
    return {**asked, "absent": json.dumps(away)}


def _record(number: int, queue: Queue, tab: int, search: Search) -> dict[str, Any]:
    return {
        "queue": number,
        "tab": tab,
        "shown": search.shows(tab),
        "role": queue.role,
        "area": queue.area,
        "organisation": queue.organisation,
        "of_none": queue.of_none,
        "everywhere": queue.everywhere,
    }


_FIELDS: dict[str, Any] = {
    "queue": Integer,
    "tab": Integer,
    "shown": Integer,
    "role": String,
    "area": String,
    "organisation": String,
    "of_none": Boolean,
    "everywhere": Boolean,
    "person": String,
}


def _records(name: str, fields: Sequence[str], dialect: str) -> Any:
    """Let the database read a list that was handed to it as JSON, so that the text of the statement is always the same."""
    given = bindparam(name, type_=String)
    if dialect == "postgresql":
        columns = [column(field, _FIELDS[field]) for field in fields]
        return func.jsonb_to_recordset(cast(given, JSONB)).table_valued(*columns).render_derived(name=name, with_types=True)
    each = func.json_each(given).table_valued("value", name=name)
    return select(
        *(cast(func.json_extract(each.c.value, f"$.{field}"), _FIELDS[field]).label(field) for field in fields)
    ).subquery(name)


def _queues(kind: str, dialect: str) -> Any:
    return _records(f"queues_{kind}", [field for field in _FIELDS if field != "person"], dialect)


def _parts(search: Search, dialect: str) -> Iterator[Select[Any]]:
    """Build the selects, to be united, of all places where tasks of a person may be. Those without any queue are left out."""
    present = {(queue.everywhere, queue.area is None) for queue, _ in search.tabs.queues}
    base = [_IS_OPEN, *search.narrow.conditions(dialect)]
    here = [*base, ~is_put_off(search.person, search.now)]
    others = [*here, or_(Task.claimed_by.is_(None), Task.claimed_by != search.person)]
    if (False, False) in present:
        yield _heads("in_area", search, others, dialect)
    if (True, True) in present:
        yield _heads("everywhere", search, others, dialect)
    if (False, True) in present:
        yield _heads("nowhere", search, others, dialect)
    if present:
        yield from (_beside(kind, search, others, dialect) for kind in _kinds(present))
    if search.tabs.absent:
        yield _for_absent(search, others, dialect)
    yield _head(select(*_own_columns(OWN_TAB, search), *_keys(search)).where(Task.id.in_(_named(search.person)), *here), search)
    put_off = and_(PutOff.task_id == Task.id, PutOff.person == search.person)
    away = select(*_own_columns(PUT_OFF_TAB, search), *_keys(search)).join(PutOff, put_off)
    yield _head(away.where(*base, still_put_off(search.now)), search)
    asked = and_(Question.task_id == Task.id, Question.asked_by == search.person)
    ended = exists().where(QuestionEnd.question_id == Question.id)
    waiting = select(*_own_columns(QUESTIONS_TAB, search), *_keys(search)).join(Question, asked).where(*base, ~ended)
    yield _head(waiting.distinct(), search)


def _kinds(present: set[tuple[bool, bool]]) -> Iterator[str]:
    names = {(False, False): "in_area", (True, True): "everywhere", (False, True): "nowhere"}
    return (names[each] for each in sorted(present))


def _columns(source: Any) -> tuple[Any, ...]:
    queue = source.c.queue if "queue" in source.c else cast(null(), Integer).label("queue")
    return (source.c.tab, source.c.shown, queue, Task.id.label("id"))


def _own_columns(tab: int, search: Search) -> tuple[Any, ...]:
    nowhere = cast(null(), Integer).label("queue")
    return (_number(tab).label("tab"), _number(search.shows(tab)).label("shown"), nowhere, Task.id.label("id"))


def _keys(search: Search) -> tuple[Any, ...]:
    return tuple(key.label(f"key_{place}") for place, key in enumerate(ORDERS[search.order]))


def _in_order(search: Search) -> tuple[Any, ...]:
    return tuple(key.asc().nulls_last() for key in ORDERS[search.order])


def _head(query: Select[Any], search: Search) -> Select[Any]:
    return select(query.order_by(*_in_order(search)).limit(_number(search.head)).subquery())


def _heads(kind: str, search: Search, only: Sequence[ColumnElement[bool]], dialect: str) -> Select[Any]:
    """Take the head of every queue of a kind."""
    queues = _queues(kind, dialect)
    waiting = (*only, _waits_in(queues, kind), Task.assignee.is_(None), _covers_organisation(queues, Task.organisation))
    if dialect == "postgresql":
        one = select(Task.id, *_keys(search)).where(*waiting).order_by(*_in_order(search))
        head = one.limit(_number(search.head)).correlate(queues).lateral()
        keys = [column for column in head.c if column.key != "id"]
        return select(queues.c.tab, queues.c.shown, queues.c.queue, head.c.id, *keys).select_from(queues).join(head, true())
    nth = func.row_number().over(partition_by=queues.c.queue, order_by=_in_order(search)).label("place")
    each = select(*_columns(queues), *_keys(search), nth).select_from(queues)
    placed = each.join(Task, and_(*waiting)).subquery()
    kept = [column for column in placed.c if column.key != "place"]
    return select(*kept).where(placed.c.place <= _number(search.head))


def _waits_in(queues: Any, kind: str) -> ColumnElement[bool]:
    if kind == "everywhere":
        return and_(Task.role == queues.c.role)
    area = Task.area.is_(None) if kind == "nowhere" else Task.area == queues.c.area
    return and_(Task.role == queues.c.role, area)


def _covers_organisation(queues: Any, organisation: Any) -> ColumnElement[bool]:
    return or_(
        queues.c.organisation.is_(None),
        organisation == queues.c.organisation,
        and_(organisation.is_(None), queues.c.of_none),
    )


def _beside(kind: str, search: Search, only: Sequence[ColumnElement[bool]], dialect: str) -> Select[Any]:
    """Find tasks for which a role was named besides their own, as after an escalation: first all of the areas, then by role."""
    queues = _queues(kind, dialect)
    area: ColumnElement[bool] = true()
    if kind == "in_area":
        area = Task.area.in_(select(queues.c.area))
    elif kind == "nowhere":
        area = Task.area.is_(None)
    columns = (
        Task.id.label("id"),
        Task.area.label("area"),
        Task.organisation.label("organisation"),
        TaskCandidate.role.label("role"),
    )
    named = select(*columns, *_keys(search)).join(TaskCandidate, TaskCandidate.task_id == Task.id)
    wider = named.where(*only, Task.widened, TaskCandidate.role.in_(select(queues.c.role)), area)
    found = wider.cte(_fresh(search, kind)).prefix_with("MATERIALIZED")
    here = [found.c.role == queues.c.role, _covers_organisation(queues, found.c.organisation)]
    here += [found.c.area == queues.c.area] if kind == "in_area" else []
    keys = [found.c[f"key_{place}"] for place in range(2)]
    query = select(queues.c.tab, queues.c.shown, queues.c.queue, found.c.id, *keys).join_from(queues, found, and_(*here))
    return select(query.order_by(*(key.asc().nulls_last() for key in keys)).limit(_number(search.head)).subquery())


def _fresh(search: Search, kind: str) -> str:
    """Name a part of the statement; the list and the counts each have their own."""
    return f"beside_{kind}_{'listed' if search.narrow.is_any else 'all'}"


def _named(person: Any) -> Any:
    """Select the ids of tasks that are somebody's by name: assigned, in hand, one of several named, a step of the own case."""
    of_owner = Task.role.in_(bindparam("own_roles", OWN_ROLES, expanding=True, literal_execute=True))
    own = and_(Task.case_id == CaseParty.case_id, of_owner, Task.assignee.is_(None))
    return union(
        select(Task.id).where(_IS_OPEN, Task.assignee == person),
        select(Task.id).where(_IS_OPEN, Task.claimed_by == person),
        select(TaskCandidate.task_id).where(TaskCandidate.person == person),
        select(Task.id).join(CaseParty, own).where(_IS_OPEN, CaseParty.person == person),
    )


def _for_absent(search: Search, only: Sequence[ColumnElement[bool]], dialect: str) -> Select[Any]:
    """Find tasks that name somebody for whom the person stands in."""
    absent = _records("absent", ["tab", "shown", "person"], dialect)
    named = Task.id.in_(select(TaskCandidate.task_id).where(TaskCandidate.person == absent.c.person).correlate(absent))
    query = select(*_columns(absent), *_keys(search)).select_from(absent)
    return _head(query.join(Task, or_(Task.assignee == absent.c.person, named)).where(*only), search)
