"""Where people are: check-ins and missing ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, select

from services.models.base import new_id
from services.models.clearances import ClearanceLine, Movement
from services.models.headcounts import NEED_HELP, SAFE
from services.operations.catalogue import operation
from services.operations.moments import find_moment, write_moment
from services.operations.places import release_places, take_place_again
from services.operations.revoking import list_cleared
from services.operations.stops import set_status
from services.operations.surges_travel import announce_arrival
from services.operations.work import Work
from services.prepared import Prepared
from services.registers import areas, clearances, headcounts

#: Without a check-in for so long after the planned arrival people are looked for.
SEARCH_AFTER = timedelta(hours=12)
#: A request is closed so long after the last departure: who said too early that they have left can still say that they are there.
CLOSE_AFTER = timedelta(hours=24)
_SEEN = Prepared(
    lambda: select(Movement.stop_key).where(
        Movement.case_id == bindparam("case_id", type_=String), Movement.kind.in_(("ARRIVED", "MISSING"))
    )
)
_LEFT_AT = (
    select(Movement.recorded_at)
    .where(Movement.case_id == bindparam("case_id"), Movement.kind == "DEPARTED")
    .order_by(Movement.recorded_at.desc())
    .limit(1)
)
ON_THE_WAY = ("GRANTED", "GRANTED_COND", "REGISTERED", "IN_AREA")


@operation("clearance.check_in")
def check_in(work: Work, *, checkin: dict[str, Any]) -> dict[str, Any]:
    """Enter an arrival, a departure or a missing sign of life into the locator; say who was meant, and where.

    Whoever is at no stop of the request is heard all the same, in its area.
    """
    at = find_moment(checkin.get("at")) or work.now
    kind = checkin["kind"]
    concerned = _concerned(work, checkin, at)
    for line in concerned:
        work.session.add(movement_of(work, line, kind, at=at, place=checkin.get("place"), safe=checkin.get("safe")))
        _FOLLOW_UPS[kind](work, line, at)
    _answer_head_counts(work, checkin, {line.person for line in concerned}, at)
    if concerned:
        return {"checked_in": {"area": concerned[0].area, "stop": concerned[0].stop_key, "person": concerned[0].person}}
    return {"checked_in": {"area": work.case.area, "stop": None, "person": checkin.get("person") or work.actor.person}}


def _answer_head_counts(work: Work, checkin: dict[str, Any], persons: set[str], at: datetime) -> None:
    """Let a check-in that says safe or help answer the head counts that ask about those who were meant.

    Where nobody of the request was meant it speaks for whoever sent it, and for nobody else.
    """
    if checkin.get("safe") not in (SAFE, NEED_HELP):
        return
    sender = work.actor.person
    for person in sorted(persons or ({sender} if checkin.get("person") in {None, sender} else set())):
        headcounts.note_sign_of_life(
            work.session, person, checkin["safe"], place=checkin.get("place"), by=sender, at=at, now=work.now
        )


def _concerned(work: Work, checkin: dict[str, Any], at: datetime) -> list[ClearanceLine]:
    """Find the lines that are meant: of the stop, or of the one that the moment falls into."""
    lines = [line for line in clearances.lines_of_case(work.session, work.case.id) if _can_be_told(line, checkin["kind"], at)]
    if checkin.get("person"):
        lines = [line for line in lines if line.person == checkin["person"]]
    if checkin.get("stop"):
        return [line for line in lines if checkin["stop"] in {line.stop_key, line.unit_key}]
    if not lines:
        return []
    near = min(lines, key=lambda line: max(line.arrive_at - at, at - line.depart_at, timedelta()))
    return [line for line in lines if line.stop_key == near.stop_key]


def _can_be_told(line: ClearanceLine, kind: str, at: datetime) -> bool:
    """Say whether a check-in of a kind can be about a line.

    Whoever said too early that they have left says that they are there; whose clearance was revoked there says that they left.
    """
    return (
        line.status in ON_THE_WAY
        or (kind == "ARRIVED" and line.status == "LEFT" and line.depart_at > at)
        or (kind == "DEPARTED" and line.status == "REVOKED" and line.arrive_at <= at)
    )


def _arrived(work: Work, line: ClearanceLine, at: datetime) -> None:
    if line.status == "LEFT":
        take_place_again(work, line)
    if line.status != "REGISTERED":
        set_status(work, [line], "IN_AREA")
    announce_arrival(work, line, at)
    work.count("tsc.checkin", area=line.area, on_time=at <= line.arrive_at + SEARCH_AFTER)


def _departed(work: Work, line: ClearanceLine, at: datetime) -> None:
    if line.status != "REVOKED":
        set_status(work, [line], "LEFT")
    others = clearances.lines_of_unit(work.session, work.case.id, line.unit_key)
    if all(other.status == "LEFT" for other in others):
        release_places(work, unit=line.unit_key, area=line.area, future_only=True)
    work.count("tsc.checkin", area=line.area, on_time=at <= line.depart_at + SEARCH_AFTER)


def _missing(work: Work, line: ClearanceLine, _at: datetime) -> None:
    work.tell_bus("MSG_HEADCOUNT_ONE", line.area, {"person": line.person, "stop": line.stop_key, "case": work.case.number})


_FOLLOW_UPS = {"ARRIVED": _arrived, "DEPARTED": _departed, "MISSING": _missing}


def movement_of(work: Work, line: ClearanceLine, kind: str, *, at: datetime, place: Any = None, safe: Any = None) -> Movement:
    """Make the entry of the locator that says where a person was seen, or not."""
    return Movement(
        id=new_id(),
        case_id=work.case.id,
        stop_key=line.stop_key,
        person=line.person,
        area=line.area,
        kind=kind,
        at=at,
        place=str(place)[:120] if place else None,
        safe=safe,
        recorded_at=work.now,
        recorded_by=work.actor.person,
    )


@operation("clearance.watch")
def watch(
    work: Work,
    *,
    stops: list[dict[str, Any]],
    requirements: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    """Say what to wait for next, a missing check-in in an area that wants one or the end of the journey, and who is cleared."""
    lines = [line for line in clearances.lines_of_case(work.session, work.case.id) if line.status in (*ON_THE_WAY, "LEFT")]
    late = _next_search(work, [line for line in lines if line.status in {"GRANTED", "GRANTED_COND"}])
    last = max([line.depart_at for line in lines], default=work.now)
    have_left = _have_all_left(lines, stops)
    is_early = have_left and work.now < last
    said_at = work.session.scalar(_LEFT_AT, {"case_id": work.case.id}) if is_early else None
    closes_at = min(last, said_at or last) + CLOSE_AFTER
    return {
        "watch": {
            "next": "HEADCOUNT" if late else "LEAVE",
            "next_at": write_moment(late[0] if late else closes_at),
            "stop": late[1].stop_key if late else None,
            "area": late[1].area if late else (lines[-1].area if lines else None),
            "all_left": have_left and not is_early,
        },
        "cleared": list_cleared(work),
    }


def _next_search(work: Work, lines: Sequence[ClearanceLine]) -> tuple[datetime, ClearanceLine] | None:
    """Find the earliest stop whose check-in is waited for, and for which nobody was looked for yet."""
    if not lines:
        return None
    known = {row.stop_key for row in _SEEN.rows(work.session, case_id=work.case.id)}
    for line in sorted(lines, key=lambda line: line.arrive_at):
        if line.stop_key in known:
            continue
        if areas.facts_for_stay(work.session, line.area, arrive_at=line.arrive_at, now=work.now).checkin_required:
            return line.arrive_at + SEARCH_AFTER, line
    return None


def _have_all_left(lines: Sequence[ClearanceLine], stops: list[dict[str, Any]]) -> bool:
    """Everybody has left when the last stop that is no return is left, or every stop."""
    returning = {stop["key"] for stop in stops if stop.get("stop_type") == "RETURN"}
    travelled = [line for line in lines if line.stop_key not in returning]
    if not travelled:
        return False
    last = max(travelled, key=lambda line: line.depart_at).stop_key
    return all(line.status == "LEFT" for line in travelled if line.stop_key == last)
