"""The page on which a question is answered: what was asked, and the fields for the answer and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from services import questions
from services.people import Actor
from webapp.presenters.moments import say_subject, show_moment
from webapp.presenters.talk import say_audience
from webapp.presenters.words import say_actor
from webapp.speech import gettext
from webapp.uploads import take_files
from workflows import forms
from workflows.errors import Problem

TEXT, FILES = "text", questions.FILES.key


@dataclass(frozen=True, kw_only=True)
class QuestionPage:
    """A question that the reader answers.

    Attributes:
        fields: What the answer asks for.
        typed: What was answered so far.
    """

    id: str
    number: str
    subject: str
    who: str
    when: Markup
    text: str
    audience: str
    may_answer: bool
    fields: tuple[forms.Field, ...]
    typed: Mapping[str, Any]
    problems: Sequence[Problem]


def get_question_page(
    session: Session,
    question_id: str,
    *,
    actor: Actor,
    now: datetime,
    typed: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
) -> QuestionPage:
    """Read a question for the person who looks at it.

    Raises:
        NotFound: There is no such question for this person.
    """
    asked = questions.get_question(session, question_id, actor=actor, now=now)
    question = asked.question
    return QuestionPage(
        id=question.id,
        number=asked.case.number,
        subject=say_subject(asked.case.subject or asked.task.subject),
        who=say_actor(asked.names[question.asked_by], question.asked_role, None),
        when=show_moment(question.asked_at, now=now),
        text=question.text,
        audience=say_audience(question.audience),
        may_answer=asked.may_answer,
        fields=_fields(),
        typed=typed or {},
        problems=problems,
    )


def _fields() -> tuple[forms.Field, ...]:
    limits = forms.Limits(required=True, most_length=questions.LONGEST)
    text = forms.Field(kind="textarea", id=TEXT, key=TEXT, label=gettext("Your answer"), limits=limits)
    return text, replace(questions.FILES, label=gettext("Files"))


def keep_files(
    session: Session,
    question_id: str,
    typed: dict[str, Any],
    sent: MultiDict[str, FileStorage],
    *,
    actor: Actor,
    now: datetime,
) -> list[Problem]:
    """Keep the files that came with an answer, so that they stay when it does not go through; says which could not be kept.

    Raises:
        NotFound: There is no such question for this person.
    """
    questions.get_question(session, question_id, actor=actor, now=now)
    return take_files(session, (questions.FILES,), typed, sent, actor=actor, now=now)


def send_answer(session: Session, question_id: str, typed: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Send an answer and give the number of its case.

    Raises:
        NotFound, NotAllowed, QuestionClosed, TextMissing, AnswersInvalid: As for answering a question.
    """
    text, files = typed.get(TEXT), forms.identities(typed.get(FILES))
    said = text if isinstance(text, str) else ""
    questions.answer_question(session, question_id, text=said, files=files, actor=actor, now=now)
    return questions.get_question(session, question_id, actor=actor, now=now).case.number
