"""The people of the demo world: their accounts, roles and delegations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.demo.reading import DAY, add_rows, moment_of
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.base import new_id
from services.models.people import Account, Person
from services.people import hash_password

PASSWORD = "safeconduct-demo"  # noqa: S105  printed on the sign-in page of a demo, and good for nothing else


def group_of(group: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Make the travellers of the large groups."""
    member = {"org": group["org"], "duty": group["duty"]}
    return {f"traveller.{n:02}": {"name": f"Group Traveller {n}", **member} for n in range(1, group["count"] + 1)}


def load_people(session: Session, people: dict[str, dict[str, Any]], *, beginning: datetime, now: datetime) -> None:
    """Add persons with their accounts and roles; supervisors are set once everybody is there."""
    add_rows(
        session, Person, (_person(number, code, row, beginning) for number, (code, row) in enumerate(people.items(), start=1))
    )
    for code, row in people.items():
        if row.get("supervisor"):
            session.get_one(Person, code).supervisor = row["supervisor"]
    stored = hash_password(PASSWORD)
    accounts = (
        {
            "id": new_id(),
            "person": code,
            "login": _login(code),
            "password_hash": stored,
            "locale": row.get("locale", "en"),
            "active": True,
            "created_at": now,
        }
        for code, row in people.items()
    )
    add_rows(session, Account, accounts)
    holdings = (
        holding_of(code, role, beginning) | ({"source": "EX_OFFICIO"} if row.get("ex_officio") else {})
        for code, row in people.items()
        for role in row.get("roles", [])
    )
    add_rows(session, RoleHolding, holdings)


def _login(code: str) -> str:
    return f"{code}@demo.example"


def _person(number: int, code: str, row: dict[str, Any], beginning: datetime) -> dict[str, Any]:
    return {
        "code": code,
        "name": row["name"],
        "email": _login(code),
        "organisation": row["org"],
        "unit": row.get("unit"),
        "post": row.get("post"),
        "contract_type": row.get("contract", "INTL"),
        "contract_from": beginning.date(),
        "contract_to": row.get("until"),
        "duty_area": row["duty"],
        "grade": row.get("grade"),
        "mobile": f"+4122555{number:04}",
        "head_of_organisation": row.get("head", False),
        "protected": row.get("protected", False),
    }


def holding_of(person: str, held: list[Any], beginning: datetime) -> dict[str, Any]:
    """Make the row of a role: `held` is role, area and organisation."""
    role, area, organisation = held
    return {
        "id": new_id(),
        "person": person,
        "role": role,
        "area": area,
        "organisation": organisation,
        "valid_from": beginning,
        "capacity": "AD_INTERIM" if role == "DOAI" else "OWN",
        "source": "Demo world",
    }


def load_absences(session: Session, absences: list[dict[str, Any]]) -> None:
    """Add who is away and who stands in."""
    rows = (
        {
            "id": new_id(),
            "person": row["person"],
            "substitute": row["substitute"],
            "valid_from": moment_of(row["from"]),
            "valid_to": moment_of(row["to"]),
        }
        for row in absences
    )
    add_rows(session, Absence, rows)


def load_delegation(session: Session, number: str, row: dict[str, Any]) -> None:
    """Add a delegation to a person, and the holding that rests on it."""
    period = {"valid_from": moment_of(row["from"]), "valid_to": moment_of(row["to"])}
    scope = {"area": row.get("area"), "organisation": row.get("organisation")}
    revoked_at = moment_of(row["revoked"]) if "revoked" in row else None
    delegation = {
        "number": number,
        "delegator": row["delegator"],
        "delegate": row["delegate"],
        "authority": row["authority"],
        "accepted_at": min(moment_of(row["from"]), moment_of(DAY)),
        "revoked_at": revoked_at,
        "reason": row["reason"],
    }
    add_rows(session, Delegation, [delegation | period | scope])
    holding = {"id": new_id(), "person": row["delegate"], "role": row["role"], "capacity": "DELEGATED", "delegation_id": number}
    add_rows(session, RoleHolding, [holding | period | scope | {"source": "Delegation"}])
