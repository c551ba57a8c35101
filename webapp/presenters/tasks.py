"""One task as its page shows it: facts, advice, the form, and why somebody may or may not act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import authority, cases, definitions, overview, questions, residences, tasks
from services.locator import stays
from services.models.cases import OPEN
from services.people import Actor
from services.process_drafts.publishing import CHANGE
from services.proof import asks_for_proof, is_proved
from services.questions import AskedQuestion
from services.roles import OWN_ROLES
from services.separation import NEUTRAL_ACTS
from services.tasks import TaskView
from webapp.i18n import language
from webapp.marks import new_idempotency_key
from webapp.presenters.cards import Changes, Precedents, say_ground, show_changes, show_similar
from webapp.presenters.changes import VersionLine, list_versions, say_changed
from webapp.presenters.facts import Fact, collect_codes, read_card, say_answers, say_codes, say_inside
from webapp.presenters.files import ListedFile, list_files
from webapp.presenters.history import Entry, list_advice
from webapp.presenters.moments import Deadline, show_deadline
from webapp.presenters.options import speak_options
from webapp.presenters.reasons import Reasons, find_reasons
from webapp.presenters.stays import StayView, show_stay
from webapp.presenters.talk import Said, list_asked, say_clock
from webapp.presenters.task_words import Claim, said_of, say_button, say_claim, say_closed
from webapp.presenters.texts import Texts
from webapp.presenters.verdicts import list_refusal
from webapp.speech import gettext
from workflows import forms
from workflows.errors import Problem
from workflows.forms.fields import asked as asked_fields


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """A task, ready to be shown.

    Attributes:
        scope: What options and conditions of the form look at besides the answers.
        why: Which rows of which tables brought it here.
        why_not: Why the reader cannot act; empty when they can.
        closed: What became of it when it is no longer open.
        button: What the button that sends the form is called.
        may_step_aside: The reader may declare a conflict of interest.
        may_put_off: The reader may leave it for another day, since it is not due soon.
        asks_for_address: The step sends the reader to a residence, whose address is shown on request.
        address: That address, once it was asked for.
        changes: What is different since the reader last saw this step.
        similar: How similar cases ended.
        stay: What should be known of the stay that it is about.
        ground: Why it comes to the reader, in one sentence.
        talk: Questions that were put in between, with their answers.
        clock: That the clock of the task stands still, and until when.
        may_ask: There is somebody whom the reader may ask.
        never_stands: Nothing about the task waits for an answer.
        returns: What the form calls giving the request back, which is something else than asking.
        is_unseen: The card is not noted yet as seen by the reader.
        versions: What was changed in the request since it was sent; empty when nothing was.
        may_take_back: The reader decided this, and can still take it back.
        draft_address: Where the draft of a process is compared that this is about.
    """

    id: str
    number: str
    name: str
    subject: str
    deadline: Deadline | None
    flags: list[Markup]
    facts: list[Fact]
    question: str
    why: Reasons
    advice: list[Entry]
    form: forms.Form
    answers: Mapping[str, Any]
    problems: list[Problem]
    scope: Mapping[str, Any]
    revision: int
    idempotency_key: str
    claim: Claim | None
    may_act: bool
    why_not: list[Markup]
    closed: Markup | None
    button: str
    may_step_aside: bool
    may_put_off: bool
    saved: str
    files: list[ListedFile]
    asks_for_address: bool
    asks_for_password: bool
    changes: Changes | None
    similar: Precedents | None
    stay: StayView | None
    ground: Markup | None
    talk: list[Said]
    clock: Markup | None
    may_ask: bool
    never_stands: bool
    returns: str
    is_unseen: bool
    versions: list[VersionLine]
    changed: str
    may_take_back: bool
    draft_address: str | None
    address: str = ""


def get_task_page(
    session: Session,
    task_id: str,
    *,
    actor: Actor,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
    problems: Iterable[Problem] = (),
) -> TaskPage:
    """Read a task for the person who looks at it.

    Args:
        answers: What was typed, when the page comes back with problems; else the draft, else what the form starts with.

    Raises:
        NotFound: There is no such task for this person.
    """
    view = tasks.get_task(session, task_id, actor=actor, now=now)
    task, case = view.task, view.case
    package = definitions.get_package(session, case.version_id)
    texts = Texts.of(package)
    form = texts.form(view.form or forms.EMPTY)
    zone = overview.zones_of(session, [task.area]).get(task.area or "")
    said = said_of(task)
    ground = tasks.find_ground(session, task, view.capacity, actor=actor, now=now) if view.capacity is not None else None
    sighting = tasks.find_sighting(session, task, actor=actor) if view.may_act else None
    names = _name_all(session, [said["card"], said["subject"]], _codes_of(ground, sighting), texts)
    place = overview.name_places(session, [task.area], locale=language()).get(task.area or "")
    organisations = overview.name_organisations(session, locale=language())
    card = read_card(said["card"], names, zone, place={**organisations, **(place or {})})
    sight = authority.may_see_case(session, actor, case, now)
    asked = list_questions(session, view, sight, actor=actor)
    versions = cases.differences(session, case, sight) if _judges(view) else []
    is_open, is_personal = task.state == OPEN, task.role in OWN_ROLES or task.assignee is not None
    return TaskPage(
        id=task.id,
        number=case.number,
        name=texts.element(task.element, task.name),
        subject=say_inside(said["subject"], names, place) or task.name,
        deadline=show_deadline(task.due_at, now=now, zone=zone) if is_open else None,
        flags=card.flags,
        facts=card.facts,
        question=str(said["question"] or ""),
        why=find_reasons(task.tables_used, task.role, texts),
        advice=list_advice(session, task, texts, now=now),
        form=form,
        answers=_show_answers(form, view, answers),
        problems=texts.problems(view.form or forms.EMPTY, problems),
        scope={**view.variables, "options": speak_options(view.options)},
        revision=view.revision,
        idempotency_key=new_idempotency_key(),
        claim=say_claim(view, actor, now) if view.may_act and not is_personal else None,
        may_act=view.may_act and task.claimed_by in {None, actor.person},
        why_not=[] if view.may_act or not is_open else list_refusal(session, task.id, actor=actor, now=now),
        closed=say_closed(view, now=now) if not is_open else None,
        button=say_button(task.act, form),
        may_step_aside=view.may_act and not is_personal,
        may_put_off=view.may_act and not is_personal and tasks.may_wait(task, now=now),
        files=list_files(session, case.id, now=now) if view.may_act else [],
        asks_for_password=asks_for_proof(task.properties or {}) and not is_proved(actor, now),
        asks_for_address=view.may_act and residences.asks_for_address(session, task, actor=actor, now=now),
        saved=gettext("You have a draft of this") if view.draft and answers is None else "",
        changes=show_changes(sighting, task, said["card"], names, zone=zone, now=now) if sighting is not None else None,
        similar=show_similar(tasks.find_similar(session, task, case, actor=actor, now=now)) if _judges(view) else None,
        stay=show_stay(stays.read_stay(session, task, actor=actor, now=now)) if _judges(view) else None,
        ground=say_ground(ground, names),
        talk=list_asked(asked, now=now),
        clock=say_clock((each for each in asked if each.question.task_id == task.id), now=now),
        may_ask=view.may_act and bool(questions.who_is_asked(session, task, case, asker=actor.person)),
        never_stands=questions.never_stands(task),
        returns=_find_return(form),
        is_unseen=sighting is not None and sighting.is_new,
        versions=list_versions(session, package, versions, now=now),
        changed=say_changed(versions),
        may_take_back=view.decision is not None and tasks.may_take_back(case, view.decision, actor=actor, now=now),
        draft_address=_find_draft(view),
    )


def _name_all(session: Session, shown: list[Any], further: Iterable[str], texts: Texts) -> dict[str, str]:
    """Name the answers and codes of what is shown, and further codes."""
    codes = [*collect_codes(shown), *further]
    return {**say_answers(shown, texts), **say_codes(codes, texts), **overview.name_codes(session, codes, locale=language())}


def _show_answers(form: forms.Form, view: TaskView, typed: Mapping[str, Any] | None) -> dict[str, Any]:
    kept = typed if typed is not None else view.draft or None
    return form.default_answers(view.variables) if kept is None else form.show_again(kept, view.variables)


def _find_draft(view: TaskView) -> str | None:
    draft = view.variables.get("draft") if view.case.process_key == CHANGE else None
    return url_for("studio.compare", draft_id=draft) if draft else None


def list_questions(session: Session, view: TaskView, sight: authority.Sight, *, actor: Actor) -> list[AskedQuestion]:
    """Read the questions about the line of a task, and those about the whole case, that the reader may know."""
    asked = questions.list_for_case(session, view.case, sight=sight, actor=actor)
    return [each for each in asked if each.question.line in {None, view.task.line}]


def _judges(view: TaskView) -> bool:
    return view.may_act and view.task.role not in OWN_ROLES and view.task.act not in NEUTRAL_ACTS


def _codes_of(ground: tasks.Ground | None, sighting: tasks.Sighting | None) -> list[str]:
    changed = [value for change in sighting.changes for value in (change.old, change.new)] if sighting is not None else []
    return [*collect_codes(changed), *([ground.area] if ground is not None and ground.area else [])]


def _find_return(form: forms.Form) -> str:
    """Find the answer of a form by which the request is given back, in its own words."""
    options = (option for field in asked_fields(form.fields) if field.choices for option in field.choices.fixed)
    return next((option.label for option in options if option.value.startswith("RETURN")), "")
