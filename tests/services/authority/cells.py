"""The people of the matrix: one for each cell, and the rows that make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.models.authority import Absence, Delegation, RoleHolding
from services.models.base import new_id
from services.models.cases import CaseParty, TaskCandidate
from services.models.people import Dependant, FamilyLink, Person
from services.people import Actor


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Somebody made up: by which way the person comes to the task, and in which relation to the matter."""

    way: str
    relation: str

    @property
    def person(self) -> str:
        return f"m.{self.way}-{self.relation}".lower()[:64]

    @property
    def actor(self) -> Actor:
        return Actor(person=self.person, account=self.person, name=self.person)


class Rows:
    """Rows to be written at once, table by table in the order in which they need each other."""

    ORDER = (Person, Delegation, RoleHolding, Absence, FamilyLink, Dependant, CaseParty, TaskCandidate)

    def __init__(self) -> None:
        self.of: dict[Any, list[dict[str, Any]]] = {model: [] for model in self.ORDER}

    def add(self, model: Any, **columns: Any) -> None:
        key = {"id": new_id()} if "id" in model.__table__.columns else {}
        self.of[model].append(key | columns)

    def person(self, code: str) -> None:
        known = {"organisation": "UNDSS", "contract_type": "INTL", "head_of_organisation": False, "protected": False}
        self.add(Person, code=code, name=code, email=f"{code}@example.org", **known)

    def write(self, session: Session) -> None:
        for model, rows in self.of.items():
            if rows:
                session.execute(insert(model), rows)
        session.flush()
