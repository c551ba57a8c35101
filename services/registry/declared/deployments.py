"""Support to Security Management Teams: what was asked for, who was sent, and when they arrived."""

from __future__ import annotations

from sqlalchemy import select

from services.models.support import Deployment, DeploymentMember
from services.registry.reaches import AUDITOR, BY_AREA
from services.registry.shape import Column, Kind, Part, Register, in_area, own

DEPLOYMENT_TITLES = {"EMERGING": "Incidents are emerging", "EXPERTISE": "Nobody there has the expertise"}
_AREA = (
    select(Deployment.area).where(Deployment.number == DeploymentMember.deployment).correlate_except(Deployment).scalar_subquery()
)

DEPLOYMENTS = Register(
    key="deployments",
    family="indicators",
    title="Support to Security Management Teams",
    about="Security staff that were asked for, approved and sent to an area, and when the first of them arrived.",
    model=Deployment,
    identity=("number",),
    order=("-asked_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("kind", "Why", Kind.CHOICE, options=DEPLOYMENT_TITLES, listed=True, filtered=True),
        Column("incident", "Incident", searched=True),
        Column("need", "What is needed", Kind.PROSE, searched=True),
        Column("skills", "Which skills", Kind.PROSE, searched=True),
        Column("days", "For how many days", Kind.NUMBER),
        Column("asked_by", "Asked for by", Kind.PERSON),
        Column("asked_at", "Asked for", Kind.MOMENT, listed=True),
        Column("approved_at", "Approved", Kind.MOMENT, listed=True),
        Column("refused_at", "Refused", Kind.MOMENT, listed=True),
        Column("cancelled_at", "Cancelled", Kind.MOMENT),
        Column("arrived_at", "First arrival", Kind.MOMENT, listed=True),
        Column("complete_at", "Everybody there", Kind.MOMENT),
        Column("case_id", "Case", Kind.CASE),
    ),
    area="area",
    case="case_id",
    readers=(*BY_AREA, *AUDITOR),
    process="surge_support",
    written_by="It is asked for, decided and followed in the process for it; arrivals are the check-ins of those who are sent.",
    parts=(Part("deployment-members", "deployment"),),
)

MEMBERS = Register(
    key="deployment-members",
    family="indicators",
    title="People sent in support",
    about="Who was sent to support a Security Management Team, and when they arrived.",
    model=DeploymentMember,
    label="person",
    order=("-approved_at", "person"),
    columns=(
        Column("deployment", "Support", listed=True, filtered=True, searched=True),
        Column("person", "Person", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("released_by", "Released by", Kind.PERSON),
        Column("approved_at", "Approved", Kind.MOMENT, listed=True),
        Column("travel_request", "Travel request", searched=True),
        Column("arrived_at", "Arrived", Kind.MOMENT, listed=True),
        Column("withdrawn_at", "Called off", Kind.MOMENT, listed=True),
        Column("case_id", "Case", Kind.CASE),
    ),
    area=_AREA,
    person="person",
    case="case_id",
    readers=(*own(), *in_area("CSA", "DO", "DOAI", "DRO_DESK", "DRO_DIR"), *AUDITOR),
    process="surge_support",
    written_by="It is asked for, decided and followed in the process for it; arrivals are the check-ins of those who are sent.",
)

REGISTERS = (DEPLOYMENTS, MEMBERS)
