"""A walk through a draft as its page shows it: who may act, the form, the picture, what the case knows, and the clock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority, people, registers, scenarios, trials
from services.cases.loading import look_into
from services.cases.stages import mark_elements
from services.errors import NotFound
from services.models.audit import AuditEntry
from services.models.bus import CaseWait
from services.models.cases import OPEN, Case, Task
from services.models.people import Account, Person
from services.models.process_drafts import ProcessDraft
from services.models.trials import Trial
from webapp.i18n import say
from webapp.presenters.conflicts import say_conflict
from webapp.presenters.drawings import Drawing, draw_marked
from webapp.presenters.moments import Deadline, say_span_of_time, show_deadline, show_moment
from webapp.presenters.roles import say_role
from webapp.presenters.tasks import TaskPage, get_task_page
from webapp.presenters.texts import Texts
from webapp.presenters.words import Word, say_status
from webapp.speech import gettext
from workflows import forms
from workflows.errors import Problem, Refused, SafeconductError
from workflows.packages import Package
from workflows.scenarios import Advance, Do, Send, Step

LONGEST_VALUE = 400
LONGEST_ANSWER = 40


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the reader wants to see of a walk: a task, as whom, and what was typed into its form."""

    task_id: str = ""
    person: str = ""
    answers: Mapping[str, Any] | None = None
    problems: list[Problem] = field(default_factory=list)
    refused: str | Markup = ""
    whole: bool = False


@dataclass(frozen=True, kw_only=True)
class OpenStep:
    """An open task, and who may act on it: (name, address, is chosen)."""

    name: str
    role: str
    where: str
    deadline: Deadline | None
    people: list[tuple[str, str, bool]]


@dataclass(frozen=True, kw_only=True)
class StartForm:
    """The form that the case starts with, filled in as somebody."""

    person: str
    form: forms.Form
    answers: Mapping[str, Any]
    problems: list[Problem]
    scope: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TrialPage:
    """A walk.

    Attributes:
        refused: Why the last act did not go through.
        everybody: The people of the world, for acting as somebody who may not.
        messages: What the case waits for from outside: name and key.
        steps: What was done so far, in words.
        task: The chosen task as its page shows it to the chosen person; None when nothing is open or they may not see it.
        chosen: The id of the chosen task.
    """

    revision: int = 0
    refused: str | Markup = ""
    people: list[tuple[str, str]] = field(default_factory=list)
    scenarios: list[str] = field(default_factory=list)
    moment: str = ""
    start: StartForm | None = None
    is_told: bool = False
    clock: Markup | None = None
    due: Markup | None = None
    state: Word | None = None
    open_steps: list[OpenStep] = field(default_factory=list)
    chosen: str = ""
    person: str = ""
    task: TaskPage | None = None
    drawings: list[Drawing] = field(default_factory=list)
    variables: list[tuple[str, str]] = field(default_factory=list)
    letters: list[tuple[str, str, str]] = field(default_factory=list)
    messages: list[tuple[str, str]] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


def get_beginning(draft: ProcessDraft, package: Package, *, now: datetime) -> TrialPage:
    """Offer to begin a walk."""
    moment = now.replace(hour=9, minute=0, second=0, microsecond=0)
    story = {"process": draft.process_key, "world": "demo", "now": moment.isoformat(), "start": {"as": "?"}, "steps": []}
    with trials.open_bare(package, (), story) as world, world.reading() as told:
        return TrialPage(people=_list_people(told), scenarios=sorted(package.scenarios), moment=f"{moment:%Y-%m-%dT%H:%M}")


def get_start(session: Session, package: Package, trial: Trial, asked: Asked) -> TrialPage:
    """Show the form that the case starts with."""
    moment = trials.scenario_of(trial.story).now
    name = package.manifest.start_form
    form = package.forms[name] if name else forms.EMPTY
    person = str(trial.story["start"]["as"])
    others = scenarios.published_others(session, trials.scenario_of(trial.story))
    with trials.open_bare(package, others, trial.story) as world, world.reading() as told:
        options = registers.options_for(told, form, asker=authority.asker_of(told, person, moment), now=moment)
        names = people.names_of(told, [person])
    texts = Texts.of(package)
    start = StartForm(
        person=names[person],
        form=texts.form(form),
        answers=asked.answers if asked.answers is not None else form.default_answers({"requester": person}),
        problems=texts.problems(form, asked.problems),
        scope={"options": options, "requester": person},
    )
    return TrialPage(revision=trial.revision, refused=asked.refused, clock=show_moment(moment), start=start)


def get_told(session: Session, package: Package, trial: Trial, asked: Asked) -> TrialPage:
    """Show where a walk stands.

    Raises:
        SafeconductError: It cannot be told on the draft as it is now.
    """
    others = scenarios.published_others(session, trials.scenario_of(trial.story))
    with trials.open_told(package, others, trial.story) as told, told.database.reading() as world:
        case = world.get(Case, told.case_id) if told.case_id else None
        if case is None:
            raise NotFound
        waiting = _open_tasks(world)
        able = {task.id: authority.candidates(world, task, told.now) for task in waiting}
        chosen = next((task for task in waiting if task.id == asked.task_id), waiting[0] if waiting else None)
        person = asked.person or next((each.person for each in able[chosen.id]), "") if chosen else ""
        due = trials.next_due(world, told.now)
        texts = Texts.of(package)
        own = [task for task in waiting if task.case_id == case.id]
        return TrialPage(
            revision=trial.revision,
            refused=asked.refused,
            people=_list_people(world),
            is_told=True,
            clock=show_moment(told.now),
            due=show_moment(due) if due is not None else None,
            state=say_status(case.status, state=case.state, waiting_roles=[task.role for task in own if task.role]),
            open_steps=[_open_step(task, able[task.id], texts, told.now, (chosen, person)) for task in waiting],
            chosen=chosen.id if chosen else "",
            person=person,
            task=_task(world, chosen, person, asked, told.now) if chosen and person else None,
            drawings=_draw(world, package, case, own, whole=asked.whole),
            variables=list(_list_variables(world, case, told.now)),
            letters=[(letter.name, letter.subject, letter.code) for letter in reversed(told.letters)],
            messages=_list_messages(world, case),
            steps=_say_steps(trial, texts),
        )


def get_broken(trial: Trial, package: Package, refused: str | Markup) -> TrialPage:
    """Say that a walk does not go through on the draft as it is now."""
    return TrialPage(revision=trial.revision, refused=refused, steps=_say_steps(trial, Texts.of(package)))


def _open_tasks(world: Session) -> list[Task]:
    waiting = select(Task).where(Task.state == OPEN).order_by(Task.opened_at, Task.element, Task.area, Task.line, Task.id)
    return list(world.scalars(waiting))


def _open_step(
    task: Task, able: Iterable[authority.Candidate], texts: Texts, now: datetime, chosen: tuple[Task | None, str]
) -> OpenStep:
    is_chosen = chosen[0] is not None and chosen[0].id == task.id
    return OpenStep(
        name=texts.element(task.element, task.name),
        role=say_role(task.role) if task.role else "",
        where=" ".join(part for part in (task.area, task.line) if part),
        deadline=show_deadline(task.due_at, now=now),
        people=[
            (each.name, _address(task.id, each.person), is_chosen and each.person == chosen[1])
            for each in sorted(able, key=lambda each: each.name)
        ],
    )


def _address(task_id: str, person: str) -> str:
    return "?" + "&".join((f"task={task_id}", f"as={person}")) + "#task"


def _task(world: Session, task: Task, person: str, asked: Asked, now: datetime) -> TaskPage | None:
    try:
        actor = people.actor_named(world, person)
        return get_task_page(world, task.id, actor=actor, now=now, answers=asked.answers, problems=asked.problems)
    except NotFound:
        return None


def _list_people(world: Session) -> list[tuple[str, str]]:
    known = select(Person.code, Person.name).join(Account, Account.person == Person.code).where(Account.active)
    return [(row[0], row[1]) for row in world.execute(known.order_by(Person.name, Person.code))]


def _draw(world: Session, package: Package, case: Case, waiting: list[Task], *, whole: bool) -> list[Drawing]:
    if case.process_key != package.key:
        return []
    entries = list(world.scalars(select(AuditEntry).where(AuditEntry.case_id == case.id).order_by(AuditEntry.seq)))
    marks = mark_elements(entries, waiting)
    return draw_marked(package, marks, present={task.element for task in waiting}, whole=whole)


def _list_variables(world: Session, case: Case, now: datetime) -> Iterator[tuple[str, str]]:
    for name, value in sorted(look_into(world, case, now=now).variables.items()):
        text = json.dumps(value, ensure_ascii=False)
        yield name, text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"


def _list_messages(world: Session, case: Case) -> list[tuple[str, str]]:
    waits = select(CaseWait.name, CaseWait.key).where(CaseWait.case_id == case.id, CaseWait.kind == "message")
    return [(row[0], row[1]) for row in world.execute(waits.order_by(CaseWait.name, CaseWait.key))]


def _say_steps(trial: Trial, texts: Texts) -> list[str]:
    return [_say_step(step, texts) for step in trials.scenario_of(trial.story).steps]


def _say_step(step: Step, texts: Texts) -> str:
    if isinstance(step, Do):
        answers = [str(value) for value in step.answers.values() if isinstance(value, str) and 0 < len(value) < LONGEST_ANSWER]
        said = f"{step.as_}: {texts.element(step.do, step.do)}"
        return f"{said} ({', '.join(answers)})" if answers else said
    if isinstance(step, Advance):
        return gettext("{span} later").format(span=say_span_of_time(step.by))
    return step.message if isinstance(step, Send) else ""


def say_refusal(error: SafeconductError, *, now: datetime) -> Markup:
    """Say why an act was refused, as the product says it."""
    if isinstance(error, Refused):
        said = [say(error), *(say(problem) for problem in error.problems if not problem.is_advice)]
        return escape(" ".join(said))
    return say_conflict(error, now=now)
