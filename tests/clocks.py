"""A clock that a test moves by hand."""

from __future__ import annotations

from datetime import datetime, timedelta


class FakeClock:
    """Tells the moment that it was set to, until it is moved."""

    def __init__(self, now: datetime) -> None:
        """Stand still at a moment, aware."""
        self.now = now

    def __call__(self) -> datetime:
        """Tell the moment."""
        return self.now

    def advance(self, **span: float) -> datetime:
        """Move on by a span, as `advance(hours=5)`, and tell the new moment."""
        self.now += timedelta(**span)
        return self.now
