"""What tasks and cases are about, where a page says it beside other things."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from services import overview
from services.models.cases import Case, Task
from webapp.i18n import language
from webapp.presenters.facts import codes_inside, say_answers, say_codes, say_inside
from webapp.presenters.task_words import said_of
from webapp.presenters.texts import Texts


def name_subject(session: Session, task: Task, texts: Texts) -> str:
    """Say what a task is about with names in the place of codes; a task without a subject is said by its name."""
    said = str(said_of(task)["subject"] or "")
    codes = codes_inside(said)
    names = {**say_answers(said, texts), **say_codes(codes, texts), **overview.name_codes(session, codes, locale=language())}
    place = overview.name_places(session, [task.area], locale=language()).get(task.area or "")
    return say_inside(said, names, place) or texts.element(task.element, task.name)


def name_cases(session: Session, listed: Collection[Case], texts: Mapping[str, Texts]) -> dict[str, str]:
    """Say what cases are about, by id, each with the name of its area in the reader's language. One query.

    Args:
        texts: The texts of their versions.
    """
    places = overview.name_places(session, {case.area for case in listed}, locale=language())
    return {case.id: texts[case.version_id].subject(case.subject, places.get(case.area or "")) for case in listed}
