"""The accounts that the sign-in page offers where the data are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """An account to try, and what it is good for."""

    person: str
    role: Any

    @property
    def login(self) -> str:
        """What to type."""
        return f"{self.person}@demo.example"


ACCOUNTS = (
    DemoAccount(person="lina.marchetti", role=lazy_gettext("Traveller: asks for clearances and follows them")),
    DemoAccount(person="odile.farrant", role=lazy_gettext("Supervisor: endorses requests of her unit")),
    DemoAccount(person="jonas.keel", role=lazy_gettext("Head, Safety and Security of an organisation")),
    DemoAccount(person="yusra.ben-halim", role=lazy_gettext("Clearance officer for Arvenia")),
    DemoAccount(person="naledi.vanter", role=lazy_gettext("Chief Security Adviser for Arvenia")),
    DemoAccount(person="ingrid.sollerman", role=lazy_gettext("Designated Official for Arvenia")),
    DemoAccount(person="pavel.eriksen", role=lazy_gettext("Process owner: looks after diagrams, tables and forms")),
    DemoAccount(person="rosa.whitmore", role=lazy_gettext("Process owner: looks after diagrams, tables and forms")),
    DemoAccount(person="amina.sorel", role=lazy_gettext("Auditor: reads everything, decides nothing, may hold cases")),
)
