"""The people and registers of the demo world with a journey, a confidential incident and a confined case made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services import demo, people
from services.database import Database, upgrade
from services.models.base import new_id
from services.models.clearances import Certificate, Waiver
from services.models.confinements import CaseConfinement
from services.models.incidents import Incident
from services.people import Actor
from services.registry import editing, reading
from services.registry.asking import read_asked
from services.registry.shape import Register
from tests.services.case_rows import add_case, add_line
from tests.services.leave import NOW

TRAVELLER, COLLEAGUE = "lina.marchetti", "tomas.rehberg"
ADVISER_NORTH, ADVISER_BELMORA = "naledi.vanter", "emeka.strand"
AUDITOR, ADMINISTRATOR, OWNER = "amina.sorel", "mika.tarn", "pavel.eriksen"
PERSONNEL, OFFICIAL, HEADQUARTERS = "greta.holm", "ingrid.sollerman", "viktor.amsel"


@dataclass(frozen=True, kw_only=True)
class Records:
    """Registers, and short ways to read and keep them."""

    database: Database

    def actor(self, person: str) -> Actor:
        with self.database.reading() as session:
            return people.actor_named(session, person)

    def list(self, who: str, key: str, /, **parameters: str) -> reading.Listing:
        """What somebody sees of a register."""
        with self.database.reading() as session:
            register, reader = reading.find_register(session, key, actor=self.actor(who), now=NOW)
            return reading.list_entries(session, register, read_asked(register, parameters), reader=reader)

    def keys(self, who: str, key: str, /, **parameters: str) -> list[str]:
        return [row.key for row in self.list(who, key, **parameters).rows]

    def values(self, who: str, key: str, attribute: str, /, **parameters: str) -> list[Any]:
        return [row.values[attribute] for row in self.list(who, key, **parameters).rows]

    def entry(self, person: str, key: str, entry: str) -> reading.Entry:
        with self.database.reading() as session:
            register, reader = reading.find_register(session, key, actor=self.actor(person), now=NOW)
            return reading.read_entry(session, register, entry, reader=reader)

    def opened(self, person: str) -> set[str]:
        """The registers that somebody may open."""
        with self.database.reading() as session:
            return {register.key for register in reading.list_registers(session, actor=self.actor(person), now=NOW)}

    def change(self, who: str, key: str, entry: str, /, *, fingerprint: str | None = None, **typed: str) -> bool:
        """Change an entry as somebody does who has just opened the form."""
        seen = fingerprint if fingerprint is not None else self.entry(who, key, entry).fingerprint
        raw = {"reason": "On order of today", **typed}
        with self.database.transaction() as session:
            return editing.change_entry(session, key, entry, raw, fingerprint=seen, actor=self.actor(who), now=NOW)

    def add(self, person: str, key: str, typed: Mapping[str, str]) -> str:
        with self.database.transaction() as session:
            return editing.add_entry(session, key, {"reason": "On order", **typed}, actor=self.actor(person), now=NOW)


def columns_of(register: Register) -> set[str]:
    return {column.attribute for column in register.columns}


def fill_records(url: str) -> None:
    """Make the database."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
        _add_journey(session)
        _add_incidents(session)
    database.dispose()


def _add_journey(session: Any) -> None:
    """One journey to the north of Arvenia and on to Belmora, and one of a colleague to Belmora."""
    case = add_case(session, requester=TRAVELLER)
    add_line(session, case, area="XA-NOR", stop=1, status="GRANTED")
    add_line(session, case, area="XB-CAP", stop=2)
    other = add_case(session, requester=COLLEAGUE, number=2)
    add_line(session, other, person=COLLEAGUE, area="XB-CAP", status="DENIED")
    moments = {"asked_at": NOW, "stop_key": "TRY-2026-000001-S1"}
    session.add(Waiver(case_id=case.id, person=TRAVELLER, code="SSAFE", area="XA-NOR", reason="Course is full", **moments))
    session.add(
        Certificate(number="TRY-2026-000001-V1", case_id=case.id, version=1, issued_at=NOW, stops=[], check_code=new_id())
    )


def _add_incidents(session: Any) -> None:
    """A plain incident, one reported in confidence, and one whose case only one person may know of."""
    facts = {"place": "Halden", "reported_kind": "CRIME", "happened_at": NOW, "reported_at": NOW}
    for number, (reporter, confidential) in enumerate(((TRAVELLER, False), (COLLEAGUE, True), (TRAVELLER, False)), start=1):
        case = add_case(session, requester=reporter, number=10 + number)
        what, state = f"Story {number}", "REPORTED"
        session.add(
            Incident(
                number=f"INC-{number}",
                case_id=case.id,
                area="XA-NOR",
                reported_by=reporter,
                confidential=confidential,
                what=what,
                status=state,
                **facts,
            )
        )
    session.flush()
    session.add(CaseConfinement(case_id=case.id, person=OFFICIAL, why="A test of few", since=NOW - timedelta(hours=1)))
