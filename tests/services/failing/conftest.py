"""The process whose steps fail as long as a test wants them to."""

from __future__ import annotations

import pytest

from tests.services.booking import Booking, publish_booking
from tests.services.leave import Leave


@pytest.fixture
def booking(leave: Leave, monkeypatch: pytest.MonkeyPatch) -> Booking:
    made = publish_booking(leave)
    made.enter_operations(monkeypatch.setitem)
    return made


@pytest.fixture
def embedded_booking(embedded_leave: Leave, monkeypatch: pytest.MonkeyPatch) -> Booking:
    made = publish_booking(embedded_leave)
    made.enter_operations(monkeypatch.setitem)
    return made
