"""What was on the bus before it could carry messages is still there afterwards, told and untold."""

from __future__ import annotations

from sqlalchemy import text

from services import bus
from services.database import Database, downgrade, upgrade
from services.models.bus import BusEvent, BusReceipt
from tests.services.watching import NOW, Watches, watch

OLD_EVENT = text(
    "INSERT INTO event_bus (id, kind, area, payload, created_by, at, effective_at, handled_at) "
    "VALUES (:id, 'SIG_ALARM', 'XA-NOR', '{\"reason\": \"Old\"}', 'system', :at, :at, NULL)"
)
OLD_RECEIPT = text(
    "INSERT INTO event_receipts (event_id, unit_key, case_id, action, at) VALUES ('old', :unit, :case_id, 'NOTIFY', :at)"
)


def test_events_and_receipts_survive_the_upgrade(watches: Watches) -> None:
    watches.publish(watch())
    told, untold = watches.start(), watches.start()
    at = NOW.replace(tzinfo=None) if watches.database.dialect == "sqlite" else NOW
    url = watches.database.url
    watches.database.dispose()
    downgrade(url, "0007")
    before = Database(url)
    with before.engine.begin() as connection:
        connection.execute(OLD_EVENT, {"id": "old", "at": at})
        for unit in ("S1", "S2"):
            connection.execute(OLD_RECEIPT, {"unit": unit, "case_id": told, "at": at})
    before.dispose()
    upgrade(url)

    assert bus.dispatch(watches.database, NOW) == 1

    assert (watches.heard(told), watches.heard(untold)) == ([], ["Old"])
    assert len(watches.receipts()) == 2


def test_they_survive_the_way_back_too(watches: Watches) -> None:
    watches.publish(watch())
    watches.start()
    watches.post("SIG_ALARM", reason="Fire")
    watches.dispatch()
    url = watches.database.url
    watches.database.dispose()

    downgrade(url, "0007")
    upgrade(url)

    with watches.database.reading() as session:
        assert session.query(BusEvent).one().payload == {"reason": "Fire"}
        assert session.query(BusReceipt).one().action == "TOLD"
