"""Policies: their versions, what organisations add to them, and who has confirmed to have read them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, select

from services.authority.ways import NOW, PERSON
from services.models.people import Person
from services.models.policies import Acknowledgement, Policy, PolicyAddendum, PolicyReader, PolicyVersion
from services.policies.rows import WATCHING_ROLES, is_readable
from services.registry.reaches import BY_ORGANISATION, TO_ALL
from services.registry.shape import Column, Kind, Part, Register, everywhere, own

AUDIENCE_TITLES = {
    "EVERYBODY": "Everybody",
    "ORGANISATIONS": "People of organisations",
    "AREAS": "People in areas",
    "ROLES": "Holders of roles",
}
READING_TITLES = {
    "ACKNOWLEDGED": "Confirmed",
    "OPEN": "Not confirmed yet",
    "OVERDUE": "Overdue",
    "SUPERSEDED": "Not asked any more",
}
LANGUAGE_TITLES = {"en": "English", "fr": "French", "es": "Spanish", "ru": "Russian", "zh": "Chinese", "ar": "Arabic"}


def _is_readable(policy: Any) -> ColumnElement[bool]:
    readable: ColumnElement[bool] = policy.in_(select(Policy.code).where(is_readable(PERSON, NOW)))
    return readable


def _readable_versions() -> ColumnElement[bool]:
    return _is_readable(PolicyVersion.policy)


def _readable_addenda() -> ColumnElement[bool]:
    of = select(PolicyVersion.policy).where(PolicyVersion.number == PolicyAddendum.version)
    return _is_readable(of.correlate(PolicyAddendum).scalar_subquery())


def _of_person(attribute: str) -> ColumnElement[Any]:
    found = select(getattr(Person, attribute)).where(Person.code == PolicyReader.person)
    return found.correlate(PolicyReader).scalar_subquery()


def _acknowledged_version() -> ColumnElement[Any]:
    found = select(Acknowledgement.version).where(Acknowledgement.reader == PolicyReader.id)
    return found.correlate(PolicyReader).scalar_subquery()


def _title() -> ColumnElement[Any]:
    """The title in force of what was to be read."""
    found = select(PolicyVersion.title).where(PolicyVersion.policy == PolicyReader.policy, PolicyVersion.superseded_at.is_(None))
    return found.correlate(PolicyReader).scalar_subquery()


def _state() -> ColumnElement[str]:
    current = exists().where(
        and_(
            PolicyVersion.policy == PolicyReader.policy,
            PolicyVersion.generation == PolicyReader.generation,
            PolicyVersion.superseded_at.is_(None),
        )
    )
    return case(
        (PolicyReader.acknowledged_at.is_not(None), "ACKNOWLEDGED"),
        (~current.correlate(PolicyReader), "SUPERSEDED"),
        (PolicyReader.due_at <= NOW, "OVERDUE"),
        else_="OPEN",
    )


POLICIES = Register(
    key="policies",
    family="authority",
    title="Policies",
    about="The versions of policies of the system and of organisations, who approved them, and for whom they are.",
    model=PolicyVersion,
    identity=("number",),
    label="title",
    order=("policy", "-version"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("title", "Title", listed=True, searched=True),
        Column("policy", "Policy", filtered=True, searched=True),
        Column("version", "Version", Kind.NUMBER, listed=True),
        Column(
            "organisation",
            "Organisation",
            Kind.ORGANISATION,
            value=select(Policy.organisation)
            .where(Policy.code == PolicyVersion.policy)
            .correlate(PolicyVersion)
            .scalar_subquery(),
            listed=True,
            filtered=True,
        ),
        Column("material", "Has to be read anew", Kind.YES_NO, listed=True, filtered=True),
        Column("audience_kind", "For whom", Kind.CHOICE, options=AUDIENCE_TITLES, listed=True, filtered=True),
        Column("audience", "For which of them", Kind.LIST),
        Column("text", "Text", Kind.PROSE, searched=True),
        Column("language", "Language", Kind.CHOICE, options=LANGUAGE_TITLES),
        Column("drafted_by", "Drafted by", Kind.PERSON),
        Column("approved_by", "Approved by", Kind.PERSON),
        Column("approved_role", "Approved as", Kind.ROLE),
        Column("approved_at", "Approved", Kind.MOMENT),
        Column("published_at", "Published", Kind.MOMENT, listed=True),
        Column("superseded_at", "Superseded", Kind.MOMENT, listed=True),
        Column("case_id", "Case", Kind.CASE),
    ),
    organisation=select(Policy.organisation)
    .where(Policy.code == PolicyVersion.policy)
    .correlate(PolicyVersion)
    .scalar_subquery(),
    case="case_id",
    valid_from="published_at",
    valid_to="superseded_at",
    only=_readable_versions,
    readers=TO_ALL,
    process="policy",
    written_by="A version is drafted, put to the organisations and approved in the process for it.",
    parts=(Part("policy-addenda", "version"),),
)

ADDENDA = Register(
    key="policy-addenda",
    family="authority",
    title="Addenda to policies",
    about="What organisations add to a policy for their own people.",
    model=PolicyAddendum,
    label="organisation",
    order=("version", "organisation"),
    columns=(
        Column("version", "Policy", listed=True, filtered=True, searched=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True),
        Column("text", "Text", Kind.PROSE, listed=True, searched=True),
        Column("given_by", "Given by", Kind.PERSON),
    ),
    organisation="organisation",
    only=_readable_addenda,
    readers=TO_ALL,
    process="policy",
    written_by="Organisations give them when they are asked about a draft; they are published with it.",
)

READERS = Register(
    key="policy-readers",
    family="authority",
    title="Acknowledgements of policies",
    about="Who was asked to read which policy, and who confirmed it when.",
    model=PolicyReader,
    label="person",
    order=("-asked_at", "policy", "person"),
    columns=(
        Column("policy", "Policy", listed=True, filtered=True, searched=True),
        Column("title", "Title", value=_title(), listed=True),
        Column("person", "Person", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, value=_of_person("organisation"), listed=True, filtered=True),
        Column("state", "State", Kind.CHOICE, options=READING_TITLES, value=_state(), listed=True, filtered=True),
        Column("asked_at", "Asked", Kind.MOMENT, listed=True),
        Column("due_at", "Due", Kind.MOMENT),
        Column("reminded_at", "Reminded", Kind.MOMENT),
        Column("acknowledged_at", "Confirmed", Kind.MOMENT, listed=True),
        Column("acknowledged_version", "Confirmed version", value=_acknowledged_version()),
    ),
    organisation=_of_person("organisation"),
    person="person",
    valid_from="asked_at",
    readers=(*own(), *BY_ORGANISATION, *everywhere(*WATCHING_ROLES)),
    written_by="People are entered when a policy is published, and confirm by themselves.",
)

REGISTERS = (POLICIES, ADDENDA, READERS)
