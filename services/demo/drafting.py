"""How the authors of the demo fill in a draft assessment: the last version, brought up to date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services import tasks
from services.people import Actor

_SEEN = "As seen in the reports of the last months; invented for this demo."
_SITUATION = ("political", "economic", "social", "environment", "infrastructure", "security_forces", "actors")
_THREATS = ("armed_conflict", "terrorism", "crime", "civil_unrest", "hazards")
_QUARTER = timedelta(days=90)
_EVENT = {
    "code": "E1",
    "description": "Armed robbery of vehicles or homes",
    "category": "CRIME",
    "affected": "Drivers and residents",
    "likelihood": 3,
    "impact": 3,
    "residual_likelihood": 3,
    "residual_impact": 2,
}
_MEASURE = {
    "code": "M1",
    "text": "A briefing for every newcomer on the first day",
    "kind": "PREVENT",
    "lowers": ["E1"],
    "owner": "UNAH",
    "one_off_cost": 0,
    "yearly_cost": 4000,
    "state": "PLANNED",
}


def fill_draft(session: Session, task_id: str, *, actor: Actor, now: datetime, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in the form of a draft with what the case knows, and with `changes`: contexts are merged, lists are replaced."""
    view = tasks.get_task(session, task_id, actor=actor, now=now)
    known = view.form.default_answers(view.variables) if view.form is not None else {}
    today = now.date()
    answers: dict[str, Any] = {
        "frame": {
            "period_from": today.isoformat(),
            "period_to": (today + 4 * _QUARTER).isoformat(),
            "summary": "What was seen over the last months, and what is expected next. Invented for this demo.",
        },
        "situation": _filled(known["situation"], dict.fromkeys(_SITUATION, _SEEN)) | {"as_of": today.isoformat()},
        "programmes": [row for row in known["programmes"] if row.get("programme")] or [_programme()],
        "threats": {name: _filled(known["threats"][name], _threat()) for name in _THREATS},
        "events": [_with_reasons(row) for row in known["events"] if row.get("code")] or [_with_reasons(_EVENT)],
        "measures": [_current(row, today) for row in known["measures"] if row.get("code")] or [_current(_MEASURE, today)],
        "proposals": _filled(known["proposals"], {"level": 3, "clearance_mode": "MANUAL"})
        | {"level_reason": "The adviser has looked at the level again and keeps to it."},
        "consultation": {"host_reason": "The contact of last month still stands."},
    }
    if view.variables.get("fixing") is True:
        answers |= {"change_kind": "EDITORIAL", "change_text": "The points that the desk has named are corrected."}
    for name, value in changes.items():
        answers[name] = {**answers[name], **value} if isinstance(value, Mapping) and name in answers else value
    return answers


def _filled(known: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known, and the usual where nothing is."""
    return {**known, **{name: value for name, value in usual.items() if known.get(name) is None}}


def _threat() -> dict[str, Any]:
    return {"intent": 3, "capability": 3, "inhibiting": 3, "reasons": _SEEN}


def _with_reasons(row: Mapping[str, Any]) -> dict[str, Any]:
    return _filled(row, {"likelihood_reasons": _SEEN, "impact_reasons": _SEEN})


def _current(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Give a measure whose date has passed a quarter more."""
    due = date.fromisoformat(row["due_on"]) if row.get("due_on") else today
    return {**row, "due_on": max(due, today + _QUARTER).isoformat()}


def _programme() -> dict[str, Any]:
    activities = "Work with partners in the offices and on site, all year."
    return {"organisation": "UNAH", "programme": "Country programme", "activities": activities, "pc_level": "PC2"}
