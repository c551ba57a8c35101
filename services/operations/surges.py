"""Support to a Security Management Team: who may ask, whom the desk chooses and who releases them, what a decision writes."""

from __future__ import annotations

from typing import Any

from services import authority, people
from services.errors import Declined, NotYourRole
from services.models.support import Deployment
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.work import Work
from services.registers import areas, deployments

#: Somebody who is to be sent: it is their own matter, so they decide nothing in it.
SENT = "SENT"
ASKED, DECIDED, ARRIVED = "surge.asked", "surge.decided", "surge.arrived"
LATE = "N-SUP-05"
#: How a supervisor acts, and what the case learns only on its way.
RELEASE = "ENDORSE"
_SAID_LATER = (
    "remarks",
    "answer",
    "selection_reasons",
    "refusal_reasons",
    "approval",
    "approval_reasons",
    "result",
    "refusal_said",
)


class NobodyReleases(Declined):
    """{name} has no supervisor in the register of people, so nobody can release them. Choose somebody else."""


@operation("surge.open")
def open_request(
    work: Work, *, area: str, kind: str, incident: str | None, need: str, skills: str | None, days: int | None
) -> dict[str, Any]:
    """Begin a request for support, and say by when the first one has to be there.

    Raises:
        NotYourRole: Whoever began it is neither the adviser nor the official of the area.
    """
    holders = (authority.people_in_role(work.session, role=role, area=area, now=work.now) for role in deployments.OFFICES)
    if not any(work.case.requester in persons for persons in holders):
        raise NotYourRole
    row = Deployment(
        number=work.case.number,
        case_id=work.case.id,
        area=area,
        kind=kind,
        incident=incident,
        need=need,
        skills=skills,
        days=days,
        asked_by=work.case.requester,
        asked_at=work.now,
    )
    work.session.add(row)
    name = areas.name_of(areas.get_area(work.session, area))
    work.case.subject = name
    work.case.organisation = None  # people of several organisations may be sent
    work.set_status("WITH_DESK")
    work.count(ASKED, area=area, kind=kind)
    return {
        "area_name": name,
        "target_at": write_moment(deployments.target_of(row)),
        **{key: [] for key in ("released", "kept", "sent", "missing", "persons")},
        **dict.fromkeys(("approved_before", "all_there"), False),
        **dict.fromkeys(_SAID_LATER),
    }


@operation("surge.choose")
def choose(work: Work, *, persons: list[str] | None, released: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Say whom the desk chose, and whose supervisor is asked; whoever is released already is not asked about again.

    Raises:
        NobodyReleases: Somebody has no supervisor any more.
    """
    known = {row["person"] for row in released or ()}
    asked = [code for code in dict.fromkeys(persons or ()) if code not in known]
    named = people.names_of(work.session, asked)
    able = {one.code: one for one in deployments.list_deployable(work.session, work.now)}
    chosen = []
    for code in asked:
        found = able.get(code)
        if found is None:
            raise NobodyReleases(name=named[code])
        work.party(code, SENT)
        facts = {"person": code, "name": found.name, "organisation": found.organisation, "post": found.post or ""}
        chosen.append({**facts, "supervisor": found.supervisor})
    return {"chosen": chosen}


@operation("surge.weigh")
def weigh(
    work: Work,
    *,
    chosen: list[dict[str, Any]],
    answers: list[dict[str, Any]] | None,
    released: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    """Add up what the supervisors said: who is released, and who is not. No answer releases nobody."""
    said = {row["person"]: row for row in answers or ()}
    free, kept = list(released or ()), []
    for one in chosen:
        answer = said.get(one["person"]) or {}
        decision = work.find_decision(one["person"], RELEASE)
        if answer.get("release") == "YES" and decision is not None:
            free.append({"person": one["person"], "name": one["name"], "post": one["post"], "by": decision.actor_person})
        else:
            kept.append({"person": one["person"], "name": one["name"], "why": answer.get("why") or None})
    work.set_status("WITH_DESK" if kept or not free else "WITH_DIRECTOR")
    return {"released": free, "kept": kept, "persons": []}


@operation("surge.refuse")
def refuse(work: Work, *, reasons: str | None) -> dict[str, Any]:
    """Write a refusal into the register."""
    row = deployments.get_deployment(work.session, work.case.number)
    row.refused_at = work.now
    work.set_status("REFUSED")
    work.count(DECIDED, area=row.area, kind=row.kind, outcome="REFUSED")
    return {"result": "REFUSED", "refusal_said": reasons}


@operation("surge.warn_late")
def warn_late(work: Work, *, area: str, to: list[str]) -> dict[str, Any]:
    """Tell those in charge that the hours are over and nobody is there yet; nothing is closed or decided by it."""
    row = deployments.get_deployment(work.session, work.case.number)
    if row.arrived_at is None:
        since = int((work.now - deployments.target_of(row)).total_seconds() // 3600)
        facts = {"no": row.number, "area": area, "need": row.need, "hours": since, "at": write_moment(work.now)}
        work.notify(LATE, to, facts=facts, area=area, urgent=True)
    return {}


@operation("surge.close")
def close(work: Work) -> dict[str, Any]:
    """Say whether the first one came in time, when the report is there."""
    row = deployments.get_deployment(work.session, work.case.number)
    outcome = "DEPLOYED_IN_TIME" if deployments.is_in_time(row) else "DEPLOYED_LATE"
    work.set_status(outcome)
    return {"outcome": outcome, "in_time": outcome == "DEPLOYED_IN_TIME"}
