"""What a task is about, where a page says it beside other things."""

from __future__ import annotations

from sqlalchemy.orm import Session

from services import overview
from services.models.cases import Task
from webapp.i18n import language
from webapp.presenters.facts import codes_inside, say_answers, say_codes, say_inside
from webapp.presenters.task_words import said_of
from webapp.presenters.texts import Texts


def name_subject(session: Session, task: Task, texts: Texts) -> str:
    """Say what a task is about with names in the place of codes; a task without a subject is said by its name."""
    said = str(said_of(task)["subject"] or "")
    codes = codes_inside(said)
    names = {**say_answers(said, texts), **say_codes(codes, texts), **overview.name_codes(session, codes, locale=language())}
    return say_inside(said, names) or texts.element(task.element, task.name)
