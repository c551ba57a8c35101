"""Questions and answers about a case: those that the process itself asked, and those that a decider put in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import questions
from services.cases import CaseView
from services.models.audit import Decision
from services.people import Actor
from services.questions import AskedQuestion
from webapp.presenters.files import link_file
from webapp.presenters.moments import show_moment
from webapp.presenters.words import Word, say_actor, word
from webapp.speech import gettext

_ASKING = frozenset({"RETURN", "NEED_INFO"})


@dataclass(frozen=True, kw_only=True)
class Said:
    """A question or an answer.

    Attributes:
        audience: Who may read it, as a tag; empty for what the process itself asks and keeps.
        word: How a question stands that has no answer.
        clock: That the clock of the task stands still for it; where that is not said of the task itself.
        files: Links to what came with an answer.
        answer_address, take_back_address: Where the reader answers it, or takes it back; empty where that is not theirs.
    """

    kind: str
    who: str
    at: datetime
    when: Markup
    text: str
    audience: str = ""
    word: Word | None = None
    clock: Markup | None = None
    answer_address: str = ""
    take_back_address: str = ""
    files: Sequence[Markup] = ()


def list_talk(session: Session, view: CaseView, *, actor: Actor, now: datetime) -> list[Said]:
    """List what was asked and answered about a case, as far as the reader may know it, the earliest first."""
    asked = questions.list_for_case(session, view.case, sight=view.sight, actor=actor)
    said = [*_list_decided(view.decisions, view.names, now), *list_asked(asked, now=now, with_clock=True)]
    return sorted(said, key=lambda each: each.at)


def list_asked(asked: Iterable[AskedQuestion], *, now: datetime, with_clock: bool = False) -> list[Said]:
    """Say questions that were put in between, each with its answer behind it."""
    return [said for each in asked for said in _say_asked(each, now, with_clock=with_clock)]


def say_audience(audience: str) -> str:
    """Say who may read a question and its answer."""
    if audience == questions.CASE:
        return gettext("Everybody who may see the case")
    return gettext("Only the requester and those who may decide")


def say_clock(asked: Iterable[AskedQuestion], *, now: datetime) -> Markup | None:
    """Say that the clock of a task stands still for its open questions, and until when at most."""
    holding = [each.question for each in asked if each.is_open and each.question.held_until > now]
    if not holding:
        return None
    first = min(holding, key=lambda question: question.held_from)
    said = gettext("The clock of this task has stood still since {since}, until the answer comes or {until} at the latest.")
    return escape(said).format(since=show_moment(first.held_from, now=now), until=show_moment(first.held_until, now=now))


def _say_asked(each: AskedQuestion, now: datetime, *, with_clock: bool) -> Iterable[Said]:
    question, end = each.question, each.end
    tag = say_audience(question.audience)
    yield Said(
        kind="question",
        who=say_actor(each.names[question.asked_by], question.asked_role, None),
        at=question.asked_at,
        when=show_moment(question.asked_at, now=now),
        text=question.text,
        audience=tag,
        word=_say_state(each),
        clock=say_clock([each], now=now) if with_clock else None,
        answer_address=url_for("questions.show", question_id=question.id) if each.may_answer else "",
        take_back_address=url_for("questions.take_back", question_id=question.id) if each.may_take_back else "",
    )
    if end is not None and end.kind == questions.ANSWERED:
        when = show_moment(end.at, now=now)
        files = [link_file(file.id, file.name) for file in each.files]
        yield Said(kind="answer", who=each.names[end.by], at=end.at, when=when, text=end.text, audience=tag, files=files)


def _say_state(each: AskedQuestion) -> Word | None:
    words = {
        "OPEN": word(gettext("Question to you") if each.may_answer else gettext("Waiting for an answer"), "waiting"),
        questions.TAKEN_BACK: word(gettext("Taken back"), "closed"),
        "CLOSED": word(gettext("Closed without an answer"), "closed"),
    }
    return words.get(each.state)


def _list_decided(decisions: Iterable[Decision], names: dict[str, str], now: datetime) -> Iterable[Said]:
    """Pick the questions that were put back by a decision, and what was answered to them."""
    for decision in decisions:
        is_question, is_answer = decision.outcome in _ASKING, decision.act == "ANSWER"
        text = decision.reason_text or str(decision.answers.get("answer") or decision.answers.get("question") or "")
        if text and (is_question or is_answer):
            name, for_name = names.get(decision.actor_person, decision.actor_person), names.get(decision.acted_for or "")
            who = say_actor(name, decision.actor_role, decision.capacity, for_name=for_name)
            when = show_moment(decision.decided_at, now=now)
            yield Said(kind="question" if is_question else "answer", who=who, at=decision.decided_at, when=when, text=text)
