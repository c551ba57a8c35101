"""Exercises and their marks, as far as somebody may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority
from services.models.exercises import Exercise, ObjectiveMark
from services.people import Actor


def list_exercises(session: Session, plan: str, *, actor: Actor, now: datetime) -> Sequence[Exercise]:
    """Return the exercises of a plan, the latest first, without one that is still kept from the actor."""
    found = select(Exercise).where(Exercise.plan == plan, authority.is_open_to_actor(Exercise.case_id))
    latest = found.order_by(Exercise.starts_at.desc(), Exercise.number.desc())
    return session.scalars(authority.as_asked_by(latest, actor, now)).all()


def list_marks(session: Session, exercise: Exercise, *, actor: Actor, now: datetime) -> Sequence[ObjectiveMark]:
    """Return the marks of an exercise, as far as the actor may read them.

    An evaluator reads the others' marks once the own ones are given; everybody else, once all evaluators have given theirs.
    """
    known = select(ObjectiveMark).join(Exercise, Exercise.number == ObjectiveMark.exercise)
    found = known.where(Exercise.number == exercise.number, authority.is_open_to_actor(Exercise.case_id))
    listed = found.order_by(ObjectiveMark.no, ObjectiveMark.evaluator)
    marks = session.scalars(authority.as_asked_by(listed, actor, now)).all()
    evaluators = set(exercise.design.get("evaluators") or ())
    given = {mark.evaluator for mark in marks}
    may_read = actor.person in given if actor.person in evaluators else evaluators <= given
    return marks if may_read else []
