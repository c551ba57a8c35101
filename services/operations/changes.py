"""What a traveller changes: compared with the register, and applied as the table of amendments says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.models.base import new_id
from services.models.cases import RequestDraft
from services.models.clearances import ClearanceLine
from services.operations.catalogue import operation
from services.operations.moments import find_moment, read_moment, write_moment
from services.operations.places import release_places
from services.operations.stops import REQUESTED, Stop, number_stops, set_status, take_values, with_statuses
from services.operations.work import Work
from services.registers import clearances

WORDS = {
    "DROP": "DROP_STOP",
    "NEW_AREA": "NEW_AREA",
    "LODGING": "ACCOMMODATION",
    "FLIGHT": "FLIGHT",
    "PURPOSE": "PURPOSE",
    "CONTACT": "CONTACT",
    "ADD_TRAVELLER": "TRAVELLER_ADDED",
}
#: Changes of the case as a whole: they name no stop.
OF_THE_CASE = ("NEW_AREA", "ADD_TRAVELLER", "PURPOSE")
DAY = timedelta(hours=24)
PUT_BACK = ("RECLEAR_STOP", "RECHECK")


@operation("clearance.compare_changes")
def compare_changes(
    work: Work, *, changes: list[dict[str, Any]] | None, queued_changes: list[dict[str, Any]] | None, stops: list[Stop]
) -> dict[str, Any]:
    """Say of every change what it is and how far the journey to its stop has come."""
    return {"change_facts": _compare(work, [*(queued_changes or []), *(changes or [])], stops)}


def _compare(work: Work, changes: list[dict[str, Any]], stops: list[Stop]) -> list[dict[str, Any]]:
    entries = []
    for number, change in enumerate(changes, start=1):
        stop = _stop_of(change, stops)
        if stop is None and change.get("kind") not in OF_THE_CASE:
            continue
        lines = clearances.lines_of_stop(work.session, work.case.id, stop["key"]) if stop else []
        entries.append(
            {
                "key": number,
                "stop": stop["key"] if stop else None,
                "change": _word(change, stop),
                "stop_mode": next((line.mode for line in lines if line.mode), None) or "AUTO",
                "phase": clearances.phase_of(lines, work.now) if lines else "PENDING",
                "given": change,
            }
        )
    return entries


def _stop_of(change: dict[str, Any], stops: list[Stop]) -> Stop | None:
    """Find the stop by the number that people see, or by its key."""
    named = change.get("stop")
    return next((stop for stop in stops if named is not None and named in (stop.get("no"), stop.get("key"))), None)


def _word(change: dict[str, Any], stop: Stop | None) -> str:
    if change.get("kind") != "DATES" or stop is None:
        return WORDS.get(str(change.get("kind")), "OTHER")
    arrive, depart = read_moment(stop["arrive_at"]), read_moment(stop["depart_at"])
    new_arrive = find_moment(change.get("arrive_at")) or arrive
    new_depart = find_moment(change.get("depart_at")) or depart
    if new_arrive == arrive and new_depart > depart:
        return "EXTEND_STAY"
    shift = max(abs(new_arrive - arrive), abs(new_depart - depart))
    return "DATE_SHIFT_GT_24H" if shift > DAY else "DATE_SHIFT_LE_24H"


@operation("clearance.apply_changes")
def apply_changes(
    work: Work,
    *,
    change_facts: list[dict[str, Any]],
    change_actions: list[dict[str, Any]],
    stops: list[Stop],
    endorsed_by: list[str] | None,
) -> dict[str, Any]:
    """Carry out what the table of amendments says of each change."""
    actions = {row["key"]: row for row in change_actions}
    applying = Applying(work, stops)
    for fact in change_facts:
        action = actions.get(fact["key"], {}).get("action")
        if action is not None:
            applying.apply(str(action), fact)
    asks_again = any(fact["change"] == "PURPOSE" for fact in change_facts)
    return {
        "stops": with_statuses(work, applying.stops),
        "changes": [],
        "queued_changes": [],
        "endorsed_by": [] if asks_again else endorsed_by or [],
        "flight_decision": None,
        "rejected": applying.rejected,
    }


class Applying:
    """The stops while changes are applied to them."""

    def __init__(self, work: Work, stops: list[Stop]) -> None:
        """Begin with the stops as they are."""
        self.work = work
        self.stops = [dict(stop) for stop in stops]
        self.rejected: list[dict[str, Any]] = []

    def apply(self, action: str, fact: dict[str, Any]) -> None:
        """Apply one change as its action says."""
        given, stop = fact["given"], next((one for one in self.stops if one["key"] == fact["stop"]), None)
        if action == "NEW_CASE":
            self._draft_for(given)
        elif action == "NEW_STOP":
            self._add(given)
        elif action == "REJECT_CHANGE":
            self.rejected.append({"stop": fact["stop"], "note": fact["change"]})
        elif stop is None:
            self._put_back_all() if action in PUT_BACK else None
        elif action == "RELEASE":
            self._release(stop)
        elif action == "RECLEAR_STOP" and fact["change"] == "EXTEND_STAY":
            self._extend(stop, given)
        else:
            self._take(stop, given, put_back=action in PUT_BACK)

    def _lines(self, stop: Stop) -> Sequence[ClearanceLine]:
        return clearances.lines_of_stop(self.work.session, self.work.case.id, stop["key"])

    def _release(self, stop: Stop) -> None:
        """Drop a stop: its lines stay in the register, its places go back."""
        lines = self._lines(stop)
        self._free(lines)
        set_status(self.work, lines, "RELEASED")
        self.stops.remove(stop)

    def _free(self, lines: Sequence[ClearanceLine]) -> None:
        for unit, area in {(line.unit_key, line.area) for line in lines}:
            release_places(self.work, unit=unit, area=area)

    def _take(self, stop: Stop, given: dict[str, Any], *, put_back: bool) -> None:
        """Let a stop take the new values; put back, it is decided anew."""
        stop.update(_values(given))
        lines = self._lines(stop)
        if put_back:
            self._free(lines)
            set_status(self.work, lines, "PENDING")
        for line in lines:
            take_values(line, stop, self.work)

    def _put_back_all(self) -> None:
        """A change of the whole case, such as its purpose, reopens every stop that somebody decided by hand."""
        for stop in self.stops:
            lines = [line for line in self._lines(stop) if line.mode == "MANUAL" and line.status in {"GRANTED", "GRANTED_COND"}]
            set_status(self.work, lines, "PENDING")

    def _add(self, given: dict[str, Any]) -> None:
        new = {name: given.get(name) for name in REQUESTED} | {"stop_type": given.get("stop_type") or "DESTINATION"}
        self._number([*self.stops, new])

    def _extend(self, stop: Stop, given: dict[str, Any]) -> None:
        """Add the further days as a stop of their own; what is cleared stays cleared whatever becomes of them."""
        kept = {name: stop.get(name) for name in REQUESTED}
        further = {**kept, "arrive_at": stop["depart_at"], "depart_at": given["depart_at"], "extends": stop["key"]}
        self._number([*self.stops, further])

    def _number(self, stops: list[Stop]) -> None:
        self.stops = sorted(number_stops(self.work, stops), key=lambda one: (str(one["arrive_at"]), int(one["no"])))

    def _draft_for(self, given: dict[str, Any]) -> None:
        """Prepare a request of the added traveller's own."""
        work, traveller = self.work, given.get("traveller")
        if not traveller:
            return
        step = f"from {work.case.number}"
        known = select(RequestDraft.id).where(RequestDraft.person == traveller, RequestDraft.step == step)
        if work.session.scalar(known.limit(1)) is not None:
            return
        asked = [{name: stop.get(name) for name in REQUESTED} for stop in self.stops]
        draft = RequestDraft(
            id=new_id(),
            process_key=work.case.process_key,
            person=traveller,
            answers={"travellers": [{"person": traveller}], "stops": asked},
            step=step,
            created_at=work.now,
            updated_at=work.now,
        )
        work.session.add(draft)


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """Return what a change says about a stop; what it leaves empty stays as it was."""
    values = {name: given[name] for name in REQUESTED if given.get(name) not in (None, "")}
    for name in ("arrive_at", "depart_at"):
        if name in values:
            values[name] = write_moment(read_moment(values[name]))
    return values


@operation("clearance.preview_changes")
def preview_changes(
    work: Work, *, changes: list[dict[str, Any]] | None, stops: list[Stop] | None, purpose_text: str | None
) -> dict[str, Any]:
    """Say of changes what they replace, field by field, and the facts by which the table of amendments judges them.

    It only reads, so that it may be asked before anything is sent.
    """
    known = list(stops or [])
    compared = _compare(work, changes or [], known)
    differences = [
        difference for change in changes or [] for difference in _differences(change, _stop_of(change, known), purpose_text)
    ]
    rows = {fact["key"]: _stop_of(fact["given"], known) for fact in compared}
    facts = [{**fact, **_about(rows[fact["key"]], fact["given"])} for fact in compared]
    return {"differences": differences, "facts": facts}


def _about(stop: Stop | None, given: dict[str, Any]) -> dict[str, Any]:
    """Name the stop that a change is about; a new one has an area and no number yet."""
    return {"row": stop.get("no") if stop else None, "area": stop["area"] if stop else given.get("area")}


def _differences(change: dict[str, Any], stop: Stop | None, purpose_text: str | None) -> list[dict[str, Any]]:
    about = _about(stop, change)
    if change.get("kind") == "DROP":
        return [{**about, "field": "stop", "before": stop.get("place") or stop["area"], "after": None}] if stop else []
    given = {name: value for name, value in change.items() if name not in {"kind", "stop"} and value not in (None, "")}
    before = {**(stop or {}), "purpose_text": purpose_text}
    listed = [{**about, "field": name, "before": _plain(before.get(name)), "after": _plain(new)} for name, new in given.items()]
    return [each for each in listed if each["before"] != each["after"]]


def _plain(value: Any) -> Any:
    """Write moments alike, so that the same moment with another offset is no difference."""
    moment = find_moment(value) if isinstance(value, str) and "T" in value else None
    return value if moment is None else write_moment(moment)
