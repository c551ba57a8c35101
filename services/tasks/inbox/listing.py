"""A page of the inbox: the tasks of a view in their order, and how much waits in each tab."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import authority
from services.models.cases import Task
from services.people import Actor
from services.tasks.inbox.finding import COUNTED, Found, Search, find_tasks
from services.tasks.inbox.heads import ORDERS
from services.tasks.inbox.narrowing import Narrow
from services.tasks.inbox.rows import InboxRow, read_done, read_rows
from services.tasks.inbox.tabs import (
    DONE,
    FIRST_TAB,
    MINE,
    OWN_TAB,
    PUT_OFF,
    PUT_OFF_TAB,
    QUESTIONS,
    QUESTIONS_TAB,
    Tab,
    Tabs,
    arrange_tabs,
)

_NOTHING = Narrow()
_SPARE = 10
_WIDER = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxTab:
    """A role in which tasks wait for the actor, and how many.

    Attributes:
        role: None for tasks that name somebody for whom the actor stands in.
        held: The area of the role, where the actor holds it in several.
        holder: Whose role it is, when it is another person's.
        count: Up to 100; whether there are more was not counted then.
        or_more: The count is the least that there are.
    """

    role: str | None
    held: str | None
    holder: str | None
    count: int
    or_more: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxPage:
    """One page of the inbox.

    Attributes:
        total: How many rows the view has, counted up to 100.
        has_more: More rows follow this page.
        mine, team: How many tasks are the actor's own, and how many wait for a role of the actor; counted up to 100 per tab.
        put_off, questions: How many are put off, and how many wait for an answer.
        tabs: The roles in which something waits.
        areas: The areas in which something may wait for a role of the actor; None when that is everywhere.
    """

    rows: list[InboxRow]
    total: int
    has_more: bool
    mine: int
    team: int
    put_off: int
    questions: int
    tabs: list[InboxTab]
    areas: frozenset[str] | None

    @property
    def roles(self) -> dict[str, int]:
        """How many tasks wait for each role."""
        roles = sorted({tab.role for tab in self.tabs if tab.role})
        return {role: sum(tab.count for tab in self.tabs if tab.role == role) for role in roles}


def list_inbox(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    role: str | None = None,
    held: str | None = None,
    holder: str | None = None,
    view: str = MINE,
    order: str = "due",
    narrow: Narrow = _NOTHING,
    limit: int = 50,
    offset: int = 0,
) -> InboxPage:
    """Return a page of the actor's inbox. Four queries, however much waits.

    Only when separation of duties takes away most of what was found it looks further, in wider and wider circles.

    Args:
        role, held, holder: Of the view "team": only the tabs of this role, of the area for which it is held, of another holder.
        view: "mine": named for or claimed by the actor; "team": for a role of the actor; "put-off", "questions", "done".
        order: "due", "departure", "risk" or "waiting"; what is done comes latest first.
    """
    reach = authority.reach_of(session, actor.person, now)
    tabs = arrange_tabs(reach, actor.person)
    shown = _shown(tabs, view, role=role, held=held, holder=holder)
    search = Search(
        person=actor.person, now=now, tabs=tabs, shown=shown, order=order, rows=offset + limit + 1 + _SPARE, narrow=narrow
    )
    found = find_tasks(session, search)
    holders = authority.pick_holders(session, actor.person, found.ids, now, reach=reach)
    counts = _count(found, set(holders), search, session.get_bind().dialect.name)
    if view == DONE:
        only = [Task.role == role] if role is not None else []
        rows, total = read_done(session, actor, only, now=now, limit=limit, offset=offset)
        return _page(rows, total, counts, tabs, has_more=offset + limit < total)
    holders = _widen(session, search, found, holders, reach)
    ids = list(holders)
    page = _by_number(read_rows(session, actor, ids[offset : offset + limit]), order)
    page = [replace(row, holder=holders[row.task_id]) for row in page]
    total = len(ids) if narrow.is_any else max(len(ids), sum(counts[number].count for number in shown if number in counts))
    return _page(page, min(total, COUNTED), counts, tabs, has_more=len(ids) > offset + limit)


def count_inbox(session: Session, actor: Actor, *, now: datetime) -> int:
    """Return how many tasks the actor may act on now, counted up to 100 for each role."""
    page = list_inbox(session, actor, now=now, limit=0)
    return page.mine + page.team


def count_new(
    session: Session,
    actor: Actor,
    *,
    since: datetime,
    now: datetime,
    view: str = MINE,
    role: str | None = None,
    held: str | None = None,
    holder: str | None = None,
    narrow: Narrow = _NOTHING,
) -> int:
    """Return how many tasks have come into a view since a moment, counted up to 100. Three queries."""
    reach = authority.reach_of(session, actor.person, now)
    tabs = arrange_tabs(reach, actor.person)
    search = Search(
        person=actor.person,
        now=now,
        tabs=tabs,
        shown=_shown(tabs, view, role=role, held=held, holder=holder),
        order="waiting",
        rows=COUNTED,
        narrow=replace(narrow, opened_after=since),
    )
    found = find_tasks(session, search)
    return len(authority.pick_holders(session, actor.person, set(found.listed), now, reach=reach))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Count:
    count: int
    or_more: bool


def _shown(tabs: Tabs, view: str, *, role: str | None, held: str | None, holder: str | None) -> list[int]:
    own = {MINE: [OWN_TAB], PUT_OFF: [PUT_OFF_TAB], QUESTIONS: [QUESTIONS_TAB], DONE: []}
    return own[view] if view in own else tabs.chosen(role=role, held=held, holder=holder)


def _count(found: Found, visible: set[str], search: Search, dialect: str) -> dict[int, _Count]:
    """Count each tab. Where more was found than is counted, nobody asks of each task whether it is the actor's."""
    counts = {
        tab: _Count(count=COUNTED if number >= COUNTED else search.counted, or_more=True) for tab, number in found.long.items()
    }
    mine = {task_id for task_id, _ in found.counted.get(OWN_TAB, ()) if task_id in visible}
    for tab, in_tab in found.counted.items():
        ids = {task_id for task_id, _ in in_tab if task_id in visible and (tab == OWN_TAB or task_id not in mine)}
        taken = Counter(queue for _, queue in in_tab if queue is not None)
        is_cut = any(number >= search.head(dialect) for number in taken.values())
        counts[tab] = _Count(count=min(len(ids), COUNTED), or_more=is_cut or len(ids) >= COUNTED)
    return counts


def _widen(
    session: Session, search: Search, found: Found, holders: dict[str, str | None], reach: authority.Reach
) -> dict[str, str | None]:
    """Return what is listed in its order; look further as long as what is not the actor's leaves the page unfilled."""
    wanted = search.rows - _SPARE
    visible = _in_order(found, holders)
    while len(visible) < wanted and len(found.listed) >= search.rows:
        search = replace(search, rows=search.rows * _WIDER)
        found = find_tasks(session, search)
        visible = _in_order(found, authority.pick_holders(session, search.person, set(found.listed), search.now, reach=reach))
    return visible


def _in_order(found: Found, holders: dict[str, str | None]) -> dict[str, str | None]:
    return {task_id: holders[task_id] for task_id in found.listed if task_id in holders}


def _by_number(rows: list[InboxRow], order: str) -> list[InboxRow]:
    """Let what comes at the same place of an order stand by the numbers of the cases."""

    def place(row: InboxRow) -> tuple[tuple[bool, Any], ...]:
        values = (getattr(row, column.key) for column in ORDERS[order])
        return tuple((True, 0) if value is None else (False, value) for value in values)

    return sorted(rows, key=lambda row: (place(row), row.number))


def _page(rows: list[InboxRow], total: int, counts: dict[int, _Count], tabs: Tabs, *, has_more: bool) -> InboxPage:
    shown = [_tab(tab, counts[tab.number]) for tab in tabs.tabs if tab.number in counts and counts[tab.number].count]
    own = {number: count.count for number, count in counts.items() if number < FIRST_TAB}
    return InboxPage(
        rows=rows,
        total=total,
        has_more=has_more,
        mine=own.get(OWN_TAB, 0),
        team=sum(tab.count for tab in shown),
        put_off=own.get(PUT_OFF_TAB, 0),
        questions=own.get(QUESTIONS_TAB, 0),
        tabs=shown,
        areas=_areas_of(tabs),
    )


def _areas_of(tabs: Tabs) -> frozenset[str] | None:
    if any(queue.everywhere for queue, _ in tabs.queues):
        return None
    return frozenset(code for queue, _ in tabs.queues for code in (queue.area, queue.held) if code)


def _tab(tab: Tab, count: _Count) -> InboxTab:
    return InboxTab(role=tab.role, held=tab.held, holder=tab.holder, count=count.count, or_more=count.or_more)
