"""Tasks: the inbox, one task, and the acts on it."""

from __future__ import annotations

from services.tasks.claiming import claim_task, declare_conflict, release_task, save_draft
from services.tasks.completing import Completion, complete_task
from services.tasks.explaining import Asked, explain_task
from services.tasks.inbox import InboxPage, InboxRow, count_inbox, list_inbox
from services.tasks.viewing import TaskView, find_form, get_task

__all__ = [
    "Asked",
    "Completion",
    "InboxPage",
    "InboxRow",
    "TaskView",
    "claim_task",
    "complete_task",
    "count_inbox",
    "declare_conflict",
    "explain_task",
    "find_form",
    "get_task",
    "list_inbox",
    "release_task",
    "save_draft",
]
