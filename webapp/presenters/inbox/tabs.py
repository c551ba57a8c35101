"""The tabs of the inbox and the orders of its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.tasks import InboxPage, InboxTab
from services.tasks.inbox import DONE, MINE, PUT_OFF, QUESTIONS, TEAM
from services.tasks.inbox.choices import KeptView
from services.tasks.inbox.finding import COUNTED
from services.tasks.inbox.heads import ORDERS
from webapp.presenters.inbox.asked import Asked
from webapp.presenters.roles import say_role
from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link to another view, with how much waits there and the keys that lead there."""

    name: str
    address: str
    count: str = ""
    is_current: bool = False
    keys: str = ""


def list_tabs(page: InboxPage, views: Sequence[KeptView], asked: Asked, *, view: str, names: Mapping[str, str]) -> list[Link]:
    """List the tabs: one's own tasks, the roles in which something waits, views by name, what was put off and done.

    Args:
        names: Names of areas and persons by code.
    """
    address = Asked().address
    saved = [_saved(each, asked) for each in views]
    elsewhere = any(each.is_current for each in saved)
    is_team = view == TEAM and not elsewhere
    several = len(page.tabs) != 1
    tabs = [
        Link(name=gettext("Mine"), address=address(view=MINE), count=_say(page.mine), is_current=view == MINE and not elsewhere)
    ]
    if several:
        current = is_team and not asked.is_tab
        tabs.append(
            Link(name=gettext("My teams"), address=address(view=TEAM), count=_say_sum(page), is_current=current, keys="g t")
        )
    for tab in page.tabs:
        is_it = (asked.role, asked.held, asked.holder) == (tab.role, tab.held, tab.holder)
        current = is_team and (is_it or (not several and not asked.is_tab))
        tabs.append(_of_role(tab, names, is_current=current, keys="" if several else "g t"))
    tabs += saved
    own = ((PUT_OFF, gettext("Put off"), page.put_off), (QUESTIONS, gettext("Questions"), page.questions))
    tabs += [
        Link(name=name, address=address(view=code), count=_say(count), is_current=view == code and not elsewhere)
        for code, name, count in own
        if count or view == code
    ]
    done = Link(name=gettext("Done"), address=address(view=DONE), is_current=view == DONE and not elsewhere, keys="g d")
    return [*tabs, done]


def list_orders(asked: Asked) -> list[Link]:
    """List the orders of the list."""
    names = {
        "due": gettext("due first"),
        "departure": gettext("departure first"),
        "risk": gettext("highest risk first"),
        "waiting": gettext("waiting longest first"),
    }
    usual = next(iter(ORDERS))
    return [
        Link(
            name=names[order],
            address=asked.address(order=None if order == usual else order, page=None),
            is_current=order == asked.sorted_by,
        )
        for order in ORDERS
    ]


def name_of_tab(tab: InboxTab, names: Mapping[str, str]) -> str:
    """Say the role of a tab, its place where there are several, and for whom the reader stands in."""
    place = names.get(tab.held or "", tab.held)
    name = say_role(tab.role) if tab.role else ""
    if place:
        name = gettext("{role}, {place}").format(role=name, place=place)
    if tab.holder is None:
        return name
    holder = names.get(tab.holder, tab.holder)
    return gettext("{role} (for {name})").format(role=name, name=holder) if name else gettext("For {name}").format(name=holder)


def _of_role(tab: InboxTab, names: Mapping[str, str], *, is_current: bool, keys: str) -> Link:
    address = Asked().address(view=TEAM, role=tab.role, held=tab.held, holder=tab.holder)
    count = _say(tab.count, or_more=tab.or_more)
    return Link(name=name_of_tab(tab, names), address=address, count=count, is_current=is_current, keys=keys)


def _saved(view: KeptView, asked: Asked) -> Link:
    kept = Asked.of_query(view.query)
    return Link(name=view.name, address=kept.address(), is_current=asked.query(task=None, page=None) == kept.query())


def _say(count: int, *, or_more: bool = False) -> str:
    """Say how many, as far as was counted."""
    if count >= COUNTED:
        return f"{COUNTED - 1}+"
    return f"{count}+" if or_more else str(count)


def _say_sum(page: InboxPage) -> str:
    return _say(min(page.team, COUNTED), or_more=any(tab.or_more for tab in page.tabs))
