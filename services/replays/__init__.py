"""Runs finished cases again on a draft with the answers that were recorded, in memory: nothing is asked, written or sent."""

from __future__ import annotations

from services.replays.reading import History, count_finished, list_finished, read_histories
from services.replays.running import Replayed, base_names, program_of, replay

__all__ = ["History", "Replayed", "base_names", "count_finished", "list_finished", "program_of", "read_histories", "replay"]
