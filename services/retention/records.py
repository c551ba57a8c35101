"""The record of a case: all rows that are left of it, and what other rows say of it, in the order in which they can go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.models.assessments import Assessment
from services.models.audit import AuditEntry, Decision
from services.models.bus import BusReceipt
from services.models.cases import Case, CaseIncident, CaseParty, Task
from services.models.clearances import KpiEvent
from services.models.confinements import CaseConfinement
from services.models.exercises import AfterActionReport, CorrectiveAction, Exercise, ExerciseObjective, ObjectiveMark
from services.models.guards import GuardContract
from services.models.headcounts import Headcount
from services.models.incidents import AffectedPerson, Crisis, Incident, RiskAvoidance, SecurityPlan
from services.models.migrating import MigratedCase
from services.models.offices import OfficeRequest
from services.models.plans import PlanCycle, PlanSignOff, PlanVersion
from services.models.policies import Policy, PolicyReader, PolicyVersion
from services.models.premises import AccessBreach, Premises, PremisesAction, PremisesSurvey
from services.models.process_drafts import ProcessDraft
from services.models.recognitions import Recognition
from services.models.residences import ClaimLine, Payment, Schedule, Survey
from services.models.retention import CaseHold, CaseHoldEnd
from services.models.security_budgets import SecurityBudget
from services.models.special_events import SpecialEvent
from services.models.support import Deployment, DeploymentMember, SupportContact, TravelNotification
from services.models.travel import Activity, OperatorApproval

#: Registers whose rows outlive their case: they only forget where they come from.
_OUTLIVE: tuple[Any, ...] = (
    Activity, Assessment, Schedule, SecurityPlan, PlanVersion, Survey, Payment, ProcessDraft, BusReceipt,
    Policy, PolicyVersion, PolicyReader, Deployment, Premises, PremisesSurvey, PremisesAction, AccessBreach,
    TravelNotification, OfficeRequest, SpecialEvent, GuardContract, Recognition, SecurityBudget,
)  # fmt: skip
#: Rows that go with the record of their case, in an order in which none refers to one before it.
_GO: tuple[Any, ...] = (
    CorrectiveAction, PlanSignOff, Exercise, PlanCycle, Incident, Crisis, RiskAvoidance, Headcount, ClaimLine, KpiEvent,
    DeploymentMember, CaseHold, CaseIncident, MigratedCase, CaseConfinement, CaseParty, AuditEntry, Decision, Task,
)  # fmt: skip


def remove_record(session: Session, case: Case) -> None:
    """Remove all that is left of a case; the caller lets the database do it and takes the lock."""
    for statement in _statements(session, case):
        session.execute(statement, execution_options={"synchronize_session": False})
    session.delete(case)
    session.flush()


def _statements(session: Session, case: Case) -> Iterator[Any]:
    for model in _OUTLIVE:
        yield update(model).where(model.case_id == case.id).values(case_id=None)
    yield delete(BusReceipt).where(BusReceipt.receiver == case.id)
    yield update(OperatorApproval).where(OperatorApproval.case_number == case.number).values(case_number=None)
    gone = update(DeploymentMember).where(DeploymentMember.travel_request == case.number)
    yield gone.values(travel_request=None)
    yield from _of_incidents(session, case.id)
    exercises = select(Exercise.number).where(Exercise.case_id == case.id)
    for model in (ObjectiveMark, ExerciseObjective, AfterActionReport):
        yield delete(model).where(model.exercise.in_(exercises))
    holds = select(CaseHold.id).where(CaseHold.case_id == case.id)
    yield delete(CaseHoldEnd).where(CaseHoldEnd.hold_id.in_(holds))
    for model in _GO:
        yield delete(model).where(model.case_id == case.id)


def _of_incidents(session: Session, case_id: str) -> Iterator[Any]:
    """Other rows know an incident by its number, which goes when no other case has a version of it."""
    versions = select(Incident.id).where(Incident.case_id == case_id)
    yield delete(AffectedPerson).where(AffectedPerson.incident_id.in_(versions))
    elsewhere = select(Incident.number).where(Incident.case_id != case_id)
    known = select(Incident.number).where(Incident.case_id == case_id, Incident.number.not_in(elsewhere)).distinct()
    if numbers := list(session.scalars(known)):
        yield delete(SupportContact).where(SupportContact.incident.in_(numbers))
        yield update(Incident).where(Incident.duplicate_of.in_(numbers)).values(duplicate_of=None)
        yield update(Crisis).where(Crisis.incident.in_(numbers)).values(incident=None)
