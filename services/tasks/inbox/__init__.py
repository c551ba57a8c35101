"""The inbox: what a person may act on now, what was put off, and what the person has done."""

from __future__ import annotations

from services.tasks.inbox.listing import InboxPage, InboxTab, count_inbox, count_new, list_inbox
from services.tasks.inbox.narrowing import Narrow
from services.tasks.inbox.rows import InboxRow
from services.tasks.inbox.tabs import DONE, MINE, PUT_OFF, QUESTIONS, TEAM, VIEWS

__all__ = [
    "DONE",
    "MINE",
    "PUT_OFF",
    "QUESTIONS",
    "TEAM",
    "VIEWS",
    "InboxPage",
    "InboxRow",
    "InboxTab",
    "Narrow",
    "count_inbox",
    "count_new",
    "list_inbox",
]
