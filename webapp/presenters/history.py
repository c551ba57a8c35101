"""Who did what and when, as lines of a history, of advice, and of questions and answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from services import overview
from services.cases import Event
from services.models.audit import Decision
from services.models.cases import Task
from webapp.presenters.moments import show_moment
from webapp.presenters.reasons import Reasons, find_reasons
from webapp.presenters.texts import Texts
from webapp.presenters.values import say_value
from webapp.presenters.words import say_act, say_actor
from webapp.speech import gettext

_QUESTIONS = frozenset({"RETURN", "NEED_INFO"})
#: Acts that no line is for: the clock, and taking back, which has a record of its own.
_SILENT = frozenset({"timer", "take_back"})
_MESSAGES = {
    "MSG_WITHDRAW": lambda: gettext("withdrew the request"),
    "MSG_AMEND": lambda: gettext("changed the request"),
    "MSG_CHECKIN": lambda: gettext("checked in"),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line: who did what, when, on which step, with which words and on which tables."""

    who: str
    did: str
    when: Markup
    where: str
    text: str
    conditions: str
    why: Reasons


@dataclass(frozen=True, kw_only=True)
class Said:
    """A question or an answer."""

    kind: str
    who: str
    when: Markup
    text: str


def list_history(events: Iterable[Event], texts: Texts, *, now: datetime) -> list[Entry]:
    """Say what happened to a case, the latest first."""
    return [_entry(event, texts, now) for event in reversed(list(events)) if event.decision or event.act not in _SILENT]


def _entry(event: Event, texts: Texts, now: datetime) -> Entry:
    where = texts.element(event.element, event.name or "") if event.element else ""
    if event.decision is not None:
        return _decided(event.decision, event.actor_name, where, now)
    payload = event.facts.get("payload") or {}
    return Entry(
        who=event.actor_name,
        did=_say_event(event),
        when=show_moment(event.at, now=now),
        where=where,
        text=str(payload.get("reason") or event.facts.get("reason") or ""),
        conditions="",
        why=Reasons(),
    )


def _say_event(event: Event) -> str:
    if event.act == "message" and event.facts.get("message") in _MESSAGES:
        return _MESSAGES[event.facts["message"]]()
    said = {
        "start": gettext("sent the request"),
        "complete": gettext("completed the task"),
        "claim": gettext("took the task"),
        "release": gettext("released the task"),
        "timer": gettext("acted by the clock"),
        "message": gettext("sent a message to the case"),
        "event": gettext("told the case what had happened elsewhere"),
        "open": gettext("opened the case"),
        "incident": gettext("stopped the case: an error waits for repair"),
        "repair": _say_repair(event),
        "break_glass": gettext("broke the glass to see what a failed step reads"),
        "migrate": _say_migration(event),
        "declare_conflict": gettext("declared a conflict of interest"),
        "read_address": gettext("read where the residence is"),
    }
    return said.get(event.act, event.act.replace("_", " "))


def _say_repair(event: Event) -> str:
    said = {
        "skip": gettext("let the case go on without a step that failed"),
        "change": gettext("changed what a failed step reads"),
        "dismiss": gettext("closed a failure without a change to the case"),
    }
    return said.get(str(event.facts.get("how")), gettext("let the case go on after a repair"))


def _say_migration(event: Event) -> str:
    version = (event.facts.get("to") or {}).get("version", "")
    return gettext("moved the case to version {version} of the process").format(version=version)


def _decided(decision: Decision, name: str, where: str, now: datetime) -> Entry:
    return Entry(
        who=say_actor(name, decision.actor_role, decision.capacity),
        did=say_act(decision.act, decision.outcome),
        when=show_moment(decision.decided_at, now=now),
        where=where,
        text=decision.reason_text or "",
        conditions=say_value(decision.conditions),
        why=find_reasons(decision.tables_used, decision.actor_role),
    )


def list_advice(session: Session, task: Task, *, now: datetime) -> list[Entry]:
    """Say what others did on the same matter before, for the one who acts next."""
    return [_decided(act.decision, act.name, "", now) for act in overview.list_earlier_acts(session, task)]


def list_talk(decisions: Iterable[Decision], names: dict[str, str], *, now: datetime) -> list[Said]:
    """Pick the questions that were put back and what was answered, the earliest first."""
    said = []
    for decision in decisions:
        is_question, is_answer = decision.outcome in _QUESTIONS, decision.act == "ANSWER"
        text = decision.reason_text or str(decision.answers.get("answer") or decision.answers.get("question") or "")
        if text and (is_question or is_answer):
            who = say_actor(names.get(decision.actor_person, decision.actor_person), decision.actor_role, decision.capacity)
            kind = "question" if is_question else "answer"
            said.append(Said(kind=kind, who=who, when=show_moment(decision.decided_at, now=now), text=text))
    return said
