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
    found = select(Exercise).where(Exercise.plan == plan, authority.is_open_to(actor.person, now, Exercise.case_id))
    return session.scalars(found.order_by(Exercise.starts_at.desc(), Exercise.number.desc())).all()


def list_marks(session: Session, exercise: Exercise, *, actor: Actor, now: datetime) -> Sequence[ObjectiveMark]:
    """Return the marks of an exercise, as far as the actor may read them.

    An evaluator reads the others' marks once the own ones are given; everybody else, once all evaluators have given theirs.
    """
    known = select(ObjectiveMark).join(Exercise, Exercise.number == ObjectiveMark.exercise)
    found = known.where(Exercise.number == exercise.number, authority.is_open_to(actor.person, now, Exercise.case_id))
    marks = session.scalars(found.order_by(ObjectiveMark.no, ObjectiveMark.evaluator)).all()
    evaluators = set(exercise.design.get("evaluators") or ())
    given = {mark.evaluator for mark in marks}
    may_read = actor.person in given if actor.person in evaluators else evaluators <= given
    return marks if may_read else []
