"""Sorting the findings of the prerequisite check: who mends what, what is waived, and what stops the request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.models.base import new_id
from services.models.clearances import ClearanceLine, Waiver
from services.operations.catalogue import operation
from services.operations.excepting import SUSPENSION, find_excepting
from services.operations.work import Work
from services.registers import areas, clearances

#: A waiver of the first code also covers the second.
ALSO_COVERS = {"P-SSAFE-LAPSE": "P-SSAFE"}
FAMILY = "P-FAMILY"


@operation("clearance.record_findings")
def record_findings(
    work: Work, *, prereq_results: list[dict[str, Any]], waivers: list[dict[str, Any]] | None, family_exception: str | None
) -> dict[str, Any]:
    """Sort what the prerequisite check found by who mends it, and enter the waivers that are asked for."""
    asked = {str(row.get("code")): row for row in waivers or [] if isinstance(row, dict) and row.get("code")}
    if family_exception:
        asked.setdefault(FAMILY, {"code": FAMILY, "reason": family_exception})
    every = [_finding(row, found, asked) for row in prereq_results for found in row.get("found") or []]
    blocking = [one for one in every if not one["waived"] and one["severity"] in {"BLOCK", "BLOCK_WAIVABLE"}]
    waived = [one for one in every if one["waived"]]
    lines = clearances.lines_of_case(work.session, work.case.id)
    _enter_waivers(work, waived, asked)
    exceptions = _enter_suspension_waiver(work, asked, lines)
    _mark_late(lines, every)
    work.set_status("BLOCKED" if blocking else "AWAITING_ORG")
    for code in dict.fromkeys(one["code"] for one in blocking):
        work.count("tsc.prereq_blocked", code=code)
    return {"findings": {**_sorted(every, blocking, waived), "exceptions": exceptions}}


def _finding(row: dict[str, Any], found: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    code = found["code"]
    waivable = found["severity"] == "BLOCK_WAIVABLE"
    return {
        "person": row.get("person"),
        "stop": row.get("stop"),
        "area": row.get("area"),
        "code": code,
        "severity": found["severity"],
        "fixer": found.get("fixer"),
        "waived": waivable and (code in asked or ALSO_COVERS.get(code) in asked),
    }


def _sorted(every: list[dict[str, Any]], blocking: list[dict[str, Any]], waived: list[dict[str, Any]]) -> dict[str, Any]:
    routed = [one for one in every if one["severity"] == "ROUTE"]
    return {
        "all": every,
        "blocking": blocking,
        "warnings": [one for one in every if one["severity"] == "WARN"],
        "for_traveller": [one for one in blocking if one["fixer"] not in {"HR", "SFP"}],
        "for_hr": [one for one in blocking if one["fixer"] == "HR"],
        "for_sfp": [one for one in blocking if one["fixer"] == "SFP"],
        "for_exh": [one for one in routed if one["fixer"] == "EXH"],
        "for_avf": [one for one in routed if one["fixer"] == "AVF"],
        "waived": waived,
        "late": any(one["code"] == "P-LATE" for one in every),
        "text": ", ".join(dict.fromkeys(one["code"] for one in blocking)),
    }


def _enter_waivers(work: Work, waived: list[dict[str, Any]], asked: dict[str, Any]) -> None:
    for one in waived:
        said = asked.get(one["code"]) or asked[ALSO_COVERS[one["code"]]]
        _enter(work, unit=one["stop"], person=one["person"], area=one["area"], code=one["code"], said=said)


def _enter_suspension_waiver(work: Work, asked: dict[str, Any], lines: Sequence[ClearanceLine]) -> list[dict[str, Any]]:
    """Enter an exception for every waiting line in a suspended area where whoever asked may ask for one; say which there are.

    Where nobody may, there is no exception, and the stop waits until the suspension is lifted.
    """
    said = asked.get(SUSPENSION)
    if said is None:
        return []
    entered = []
    for line in lines:
        there = areas.facts_for_stay(work.session, line.area, arrive_at=line.arrive_at, now=work.now)
        if line.status not in clearances.OPEN_STATUSES or there.status != "SUSPENDED":
            continue
        waiver = _find_waiver(work, line.unit_key, line.person, SUSPENSION)
        asker = (waiver.asked_by, waiver.asked_as) if waiver is not None else find_excepting(work, line.area)
        if waiver is not None or asker[1] is not None:
            _enter(work, unit=line.unit_key, person=line.person, area=line.area, code=SUSPENSION, said=said, asker=asker)
            entered.append({"stop": line.unit_key, "area": line.area, "by": asker[0], "role": asker[1]})
    return entered


def _find_waiver(work: Work, unit: str, person: str, code: str) -> Waiver | None:
    known = select(Waiver).where(
        Waiver.case_id == work.case.id, Waiver.person == person, Waiver.code == code, Waiver.stop_key == unit
    )
    return work.session.scalars(known).first()


def _enter(
    work: Work,
    *,
    unit: str,
    person: str,
    area: str,
    code: str,
    said: dict[str, Any],
    asker: tuple[str | None, str | None] = (None, None),
) -> None:
    waiver = _find_waiver(work, unit, person, code)
    if waiver is None:
        waiver = Waiver(id=new_id(), case_id=work.case.id, stop_key=unit, person=person, code=code, area=area, status="ASKED")
        work.session.add(waiver)
    waiver.reason = str(said.get("reason") or "")[:2000]
    waiver.mitigation = str(said.get("mitigation") or "")[:2000] or None
    waiver.asked_at = work.now
    waiver.asked_by, waiver.asked_as = asker


def _mark_late(lines: Any, findings: list[dict[str, Any]]) -> None:
    late = {(one["person"], one["stop"]) for one in findings if one["code"] == "P-LATE"}
    line: ClearanceLine
    for line in lines:
        if (line.person, line.unit_key) in late:
            line.late = True
