"""The assessments of the demo world: one version for every area whose state names one, with its events and measures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.demo.reading import DAY, add_rows
from services.models.assessments import Assessment, Measure, RiskEvent
from services.models.base import new_id

#: The matrix of table D2.2, for the rows of the demo alone.
_MATRIX = {
    (5, 5): "UNACCEPTABLE", (5, 4): "VERY_HIGH", (4, 5): "VERY_HIGH", (5, 3): "HIGH", (4, 3): "HIGH", (4, 4): "HIGH",
    (3, 4): "HIGH", (3, 5): "HIGH", (4, 2): "MEDIUM", (5, 2): "MEDIUM", (3, 3): "MEDIUM", (2, 4): "MEDIUM", (2, 5): "MEDIUM",
}  # fmt: skip
_REASON = "As seen in the reports of the last year; invented for this demo."


def load_assessments(session: Session, world: dict[str, Any], now: datetime, *, days_later: int) -> None:
    """Add the version in force of every area, or the one that has ended, with its events and measures."""
    told = world["assessments"]
    states = {row["area"]: row for row in world["states"] if "assessment_to" in row}
    for area, state in states.items():
        add_rows(session, Assessment, [_version(area, state, told, world, now)])
        number = _number(area)
        about = _told(area, told)
        add_rows(session, RiskEvent, (_event(number, code, row, told["known_events"]) for code, row in about["events"].items()))
        start = DAY + timedelta(days=days_later)
        measures = (_measure(number, code, row, told["known_measures"], start) for code, row in about["measures"].items())
        add_rows(session, Measure, measures)


def _number(area: str) -> str:
    return f"SRM-{area}-{DAY.year}-01"


def _told(area: str, told: dict[str, Any]) -> dict[str, Any]:
    return {**told["usual"], **told["areas"].get(area, {})}


def _version(area: str, state: dict[str, Any], told: dict[str, Any], world: dict[str, Any], now: datetime) -> dict[str, Any]:
    about = _told(area, told)
    valid_to: date = state["assessment_to"]
    valid_from = _year_before(valid_to) + timedelta(days=1)
    restricted = state.get("restricted", False)
    began = datetime.combine(valid_from, datetime.min.time(), now.tzinfo)
    return {
        "number": _number(area),
        "area": area,
        "variant": "FULL",
        "trigger": "ANNUAL",
        "title": f"Assessment of {world['areas'][area][1]}",
        "status": "ENDORSED" if valid_to >= now.date() else "EXPIRED",
        "under_review": False,
        "frame": {"period_from": valid_from.isoformat(), "period_to": valid_to.isoformat(), "summary": "Invented for this demo."},
        "situation": {"as_of": valid_from.isoformat(), **about["situation"]},
        "programmes": [_programme(organisation) for organisation in about["programmes"]],
        "threats": {
            name: {**dict(zip(("intent", "capability", "inhibiting"), scores, strict=True)), "reasons": _REASON}
            for name, scores in about["threats"].items()
        },
        "proposals": {
            "level": state["level"],
            "clearance_mode": state["mode"],
            "ceiling": state.get("ceiling"),
            "requires_ssafe": state.get("ssafe", restricted),
            "family_restricted": state.get("family", restricted),
            "accom_required": state.get("lodging", restricted),
            "internal_control": restricted,
        },
        "residual": {"residual_max": state["risk"]},
        "meeting": {},
        "level": state["level"],
        "residual_max": state["risk"],
        "endorser": "DHSSS_DIR" if world["areas"][area][2] == "HQ_MAIN" else "DRO_DIR",
        "opened_at": began - timedelta(days=60),
        "approved_at": began - timedelta(days=20),
        "endorsed_at": began - timedelta(days=3),
        "valid_from": valid_from,
        "valid_to": valid_to,
        "created_by": "system",
    }


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _programme(organisation: str) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "programme": f"Country programme of {organisation}",
        "activities": "Work with partners in the offices and on site, all year.",
        "international": 6,
        "national": 24,
        "visitors": 10,
        "partners": 15,
        "pc_level": "PC2",
    }


def _event(number: str, code: str, row: list[Any], known: dict[str, list[str]]) -> dict[str, Any]:
    word, likelihood, impact, after, impact_after = row
    category, description, affected = known[word]
    return {
        "id": new_id(),
        "assessment": number,
        "code": code,
        "description": description,
        "category": category,
        "affected": affected,
        "likelihood": likelihood,
        "impact": impact,
        "risk": _MATRIX.get((likelihood, impact), "LOW"),
        "residual_likelihood": after,
        "residual_impact": impact_after,
        "residual_risk": _MATRIX.get((after, impact_after), "LOW"),
        "details": {"likelihood_reasons": _REASON, "impact_reasons": _REASON, "current_measures": None},
    }


def _measure(number: str, code: str, row: list[Any], known: dict[str, list[Any]], start: date) -> dict[str, Any]:
    word, lowers, owner, days, state = row
    kind, text, once, yearly = known[word]
    due_on = start + timedelta(days=days)
    return {
        "id": new_id(),
        "assessment": number,
        "code": code,
        "text": text,
        "kind": kind,
        "lowers": lowers,
        "owner": owner,
        "due_on": due_on,
        "one_off_cost": once,
        "yearly_cost": yearly,
        "state": state,
        "settled_on": due_on if state == "DONE" else None,
    }
