"""The measures of a schedule: as forms bring them, as variables hold them, and as the register keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete

from services.errors import Declined
from services.models.residences import ScheduleLine
from services.operations.work import Work
from services.registers.schedules import CATALOGUE_NAMES

ARMED_GUARD = "RS02"


class MeasureTwice(Declined):
    """The measure {measure} stands twice in the schedule. Write it once, with all residences that it is for."""


def as_variable(line: ScheduleLine) -> dict[str, Any]:
    """Write a measure as the draft form asks for it."""
    in_catalogue = line.measure in CATALOGUE_NAMES
    return {
        "no": line.no,
        "code": line.measure if in_catalogue else "NEW",
        "name": None if in_catalogue else line.name,
        "residence_kinds": list(line.residence_kinds),
        "risk_ref": line.risk_ref,
        "cost_kind": line.cost_kind,
        "cap": line.cap_cents / 100,
        "share_rule": line.share_rule,
        "covers": "INTL_LOCAL" if line.includes_local else "INTL",
        "armed": line.armed,
    }


def number_measures(measures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Number the measures, and give those outside the catalogue a code of their own."""
    numbered: list[dict[str, Any]] = []
    for no, row in enumerate(measures, start=1):
        code = row["code"]
        measure = f"X{no:02}" if code == "NEW" else code
        if any(one["measure"] == measure for one in numbered):
            raise MeasureTwice(measure=CATALOGUE_NAMES.get(measure, measure))
        name = row.get("name") if code == "NEW" else CATALOGUE_NAMES[code]
        armed = bool(row.get("armed")) or code == ARMED_GUARD
        numbered.append(
            {**row, "no": no, "measure": measure, "name": name, "armed": armed, "covers": row.get("covers") or "INTL"}
        )
    return numbered


def write_lines(work: Work, schedule: str, measures: Sequence[dict[str, Any]]) -> None:
    """Let a schedule have exactly these measures."""
    work.session.execute(delete(ScheduleLine).where(ScheduleLine.schedule == schedule))
    work.session.add_all(_line(schedule, row) for row in measures)


def _line(schedule: str, row: dict[str, Any]) -> ScheduleLine:
    return ScheduleLine(
        schedule=schedule,
        no=row["no"],
        measure=row["measure"],
        name=row["name"] or row["measure"],
        residence_kinds=list(row.get("residence_kinds") or []),
        risk_ref=row.get("risk_ref"),
        cost_kind=row["cost_kind"],
        cap_cents=cents(row["cap"]),
        share_rule=row.get("share_rule") or "PER_RESIDENCE",
        includes_local=row["covers"] == "INTL_LOCAL",
        armed=row["armed"],
    )


def cents(amount: Any) -> int:
    """Turn an amount of money into whole cents."""
    return round(float(amount) * 100)
