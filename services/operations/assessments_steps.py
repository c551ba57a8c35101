"""Who has an assessment next and until when, who is asked, and who decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from services import authority, people
from services.models.cases import OPEN, Task
from services.operations.catalogue import operation
from services.operations.clocks import SHARES
from services.operations.moments import read_moment, write_moment
from services.operations.teams import describe_team
from services.operations.work import Work
from services.registers import assessments as register
from services.registers.calendars import calendar_of
from services.separation import objection, read_facts

#: Statuses in which the register follows the case; later ones are written where they are decided.
_FOLLOWED = ("DRAFT", "IN_CONSULTATION", "WITH_SMT", "WITH_DO", "WITH_DESK", "RETURNED", "WITH_DIRECTOR", "WITH_USG")
_REMIND, _OVERDUE = "N-SRM-07", "N-SRM-08"
APPROVE = "APPROVE"


@operation("assessment.hand_over")
def hand_over(
    work: Work,
    *,
    status: str | None,
    days: float | None,
    hours: float | None,
    code: str | None,
    to: str | list[Any] | None,
    facts: dict[str, Any] | None,
    escalate_to: list[str] | None,
    stand_in: str | None,
) -> dict[str, Any]:
    """Say where the assessment goes next, until when, whom that is told, and who hears when the time is over.

    Time is given in working days of the area, or in hours that run day and night.
    """
    if status is not None:
        work.set_status(status)
        row = register.find_by_case(work.session, work.case.id)
        if row is not None and status in _FOLLOWED:
            row.status = status
    remind, due, escalate = (_after(work, days, hours, share) for share in SHARES.values())
    step = {
        "since": write_moment(work.now),
        "remind": write_moment(remind),
        "due": write_moment(due),
        "escalate": write_moment(escalate),
        "rounds": f"R3/{write_moment(remind)}/PT{max(int((due - remind).total_seconds() // 60), 1)}M",
        "escalate_to": escalate_to or [],
        "stand_in": stand_in,
    }
    if code is not None:
        told = [to] if isinstance(to, str) else [str(one) for one in to or [] if one]
        work.notify(code, told, facts={**(facts or {}), "deadline": due.isoformat()}, area=work.case.area)
    return {"step": step}


def _after(work: Work, days: float | None, hours: float | None, share: float) -> datetime:
    if hours is not None:
        return work.now + timedelta(hours=float(hours)) * share
    return calendar_of(work.session, work.case.area).add_working_days(work.now, float(days or 0) * share)


@operation("assessment.chase")
def chase(work: Work, *, step: dict[str, Any], number: str) -> dict[str, Any]:
    """Remind those who have the assessment; once the time is over, tell the next level, and let a stand-in act as well."""
    query = select(Task).where(Task.case_id == work.case.id, Task.state == OPEN, Task.line.is_(None))
    open_tasks = list(work.session.scalars(query))
    late = work.now >= read_moment(step["due"])
    facts = {"no": number, "deadline": read_moment(step["due"]).isoformat(), "role": _roles_of(open_tasks)}
    if not late:
        work.notify(_REMIND, _receivers(open_tasks), facts=facts, area=work.case.area)
        return {"chased": "REMINDED"}
    if step.get("stand_in"):
        work.add_candidate([task.element for task in open_tasks], None, role=step["stand_in"], why="Overdue")
    told = [*step["escalate_to"], *([step["stand_in"]] if step.get("stand_in") else [])]
    # The second escalation says the same to the same people; the moment makes it a notice of its own.
    work.notify(_OVERDUE, told, facts={**facts, "since": write_moment(work.now)[:10]}, area=work.case.area)
    return {"chased": "ESCALATED"}


def _roles_of(tasks: list[Task]) -> list[str]:
    return list(dict.fromkeys(task.role for task in tasks if task.role))


def _receivers(tasks: list[Task]) -> list[str]:
    return list(dict.fromkeys(task.assignee or task.role or "" for task in tasks if task.assignee or task.role))


@operation("assessment.consultees")
def find_consultees(work: Work, *, also: list[Any] | None) -> dict[str, Any]:
    """Return whom the draft is shown to: the security cell of the area, and persons who are named besides."""
    cell = authority.people_in_role(work.session, role="CELL", area=work.case.area, now=work.now)
    codes = [code for code in dict.fromkeys([*cell, *(str(one) for one in also or [])]) if code != work.actor.person]
    names = people.names_of(work.session, codes)
    return {"consultees": [{"person": code, "name": names[code]} for code in codes]}


@operation("assessment.note_silence")
def note_silence(work: Work, *, person: str, name: str | None, about: str) -> dict[str, Any]:
    """Record that somebody who was asked said nothing in time: that is no comment or no position, and never consent."""
    outcome = "NO_POSITION" if about == "POSITION" else "NO_COMMENT"
    work.record_decision(
        act="NOTE_SILENCE",
        outcome=outcome,
        line=person,
        area=work.case.area,
        reason_text=f"{name or person} did not answer in time. Silence is not consent.",
    )
    return {}


@operation("assessment.convene")
def convene(work: Work) -> dict[str, Any]:
    """Return who belongs to the Security Management Team of the area, and how many have to be there for a quorum."""
    return {"smt": describe_team(work, work.case.area)}


@operation("assessment.record_meeting")
def record_meeting(
    work: Work,
    *,
    smt: dict[str, Any],
    kind: str | None,
    held_on: str | None,
    present: list[Any] | None,
    positions: list[Any] | None,
    minutes: list[Any] | None,
) -> dict[str, Any]:
    """Count what the members of the team said. Advice only; whoever said nothing counts on neither side."""
    labels = {member["value"]: member["label"] for member in smt["members"]}
    said = {row["member"]: row for row in positions or [] if row and row.get("member") in labels and row.get("position")}
    here = [code for code in dict.fromkeys(present or []) if code in labels]
    counted = {
        word: sum(row["position"] == word for row in said.values()) for word in ("SUPPORT", "SUPPORT_WITH", "AGAINST", "ABSTAIN")
    }
    meeting = {
        "kind": kind,
        "held_on": held_on,
        "members": smt["count"],
        "present": len(here),
        "quorum_ok": len(here) >= smt["quorum"] and smt["count"] > 0,
        "support": counted["SUPPORT"] + counted["SUPPORT_WITH"],
        "against": counted["AGAINST"],
        "abstained": counted["ABSTAIN"],
        "silent": smt["count"] - len(said),
        "positions": [
            {"member": code, "name": labels[code], "position": row["position"], "text": row.get("text")}
            for code, row in said.items()
        ],
        "dissent": [
            f"{labels[code]}: {row.get('text') or ''}".strip(": ") for code, row in said.items() if row["position"] == "AGAINST"
        ],
        "minutes": minutes or [],
    }
    row = register.find_by_case(work.session, work.case.id)
    if row is not None:
        row.meeting = meeting
    return {"meeting": meeting}


@operation("assessment.find_decider")
def find_decider(work: Work, *, roles: list[str], apart: list[str] | None) -> dict[str, Any]:
    """Return the first of several roles in which somebody can decide who did not take one of the steps before."""
    facts = read_facts(work.session, case_id=work.case.id, area=work.case.area, now=work.now)
    for role in roles:
        step = Task(case_id=work.case.id, role=role, act=APPROVE, area=work.case.area, line=None, separate_from=list(apart or []))
        for person, way in authority.acting(work.session, role=role, area=work.case.area, now=work.now):
            if objection(person, way=way, task=step, facts=facts) is None:
                return {"decider": role}
    return {"decider": roles[-1]}
