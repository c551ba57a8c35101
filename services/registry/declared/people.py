"""Organisations, people, their dependants and their trainings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from services import contracts, trainings
from services.models.organisations import Organisation
from services.models.people import Dependant, Person
from services.models.trainings import TrainingCourse, TrainingRecord
from services.people import Actor
from services.registry.reaches import ADMINISTRATOR, AUDITOR, BY_ORGANISATION, TO_ALL
from services.registry.shape import Column, Kind, Part, Register, in_organisation, own
from workflows.errors import AnswersInvalid, Problem

ORGANISATION_KIND_TITLES = {
    "DEPARTMENT": "Department",
    "OFFICE": "Office",
    "AGENCY": "Agency",
    "FUND": "Fund",
    "PROGRAMME": "Programme",
    "PARTNER": "Partner",
}
CONTRACT_TITLES = {
    "INTL": "International",
    "LOCAL": "Local",
    "CONSULTANT": "Consultant",
    "UNV": "UN Volunteer",
    "INTERN": "Intern",
    "VISITOR": "Visitor",
    "PARTNER": "Partner",
}
RELATION_TITLES = {"SPOUSE": "Spouse", "CHILD": "Child", "OTHER": "Other"}

ORGANISATIONS = Register(
    key="organisations",
    family="people",
    title="Organisations",
    about="The organisations whose people travel, and the rules of their own that they add.",
    model=Organisation,
    identity=("code",),
    label="name",
    order=("code",),
    columns=(
        Column("code", "Code", listed=True, searched=True, entered=True, required=True, longest=32),
        Column("name", "What it is called", Kind.NAME, listed=True, searched=True, entered=True, required=True, longest=160),
        Column(
            "kind", "Kind", Kind.CHOICE, options=ORGANISATION_KIND_TITLES, listed=True, filtered=True, entered=True, required=True
        ),
        Column("unsms_member", "Member of the system", Kind.YES_NO, listed=True, filtered=True, entered=True, required=True),
        Column(
            "flight_cap",
            "Most people on one flight",
            Kind.NUMBER,
            listed=True,
            edited=True,
            required=True,
            hint="More of its people than this may not travel on the same flight.",
        ),
        Column("supervisor_step", "Supervisors endorse trips", Kind.YES_NO, listed=True, edited=True, required=True),
        Column("focal_point", "Security focal point", Kind.PERSON, listed=True, edited=True),
    ),
    organisation="code",
    readers=TO_ALL,
    owners=(*in_organisation("SECCO", "HSSD"), *ADMINISTRATOR),
    adding=True,
    parts=(Part("people", "organisation"), Part("activities", "organisation")),
)


def _update_person(
    session: Session, entry: Person, changes: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime
) -> None:
    if changes.get("supervisor") == entry.code:
        sentence = "Nobody is their own supervisor."
        raise AnswersInvalid([Problem(where="supervisor", sentence=sentence)])
    contracts.update_person(session, entry, changes, actor=actor, now=now)


PEOPLE = Register(
    key="people",
    family="people",
    title="People",
    about="Those who travel or act, with the least that has to be known of them.",
    model=Person,
    identity=("code",),
    label="name",
    order=("name",),
    columns=(
        Column("code", "Code", listed=True, searched=True, entered=True, required=True, longest=64),
        Column("name", "Name", listed=True, searched=True, edited=True, required=True, longest=120),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True, entered=True, required=True),
        Column("unit", "Unit", searched=True, edited=True, longest=64),
        Column("post", "Post", listed=True, searched=True, edited=True, longest=64),
        Column(
            "contract_type",
            "Contract",
            Kind.CHOICE,
            options=CONTRACT_TITLES,
            listed=True,
            filtered=True,
            edited=True,
            required=True,
            hint="Open requests of the person are told of a changed contract.",
        ),
        Column("contract_from", "Contract from", Kind.DATE, edited=True),
        Column("contract_to", "Contract to", Kind.DATE, listed=True, edited=True),
        Column("duty_area", "Works in", Kind.AREA, listed=True, filtered=True, edited=True),
        Column("supervisor", "Supervisor", Kind.PERSON, filtered=True, edited=True),
        Column("grade", "Grade", edited=True, longest=16),
        Column("head_of_organisation", "Heads the organisation there", Kind.YES_NO, filtered=True, edited=True, required=True),
        Column("protected", "Protected person", Kind.YES_NO, edited=True, required=True),
        Column(
            "email",
            "E-mail address",
            Kind.EMAIL,
            edited=True,
            required=True,
            longest=254,
            hint="A mail tells the person of a change, at both addresses. An administrator lets the account follow.",
        ),
        Column("mobile", "Mobile telephone", edited=True, longest=20),
    ),
    organisation="organisation",
    person="code",
    valid_from="contract_from",
    valid_to="contract_to",
    readers=(*own(), *in_organisation("HR"), *BY_ORGANISATION, *AUDITOR, *ADMINISTRATOR),
    owners=(*in_organisation("HR"), *ADMINISTRATOR),
    not_own=True,
    adding=True,
    apply=_update_person,
    parts=(
        Part("trainings", "person"),
        Part("role-holdings", "person"),
        Part("dependants", "sponsor"),
        Part("accounts", "person"),
    ),
)


def _organisation_of(person: Any) -> ColumnElement[Any]:
    """The organisation of the person that a row names."""
    return select(Person.organisation).where(Person.code == person).correlate_except(Person).scalar_subquery()


def _is_family(person: Any) -> ColumnElement[bool]:
    return or_(Dependant.sponsor == person, Dependant.person == person)


DEPENDANTS = Register(
    key="dependants",
    family="people",
    title="Dependants",
    about="Recognised family members who travel under a sponsor's entitlement; of minors the year of birth only.",
    model=Dependant,
    label="person",
    order=("sponsor", "person"),
    columns=(
        Column("person", "Dependant", Kind.PERSON, listed=True, filtered=True, searched=True, entered=True, required=True),
        Column("sponsor", "Sponsor", Kind.PERSON, listed=True, filtered=True, searched=True, entered=True, required=True),
        Column(
            "relation", "Relation", Kind.CHOICE, options=RELATION_TITLES, listed=True, filtered=True, entered=True, required=True
        ),
        Column("birth_year", "Year of birth", Kind.NUMBER, entered=True, required=True),
        Column("recognised_from", "Recognised from", Kind.DATE, listed=True, entered=True, required=True),
        Column("recognised_to", "Recognised to", Kind.DATE, listed=True, edited=True),
    ),
    organisation=_organisation_of(Dependant.sponsor),
    person="sponsor",
    own=_is_family,
    valid_from="recognised_from",
    valid_to="recognised_to",
    readers=(*own(), *in_organisation("HR"), *AUDITOR),
    owners=in_organisation("HR"),
    not_own=True,
    adding=True,
)

COURSES = Register(
    key="courses",
    family="people",
    title="Security courses",
    about="The courses that people pass, and for how many months each counts.",
    model=TrainingCourse,
    identity=("code",),
    order=("code",),
    columns=(
        Column("code", "Code", listed=True, searched=True, entered=True, required=True, longest=16),
        Column("name", "What it is called", listed=True, searched=True, edited=True, required=True, longest=120),
        Column(
            "validity_months",
            "Months of validity",
            Kind.NUMBER,
            listed=True,
            edited=True,
            hint="Empty: it does not expire. Records that are there already keep their last day.",
        ),
    ),
    readers=TO_ALL,
    owners=ADMINISTRATOR,
    adding=True,
    parts=(Part("trainings", "course"),),
)


def _record(session: Session, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> TrainingRecord:
    if values["issued_on"] > now.date():
        raise AnswersInvalid([Problem(where="issued_on", sentence="A training cannot be recorded before it took place.")])
    if session.get(TrainingCourse, values["course"]) is None:
        facts = {"code": values["course"]}
        raise AnswersInvalid([Problem(where="course", sentence="There is no course {code}.", facts=facts)])
    return trainings.record_training(session, values["person"], values["course"], actor=actor, now=now, **_days(values))


def _days(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"issued_on": values["issued_on"], "valid_to": values.get("valid_to")}


def _change_training(
    session: Session, entry: TrainingRecord, changes: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime
) -> None:
    """A training that was revoked stays so; whoever passes the course again gets a new record."""
    if entry.revoked:
        sentence = "A revoked training cannot be changed any more."
        raise AnswersInvalid([Problem(where="revoked", sentence=sentence, way_out="Record a new one.")])
    trainings.revoke_training(session, entry, actor=actor, now=now)


TRAININGS = Register(
    key="trainings",
    family="people",
    title="Trainings",
    about="Which security courses people have passed, and until when each counts.",
    model=TrainingRecord,
    label="course",
    order=("person", "course", "-issued_on"),
    columns=(
        Column("person", "Person", Kind.PERSON, listed=True, filtered=True, searched=True, entered=True, required=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, value=_organisation_of(TrainingRecord.person), filtered=True),
        Column("course", "Course", listed=True, filtered=True, searched=True, entered=True, required=True, longest=16),
        Column("issued_on", "Passed on", Kind.DATE, listed=True, entered=True, required=True),
        Column("valid_to", "Valid to", Kind.DATE, listed=True, entered=True, hint="Empty: for as long as the course says."),
        Column("verified_by", "Verified by", Kind.PERSON),
        Column("evidence", "Checked in case"),
        Column(
            "revoked",
            "Revoked",
            Kind.YES_NO,
            listed=True,
            filtered=True,
            edited=True,
            hint="Clearances that were granted on it are looked at again. It cannot be taken back.",
        ),
    ),
    organisation=_organisation_of(TrainingRecord.person),
    person="person",
    valid_from="issued_on",
    valid_to="valid_to",
    readers=(*own(), *in_organisation("HR"), *BY_ORGANISATION, *AUDITOR, *ADMINISTRATOR),
    owners=in_organisation("HR", "SFP", "HSSD"),
    not_own=True,
    adding=True,
    apply=_change_training,
    enter=_record,
)

REGISTERS = (ORGANISATIONS, PEOPLE, DEPENDANTS, COURSES, TRAININGS)
