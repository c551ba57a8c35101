"""A person's own page: what waits for them, what runs, what is cleared, drafts, trainings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import agenda, definitions, drafts, headcounts, mandatory_trainings, overview, questions
from services.cases.usual import UsualTime, list_usual_times
from services.mandatory_trainings import ToDo
from services.models.cases import OPEN, Task
from services.overview import HeldTraining, OwnRequest
from services.people import Actor
from services.questions import AskedQuestion
from webapp.presenters import inbox
from webapp.presenters.checkins import Report, list_reports
from webapp.presenters.coming import say_usual_time
from webapp.presenters.moments import Deadline, show_date, show_deadline, show_moment, show_since
from webapp.presenters.policies import PolicyRow, list_waiting
from webapp.presenters.requestable import list_requestable
from webapp.presenters.subjects import name_cases
from webapp.presenters.task_words import said_of
from webapp.presenters.texts import Texts
from webapp.presenters.words import Word, say_actor, say_status, word
from webapp.speech import gettext

FOR_EVERYBODY = "BSAFE"
_HELD = "VALID"
_NOTHING = Markup("")


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """A request in the list.

    Attributes:
        waiting: What it does while it waits for nobody.
        steps: Its steps so far, "done" or "now", for the small picture.
        usual: How long the step that it waits for usually takes.
        in_calendar: The reader travels in it, so it can be added to a calendar.
    """

    number: str
    subject: str
    word: Word
    waiting: str = ""
    since: Markup = _NOTHING
    deadline: Deadline | None = None
    steps: list[str] = field(default_factory=list)
    steps_done: int = 0
    certificate: str = ""
    valid_until: Markup = _NOTHING
    ended: Markup = _NOTHING
    task_address: str = ""
    task_name: str = ""
    act_name: str = ""
    question: str = ""
    usual: str = ""
    in_calendar: bool = False


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """A draft in the list."""

    id: str
    title: str
    saved: Markup
    word: Word


@dataclass(frozen=True, kw_only=True)
class TrainingRow:
    """A training with whether it is held, or by when it has to be; of family with the name."""

    name: str
    word: Word
    until: Markup = _NOTHING
    due: Markup = _NOTHING


@dataclass(frozen=True, kw_only=True)
class Home:
    """The page, section by section; empty sections are left out."""

    yours: list[RequestRow]
    running: list[RequestRow]
    cleared: list[RequestRow]
    closed: list[RequestRow]
    drafts: list[DraftRow]
    trainings: list[TrainingRow]
    hands_in: bool
    inbox: list[inbox.Link]
    reports: list[Report]
    may_start: bool
    safe_asked: int
    policies: list[PolicyRow]

    @property
    def is_empty(self) -> bool:
        """Whether the reader has no request and no draft."""
        return not (self.yours or self.running or self.cleared or self.closed or self.drafts)


def get_home(session: Session, *, actor: Actor, now: datetime) -> Home:
    """Read the reader's own page."""
    own = overview.list_own_requests(session, actor=actor, now=now)
    settled = [request for request in own if not request.yours and (request.case.state != OPEN or _is_cleared(request))]
    cleared = [request for request in settled if _is_cleared(request)]
    asked = questions.list_waiting(session, actor=actor, now=now)
    versions = {request.case.version_id for request in own} | {question.case.version_id for question in asked}
    texts = {version_id: Texts.of(definitions.get_package(session, version_id)) for version_id in versions}
    subjects = name_cases(session, [*(request.case for request in own), *(question.case for question in asked)], texts)
    waiting = [(request.case.process_key, task.element) for request in own for task in request.others]
    usual = list_usual_times(session, {key for key, _ in waiting}, {element for _, element in waiting}, now=now)
    travels = {stop.number for stop in agenda.list_trips(session, actor=actor, now=now)} if cleared else set()

    requestable = list_requestable(session, actor=actor, now=now)

    def settle(request: OwnRequest) -> RequestRow:
        return _settled(request, subjects[request.case.id], now)

    return Home(
        yours=[
            *[_asked(question, subjects[question.case.id]) for question in asked],
            *[
                _yours(request, task, texts[request.case.version_id], subjects[request.case.id], now)
                for request in own
                for task in request.yours
            ],
        ],
        running=[
            _running(request, usual, subjects[request.case.id], now)
            for request in own
            if not _waits_for_reader(request, asked) and request not in settled
        ],
        cleared=[replace(settle(request), in_calendar=request.case.number in travels) for request in cleared],
        closed=[settle(request) for request in settled if request not in cleared],
        drafts=_list_drafts(session, actor=actor, now=now),
        trainings=_list_trainings(session, actor=actor, now=now),
        inbox=inbox.list_counts(session, actor=actor, now=now),
        reports=list_reports(session, actor=actor, now=now) if own else [],
        may_start=bool(requestable),
        hands_in=any(each.key == mandatory_trainings.PROCESS for each in requestable),
        safe_asked=headcounts.count_waiting(session, actor=actor, now=now),
        policies=list_waiting(session, actor=actor, now=now),
    )


def _is_cleared(request: OwnRequest) -> bool:
    return request.certificate is not None and request.certificate.status == _HELD


def _waits_for_reader(request: OwnRequest, asked: list[AskedQuestion]) -> bool:
    return bool(request.yours) or any(question.case.id == request.case.id for question in asked)


def _asked(asked: AskedQuestion, subject: str) -> RequestRow:
    """A question that a decider put in between."""
    address = url_for("questions.show", question_id=asked.question.id)
    who = say_actor(asked.names[asked.question.asked_by], asked.question.asked_role, None)
    return RequestRow(
        number=asked.case.number,
        subject=subject,
        word=say_status(asked.case.status, state=asked.case.state, yours=True, question=True),
        task_address=address,
        task_name=gettext("Question from {who}").format(who=who),
        act_name=gettext("Answer"),
        question=asked.question.text,
    )


def _yours(request: OwnRequest, task: Task, texts: Texts, subject: str, now: datetime) -> RequestRow:
    is_question = task.act == "ANSWER"
    return RequestRow(
        number=request.case.number,
        subject=subject,
        word=say_status(request.case.status, state=request.case.state, yours=True, question=is_question),
        deadline=show_deadline(task.due_at, now=now),
        task_address=url_for("tasks.show", task_id=task.id),
        task_name=texts.element(task.element, task.name),
        act_name=gettext("Answer") if is_question else gettext("Open"),
        question=str(said_of(task)["question"] or "") if is_question else "",
    )


def _running(request: OwnRequest, usual: Mapping[tuple[str, str], UsualTime], subject: str, now: datetime) -> RequestRow:
    times = [found for task in request.others if (found := usual.get((request.case.process_key, task.element)))]
    roles = [task.role for task in request.others if task.role]
    first = min((task.opened_at for task in request.others), default=request.case.status_since)
    due = [task.due_at for task in request.others if task.due_at]
    return RequestRow(
        number=request.case.number,
        subject=subject,
        word=say_status(request.case.status, state=request.case.state, waiting_roles=roles),
        waiting="" if roles else gettext("goes on by itself"),
        since=show_since(first, now=now),
        deadline=show_deadline(min(due), now=now) if due else None,
        steps=["done"] * (request.done + 1) + ["now"] * len(request.others),
        steps_done=request.done + 1,
        usual=say_usual_time(max(times, key=lambda time: time.median)) if times else "",
    )


def _settled(request: OwnRequest, subject: str, now: datetime) -> RequestRow:
    certificate = request.certificate
    return RequestRow(
        number=request.case.number,
        subject=subject,
        word=say_status(request.case.status or request.case.outcome, state=request.case.state),
        certificate=certificate.number if certificate else "",
        valid_until=show_date(_latest(certificate.stops)) if certificate else Markup(""),
        ended=show_moment(request.case.ended_at, now=now),
    )


def _latest(stops: list[Any]) -> str | None:
    return max((str(stop["valid_to"]) for stop in stops if isinstance(stop, dict) and stop.get("valid_to")), default=None)


def _list_drafts(session: Session, *, actor: Actor, now: datetime) -> list[DraftRow]:
    titles = {version.key: version for version in definitions.list_current_versions(session)}
    rows = []
    for draft in drafts.list_drafts(session, actor=actor):
        version = titles.get(draft.process_key)
        title = Texts.of(definitions.get_package(session, version.id)).title(version.title) if version else draft.process_key
        rows.append(
            DraftRow(
                id=draft.id, title=title, saved=show_moment(draft.updated_at, now=now), word=word(gettext("Draft"), "closed")
            )
        )
    return rows


def _list_trainings(session: Session, *, actor: Actor, now: datetime) -> list[TrainingRow]:
    """List what is asked of the reader and of family, what the reader holds or held, and the course that everybody needs."""
    to_do = mandatory_trainings.list_to_do(session, person=actor.person, now=now)
    asked = {each.course for each in to_do if not each.name}
    listed = [training for training in overview.list_trainings(session, actor=actor, now=now) if _is_shown(training, asked)]
    return [*map(_to_do, to_do), *map(_training, listed)]


def _is_shown(training: HeldTraining, asked: set[str]) -> bool:
    """A course that is to be done says so itself, unless it is held still."""
    if training.is_held:
        return True
    return training.code not in asked and (training.valid_to is not None or training.code == FOR_EVERYBODY)


def _to_do(asked: ToDo) -> TrainingRow:
    if not asked.binding:
        said = word(gettext("Recommended"), "waiting")
    else:
        said = word(gettext("Overdue"), "bad") if asked.is_overdue else word(gettext("To be done"), "yours")
    name = gettext("{course}, for {name}").format(course=asked.title, name=asked.name) if asked.name else asked.title
    return TrainingRow(name=name, word=said, due=show_date(asked.due_on))


def _training(training: HeldTraining) -> TrainingRow:
    if training.is_held:
        held = word(gettext("Valid"), "good")
    else:
        held = word(gettext("Expired") if training.valid_to else gettext("Not held"), "bad")
    return TrainingRow(name=training.name, word=held, until=show_date(training.valid_to) if training.is_held else _NOTHING)
