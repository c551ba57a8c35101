"""Policies: who may prepare one, whom it is put to, what is published, and who is asked to read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services import authority
from services.errors import Declined, NotYourRole
from services.models.base import new_id
from services.models.cases import Case
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.policies import EVERYBODY, Policy, PolicyAddendum, PolicyVersion
from services.operations.acts import newest_acts
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.work import Work
from services.policies import rows
from services.waiting import NOT_OVER

#: Organisations have so long to answer; silence is noted as no answer.
CONSULTED_FOR = timedelta(days=20)
#: What an organisation that adds something of its own says of it.
KEEP, NEW = "KEEP", "NEW"
_FROM_BEFORE = ("text", "language", "audience_kind")


class PolicyInWork(Declined):
    """The next version of this policy is being prepared already, in {number}. Go on there, or wait until it is over."""


@operation("policy.open")
def open_policy(work: Work, *, policy: str | None, scope: str | None, title: str | None) -> dict[str, Any]:
    """Begin a policy or its next version; `scope` and `title` are those of a new one.

    Raises:
        NotYourRole: Whoever began it holds none of the offices for the system, or for the organisation.
        PolicyInWork: Another case prepares a version of it.
    """
    person = work.session.get_one(Person, work.case.requester)
    known = _take_up(work, policy) if policy else None
    before = rows.find_in_force(work.session, known.code) if known else None
    organisation = known.organisation if known else (None if scope == "SYSTEM" else person.organisation)
    office = _office_of(work, organisation)
    work.case.subject = (before.title if before else title or "")[:200]
    work.set_status("DRAFT")
    return {
        "policy_code": known.code if known else work.case.number,
        "office": office,
        "policy_title": before.title if before else title,
        "policy_organisation": organisation,
        "version_before": before.version if before else None,
        "approver": "EXH" if organisation else "USG",
        "answers": [],
        "unheard": [],
        "returned": None,
        **{name: getattr(before, name) if before else None for name in _FROM_BEFORE},
    }


def _take_up(work: Work, code: str) -> Policy:
    known = work.session.get_one(Policy, code, with_for_update=True)
    other = work.session.get(Case, known.case_id) if known.case_id else None
    if other is not None and other.state in NOT_OVER and other.id != work.case.id:
        raise PolicyInWork(number=other.number)
    known.case_id = work.case.id
    return known


def _office_of(work: Work, organisation: str | None) -> str:
    """Return in which office the policy is prepared."""
    roles = rows.ORGANISATION_ROLES if organisation else rows.SYSTEM_ROLES
    office = next((role for role in roles if work.case.requester in _holders(work, role, organisation)), None)
    if office is None:
        raise NotYourRole
    return office


def _holders(work: Work, role: str, organisation: str | None) -> list[str]:
    return authority.people_in_role(work.session, role=role, organisation=organisation, now=work.now)


@operation("policy.consult")
def consult(work: Work, *, organisation: str | None) -> dict[str, Any]:
    """Say which organisations are asked and by which roles, and for which nobody can answer; a new round forgets the last."""
    members = select(Organisation.code).where(Organisation.unsms_member).order_by(Organisation.code)
    asked, unheard = [], []
    for code in [organisation] if organisation else work.session.scalars(members):
        able = {role: set(_holders(work, role, code)) - {work.case.requester} for role in rows.ORGANISATION_ROLES}
        roles = [role for role, people in able.items() if people]
        if roles:
            asked.append({"organisation": code, "roles": roles})
        else:
            unheard.append(code)
    work.set_status("IN_CONSULTATION")
    return {"consulted": asked, "unheard": unheard, "answer_by": write_moment(work.now + CONSULTED_FOR), "answers": []}


@operation("policy.publish")
def publish(
    work: Work,
    *,
    policy: str,
    organisation: str | None,
    title: str,
    text: str,
    language: str,
    material: bool | None,
    audience_kind: str,
    audience: list[str] | None,
    answers: list[dict[str, Any]],
    step: str,
) -> dict[str, Any]:
    """Put an approved text into force as the next version, with what organisations add to it.

    A change that is not material keeps the audience of the version before, and whoever confirmed that one is not asked again.
    """
    known = work.session.get(Policy, policy, with_for_update=True)
    if known is None:
        known = Policy(code=policy, organisation=organisation, case_id=None)
        work.session.add(known)
        work.session.flush()
    before = rows.find_in_force(work.session, policy)
    number = before.version + 1 if before else 1
    kept = None if material else before
    kind, codes = (kept.audience_kind, kept.audience) if kept else (audience_kind, list(audience or []))
    decision = next(act for act in newest_acts(work) if act.element == step)
    version = PolicyVersion(
        number=f"{policy}-V{number}",
        policy=policy,
        version=number,
        generation=kept.generation if kept else number,
        material=kept is None,
        title=title,
        text=text,
        language=language,
        audience_kind=kind,
        audience=[] if kind == EVERYBODY else codes,
        drafted_by=work.case.requester,
        approved_by=decision.actor_person,
        approved_role=decision.actor_role,
        approved_at=decision.decided_at,
        published_at=work.now,
        case_id=work.case.id,
    )
    if before is not None:
        before.superseded_at = work.now
        work.session.flush()
    work.session.add(version)
    work.session.flush()
    _add_addenda(work, version, before, answers)
    known.case_id = None
    work.set_status("PUBLISHED")
    work.count("pol.published", policy=policy, version=number, material=kept is None)
    return {"version_number": version.number}


def _add_addenda(work: Work, version: PolicyVersion, before: PolicyVersion | None, answers: list[dict[str, Any]]) -> None:
    """Add what organisations said now; of those that said nothing, or that it stays, what they added before."""
    kept = rows.list_addenda(work.session, before.number) if before else {}
    said = {row["organisation"]: row for row in answers if row.get("addendum_choice")}
    texts = {code: text for code, text in kept.items() if code not in said or said[code]["addendum_choice"] == KEEP}
    texts |= {code: row["addendum"] for code, row in said.items() if row["addendum_choice"] == NEW and row.get("addendum")}
    for code, text in sorted(texts.items()):
        given_by = said.get(code, {}).get("by")
        work.session.add(PolicyAddendum(id=new_id(), version=version.number, organisation=code, text=text, given_by=given_by))
    work.session.flush()


@operation("policy.end")
def end(work: Work, *, policy: str, status: str) -> dict[str, Any]:
    """Put a draft away that is not published; the version before, if there is one, stays in force."""
    known = work.session.get(Policy, policy)
    if known is not None and known.case_id == work.case.id:
        known.case_id = None
    work.set_status(status)
    return {"outcome": status}
