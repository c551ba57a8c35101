"""The card of a task, as everything about tasks reads it."""

from __future__ import annotations

from services.cards import FLAG_NAMES, facts_of, flags_of, pairs_of

__all__ = ["FLAG_NAMES", "facts_of", "flags_of", "pairs_of"]
