"""K8, K9 and K12: how soon a crisis is activated, support arrives, and somebody affected is reached."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, exists, or_, select, true
from sqlalchemy.orm import Session, aliased

from services.indicators.shape import Asked, Member, Value, Why, hours_between, part_count, part_median, part_share, share
from services.indicators.statements import SINCE, UNTIL, Extent
from services.models.confinements import CaseConfinement
from services.models.incidents import AffectedPerson, Crisis, Incident
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.support import Deployment, SupportContact

MEDIAN, NINETIETH = "median_hours", "ninetieth_hours"
EMERGING, EXPERTISE, REFUSED, CANCELLED = "emerging", "expertise", "refused", "cancelled_in_time"
DECLINED, REACHED = "declined", "reached"
#: What turned out not to be a security incident, or to be told elsewhere.
NO_INCIDENTS = ("DUPLICATE", "NOT_SECURITY", "FALSE_ALARM", "SUPERSEDED")


def crises_activated(session: Session, asked: Asked) -> Value:
    """K8: of the crises activated in the period, those activated soon enough after their confirmation; false alarms count too."""
    crises = session.scalars(_activated(asked.extent), asked.values()).all()
    spans = [hours_between(one.confirmed_at, one.activated_at) for one in crises if one.confirmed_at and one.activated_at]
    parts = [part_median(MEDIAN, spans), part_median(NINETIETH, spans, rank=0.9)]
    return share("K8", asked, [_crisis(one, asked) for one in crises], parts)


@cache
def _activated(extent: Extent) -> Select[Crisis]:
    in_period = (Crisis.activated_at >= SINCE, Crisis.activated_at < UNTIL)
    return select(Crisis).where(extent.covers(Crisis.area), *in_period).order_by(Crisis.number)


def _crisis(crisis: Crisis, asked: Asked) -> Member:
    why: tuple[Why, ...] = ()
    if crisis.confirmed_at is None or crisis.activated_at is None:
        why = (Why("NOT_CONFIRMED"),)
    elif crisis.activated_at - crisis.confirmed_at > timedelta(hours=asked.settings.activation_hours):
        why = (Why("ACTIVATED_LATE", f"{hours_between(crisis.confirmed_at, crisis.activated_at):.1f}"),)
    return Member(
        register="crises",
        entry=crisis.id,
        label=crisis.number,
        numerator=0 if why else 1,
        why=why,
        area=crisis.area,
        case_id=crisis.case_id,
    )


def deployments(session: Session, asked: Asked) -> Value:
    """K9: of the deployments approved in the period, those whose first arrival was within the hours of their kind.

    The hours count from the request, and may run on past the end of the period: an arrival after it counts as soon as it is
    known. What was cancelled within the hours is out; what was cancelled when they were over came too late.
    """
    members = [_deployment(row, asked) for row in session.scalars(_answered(asked.extent), asked.values())]
    parts = [
        part_share(EMERGING, members),
        part_share(EXPERTISE, members),
        part_count(REFUSED, members),
        part_count(CANCELLED, members),
    ]
    return share("K9", asked, members, parts)


@cache
def _answered(extent: Extent) -> Select[Deployment]:
    answered = or_(
        and_(Deployment.approved_at >= SINCE, Deployment.approved_at < UNTIL),
        and_(Deployment.refused_at >= SINCE, Deployment.refused_at < UNTIL),
    )
    return select(Deployment).where(extent.covers(Deployment.area), answered).order_by(Deployment.number)


def _deployment(row: Deployment, asked: Asked) -> Member:
    why: tuple[Why, ...] = ()
    part = row.kind.lower()
    hours = timedelta(hours=asked.settings.deployment_hours[row.kind])
    if row.approved_at is None:
        why, part = (Why("REFUSED"),), REFUSED
    elif row.cancelled_at is not None and row.cancelled_at <= row.asked_at + hours:
        why, part = (Why("CANCELLED_IN_TIME"),), CANCELLED
    elif row.arrived_at is None:
        why = (Why("NOT_ARRIVED" if row.cancelled_at is None else "CANCELLED_LATE"),)
    elif row.arrived_at - row.asked_at > hours:
        why = (Why("ARRIVED_LATE", f"{hours_between(row.asked_at, row.arrived_at):.1f}"),)
    return Member(
        register="deployments",
        entry=row.number,
        label=row.number,
        numerator=0 if why else 1,
        denominator=0 if part in {REFUSED, CANCELLED} else 1,
        why=why,
        parts=frozenset({part}),
        area=row.area,
        case_id=row.case_id,
    )


def support_given(session: Session, asked: Asked) -> Value:
    """K12: of the staff named as affected in incidents of the period, those reached in time or whose refusal is documented.

    Nobody is named, whoever asks. Incidents that only a few may know of are in the figure of all areas and in no other, so that
    the figure of one place does not give them away.
    """
    members = [_affected(row, asked) for row in session.execute(_affected_staff(asked.extent), asked.values())]
    return share("K12", asked, members, [part_share(REACHED, members), part_count(DECLINED, members)])


@cache
def _affected_staff(extent: Extent) -> Any:
    newer = aliased(Incident)
    confined = exists().where(CaseConfinement.case_id == Incident.case_id, CaseConfinement.lifted_at.is_(None))
    contact = and_(SupportContact.incident == Incident.number, SupportContact.person == AffectedPerson.person)
    first = select(newer.reported_at).where(newer.number == Incident.number).order_by(newer.version).limit(1)
    latest = ~exists().where(newer.number == Incident.number, newer.version > Incident.version)
    reported_at = first.correlate(Incident).scalar_subquery()
    return (
        select(reported_at.label("reported_at"), SupportContact.reached_at, SupportContact.declined_at)
        .select_from(Incident)
        .join(AffectedPerson, AffectedPerson.incident_id == Incident.id)
        .join(Person, Person.code == AffectedPerson.person)
        .join(Organisation, and_(Organisation.code == Person.organisation, Organisation.unsms_member))
        .outerjoin(SupportContact, contact)
        .where(
            extent.covers(Incident.area),
            Incident.status.not_in(NO_INCIDENTS),
            latest,
            reported_at >= SINCE,
            reported_at < UNTIL,
            ~confined if extent.of_area else true(),
        )
    )


def _affected(row: Row[Any], asked: Asked) -> Member:
    in_time = row.reached_at is not None and row.reached_at - row.reported_at <= timedelta(hours=asked.settings.support_hours)
    declined = not in_time and row.declined_at is not None
    late = Why("REACHED_LATE") if row.reached_at is not None else Why("NOT_REACHED")
    return Member(
        register="support-contacts",
        entry="",
        label="",
        numerator=1 if in_time or declined else 0,
        why=() if in_time or declined else (late,),
        parts=frozenset({DECLINED} if declined else {REACHED}),
        is_secret=True,
    )
