"""One page of the inbox, from its address to what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import definitions, tasks
from services.models.base import new_id
from services.people import Actor
from services.registers.areas import RISKS
from services.tasks import InboxPage, InboxRow
from services.tasks.inbox import DONE, MINE, PUT_OFF, QUESTIONS, TEAM
from services.tasks.inbox.choices import read_choices
from webapp.i18n import language
from webapp.presenters.facts import codes_inside, say_answers, say_codes, say_inside
from webapp.presenters.inbox.asked import Asked
from webapp.presenters.inbox.filters import RISK_NAMES, Filter, make_filter
from webapp.presenters.inbox.tabs import Link, list_orders, list_tabs
from webapp.presenters.moments import Deadline, say_subject, show_date, show_deadline, show_moment, show_since
from webapp.presenters.texts import Texts
from webapp.presenters.words import say_act
from webapp.speech import gettext, ngettext

ROWS_PER_PAGE = 40
URGENT = 80


@dataclass(frozen=True, kw_only=True)
class Row:
    """A task in the list.

    Attributes:
        instead: For whom the reader stands in, or stood in; empty in their own right.
        quick: It may be approved from the list; otherwise `why_not_quick` says why it has to be opened.
        seen: The revision of the case that the list shows.
    """

    task_id: str
    number: str
    subject: str
    name: str
    who: str
    deadline: Deadline | None
    when: Markup
    departs: Markup
    risk: str
    flagged: bool
    urgent: bool
    claimed: str
    instead: str
    put_off: Markup
    quick: bool
    why_not_quick: str
    seen: int
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
        filter: How the list can be narrowed; None for what is done.
        chosen: The task that the pane shows; the first row when none was asked for.
        is_asked: Whether the reader opened that task, rather than being shown the first.
        news: The address that says how many tasks came since this page was made.
        here: The query of this address, for coming back to it.
        batch: What tells a form that is sent twice.
    """

    title: str
    view: str
    tabs: list[Link]
    orders: list[Link]
    filter: Filter | None
    rows: list[Row]
    empty: Empty
    earlier: str | None
    later: str | None
    chosen: str | None
    is_asked: bool
    are_selected: bool
    select_all: str
    news: str
    here: str
    batch: str
    may_save: bool


def get_inbox(session: Session, asked: Asked, *, actor: Actor, now: datetime) -> Inbox:
    """Read the inbox. Asked for no view in particular, it shows the reader's own tasks, or the team's when there are none."""
    view = _view_of(asked)
    page = _list(session, asked, view, actor, now)
    if asked.view is None and view == MINE and not page.rows and page.team:
        view = TEAM
        page = _list(session, asked, view, actor, now)
    versions = {version.key: version for version in definitions.list_current_versions(session)}
    texts = {key: Texts.of(definitions.get_package(session, version.id)) for key, version in versions.items()}
    holders = {tab.holder for tab in page.tabs if tab.holder} | {row.holder for row in page.rows if row.holder}
    persons = holders | {code for row in page.rows for code in codes_inside(say_row_subject(row))}
    choices = read_choices(session, actor, locale=language(), persons=persons)
    names = {**choices.areas, **choices.persons}
    tabs = list_tabs(page, choices.views, asked, view=view, names=names)
    chosen = asked.task or (page.rows[0].task_id if page.rows and view != DONE else None)
    narrow = None
    if view != DONE:
        processes = {key: texts[key].title(one.title) for key, one in versions.items()}
        areas = {code: name for code, name in choices.areas.items() if page.areas is None or code in page.areas}
        narrow = make_filter(asked, areas=areas, processes=processes)
    return Inbox(
        title=next((tab.name for tab in tabs if tab.is_current), gettext("Inbox")),
        view=view,
        tabs=tabs,
        orders=list_orders(asked) if view != DONE else [],
        filter=narrow,
        rows=[
            _row(
                *(row, asked, chosen),
                texts=texts.get(row.process_key),
                names=names,
                place=choices.places.get(row.area or "", {}),
                actor=actor,
                now=now,
            )
            for row in page.rows
        ],
        empty=_say_empty(page, view, narrow),
        earlier=asked.address(page=asked.page - 1, task=None) if asked.page > 1 else None,
        later=asked.address(page=asked.page + 1, task=None) if page.has_more else None,
        chosen=chosen,
        is_asked=asked.task is not None,
        are_selected=asked.every is not None,
        select_all=asked.address(every="yes"),
        news=_news(asked, view, now),
        here=asked.query(),
        batch=new_id(),
        may_save=bool(asked.query(task=None, page=None)),
    )


def count_arrived(session: Session, asked: Asked, *, since: datetime, actor: Actor, now: datetime) -> int:
    """Return how many tasks have come into a view since a moment."""
    view = _view_of(asked)
    if view not in {MINE, TEAM}:
        return 0
    tab = {"role": asked.role, "held": asked.held, "holder": asked.holder}
    return tasks.count_new(session, actor, since=since, now=now, view=view, narrow=asked.narrow(now), **tab)


def list_counts(session: Session, *, actor: Actor, now: datetime) -> list[Link]:
    """List what waits for the reader in each view of the inbox, for the home page; empty views are left out."""
    page = tasks.list_inbox(session, actor, now=now, limit=0)
    if not page.team:
        return []
    choices = read_choices(session, actor, locale=language(), persons={tab.holder for tab in page.tabs if tab.holder})
    tabs = list_tabs(page, [], Asked(), view="", names={**choices.areas, **choices.persons})
    return [tab for tab in tabs if tab.count not in {"", "0"}]


def _view_of(asked: Asked) -> str:
    return asked.view or (TEAM if asked.is_tab else MINE)


def _list(session: Session, asked: Asked, view: str, actor: Actor, now: datetime) -> InboxPage:
    return tasks.list_inbox(
        session,
        actor,
        now=now,
        role=asked.role,
        held=asked.held,
        holder=asked.holder,
        view=view,
        order=asked.sorted_by,
        narrow=asked.narrow(now),
        limit=ROWS_PER_PAGE,
        offset=(asked.page - 1) * ROWS_PER_PAGE,
    )


def _news(asked: Asked, view: str, now: datetime) -> str:
    if view not in {MINE, TEAM}:
        return ""
    return f"{url_for('inbox.new')}?{asked.query(view=view, since=now.isoformat(timespec='microseconds'), task=None)}"


def say_row_subject(row: InboxRow) -> str:
    """Say what a task is about, in the language of the reader where its process speaks it."""
    return say_subject(row.said.get(language(), {}).get("subject") or row.subject or row.number)


def _say_named(subject: str, names: Mapping[str, str], place: Mapping[str, str], texts: Texts | None) -> str:
    words = {**say_answers(subject, texts), **say_codes(codes_inside(subject), texts)} if texts is not None else {}
    return say_inside(subject, {**names, **words}, place)


def _row(
    row: InboxRow,
    asked: Asked,
    chosen: str | None,
    *,
    texts: Texts | None,
    names: Mapping[str, str],
    place: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> Row:
    decided = Markup("{}, {}").format(say_act(row.act, row.outcome), show_moment(row.at, now=now)) if row.at else None
    zone = ZoneInfo(row.zone) if row.zone else None
    put_off = row.put_off_until if row.put_off_until and row.put_off_until > now else None
    return Row(
        task_id=row.task_id,
        number=row.number,
        subject=_say_named(say_row_subject(row), names, place, texts),
        name=texts.element(row.element, row.name) if texts is not None else row.name,
        who=row.requester_name,
        deadline=show_deadline(row.due_at, now=now, zone=zone) if decided is None else None,
        when=decided or show_since(row.opened_at, now=now),
        departs=show_date(row.departs_at.astimezone(zone) if row.departs_at else None),
        risk=str(RISK_NAMES[RISKS[-row.risk_rank]]) if row.risk_rank else "",
        flagged=row.flagged,
        urgent=row.priority >= URGENT,
        claimed=gettext("in your hands") if row.claimed_by == actor.person else row.claimed_name or "",
        instead=gettext("For {name}").format(name=names.get(row.holder, row.holder)) if row.holder else "",
        put_off=_say_put_off(put_off, now) if _view_of(asked) == PUT_OFF else Markup(""),
        quick=row.quick and row.claimed_by in {None, actor.person},
        why_not_quick=say_why_not_quick(row),
        seen=row.revision,
        address=asked.address(task=row.task_id),
        is_current=row.task_id == chosen,
    )


def _say_put_off(until: datetime | None, now: datetime) -> Markup:
    return escape(gettext("put off until {moment}")).format(moment=show_moment(until, now=now)) if until else Markup("")


def say_why_not_quick(row: InboxRow) -> str:
    """Say why a task has to be opened before it is approved; nothing when it need not be."""
    if row.flagged:
        return gettext("Needs opening: it carries a warning")
    return "" if row.quick else gettext("Needs opening: it has to be read first")


def _say_empty(page: InboxPage, view: str, narrow: Filter | None) -> Empty:
    address = Asked().address
    if narrow is not None and narrow.chips:
        said = ", ".join(chip.name for chip in narrow.chips)
        return Empty(
            sentence=gettext("No task matches {filter}.").format(filter=said),
            way_out=gettext("Clear filter"),
            address=narrow.cleared,
        )
    if view == DONE:
        return Empty(sentence=gettext("You have decided nothing yet."))
    if view == PUT_OFF:
        return Empty(sentence=gettext("You have put nothing off."))
    if view == QUESTIONS:
        return Empty(sentence=gettext("None of your questions waits for an answer."))
    if view == MINE and page.team:
        more = ngettext("%(num)d task waits for your team.", "%(num)d tasks wait for your team.", page.team)
        sentence = " ".join((gettext("Nothing waits for you."), more))
        return Empty(sentence=sentence, way_out=gettext("See the tasks of your team"), address=address(view=TEAM))
    return Empty(sentence=gettext("Nothing waits for you."), way_out=gettext("Go to my requests"), address=url_for("home.index"))
