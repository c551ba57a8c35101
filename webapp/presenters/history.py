"""Who did what and when, as lines of a history and of advice."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from services import overview
from services.cases import Event
from services.models.audit import Decision
from services.models.cases import Task
from services.models.register_changes import ADDED
from services.operations.deciding import BY_RULE_SENTENCE
from services.registry.of_cases import ChangeOfCase
from services.registry.shape import Register
from webapp.presenters.changes import ChangedField, VersionLine
from webapp.presenters.facts import show_named
from webapp.presenters.moments import show_moment
from webapp.presenters.reasons import Reasons, find_reasons
from webapp.presenters.texts import Texts
from webapp.presenters.values import say_value
from webapp.presenters.words import say_act, say_actor
from webapp.speech import gettext

_BY_RULE = re.compile(re.escape(BY_RULE_SENTENCE).replace(r"\{order\}", "(.+)"))
#: Acts that no line is for: the clock, and taking back, which has a record of its own.
_SILENT = frozenset({"timer", "take_back"})
_MESSAGES = {
    "MSG_WITHDRAW": lambda: gettext("withdrew the request"),
    "MSG_AMEND": lambda: gettext("changed the request"),
    "MSG_CHECKIN": lambda: gettext("checked in"),
    "MSG_REASSESS": lambda: gettext("had a stop decided again"),
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
    changes: list[ChangedField] = field(default_factory=list)


def list_history(
    events: Iterable[Event],
    texts: Texts,
    *,
    now: datetime,
    versions: Iterable[VersionLine] = (),
    register_changes: Iterable[ChangeOfCase] = (),
    names: Mapping[str, str] | None = None,
    decisions_only: bool = False,
) -> list[Entry]:
    """Say what happened to a case, the latest first.

    Args:
        versions: What acts changed in the request, with the moments of these acts.
        register_changes: What was changed by hand in entries of registers that belong to the case.
        names: Names of the codes in them.
        decisions_only: Leave out everything that decided nothing.
    """
    changed = {version.at: version.fields for version in versions}
    decided = {(event.at, event.actor) for event in events if event.decision}
    dated = [
        (event.at, _entry(event, texts, now, changed.get(event.at, [])))
        for event in events
        if event.decision or not (decisions_only or event.act in _SILENT or _is_told(event, decided))
    ]
    if not decisions_only:
        dated += [(each.change.at, _register_entry(each, names or {}, now)) for each in register_changes]
    dated.reverse()
    return [entry for _, entry in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def _register_entry(changed: ChangeOfCase, names: Mapping[str, str], now: datetime) -> Entry:
    change, register = changed.change, changed.register
    did = gettext("added an entry") if change.act == ADDED else gettext("changed an entry")
    before, after = change.before or {}, change.after
    return Entry(
        who=changed.by_name,
        did=did,
        when=show_moment(change.at, now=now),
        where=gettext(register.title),
        text=change.reason,
        conditions="",
        why=Reasons(),
        changes=[_changed_column(register, name, before.get(name), after.get(name), names) for name in after],
    )


def _changed_column(register: Register, name: str, before: Any, after: Any, names: Mapping[str, str]) -> ChangedField:
    column = register.column(name)
    title = gettext(column.title) if column else name.replace("_", " ").capitalize()
    return ChangedField(title=title, before=show_named(before, names), after=show_named(after, names))


def _entry(event: Event, texts: Texts, now: datetime, changes: list[ChangedField]) -> Entry:
    where = texts.element(event.element, event.name or "") if event.element else ""
    if event.decision is not None:
        return _decided(event.decision, event.actor_name, event.for_name, where, texts, now)
    payload = event.facts.get("payload") or {}
    return Entry(
        who=event.actor_name,
        did=_say_event(event),
        when=show_moment(event.at, now=now),
        where=where,
        text=str(payload.get("reason") or event.facts.get("reason") or ""),
        conditions="",
        why=Reasons(),
        changes=changes,
    )


def _is_told(event: Event, decided: Container[tuple[datetime, str]]) -> bool:
    """A message by which an official decides is told by its decision."""
    return event.act == "message" and (event.at, event.actor) in decided


def _say_event(event: Event) -> str:
    if event.act == "message" and event.facts.get("message") in _MESSAGES:
        return _MESSAGES[event.facts["message"]]()
    said = {
        "start": gettext("sent the request"),
        "complete": gettext("completed the task"),
        "claim": gettext("took the task"),
        "release": gettext("released the task"),
        "assign": gettext("handed the task over"),
        "ask": gettext("asked a question"),
        "answer": gettext("answered a question"),
        "unask": gettext("took a question back"),
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
        "hold": gettext("held the case, so that it is kept as it is"),
        "lift_hold": gettext("lifted the hold of the case"),
        "empty": gettext("removed what was written in the case, because its time was over"),
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


def _decided(decision: Decision, name: str, for_name: str | None, where: str, texts: Texts, now: datetime) -> Entry:
    return Entry(
        who=say_actor(name, decision.actor_role, decision.capacity, for_name=for_name),
        did=say_act(decision.act, decision.outcome),
        when=show_moment(decision.decided_at, now=now),
        where=where,
        text=_say_reason(decision, texts),
        conditions=say_value(decision.conditions),
        why=find_reasons(decision.tables_used, decision.actor_role, texts),
    )


def _say_reason(decision: Decision, texts: Texts) -> str:
    chosen = texts.option(decision.reason_code) if decision.reason_code else ""
    return ": ".join(part for part in (chosen, say_written(decision.reason_text or "")) if part)


def say_written(text: str) -> str:
    """Say what a decision by rule was given as its reason; what people wrote stays as they wrote it."""
    order = _BY_RULE.fullmatch(text)
    return gettext(BY_RULE_SENTENCE).format(order=order[1]) if order else text


def list_advice(session: Session, task: Task, texts: Texts, *, now: datetime) -> list[Entry]:
    """Say what others did on the same matter before, for the one who acts next."""
    acts = overview.list_earlier_acts(session, task)
    return [_decided(act.decision, act.name, act.for_name, "", texts, now) for act in acts]
