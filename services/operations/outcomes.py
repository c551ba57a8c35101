"""Counting what became of the stops, and closing the request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, String, bindparam, select, update
from sqlalchemy.orm import aliased

from services import certificates
from services.models.audit import Decision
from services.models.clearances import ClearanceLine, Movement
from services.operations.catalogue import operation
from services.operations.deciding import GRANTING
from services.operations.moments import not_before_least, write_moment
from services.operations.normalising import first_uncovered
from services.operations.places import release_places
from services.operations.stops import set_status
from services.operations.work import Work
from services.prepared import Prepared
from services.registers import areas, clearances

#: From the worst to the best; the worst of its units counts for a stop.
RANKS = ("undecided", "denied", "hold", "conditional", "granted", "registered")
RANK_OF = {
    "UNDECIDED": "undecided",
    "DENIED": "denied",
    "REFUSED": "denied",
    "REVOKED": "denied",
    "HELD": "hold",
    "DEFERRED": "hold",
    "PENDING": "hold",
    "RETURNED": "hold",
    "GRANTED_COND": "conditional",
    "GRANTED": "granted",
    "REGISTERED": "registered",
}
CHOOSE_WITHIN = timedelta(days=5)
DAY = timedelta(hours=24)
ENDED = (
    "WITHDRAWN",
    "LAPSED",
    "REFUSED_BY_ORG",
    "DENIED",
    "NOT_CLEARED_NO_DECISION",
    "BREACH",
    "STOPPED_EVACUATION",
    "REVOKED",
    "NOT_COVERED",
)
REVOKING = ("REVOKED", "STOPPED_EVACUATION")
TRAVELLING = ("GRANTED", "GRANTED_COND", "IN_AREA", "REGISTERED")


def _reasons_query() -> Select[*tuple[Any, ...]]:
    before = aliased(Decision)
    found = select(Decision.id, Decision.reason_code, before.outcome).outerjoin(before, before.id == Decision.supersedes_id)
    return found.where(Decision.case_id == bindparam("case_id", type_=String))


#: Why each decision of a case was taken, and the outcome of the one before that it replaced.
_REASONS = Prepared(_reasons_query)


@operation("clearance.tally")
def tally(work: Work) -> dict[str, Any]:
    """Count the stops of the request by what became of them."""
    by_stop: dict[str, list[ClearanceLine]] = {}
    for line in clearances.lines_of_case(work.session, work.case.id):
        if line.status not in {"RELEASED", "NOT_COVERED"} and line.requirement not in {None, "NONE"}:
            by_stop.setdefault(line.stop_key, []).append(line)
    ranks = {stop: _rank(lines) for stop, lines in by_stop.items()}
    counted = {f"n_{name}": sum(rank == name for rank in ranks.values()) for name in RANKS}
    denied = [_denied(work, stop, by_stop[stop]) for stop, rank in ranks.items() if rank == "denied"]
    undecided = [by_stop[stop][0].area for stop, rank in ranks.items() if rank == "undecided"]
    again = [stop for stop, rank in ranks.items() if rank == "denied" and not any(line.reconsidered for line in by_stop[stop])]
    names = _names(work, {row["area"] for row in denied} | set(undecided))
    all_revoked = all(line.status == "REVOKED" for row in denied for line in by_stop[row["stop"]])
    if denied and not undecided:
        # What the traveller now chooses about has been answered: the request no longer waits for a decision.
        work.set_status("PARTIAL" if len(denied) < len(ranks) else "REVOKED" if all_revoked else "DENIED")
    return {
        "tally": {
            "n_total": len(ranks),
            **counted,
            "denied": denied,
            "all_revoked": all_revoked,
            "denied_areas": ", ".join(dict.fromkeys(names[row["area"]] for row in denied)),
            "denied_reasons": ", ".join(dict.fromkeys(row["reason"] for row in denied if row["reason"])),
            "taken_back": any(row["taken_back"] for row in denied),
            "reconsiderable": again,
            "undecided_areas": ", ".join(dict.fromkeys(names[area] for area in undecided)),
            "choose_until": _choose_until(work, [by_stop[row["stop"]][0] for row in denied]),
        }
    }


def _rank(lines: Sequence[ClearanceLine]) -> str:
    return min((RANK_OF.get(line.status, "granted") for line in lines), key=RANKS.index)


def _denied(work: Work, stop: str, lines: Sequence[ClearanceLine]) -> dict[str, Any]:
    ids = {line.decision_id for line in lines if RANK_OF.get(line.status) == "denied"}
    rows = [row for row in _REASONS.recall(work.session, case_id=work.case.id) if row.id in ids]
    reason = next((row.reason_code for row in rows if row.reason_code is not None), None)
    taken_back = any(row.outcome in GRANTING for row in rows)
    return {"stop": stop, "no": lines[0].stop_no, "area": lines[0].area, "reason": reason, "taken_back": taken_back}


def _choose_until(work: Work, denied: Sequence[ClearanceLine]) -> str:
    """Leave five days to choose what to do about a denial, but not into the last day before the stop."""
    until = [work.now + CHOOSE_WITHIN]
    for line in denied:
        stop = {"arrive_at": write_moment(line.arrive_at), "extends": line.extends}
        until.append(first_uncovered(work, stop) - DAY)
    return not_before_least(min(until), work.now)


def _names(work: Work, codes: set[str]) -> dict[str, str]:
    return {code: areas.name_of(areas.get_area(work.session, code)) for code in codes}


@operation("clearance.conclude")
def conclude(work: Work, *, status: str, reason: str | None) -> dict[str, Any]:
    """Set where the request ends, with what follows for places, lines, certificates and the locator."""
    lines = clearances.lines_of_case(work.session, work.case.id)
    if status == "COMPLETED":
        _complete(work, lines)
    elif status in ENDED:
        _end(work, lines, status, reason)
    work.set_status(status)
    if status == "COMPLETED":
        return {}
    work.count("tsc.overall", area=work.case.area, status=status)
    if status in REVOKING and reason is not None:  # what an official revoked was counted then
        work.count("tsc.revoked", area=work.case.area, reason=reason)
    work.case.outcome = status
    return {"outcome": status}


def _complete(work: Work, lines: Sequence[ClearanceLine]) -> None:
    set_status(work, (line for line in lines if line.status in {"GRANTED", "GRANTED_COND", "IN_AREA"}), "LEFT")
    for unit, area in {(line.unit_key, line.area) for line in lines}:
        release_places(work, unit=unit, area=area, future_only=True)
    _close_movements(work)


def _end(work: Work, lines: Sequence[ClearanceLine], status: str, reason: str | None) -> None:
    for unit, area in sorted({(line.unit_key, line.area) for line in lines}):
        release_places(work, unit=unit, area=area)
    closing = (*TRAVELLING, *clearances.OPEN_STATUSES)
    set_status(work, (line for line in lines if line.status in closing), "REVOKED" if status in REVOKING else "RELEASED")
    certificates.void_all(work.session, work.case.id, reason=(reason or status)[:32], now=work.now)
    _close_movements(work)


def _close_movements(work: Work) -> None:
    closing = update(Movement).where(Movement.case_id == work.case.id, Movement.closed_at.is_(None)).values(closed_at=work.now)
    work.session.execute(closing.execution_options(synchronize_session=False))
