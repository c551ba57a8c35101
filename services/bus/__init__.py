"""The bus: takes what happened to the cases that listen, to those that wait, and to the processes that open on it."""

from __future__ import annotations

from services.bus.dispatching import dispatch
from services.bus.timing import next_due_at

__all__ = ["dispatch", "next_due_at"]
