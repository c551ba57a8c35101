"""Areas: what holds there, changing it, and telling other cases of what happened."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.models.areas import AreaState
from services.operations.catalogue import operation
from services.operations.moments import find_moment, write_moment
from services.operations.work import Work
from services.registers import areas, clearances
from workflows.errors import SafeconductError

#: What a change of an area may say, and the kinds of values it takes.
_WORDS = {"status": areas.STATUSES, "clearance_mode": areas.MODES, "residual_risk": areas.RISKS}
_YES_OR_NO = ("requires_ssafe", "family_restricted", "accom_required", "internal_control", "checkin_required")
HIGHEST_LEVEL = 6


class ChangeUnfit(SafeconductError):
    """An area cannot be changed like this: {field} = {value}."""


@operation("area.change")
def change(
    work: Work,
    *,
    area: str,
    changes: dict[str, Any] | None,
    reason: str | None,
    valid_from: str | None,
    status: str | None,
) -> dict[str, Any]:
    """Write a new state of an area, now or from a later moment on, and put the events that follow onto the bus.

    A change that says what holds anyway writes nothing. Events of a later change are told when it begins. `status` is what the
    case is called from then on.
    """
    if status is not None:
        work.set_status(status)
    begins_at = max(find_moment(valid_from) or work.now, work.now)
    before = areas.get_state(work.session, area, begins_at)
    wanted = {name: _read(name, value) for name, value in (changes or {}).items() if value is not None or name == "ceiling"}
    wanted = {name: value for name, value in wanted.items() if getattr(before, name) != value}
    if not wanted:
        return {"changed": {"area": area, "fields": [], "events": [], "from": begins_at.isoformat()}}
    said = wanted | {"reason": (reason or "")[:500] or None}
    made = areas.write_change(work.session, area, said, by=work.actor.person, now=work.now, valid_from=begins_at)
    for kind in made.kinds:
        work.tell_bus(kind, area, made.payload, effective_at=begins_at)
    work.count("area.changed", area=area, fields=sorted(wanted))
    return {"changed": {"area": area, "fields": sorted(wanted), "events": list(made.kinds), "from": begins_at.isoformat()}}


def _read(name: str, value: Any) -> Any:
    """Turn what a diagram says into what the register keeps.

    Raises:
        ChangeUnfit: The register does not know such a field or value.
    """
    if name in _WORDS and value in _WORDS[name]:
        return value
    if name in _YES_OR_NO and isinstance(value, bool):
        return value
    if name in {"security_level", "ceiling"}:
        return _read_number(name, value)
    if name == "assessment":
        return str(value)
    if name == "assessment_valid_to":
        return date.fromisoformat(str(value)[:10])
    raise ChangeUnfit(field=name, value=value)


def _read_number(name: str, value: Any) -> int | None:
    if name == "ceiling" and value is None:
        return None
    number = int(value)
    if number != value or not (1 <= number <= HIGHEST_LEVEL if name == "security_level" else number >= 0):
        raise ChangeUnfit(field=name, value=value)
    return number


@operation("bus.tell")
def tell(work: Work, *, kind: str, area: str, payload: dict[str, Any] | None, since: str | None) -> dict[str, Any]:
    """Put an event onto the bus for the cases and processes that wait for such events."""
    work.tell_bus(kind, area, payload or {}, effective_at=find_moment(since))
    return {}


@operation("area.compare")
def compare(work: Work, *, area: str, wanted: dict[str, Any] | None, valid_from: str | None) -> dict[str, Any]:
    """Set what is asked for against what holds in the area at that moment: the changes, one fact for each, and the way back.

    The line that says the changes does so in codes: "SECURITY_LEVEL: 4 → 5".
    """
    begins_at = max(find_moment(valid_from) or work.now, work.now)
    before = areas.get_state(work.session, area, begins_at)
    asked = {name: _read(name, value) for name, value in (wanted or {}).items() if value is not None or name == "ceiling"}
    changes = {name: value for name, value in asked.items() if getattr(before, name) != value}
    there = clearances.lines_there(work.session, area)
    work.set_status("IN_DECISION")
    present = before.present + len(there)
    level = int(changes.get("security_level", before.security_level))
    assessed = before.assessment_valid_to is not None and before.assessment_valid_to >= begins_at.date()
    facts = [
        {
            "key": number,
            "change": _kind_of(name, value, before),
            "steps": abs(level - before.security_level),
            "new_level": level,
            "assessed": assessed,
            "below_present": name == "ceiling" and value is not None and value < present,
        }
        for number, (name, value) in enumerate(changes.items(), start=1)
    ]
    return {
        "comparison": {
            "changes": changes,
            "undo": {name: getattr(before, name) for name in changes},
            "facts": facts,
            "text": "; ".join(
                f"{name.upper()}: {_word(getattr(before, name))} → {_word(value)}" for name, value in changes.items()
            ),
            "begins_at": write_moment(begins_at),
            "status": before.status,
            "present": present,
            "last_in": [f"{line.person} ({write_moment(line.arrive_at)})" for line in there],
        }
    }


def _kind_of(name: str, value: Any, before: AreaState) -> str:
    """Name a change as the table of decisions does."""
    if name == "status":
        return "STATUS_RETURN" if before.status == "EVACUATED" else f"STATUS_{value}"
    if name == "security_level":
        return "LEVEL_UP" if value > before.security_level else "LEVEL_DOWN"
    if name == "clearance_mode":
        return f"MODE_TO_{value}"
    if name == "ceiling":
        return "CEILING_DOWN" if value is not None and (before.ceiling is None or value < before.ceiling) else "CEILING_UP"
    return "MEASURE"


def _word(value: Any) -> str:
    """Write a value as a code, which is said in the language of whoever reads it."""
    if isinstance(value, bool):
        return "YES" if value else "NO"
    return "NONE" if value is None else str(value)


@operation("area.read")
def read(work: Work, *, area: str) -> dict[str, Any]:
    """Read what holds in an area now."""
    state = areas.get_state(work.session, area, work.now)
    return {"area_now": {"status": state.status, "level": state.security_level, "mode": state.clearance_mode}}
