"""What a task says by itself: its own texts, its button, who has it in hand, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from services.models.cases import DONE, Task
from services.people import Actor
from services.tasks import TaskView
from webapp.i18n import language
from webapp.presenters.moments import say_subject, show_moment, show_since
from webapp.presenters.words import say_act, say_actor
from webapp.speech import gettext
from workflows import forms
from workflows.forms.fields import asked as asked_fields

_BUTTONS = {
    "RECOMMEND": lambda: gettext("Send advice"),
    "ENDORSE": lambda: gettext("Send endorsement"),
    "CONFIRM": lambda: gettext("Confirm"),
    "ACKNOWLEDGE": lambda: gettext("Confirm"),
    "ANSWER": lambda: gettext("Send answer"),
    "DECIDE": lambda: gettext("Send decision"),
    "CERTIFY": lambda: gettext("Certify"),
    "SIGN": lambda: gettext("Sign"),
    "CORRECT": lambda: gettext("Send corrections"),
    "CHOOSE": lambda: gettext("Send choice"),
}
#: Acts by which somebody agrees, where the form leaves no other answer.
_AGREEING = {"CONFIRM", "ACKNOWLEDGE"}
_CHOOSING = {"radio", "select"}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Who has the task in hand, and the button that changes it."""

    sentence: str
    address: str
    name: str


def said_of(task: Task) -> dict[str, Any]:
    """Give what a task says to its person, in the language of the reader where the process speaks it."""
    written: dict[str, Any] = {"subject": task.subject, "question": task.properties.get("question"), "card": task.card}
    said: dict[str, Any] = task.properties.get("said", {}).get(language(), {})
    words = {**written, **said}
    return {**words, "subject": say_subject(words["subject"])}


def say_button(act: str | None, form: forms.Form) -> str:
    """Name the button that sends the form of a task by what it does: who may also refuse does not press "Confirm"."""
    has_choice = any(field.kind in _CHOOSING for field in asked_fields(form.fields))
    known = "ANSWER" if act in _AGREEING and has_choice else act or ""
    return _BUTTONS.get(known, lambda: gettext("Send"))()


def say_claim(view: TaskView, actor: Actor, now: datetime) -> Claim:
    """Say who has a task in hand, and offer what changes it."""
    task = view.task
    if task.claimed_by == actor.person:
        return Claim(
            sentence=gettext("You are working on this; the others see it."),
            address=url_for("tasks.release", task_id=task.id),
            name=gettext("Release"),
        )
    if task.claimed_by:
        sentence = escape(gettext("{name} is working on this, {since}.")).format(
            name=view.claimed_name, since=show_since(task.claimed_at, now=now)
        )
        return Claim(sentence=sentence, address="", name="")
    return Claim(
        sentence=gettext("Nobody is working on this yet."), address=url_for("tasks.claim", task_id=task.id), name=gettext("Claim")
    )


def say_closed(view: TaskView, *, now: datetime) -> Markup:
    """Say what became of a task that is no longer open."""
    decision = view.decision
    if view.task.state == DONE and decision is not None:
        name = view.decided_by_name or decision.actor_person
        who = say_actor(name, decision.actor_role, decision.capacity, for_name=view.decided_for_name)
        did = say_act(decision.act, decision.outcome)
        when = show_moment(decision.decided_at, now=now)
        return escape(gettext("{who} {did}, {when}.")).format(who=who, did=did, when=when)
    return Markup("{}").format(gettext("This task is no longer open, because its case has moved on without it."))
