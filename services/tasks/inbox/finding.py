"""Looking for tasks: from each queue only its head, so that the time it takes does not grow with what waits behind it.

What is found here only might be the person's to act on: roles, areas and names fit. `authority.pick_visible` has the last word.
Source: our measurements with a million open tasks; benchmarks/inbox.py repeats them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, String, cast, func, null, or_, select, union_all
from sqlalchemy.orm import Session

from services.authority import Queue
from services.given import hand_over, hand_over_texts
from services.prepared import Prepared
from services.tasks.inbox.heads import (
    ABSENT,
    AREAS,
    EVERYWHERE,
    IN_AREA,
    NOWHERE,
    QUEUE,
    Shape,
    keys_of,
    look_everywhere,
    look_further,
    number,
)
from services.tasks.inbox.narrowing import Narrow
from services.tasks.inbox.tabs import FIRST_TAB, Tabs
from services.tasks.putting_off import DUE_SOON

#: A tab with more tasks than this says "99+", and nobody counts how many more.
COUNTED = 100
_SLACK = 20
_FEW_QUEUES = 4
_LOOKED_AT = 40
# The more queues, the less is taken from each at first. There are few lengths, because each makes a statement of its own.
_HEADS = (COUNTED + _SLACK + 1, 48, 24, 12, 6)
_LEAST, _TAKEN = 3, 1500
_LISTED, _COUNTED, _LONG = range(3)
_NOTHING = Narrow()


@dataclass(kw_only=True, slots=True)
class Found:
    """Tasks that might be the person's.

    Attributes:
        listed: The ids of the list in its order.
        counted: Of each tab with few tasks, the id of each and its queue, None when it was found by name.
        long: Of every other tab how many were found.
    """

    listed: list[str] = field(default_factory=list)
    counted: dict[int, list[tuple[str, int | None]]] = field(default_factory=dict)
    long: dict[int, int] = field(default_factory=dict)

    @property
    def ids(self) -> set[str]:
        """All of which it has to be asked whether they are the person's."""
        return {*self.listed, *(task_id for found in self.counted.values() for task_id, _ in found)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What to look for.

    Attributes:
        shown: The numbers of the tabs whose tasks are listed; all are counted.
        rows: How many rows the list needs.
    """

    person: str
    now: datetime
    tabs: Tabs
    shown: Sequence[int]
    order: str
    rows: int
    narrow: Narrow

    @property
    def counted(self) -> int:
        """Up to how many tasks each one of a tab is looked at, so that its count is right."""
        return COUNTED + _SLACK if len(self.tabs.queues) <= _FEW_QUEUES else _LOOKED_AT

    def head(self, dialect: str) -> int:
        """How many tasks are taken from each queue at first: enough to count each tab, as long as it is not too much in all.

        SQLite goes through all of a queue in any case.
        """
        if dialect != "postgresql" or not self.tabs.queues:
            return max(self.rows, _HEADS[0])
        fewest = min(Counter(tab.number for _, tab in self.tabs.queues).values())
        enough = [head for head in _HEADS if head * fewest > self.counted] or [_HEADS[0]]
        return next(
            (head for head in (enough[-1], *_HEADS) if head <= enough[-1] and head * len(self.tabs.queues) <= _TAKEN), _LEAST
        )

    def shape(self, dialect: str) -> Shape:
        """Say what the statement looks like."""
        present = {_kind(queue) for queue, _ in self.tabs.queues}
        return Shape(
            dialect=dialect,
            order=self.order,
            kinds=tuple(kind for kind in (IN_AREA, EVERYWHERE, NOWHERE) if kind in present),
            stands_in=bool(self.tabs.absent),
            own=next((tab for tab in self.shown if tab < FIRST_TAB), None),
            rows=self.rows,
            head=self.head(dialect),
            counted=self.counted,
        )


def find_tasks(session: Session, search: Search) -> Found:
    """Return the tasks of the list in its order, and of each tab those that have to be counted. One query."""
    shape = search.shape(session.get_bind().dialect.name)
    asked = {"acting_person": search.person, "acting_now": search.now, "acting_soon": search.now + DUE_SOON}
    asked |= _handed_over(search, shape)
    if search.narrow.is_any:
        rows = session.execute(_statement(shape, search.narrow), asked).all()
    else:
        rows = _prepared(shape).rows(session, **asked)
    found = Found(listed=[row.id for row in sorted(rows, key=_place) if row.part == _LISTED])
    for row in rows:
        if row.part == _COUNTED:
            found.counted.setdefault(row.tab, []).append((row.id, row.queue))
        elif row.part == _LONG:
            found.long[row.tab] = row.number
    return found


def _place(row: Any) -> int:
    return int(row.number)


@lru_cache(maxsize=512)
def _prepared(shape: Shape) -> Prepared:
    return Prepared(lambda: _statement(shape, _NOTHING))


def _statement(shape: Shape, narrow: Narrow) -> Select[Any]:
    """Look for what is listed and for what is counted: at once, unless the list is narrowed and the counts are not."""
    listed = union_all(*look_everywhere(shape, narrow)).cte("found").prefix_with("MATERIALIZED")
    everything = listed
    if narrow.is_any:
        everything = union_all(*look_everywhere(shape, _NOTHING)).cte("everything").prefix_with("MATERIALIZED")
    tabs = select(everything.c.tab, func.count().label("number")).group_by(everything.c.tab).cte("tabs")
    few = select(*_columns(_COUNTED, everything.c.id, everything.c.tab, everything.c.queue, tabs.c.number))
    few = few.join(tabs, tabs.c.tab == everything.c.tab).where(tabs.c.number <= number(shape.counted))
    nothing = cast(null(), String)
    long = select(*_columns(_LONG, nothing, tabs.c.tab, cast(null(), Integer), tabs.c.number))
    long = long.where(tabs.c.number > number(shape.counted))
    return select(union_all(_list(shape, narrow, listed), few, long).subquery())


def _columns(part: int, task_id: Any, tab: Any, queue: Any, place: Any) -> tuple[Any, ...]:
    labelled = {"id": task_id, "tab": tab, "queue": queue, "number": place}
    return (number(part).label("part"), *(column.label(name) for name, column in labelled.items()))


def _list(shape: Shape, narrow: Narrow, found: Any) -> Select[Any]:
    """Cut the list off. Where all that was taken from a queue belongs into it, more of that queue may, and is looked for.

    Of every other queue something that was taken stands behind the list, and so does all that follows it.
    """
    top = _top(select(found), found, shape).where(found.c.shown == number(1)).cte("top")
    if shape.kinds and shape.head < shape.rows:
        at_end = func.count() >= number(shape.head)
        full = select(top.c.queue).where(top.c.queue.is_not(None)).group_by(top.c.queue).having(at_end).cte("full_queues")
        rest = select(top).where(or_(top.c.queue.is_(None), top.c.queue.not_in(select(full.c.queue))))
        longer = union_all(rest, *look_further(shape, narrow, full)).subquery()
        top = _top(select(longer), longer, shape).cte("longer")
    nth = func.row_number().over(order_by=(*keys_of(top), top.c.id))
    return select(*_columns(_LISTED, top.c.id, top.c.tab, top.c.queue, nth))


def _top(query: Select[Any], found: Any, shape: Shape) -> Select[Any]:
    return query.order_by(*keys_of(found), found.c.id).limit(number(shape.rows))


def _kind(queue: Queue) -> str:
    return EVERYWHERE if queue.everywhere else NOWHERE if queue.area is None else IN_AREA


def _handed_over(search: Search, shape: Shape) -> dict[str, Any]:
    """Give the queues and the absent as parameters."""
    rows: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in shape.kinds}
    for place, (queue, tab) in enumerate(search.tabs.queues):
        shown = int(tab.number in search.shown)
        rows[_kind(queue)].append((place, tab.number, shown, queue.role, queue.area, queue.organisation))
    away = [(tab.number, int(tab.number in search.shown), person) for person, tab in search.tabs.absent]
    asked = hand_over("absent", list(ABSENT), away, shape.dialect)
    for kind, records in rows.items():
        asked |= hand_over(f"given_{kind}", list(QUEUE), records, shape.dialect)
    queues = [queue for queue, _ in search.tabs.queues]
    return asked | hand_over_texts(AREAS, sorted({queue.area for queue in queues if queue.area}), shape.dialect)
