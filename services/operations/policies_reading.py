"""Policies that are in force: asking people to read them, reminding the silent, and telling who answers for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from services import authority, notices
from services.models.people import Person
from services.models.policies import PolicyVersion
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.work import Work
from services.policies import rows

_ASK, _REMIND, _LIST = "N-POL-02", "N-POL-03", "N-POL-04"
#: Whoever answers for the reading in an organisation: the first of these roles that somebody holds.
_ANSWERS_FOR = ("SFP", "SECCO", "EXH")


@operation("policies.newcomers_due")
def newcomers_due(work: Work) -> dict[str, Any]:
    """List the policies in force that are for people who were not asked to read them, such as those who came since."""
    versions = work.session.scalars(rows.in_force().order_by(PolicyVersion.number)).all()
    due = [version for version in versions if rows.list_unasked(work.session, version, work.now)]
    return {"due": [{"policy": version.policy, "title": version.title, "on": work.now.date().isoformat()} for version in due]}


@operation("policy.ask")
def ask(work: Work, *, policy: str) -> dict[str, Any]:
    """Ask everybody for whom the version in force is and who was not asked yet to read it."""
    version = rows.find_in_force(work.session, policy)
    if version is None:
        return {"asked": 0}
    persons = rows.list_unasked(work.session, version, work.now)
    rows.add_readers(work.session, version, persons, case_id=work.case.id, now=work.now)
    _tell(work, _ASK, persons, version, {}, address=f"/policies/{policy}")
    work.case.subject = version.title[:200]
    work.set_status("PUBLISHED")
    return {"asked": len(persons)}


@operation("policy.remind")
def remind(work: Work, *, policy: str, last: bool | None) -> dict[str, Any]:
    """Remind those who were asked here and have not confirmed; the last time whoever answers for them is told as well."""
    version = rows.find_in_force(work.session, policy)
    silent = rows.list_silent(work.session, version, work.case.id, work.now) if version else []
    if version is None or not silent:
        return {"silent": 0}
    for row in silent:
        row.reminded_at = work.now
    _tell(work, _REMIND, [row.person for row in silent], version, {}, address=f"/policies/{policy}")
    if last:
        _list_overdue(work, version, [row.person for row in silent])
    return {"silent": len(silent)}


def _list_overdue(work: Work, version: PolicyVersion, silent: list[str]) -> None:
    """Tell focal points how many of their organisation, and supervisors how many of their staff, have not confirmed."""
    people = work.session.scalars(select(Person).where(Person.code.in_(silent))).all()
    by_organisation = Counter(person.organisation for person in people)
    told: set[str] = set()
    for organisation, count in sorted(by_organisation.items()):
        named = (_holders(work, role, organisation) for role in _ANSWERS_FOR)
        receivers = next((codes for codes in named if codes), [])
        told |= set(receivers)
        address = f"/registers/policy-readers?policy={version.policy}&state=OVERDUE&organisation={organisation}"
        _tell(work, _LIST, receivers, version, {"count": count}, address=address, about=organisation)
    by_supervisor = Counter(person.supervisor for person in people if person.supervisor and person.supervisor not in told)
    for supervisor, count in sorted(by_supervisor.items()):
        _tell(work, _LIST, [supervisor], version, {"count": count}, address="/policies")


def _holders(work: Work, role: str, organisation: str) -> list[str]:
    return authority.people_in_role(work.session, role=role, organisation=organisation, now=work.now)


def _tell(
    work: Work,
    code: str,
    receivers: Iterable[str],
    version: PolicyVersion,
    further: dict[str, Any],
    *,
    address: str,
    about: str = "",
) -> None:
    source = f"{version.number}|{code}|{work.case.number}|{write_moment(work.now)}|{about}"
    facts = {"title": version.title, "policy": version.policy, **further}
    notices.tell(work.session, list(receivers), code, source=source, variables=facts, address=address, now=work.now)
