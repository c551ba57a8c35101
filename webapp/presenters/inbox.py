"""The inbox as it is shown: views with counts, rows with their deadline, and what an empty view says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import definitions, overview, tasks
from services.people import Actor
from services.tasks import InboxPage, InboxRow
from services.tasks.inbox import DONE, MINE, ORDERS, TEAM
from webapp.i18n import language
from webapp.presenters.moments import Deadline, show_deadline, show_moment, show_since
from webapp.presenters.roles import say_role
from webapp.presenters.texts import Texts
from webapp.presenters.words import say_act
from webapp.speech import gettext, ngettext

ROWS_PER_PAGE = 40
MOST_PAGES = 1_000
URGENT = 80


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address of the page asks for; anything unknown falls back to what is usual."""

    view: str | None
    role: str | None
    order: str
    page: int
    task: str | None

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Asked:
        """Read the query of the address."""
        view, order, page = values.get("view"), values.get("order", ""), values.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
        return cls(
            view=view if view in {MINE, TEAM, DONE} else None,
            role=values.get("role") or None,
            order=order if order in ORDERS else ORDERS[0],
            page=min(max(number, 1), MOST_PAGES),
            task=values.get("task") or None,
        )

    def address(self, **changes: Any) -> str:
        """Write the address of this page with something changed."""
        order = self.order if self.order != ORDERS[0] else None
        page = self.page if self.page > 1 else None
        kept: dict[str, Any] = {"view": self.view, "role": self.role, "order": order, "page": page, "task": self.task}
        return url_for("tasks.inbox", **{name: value for name, value in (kept | changes).items() if value is not None})


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link to another view, with how much waits there."""

    name: str
    address: str
    count: int | None = None
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """A task in the list."""

    task_id: str
    number: str
    subject: str
    name: str
    who: str
    deadline: Deadline | None
    when: Markup
    urgent: bool
    claimed: str
    address: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Empty:
    """What an empty view says, and the way out."""

    sentence: str
    way_out: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """The inbox, ready to be shown.

    Attributes:
        chosen: The task that the pane shows; the first row when none was asked for.
        is_asked: Whether the reader opened that task, rather than being shown the first.
    """

    title: str
    tabs: list[Link]
    orders: list[Link]
    rows: list[Row]
    empty: Empty
    earlier: str | None
    later: str | None
    chosen: str | None
    is_asked: bool


def get_inbox(session: Session, asked: Asked, *, actor: Actor, now: datetime) -> Inbox:
    """Read the inbox. Asked for no view in particular, it shows the reader's own tasks, or the team's when there are none."""
    view = asked.view or (TEAM if asked.role else MINE)
    page = _list(session, asked, view, actor, now)
    if asked.view is None and not asked.role and not page.rows and page.team:
        view = TEAM
        page = _list(session, asked, view, actor, now)
    chosen = asked.task or (page.rows[0].task_id if page.rows and view != DONE else None)
    tabs = _tabs(page, view, asked.role)
    return Inbox(
        title=next((tab.name for tab in tabs if tab.is_current), gettext("Inbox")),
        tabs=tabs,
        orders=_orders(asked) if view != DONE else [],
        rows=_rows(session, page, asked, chosen, actor=actor, now=now),
        empty=_say_empty(page, view),
        earlier=asked.address(page=asked.page - 1, task=None) if asked.page > 1 else None,
        later=asked.address(page=asked.page + 1, task=None) if asked.page * ROWS_PER_PAGE < page.total else None,
        chosen=chosen,
        is_asked=asked.task is not None,
    )


def _list(session: Session, asked: Asked, view: str, actor: Actor, now: datetime) -> InboxPage:
    offset = (asked.page - 1) * ROWS_PER_PAGE
    return tasks.list_inbox(
        session, actor, now=now, role=asked.role, view=view, order=asked.order, limit=ROWS_PER_PAGE, offset=offset
    )


def _tabs(page: InboxPage, view: str, role: str | None) -> list[Link]:
    address = Asked.of({}).address
    tabs = [Link(name=gettext("Mine"), address=address(view=MINE), count=page.mine, is_current=view == MINE)]
    if len(page.roles) != 1 or (role is None and view == TEAM and not page.roles):
        tabs.append(
            Link(name=gettext("My teams"), address=address(view=TEAM), count=page.team, is_current=view == TEAM and role is None)
        )
    for code, count in page.roles.items():
        is_current = view == TEAM and (role == code or (role is None and len(page.roles) == 1))
        tabs.append(Link(name=say_role(code), address=address(view=TEAM, role=code), count=count, is_current=is_current))
    tabs.append(Link(name=gettext("Done"), address=address(view=DONE), is_current=view == DONE))
    return tabs


def _orders(asked: Asked) -> list[Link]:
    names = {"due": gettext("due first"), "priority": gettext("most urgent first"), "opened": gettext("waiting longest first")}
    return [
        Link(name=names[order], address=asked.address(order=order, page=None), is_current=order == asked.order)
        for order in ORDERS
    ]


def _rows(session: Session, page: InboxPage, asked: Asked, chosen: str | None, *, actor: Actor, now: datetime) -> list[Row]:
    zones = overview.zones_of(session, [row.area for row in page.rows])
    versions = {version.key: version.id for version in definitions.list_current_versions(session)}
    texts = {key: Texts.of(definitions.get_package(session, versions[key])) for key in {row.process_key for row in page.rows}}
    return [
        _row(row, asked, chosen, name=texts[row.process_key].element(row.element, row.name), zones=zones, actor=actor, now=now)
        for row in page.rows
    ]


def _row(
    row: InboxRow,
    asked: Asked,
    chosen: str | None,
    *,
    name: str,
    zones: Mapping[str, ZoneInfo],
    actor: Actor,
    now: datetime,
) -> Row:
    decided = Markup("{}, {}").format(say_act(row.act, row.outcome), show_moment(row.at, now=now)) if row.at else None
    claimed = gettext("in your hands") if row.claimed_by == actor.person else row.claimed_name or ""
    return Row(
        task_id=row.task_id,
        number=row.number,
        subject=row.said.get(language(), {}).get("subject") or row.subject or row.number,
        name=name,
        who=row.requester_name,
        deadline=show_deadline(row.due_at, now=now, zone=zones.get(row.area or "")) if decided is None else None,
        when=decided or show_since(row.opened_at, now=now),
        urgent=row.priority >= URGENT,
        claimed=claimed,
        address=asked.address(task=row.task_id),
        is_current=row.task_id == chosen,
    )


def _say_empty(page: InboxPage, view: str) -> Empty:
    address = Asked.of({}).address
    if view == DONE:
        return Empty(sentence=gettext("You have decided nothing yet."))
    if view == MINE and page.team:
        more = ngettext("%(num)d task waits for your team.", "%(num)d tasks wait for your team.", page.team)
        sentence = " ".join((gettext("Nothing waits for you."), more))
        return Empty(sentence=sentence, way_out=gettext("See the tasks of your team"), address=address(view=TEAM))
    return Empty(sentence=gettext("Nothing waits for you."), way_out=gettext("Go to my requests"), address=url_for("home.index"))


def list_counts(session: Session, *, actor: Actor, now: datetime) -> list[Link]:
    """List what waits for the reader in each view of the inbox, for the home page; empty views are left out."""
    page = tasks.list_inbox(session, actor, now=now, limit=1)
    tabs = _tabs(page, "", None)
    return [tab for tab in tabs if tab.count] if page.team else []
