"""Surveys of premises, their actions and breaches of access are written by their processes alone."""

from __future__ import annotations

import pytest

from services.registry.errors import NotKept
from tests.services.registry.records import Records

ADVISER = "ruy.batalha"
BREACH = {"number": "AB-1", "premises": "GVA-PAL", "kind": "STOPPED_AT_GATE", "happened_at": "2026-11-30T09:00", "what": "?"}


@pytest.mark.parametrize(
    ("register", "row"),
    [
        ("premises-surveys", {"premises": "GVA-PAL", "surveyed_on": "2026-12-01"}),
        ("survey-answers", {"premises": "GVA-PAL", "surveyed_on": "2026-12-01", "no": "1", "question": "?", "answer": "YES"}),
        ("premises-actions", {"number": "MOS-1", "premises": "GVA-PAL", "status": "VERIFIED"}),
        ("access-breaches", BREACH),
    ],
)
def test_nobody_writes_them_by_hand(embedded_records: Records, register: str, row: dict[str, str]) -> None:
    with pytest.raises(NotKept):
        embedded_records.add(ADVISER, register, row)
