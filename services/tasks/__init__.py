"""Tasks: the inbox, one task, and the acts on it."""

from __future__ import annotations

from services.tasks.claiming import claim_task, declare_conflict, release_task, save_draft
from services.tasks.completing import Completion, complete_task
from services.tasks.explaining import Asked, explain_task
from services.tasks.inbox import InboxPage, InboxRow, count_inbox, list_inbox
from services.tasks.taking_back import (
    GRACE,
    TakenBack,
    forget_ways_back,
    keeps_ways_back,
    may_take_back,
    take_back,
)
from services.tasks.viewing import TaskView, find_form, get_task

__all__ = [
    "GRACE",
    "Asked",
    "Completion",
    "InboxPage",
    "InboxRow",
    "TakenBack",
    "TaskView",
    "claim_task",
    "complete_task",
    "count_inbox",
    "declare_conflict",
    "explain_task",
    "find_form",
    "forget_ways_back",
    "get_task",
    "keeps_ways_back",
    "list_inbox",
    "may_take_back",
    "release_task",
    "save_draft",
    "take_back",
]
