"""Notices: what people are told, where they read it, and when it reaches their mailbox."""

from __future__ import annotations

from services.notices.mailing import Due, claim_held, dispatch, is_anything_due, prepare_digests, put_off, settle
from services.notices.planning import AT_ONCE, DAILY, OFF, Habits, Plan, is_digest_due, next_opening, plan
from services.notices.preferences import choose_habits, get_habits
from services.notices.reading import ROWS, Told, count_unread, list_notices, mark_all_read, mark_read
from services.notices.telling import tell
from services.notices.texts import common, find_text, kind_of

__all__ = [
    "AT_ONCE",
    "DAILY",
    "OFF",
    "ROWS",
    "Due",
    "Habits",
    "Plan",
    "Told",
    "choose_habits",
    "claim_held",
    "common",
    "count_unread",
    "dispatch",
    "find_text",
    "get_habits",
    "is_anything_due",
    "is_digest_due",
    "kind_of",
    "list_notices",
    "mark_all_read",
    "mark_read",
    "next_opening",
    "plan",
    "prepare_digests",
    "put_off",
    "settle",
    "tell",
]
