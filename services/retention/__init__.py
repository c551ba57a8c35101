"""What is kept no longer than it is needed: movements, what people wrote in cases, and in the end the record of a case."""

from __future__ import annotations

from services.retention.forgetting import empty_case, list_due_to_empty, list_due_to_remove, remove_case
from services.retention.holding import (
    AlreadyHeld,
    Hold,
    NotHeld,
    find_hold,
    get_kept_case,
    hold_case,
    lift_hold,
    list_holds,
    may_hold,
)
from services.retention.movements import aggregate_movements, list_outdated_movements
from services.retention.obstacles import say_why
from services.retention.periods import RECORD_DAYS, days_kept, emptied_from, removed_from
from services.retention.preview import MOST_DAYS, Preview, PreviewRow, StayingCase, is_overseer, preview

__all__ = [
    "MOST_DAYS",
    "RECORD_DAYS",
    "AlreadyHeld",
    "Hold",
    "NotHeld",
    "Preview",
    "PreviewRow",
    "StayingCase",
    "aggregate_movements",
    "days_kept",
    "emptied_from",
    "empty_case",
    "find_hold",
    "get_kept_case",
    "hold_case",
    "is_overseer",
    "lift_hold",
    "list_due_to_empty",
    "list_due_to_remove",
    "list_holds",
    "list_outdated_movements",
    "may_hold",
    "preview",
    "remove_case",
    "removed_from",
    "say_why",
]
