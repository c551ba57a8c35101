"""Why somebody may act on a task or may not: every check in order, with the facts behind it, and who else could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, literal, select
from sqlalchemy.orm import Session

from services.authority.beyond import Beyond, list_beyond
from services.authority.candidates import Candidate, candidates
from services.authority.capacity import Capacity, find_ways
from services.authority.confinement import may_know
from services.authority.holdings import Held, asked_roles, list_held
from services.authority.rules import Finding, examine
from services.authority.ways import is_kept_out
from services.models.audit import Decision
from services.models.cases import OPEN, Case, Task
from services.models.confinements import CaseConfinement
from services.roles import OWN_ROLES
from services.separation import Fact, Way, is_personal, objection, read_facts


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """What decides whether a person may act on a task.

    Attributes:
        capacity: In which role and capacity the person may act; None when not.
        way: The way that was looked at: the one that leads through, or the most natural one that does not.
        findings: Every check, in the order in which it makes sense to a person.
        held: What the person holds of the roles that are asked for.
        eligible: Who may act now, by any way.
        beyond: Who comes next if nobody is left; empty for steps that are for somebody by name or for the traveller.
    """

    person: str
    capacity: Capacity | None
    way: Way | None
    findings: tuple[Finding, ...]
    roles: tuple[str, ...]
    held: tuple[Held, ...]
    eligible: tuple[Candidate, ...]
    beyond: tuple[Beyond, ...]

    @property
    def may_act(self) -> bool:
        """Whether the person may act now."""
        return all(finding.holds is not False for finding in self.findings)

    @property
    def against(self) -> Finding | None:
        """What first keeps the person from it."""
        return next((finding for finding in self.findings if finding.holds is False), None)


def explain(session: Session, person: str, task: Task, case: Case, now: datetime) -> Explanation:
    """Look at every check that stands between a person and a task. The number of queries does not depend on who there is.

    Who may ask is the caller's matter: see `services.tasks.explaining`.
    """
    facts = read_facts(session, case_id=task.case_id, area=task.area, now=now)
    found = find_ways(session, person, task, now)
    allowed = next((way for way in found if objection(person, way=way, task=task, facts=facts) is None), None)
    way = allowed or next(iter(found), None)
    roles = asked_roles(session, task)
    held = list_held(session, person, task, roles=roles, now=now)
    able = candidates(session, task, now) if task.state == OPEN else []
    findings = [
        _is_open(session, task),
        _is_not_kept(session, person, case, now),
        *_findings_of_way(session, person, task, way, roles, held, now),
        *_findings_of_rules(person, task, way, facts),
        _is_free(person, task, way),
    ]
    return Explanation(
        person=person,
        capacity=Capacity.of(allowed, person) if allowed else None,
        way=way,
        findings=tuple(finding for finding in findings if finding is not None),
        roles=tuple(roles),
        held=tuple(held),
        eligible=tuple(able),
        beyond=tuple(list_beyond(session, task, roles, facts=facts, now=now)) if task.state == OPEN else (),
    )


def _is_open(session: Session, task: Task) -> Finding:
    """S10: the first who acts wins."""
    if task.state == OPEN:
        return Finding(check="S10", holds=True)
    decision = session.scalars(select(Decision).where(Decision.task_id == task.id).limit(1)).first()
    if decision is None:
        return Finding(check="S10", holds=False, facts={"state": task.state, "at": task.closed_at})
    by = {"by": decision.actor_person, "at": decision.decided_at, "act": decision.act, "outcome": decision.outcome}
    return Finding(check="S10", holds=False, facts=by)


def _is_not_kept(session: Session, person: str, case: Case, now: datetime) -> Finding | None:
    """Say whether a confined case names the person; nothing when the case is not confined."""
    stands = exists().where(CaseConfinement.case_id == case.id, CaseConfinement.lifted_at.is_(None))
    if not session.scalar(select(stands)):
        return None
    return Finding(check="CONFINED", holds=may_know(session, person, case, now))


def _findings_of_way(
    session: Session, person: str, task: Task, way: Way | None, roles: Sequence[str], held: Sequence[Held], now: datetime
) -> list[Finding]:
    """Say which role, name or substitution leads to the task, or where each that might falls short."""
    is_kept = bool(session.scalar(select(is_kept_out(person, now, literal(task.role or "")))))
    kept_out = is_kept and not (way is not None and is_personal(task, way.via))
    findings = [Finding(check="S9", holds=not kept_out)]
    if way is not None:
        known = next((one for one in held if one.counts and _is_behind(one, way)), None)
        return [*findings, *_of_found_way(way, known, task)]
    if task.assignee is not None or task.role is None or task.role in OWN_ROLES:
        named = {"assignee": task.assignee} if task.assignee else {"role": task.role}
        return [*findings, Finding(check="NAME", holds=False, facts=named)]
    if kept_out and any(one.counts for one in held):
        return findings
    return [*findings, *_of_missing_way(roles, held)]


def _is_behind(one: Held, way: Way) -> bool:
    rests_on = way.delegation_id if way.delegator else None  # a standing delegation is not part of the holding
    return one.holder == way.holder and one.delegation_id == rests_on and one.role in {way.role, "DO"}


def _of_found_way(way: Way, known: Held | None, task: Task) -> list[Finding]:
    if way.via in {"ASSIGNEE", "PERSON", "OWN"}:
        return [Finding(check="NAME", holds=True, facts={"via": way.via, "holder": way.holder, "role": way.role})]
    place = {"area": known.area, "organisation": known.organisation} if known else {}
    period = {"valid_from": known.valid_from, "valid_to": known.valid_to, "source": known.source} if known else {}
    findings = [
        Finding(check="ROLE", holds=True, facts={"role": way.role, "holder": way.holder, "capacity": way.capacity}),
        Finding(check="SCOPE", holds=True, facts={"of": task.area, "for": task.organisation, **place}),
        Finding(check="PERIOD", holds=True, facts=period),
    ]
    if way.delegation_id is not None:
        given = {"number": way.delegation_id, "delegator": way.delegator}
        findings.append(Finding(check="DELEGATION", holds=True, facts=given))
    if way.capacity == "ESCALATED":
        findings.append(Finding(check="S6", holds=True, facts={"role": way.role}))
    return findings


def _of_missing_way(roles: Sequence[str], held: Sequence[Held]) -> list[Finding]:
    """Say how far the nearest holding gets: the role, then the place, then the time, then the delegation."""
    if not held:
        return [Finding(check="ROLE", holds=False, facts={"roles": list(roles)})]
    findings = [Finding(check="ROLE", holds=True, facts={"role": held[0].role, "holder": held[0].holder})]
    fitting = [one for one in held if one.fits]
    if not fitting:
        places = [{"area": one.area, "organisation": one.organisation} for one in held]
        return [*findings, Finding(check="SCOPE", holds=False, facts={"places": places})]
    findings.append(Finding(check="SCOPE", holds=True, facts={"area": fitting[0].area, "organisation": fitting[0].organisation}))
    in_time = [one for one in fitting if one.period == "CURRENT"]
    if not in_time:
        last = fitting[-1]
        facts: dict[str, Any] = {"valid_from": last.valid_from, "valid_to": last.valid_to, "period": last.period}
        return [*findings, Finding(check="PERIOD", holds=False, facts=facts)]
    period = {"valid_from": in_time[-1].valid_from, "valid_to": in_time[-1].valid_to}
    findings.append(Finding(check="PERIOD", holds=True, facts=period))
    faulty = in_time[-1]
    given = {"number": faulty.delegation_id, "delegator": faulty.delegator, "fault": faulty.delegation}
    return [*findings, Finding(check="DELEGATION", holds=False, facts=given)]


def _findings_of_rules(person: str, task: Task, way: Way | None, facts: list[Fact]) -> list[Finding]:
    looked_at = way or Way(role=task.role, via="ROLE", holder=person)
    return examine(person, way=looked_at, task=task, facts=facts)


def _is_free(person: str, task: Task, way: Way | None) -> Finding | None:
    if task.state != OPEN or task.claimed_by is None:
        return None
    taken = {"by": task.claimed_by, "at": task.claimed_at}
    mine = {person, way.holder if way is not None else person}
    return Finding(check="FREE", holds=task.claimed_by in mine, facts=taken)
