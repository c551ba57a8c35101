"""Registers on the demo world."""

from __future__ import annotations

from tests.services.registry.records import Records, fill_records
from tests.worlds import BOTH, EMBEDDED, world_fixture

records = world_fixture("records", fill_records, Records, kinds=BOTH)
embedded_records = world_fixture("records", fill_records, Records, kinds=EMBEDDED)
