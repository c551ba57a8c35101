"""Delegations, appointments ad interim and absences: checked, entered, watched, ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from services import authority
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.base import new_id
from services.models.cases import OPEN, Task
from services.models.people import Person
from services.operations.catalogue import operation
from services.operations.moments import read_moment, write_moment
from services.operations.work import Work
from services.registers import delegations, travellers
from services.roles import NEVER_ROLES
from workflows.errors import SafeconductError

REMINDED_BEFORE = timedelta(days=14)
LOOKED_AT_EVERY = timedelta(days=1)
#: The grades that the rule "Assistant Director General or above" means.
HIGH_GRADES = ("ADG", "DDG", "DG", "USG", "ASG")
ABSENCE = "ABSENCE"
INTERIM = "DO_INTERIM"


class NothingEntered(SafeconductError):
    """There is neither a delegation nor an absence under {number}."""


@operation("delegation.open")
def open_request(work: Work, *, delegator: str | None, delegate: str | None) -> dict[str, Any]:
    """Take in who gives what to whom, whose own matter it is then; the organisation is that of whoever gives."""
    giver = delegator or work.case.requester
    person = work.session.get(Person, giver)
    work.case.organisation = person.organisation if person else work.case.organisation
    work.party(giver, "DELEGATOR")
    if delegate is not None:
        work.party(delegate, "DELEGATE")
    work.set_status("REQUESTED")
    return {"delegator": giver, "organisation": work.case.organisation, "findings": [], "is_own": giver == work.case.requester}


@operation("delegation.check")
def check(
    work: Work,
    *,
    kind: str,
    rule: dict[str, Any],
    authority_code: str | None,
    delegator: str,
    delegate: str | None,
    delegate_role: str | None,
    area: str | None,
    valid_from: str,
    valid_to: str,
) -> dict[str, Any]:
    """Say what keeps a delegation from being entered; an empty list means nothing does."""
    begins_at, ends_at = read_moment(valid_from), read_moment(valid_to)
    found = []
    if ends_at <= max(begins_at, work.now):
        found.append("PERIOD_OVER")
    if delegate == delegator or (delegate is None and delegate_role is None):
        found.append("NO_OTHER_PERSON")
    if delegate is not None:
        found += _check_person(work, delegate, rule, begins_at)
    if kind != ABSENCE:
        found += _check_office(work, rule, delegator, area, ends_at)
        found += _check_delegate(work, rule, authority_code, delegate, delegate_role, area)
        if _conflicts(work, str(authority_code), area, begins_at, ends_at, rule):
            found.append("OVERLAP")
    else:
        found += _check_absence(work, delegator, delegate, begins_at, ends_at)
    return {"findings": sorted(set(found))}


def _check_absence(work: Work, person: str, substitute: str | None, begins_at: datetime, ends_at: datetime) -> list[str]:
    """Nobody is away twice at a time, and nobody stands in who is away as well."""
    found = []
    if delegations.absences_of(work.session, person, begins_at=begins_at, ends_at=ends_at):
        found.append("OVERLAP")
    if substitute and delegations.absences_of(work.session, substitute, begins_at=begins_at, ends_at=ends_at):
        found.append("SUBSTITUTE_AWAY")
    return found


def _check_person(work: Work, delegate: str, rule: dict[str, Any], begins_at: datetime) -> list[str]:
    found = []
    held = select(RoleHolding.role).where(RoleHolding.person == delegate, RoleHolding.role.in_(NEVER_ROLES))
    current = held.where(or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to > begins_at))
    if work.session.scalars(current.limit(1)).first() is not None:
        found.append("KEPT_OUT")
    course = rule.get("course") or ""
    if course and not _is_trained(work, delegate, course, begins_at):
        found.append("NO_TRAINING")
    return found


def _is_trained(work: Work, person: str, course: str, at: datetime) -> bool:
    record = travellers.trainings_by_person(work.session, [person], course).get(person)
    return record is not None and (record.valid_to is None or record.valid_to >= at.date())


def _check_office(work: Work, rule: dict[str, Any], delegator: str, area: str | None, ends_at: datetime) -> list[str]:
    """Nobody gives what is not one's own, nor for longer than one has it."""
    role = str(rule.get("delegator_role"))
    held = delegations.own_holdings(work.session, delegator, role, area=area, organisation=work.case.organisation, at=work.now)
    if not held:
        return ["NOT_HOLDER"]
    return [] if any(row.valid_to is None or row.valid_to >= ends_at for row in held) else ["BEYOND_TERM"]


def _check_delegate(
    work: Work,
    rule: dict[str, Any],
    authority_code: str | None,
    delegate: str | None,
    delegate_role: str | None,
    area: str | None,
) -> list[str]:
    if rule.get("to") == "ROLE":
        allowed = [one.strip() for one in str(rule.get("delegate_roles") or "").split(",")]
        return [] if delegate_role in allowed and delegate is None else ["WRONG_DELEGATE"]
    person = work.session.get(Person, delegate) if delegate else None
    if person is None:
        return ["WRONG_DELEGATE"]
    if authority_code == INTERIM:
        heads = authority.people_in_role(work.session, role="HOA", area=area, organisation=person.organisation, now=work.now)
        return [] if delegate in heads else ["NOT_AN_ALTERNATE"]
    found = [] if person.organisation == work.case.organisation else ["OTHER_ORGANISATION"]
    return found + (["GRADE"] if rule.get("grade") == "ADG" and person.grade not in HIGH_GRADES else [])


def _conflicts(work: Work, code: str, area: str | None, begins_at: datetime, ends_at: datetime, rule: dict[str, Any]) -> bool:
    organisation = work.case.organisation if rule.get("to") == "PERSON" and code != INTERIM else None
    found = delegations.conflicting(
        work.session,
        authority=code,
        area=area,
        organisation=organisation,
        begins_at=begins_at,
        ends_at=ends_at,
        but=work.case.number,
    )
    return bool(found)


@operation("delegation.register")
def register(
    work: Work,
    *,
    kind: str,
    rule: dict[str, Any],
    authority_code: str | None,
    delegator: str,
    delegate: str | None,
    delegate_role: str | None,
    area: str | None,
    valid_from: str,
    valid_to: str,
    reason: str | None,
) -> dict[str, Any]:
    """Enter an accepted delegation, appointment or absence; it counts from its first day on."""
    begins_at, ends_at = max(read_moment(valid_from), work.now), read_moment(valid_to)
    period = {"valid_from": begins_at, "valid_to": ends_at}
    if kind == ABSENCE:
        work.session.add(Absence(id=_absence_id(work), person=delegator, substitute=delegate, **period))
    else:
        organisation = None if rule.get("to") == "ROLE" or authority_code == INTERIM else work.case.organisation
        scope = {"area": area, "organisation": organisation}
        given = Delegation(
            number=work.case.number,
            delegator=delegator,
            delegate=delegate,
            delegate_role=delegate_role if delegate is None else None,
            authority=str(authority_code),
            accepted_at=work.now,
            reason=(reason or "")[:500],
            **scope,
            **period,
        )
        work.session.add(given)
        _enter_holding(work, rule, given, scope, period)
    work.set_status("REGISTERED")
    work.count("doa.registered", area=area, authority=authority_code or kind)
    return {"registered": {"from": write_moment(begins_at), "to": write_moment(ends_at), "number": work.case.number}}


def _enter_holding(
    work: Work, rule: dict[str, Any], given: Delegation, scope: dict[str, Any], period: dict[str, datetime]
) -> None:
    """Let the delegate hold the role; an official ad interim holds an office of its own, which rests on no other's."""
    role = rule.get("held_role")
    if not role or given.delegate is None:
        return
    interim = given.authority == INTERIM
    work.session.add(
        RoleHolding(
            id=new_id(),
            person=given.delegate,
            role=role,
            capacity="AD_INTERIM" if interim else "DELEGATED",
            delegation_id=None if interim else given.number,
            source=given.number,
            **scope,
            **period,
        )
    )


def _absence_id(work: Work) -> str:
    """An absence has no number of its own; its id is made of the case's, so that the case finds it again."""
    return work.case.number.replace("-", "").lower()[:32]


@operation("delegation.watch")
def watch(work: Work, *, reminded: bool | None, rule: dict[str, Any], kind: str) -> dict[str, Any]:
    """Say what comes next: a reminder two weeks before the end, the end, or that whoever gave it has left the post."""
    given = work.session.get(Delegation, work.case.number)
    away = work.session.get(Absence, _absence_id(work))
    row = given or away
    if row is None or row.valid_to is None:
        raise NothingEntered(number=work.case.number)
    what = "WAIT"
    if row.valid_to <= work.now:
        what = "END"
    elif given is not None and kind != ABSENCE and row.valid_from <= work.now and not _in_post(work, given, rule):
        what = "POST_CHANGED"
    elif not reminded and given is not None and row.valid_to - REMINDED_BEFORE <= work.now:
        what = "REMIND"
    return {"watch": {"what": what, "next_at": write_moment(min(row.valid_to, work.now + LOOKED_AT_EVERY))}}


def _in_post(work: Work, given: Delegation, rule: dict[str, Any]) -> bool:
    role = str(rule.get("delegator_role"))
    held = delegations.own_holdings(
        work.session, given.delegator, role, area=given.area, organisation=work.case.organisation, at=work.now
    )
    return bool(held)


@operation("delegation.end")
def end(work: Work, *, how: str) -> dict[str, Any]:
    """End a delegation or absence now: nobody acts under it any more, and steps that were taken under it go back."""
    given = work.session.get(Delegation, work.case.number)
    away = work.session.get(Absence, _absence_id(work))
    people = _people_of(work, given, away)
    if given is not None and how != "ENDED":
        given.revoked_at = work.now
    for holding in delegations.holdings_under(work.session, work.case.number):
        _cut_short(work, holding)
    if away is not None:
        _cut_short(work, away)
    released = _give_back(work, people)
    payload = {"delegation": work.case.number, "role": given.delegate_role if given else None, "how": how}
    work.tell_bus("SIG_DELEGATION_ENDED", given.area if given else None, payload)
    work.set_status(how)
    work.count("doa.ended", how=how, released=len(released))
    return {"outcome": how, "released": len(released)}


def _people_of(work: Work, given: Delegation | None, away: Absence | None) -> list[str]:
    named = [given.delegate if given else None, away.substitute if away else None]
    people = [person for person in named if person]
    if given is not None and given.delegate_role is not None:
        people += authority.people_in_role(work.session, role=given.delegate_role, area=given.area, now=work.now)
    return people


def _cut_short(work: Work, row: RoleHolding | Absence) -> None:
    """Let a row end now; one that has not begun never counts."""
    if row.valid_from >= work.now:
        work.session.delete(row)
    elif row.valid_to is None or row.valid_to > work.now:
        row.valid_to = work.now


def _give_back(work: Work, people: list[str]) -> list[Task]:
    """Let go of the open steps that somebody has taken and may no longer act on."""
    taken = select(Task).where(Task.state == OPEN, Task.claimed_by.in_(people)).order_by(Task.id)
    released = []
    for task in work.session.scalars(taken):
        if not authority.find_ways(work.session, str(task.claimed_by), task, work.now):
            task.claimed_by = task.claimed_at = None
            released.append(task)
    return released


@operation("delegation.close")
def close(work: Work, *, outcome: str) -> dict[str, Any]:
    """Note why nothing was entered."""
    work.set_status(outcome)
    return {"outcome": outcome}
