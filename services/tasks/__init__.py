"""Tasks: the inbox, one task, and the acts on it."""

from __future__ import annotations

from services.tasks.assigning import NotEligible, assign_task
from services.tasks.cards import facts_of, flags_of, pairs_of
from services.tasks.claiming import claim_task, declare_conflict, keep_typed, release_task, save_draft
from services.tasks.completing import Completion, complete_task
from services.tasks.explaining import Asked, explain_task
from services.tasks.grounds import Ground, find_ground
from services.tasks.inbox import InboxPage, InboxRow, InboxTab, Narrow, count_inbox, count_new, list_inbox
from services.tasks.putting_off import bring_back_task, may_wait, put_off_task
from services.tasks.quick_answers import approve_quickly
from services.tasks.sightings import Change, Sighting, find_sighting, note_sighting
from services.tasks.similar import Similar, find_similar
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
    "Change",
    "Completion",
    "Ground",
    "InboxPage",
    "InboxRow",
    "InboxTab",
    "Narrow",
    "NotEligible",
    "Sighting",
    "Similar",
    "TakenBack",
    "TaskView",
    "approve_quickly",
    "assign_task",
    "bring_back_task",
    "claim_task",
    "complete_task",
    "count_inbox",
    "count_new",
    "declare_conflict",
    "explain_task",
    "facts_of",
    "find_form",
    "find_ground",
    "find_sighting",
    "find_similar",
    "flags_of",
    "forget_ways_back",
    "get_task",
    "keep_typed",
    "keeps_ways_back",
    "list_inbox",
    "may_take_back",
    "may_wait",
    "note_sighting",
    "pairs_of",
    "put_off_task",
    "release_task",
    "save_draft",
    "take_back",
]
