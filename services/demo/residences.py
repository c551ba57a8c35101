"""The homes of the demo world, their surveys, and the schedules of measures that are in force there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.demo.reading import add_rows, moment_of, read_world
from services.models.residences import (
    Invoice,
    Occupant,
    Payment,
    Residence,
    ResidenceAddress,
    Schedule,
    ScheduleLine,
    Survey,
)
from services.operations.residences_payment import a_year_after
from services.registers.schedules import CATALOGUE_NAMES

CENTS = 100


def load_residences(session: Session, days_later: int, beginning: datetime) -> None:
    """Add residences with their addresses and occupants, surveys, schedules in force, and what was paid before."""
    world = read_world(("residences",), days_later)
    homes = world["residences"]
    rows = ({"code": code, "area": area, "kind": kind, "town": town} for code, (area, kind, town, _, _) in homes.items())
    add_rows(session, Residence, ({**row, "active_from": beginning.date()} for row in rows))
    add_rows(session, ResidenceAddress, ({"residence": code, "address": home[3]} for code, home in homes.items()))
    living = [occupant for code, home in homes.items() for occupant in _occupants(code, home[4])]
    add_rows(session, Occupant, living)
    add_rows(session, Survey, (_survey(living, *row) for row in world["surveys"]))
    add_rows(session, Schedule, (_schedule(number, row) for number, row in world["schedules"].items()))
    add_rows(session, ScheduleLine, (line for number, row in world["schedules"].items() for line in _lines(number, row["lines"])))
    add_rows(session, Invoice, (_invoice(row) for row in world["payments"]))
    add_rows(session, Payment, (_payment(row) for row in world["payments"]))


def _occupants(residence: str, rows: Iterable[list[Any]]) -> Iterator[dict[str, Any]]:
    for person, moved_in, *moved_out in rows:
        yield {
            "residence": residence,
            "person": person,
            "moved_in_on": moved_in,
            "moved_out_on": moved_out[0] if moved_out else None,
        }


def _survey(living: list[dict[str, Any]], residence: str, on: date, surveyor: str) -> dict[str, Any]:
    there = [row["person"] for row in living if row["residence"] == residence and row["moved_out_on"] is None]
    return {
        "residence": residence,
        "surveyed_on": on,
        "surveyor": surveyor,
        "occupants": sorted(there),
        "findings": [],
        "advice": "Invented survey of the demo.",
        "valid_to": a_year_after(on),
    }


def _schedule(number: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": number,
        "area": row["area"],
        "version": row["version"],
        "status": "IN_FORCE",
        "authority": row["authority"],
        "residual_residential": row["residual"],
        "residence_count": row["residences"],
        "yearly_total_cents": row["total"] * CENTS,
        "submitted_at": moment_of(row["from"]),
        "approved_at": moment_of(row["from"]),
        "valid_from": row["from"],
        "valid_to": row["to"],
    }


def _lines(number: str, rows: Iterable[list[Any]]) -> Iterator[dict[str, Any]]:
    for no, (measure, cost_kind, cap, share_rule, risk) in enumerate(rows, start=1):
        yield {
            "schedule": number,
            "no": no,
            "measure": measure,
            "name": CATALOGUE_NAMES[measure],
            "residence_kinds": [],
            "risk_ref": risk,
            "cost_kind": cost_kind,
            "cap_cents": cap * CENTS,
            "share_rule": share_rule,
            "includes_local": False,
            "armed": measure == "RS02",
        }


def _invoice(row: list[Any]) -> dict[str, Any]:
    _, residence, measure, invoice_no, _, _, paid, billed, on = row
    return {
        "residence": residence,
        "measure": measure,
        "invoice_no": invoice_no,
        "invoice_on": on,
        "amount_cents": billed * CENTS,
        "paid_cents": paid * CENTS,
    }


def _payment(row: list[Any]) -> dict[str, Any]:
    number, residence, measure, invoice_no, person, cost_kind, paid, _, on = row
    return {
        "number": number,
        "residence": residence,
        "measure": measure,
        "invoice_no": invoice_no,
        "person": person,
        "cost_kind": cost_kind,
        "amount_cents": paid * CENTS,
        "installed_on": on,
        "paid_at": moment_of(on),
    }
