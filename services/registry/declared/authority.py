"""Who holds which role where, who acts for whom, and who is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from services.models.authority import Absence, Delegation, RoleHolding
from services.models.base import new_id
from services.models.people import Person
from services.people import Actor
from services.registry.reaches import ADMINISTRATOR, AUDITOR, BY_AREA, BY_BODIES, BY_ORGANISATION
from services.registry.shape import Column, Kind, Register, own
from workflows.errors import AnswersInvalid, Problem

CAPACITY_TITLES = {"OWN": "In one's own right", "DELEGATED": "By delegation", "AD_INTERIM": "Ad interim"}
AUTHORITY_TITLES = {
    "TSC_TIER1": "Clearances of tier 1",
    "TSC_TIER2": "Clearances of tiers 1 and 2",
    "DRILL_APPROVAL": "Approval of drills",
    "CLAIM_VERIFY": "Verification of claims",
    "EXH_CERTIFY": "Certification by the executive head",
    "ORG_ENDORSE": "Endorsement for the organisation",
    "FIN_CERTIFY": "Certification of funds",
    "DO_INTERIM": "The office of the Designated Official, ad interim",
    "OTHER": "Another power",
}


def _give_role(session: Session, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> RoleHolding:
    """A role is given for the time to come: what was done before stays as it was."""
    begins = max(values.get("valid_from") or now, now)
    return RoleHolding(**{**values, "id": new_id(), "valid_from": begins, "capacity": "OWN"})


def _end_role(
    session: Session, entry: RoleHolding, changes: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime
) -> None:
    """A role ends now or later, never in the past, and one that rests on a delegation ends with it."""
    if entry.delegation_id is not None:
        sentence = "This role rests on the delegation {number} and ends with it."
        facts = {"number": entry.delegation_id}
        raise AnswersInvalid([Problem(where="valid_to", sentence=sentence, way_out="Revoke the delegation.", facts=facts)])
    ends = changes["valid_to"]
    if (ends is not None and ends < now) or (entry.valid_to is not None and entry.valid_to <= now):
        sentence = "A role cannot end in the past, nor begin again once it has ended."
        raise AnswersInvalid([Problem(where="valid_to", sentence=sentence, way_out="Enter a moment to come.")])
    entry.valid_to = ends


HOLDINGS = Register(
    key="role-holdings",
    family="authority",
    title="Roles",
    about="Who holds which role for which area and organisation, and from when to when. Empty means all of them.",
    model=RoleHolding,
    label="role",
    order=("role", "area", "person"),
    columns=(
        Column("person", "Person", Kind.PERSON, listed=True, filtered=True, searched=True, entered=True, required=True),
        Column("role", "Role", Kind.ROLE, listed=True, filtered=True, entered=True, required=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True, entered=True, hint="Nothing chosen: all areas."),
        Column(
            "organisation",
            "Organisation",
            Kind.ORGANISATION,
            listed=True,
            filtered=True,
            entered=True,
            hint="Nothing chosen: all organisations.",
        ),
        Column("capacity", "Capacity", Kind.CHOICE, options=CAPACITY_TITLES, listed=True, filtered=True),
        Column("valid_from", "From", Kind.MOMENT, listed=True, entered=True, hint="Empty: from now on."),
        Column("valid_to", "To", Kind.MOMENT, listed=True, edited=True, hint="Empty: until further notice."),
        Column(
            "source",
            "Reference of the order",
            searched=True,
            entered=True,
            required=True,
            longest=120,
            hint="The reference of the decision by which the role is given.",
        ),
        Column("delegation_id", "Delegation"),
    ),
    area="area",
    organisation="organisation",
    person="person",
    valid_from="valid_from",
    valid_to="valid_to",
    readers=(*own(), *BY_AREA, *BY_BODIES, *BY_ORGANISATION, *AUDITOR, *ADMINISTRATOR),
    owners=ADMINISTRATOR,
    not_own=True,
    adding=True,
    apply=_end_role,
    enter=_give_role,
)


def _is_party(person: Any) -> ColumnElement[bool]:
    return or_(Delegation.delegator == person, Delegation.delegate == person)


DELEGATIONS = Register(
    key="delegations",
    family="authority",
    title="Delegations",
    about="Which power somebody has given to whom in writing, for what and for how long.",
    model=Delegation,
    identity=("number",),
    order=("-valid_from", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("delegator", "Given by", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("delegate", "Given to", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("delegate_role", "Given to the role", Kind.ROLE, listed=True, filtered=True),
        Column("authority", "Power", Kind.CHOICE, options=AUTHORITY_TITLES, listed=True, filtered=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, filtered=True),
        Column("valid_from", "From", Kind.MOMENT, listed=True),
        Column("valid_to", "To", Kind.MOMENT, listed=True),
        Column("accepted_at", "Accepted", Kind.MOMENT),
        Column("revoked_at", "Revoked", Kind.MOMENT),
        Column("reason", "Reason", Kind.PROSE),
    ),
    area="area",
    organisation="organisation",
    own=_is_party,
    valid_from="valid_from",
    valid_to="valid_to",
    readers=(*own(), *BY_AREA, *BY_ORGANISATION, *AUDITOR, *ADMINISTRATOR),
    process="delegation",
    written_by="A delegation is asked for, checked and accepted in the process for it; it is revoked there too.",
)


def _is_away_or_stands_in(person: Any) -> ColumnElement[bool]:
    return or_(Absence.person == person, Absence.substitute == person)


ABSENCES = Register(
    key="absences",
    family="authority",
    title="Absences",
    about="Who is away from when to when, and who acts ad interim meanwhile, in all roles and areas or in those named.",
    model=Absence,
    label="person",
    order=("-valid_from",),
    columns=(
        Column("person", "Person", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("substitute", "Substitute", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("role", "Only in the role", Kind.ROLE, listed=True),
        Column("area", "Only in the area", Kind.AREA, listed=True),
        Column("valid_from", "From", Kind.MOMENT, listed=True),
        Column("valid_to", "To", Kind.MOMENT, listed=True),
        Column("declined_at", "Declined", Kind.MOMENT, listed=True),
        Column("declared_at", "Declared", Kind.MOMENT),
    ),
    area=select(Person.duty_area).where(Person.code == Absence.person).correlate(Absence).scalar_subquery(),
    organisation=select(Person.organisation).where(Person.code == Absence.person).correlate(Absence).scalar_subquery(),
    person="person",
    own=_is_away_or_stands_in,
    valid_from="valid_from",
    valid_to="valid_to",
    readers=(*own(), *BY_AREA, *BY_ORGANISATION, *AUDITOR, *ADMINISTRATOR),
    process="delegation",
    written_by="An absence is declared on the page “When I am away”, or entered in the process for delegations.",
)

REGISTERS = (HOLDINGS, DELEGATIONS, ABSENCES)
