"""The form in which an owner changes or adds an entry; it has the questions and macros of every other form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from flask import url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services.people import Actor
from services.registry import choices
from services.registry.asking import NO, YES
from services.registry.editing import editable, ensure_may_add, ensure_may_change, enterable
from services.registry.reading import find_register, read_entry
from services.registry.shape import Column, Kind, Register
from services.registry.typed import LANGUAGES, LONGEST_REASON, REASON
from webapp.i18n import NAMES
from webapp.presenters.moments import read_moment, reader_zone
from webapp.presenters.registers.cells import Reading
from webapp.presenters.registers.entries import Difference, title_of
from webapp.presenters.registers.lists import options_of
from webapp.questions import Option, Question
from webapp.speech import gettext
from workflows.errors import Problem

FINGERPRINT = "fingerprint"
_INPUTS = {
    Kind.DATE: ("datetime", "date"),
    Kind.MOMENT: ("datetime", "datetime-local"),
    Kind.NUMBER: ("number", "text"),
    Kind.EMAIL: ("textfield", "email"),
}
_AREAS = {Kind.PROSE: "textarea", Kind.LIST: "textarea"}
_LONG = 500


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """A form with its questions.

    Attributes:
        button: What sending it is called.
        fingerprint: Of the entry as it is shown; empty for a new one.
        now_says: What the entry says now, where it was changed since: its values as they stand beside those typed.
    """

    title: str
    register: str
    address: str
    back: str
    button: str
    questions: Sequence[Question]
    fingerprint: str = ""
    problems: Sequence[Problem] = ()
    now_says: Sequence[Difference] = ()


def get_edit_form(
    session: Session,
    register_key: str,
    key: str,
    *,
    actor: Actor,
    now: datetime,
    locale: str,
    zone: tzinfo,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
    is_overtaken: bool = False,
) -> FormPage:
    """Ask for the changes of an entry.

    Args:
        typed: What was entered, when the page comes back.
        is_overtaken: Somebody changed the entry since the form was shown: both states are shown side by side.

    Raises:
        NotFound, NotKept, OwnEntry: See `services.registry.editing.ensure_may_change`.
    """
    register, reader = find_register(session, register_key, actor=actor, now=now)
    ensure_may_change(session, register, key, reader=reader)
    entry = read_entry(session, register, key, reader=reader)
    reading = Reading(names=entry.names, locale=locale)
    columns = editable(register)
    kept = _raw_values(columns, entry.row.values, zone)
    now_says = [each for column in columns for each in _beside(column, kept, typed or {})] if is_overtaken else []
    fingerprint = entry.fingerprint if is_overtaken or typed is None else typed.get(FINGERPRINT, "")
    return FormPage(
        title=gettext("Change: {entry}").format(entry=title_of(entry, reading)),
        register=gettext(register.title),
        address=url_for("registers.change", register=register.key, entry=key),
        back=url_for("registers.show", register=register.key, entry=key),
        button=gettext("Save the change"),
        questions=[
            *_questions(session, columns, kept if typed is None else typed, problems, locale),
            _reason_question(gettext("Why do you change this?"), typed or {}, _about_reason(problems)),
        ],
        fingerprint=fingerprint,
        problems=[_said(register, problem) for problem in problems],
        now_says=[each for each in now_says if each.before != each.after],
    )


def get_new_form(
    session: Session,
    register_key: str,
    *,
    actor: Actor,
    now: datetime,
    locale: str,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
) -> FormPage:
    """Ask for a new entry.

    Raises:
        NotFound: There is no such register for the actor.
        NotKept: The actor may not add to it.
    """
    register, reader = find_register(session, register_key, actor=actor, now=now)
    ensure_may_add(register, reader)
    return FormPage(
        title=gettext("Add an entry: {register}").format(register=gettext(register.title)),
        register=gettext(register.title),
        address=url_for("registers.add", register=register.key),
        back=url_for("registers.index_of", register=register.key),
        button=gettext("Add the entry"),
        questions=[
            *_questions(session, enterable(register), typed or {}, problems, locale),
            _reason_question(gettext("Why do you add this?"), typed or {}, _about_reason(problems)),
        ],
        problems=[_said(register, problem) for problem in problems],
    )


def _beside(column: Column, kept: Mapping[str, str], typed: Mapping[str, str]) -> list[Difference]:
    """Put what was typed beside what the entry says now."""
    names = [f"{column.attribute}.{language}" for language in LANGUAGES] if column.kind is Kind.NAME else [column.attribute]
    return [
        Difference(title=gettext(column.title), before=_worded(column, kept[name]), after=_worded(column, typed.get(name, "")))
        for name in names
    ]


def _worded(column: Column, raw: str) -> Markup:
    return escape(gettext(column.options[raw]) if raw in column.options else raw or "–")


def _said(register: Register, problem: Problem) -> Problem:
    """Let a problem name its column in the reader's language, and lead to the first input of that column."""
    facts = dict(problem.facts or {})
    if "title" in facts:
        facts["title"] = gettext(str(facts["title"]))
    column = register.column(problem.where)
    where = f"{problem.where}.{LANGUAGES[0]}" if column is not None and column.kind is Kind.NAME else problem.where
    return replace(problem, facts=facts or None, where=where)


def _questions(
    session: Session, columns: Sequence[Column], raw: Mapping[str, str], problems: Sequence[Problem], locale: str
) -> list[Question]:
    offered = choices.offered(session, {column.kind for column in columns}, locale=locale)
    by_place = {problem.where: problem for problem in problems}
    found: list[Question] = []
    for column in columns:
        problem = by_place.get(column.attribute)
        problem = _with_title(problem) if problem else None
        if column.kind is Kind.NAME:
            found += [_name_question(column, language, raw, problem) for language in LANGUAGES]
        else:
            found.append(_question(column, raw.get(column.attribute, ""), offered, problem))
    return found


def _with_title(problem: Problem) -> Problem:
    facts = dict(problem.facts or {})
    return replace(problem, facts={**facts, "title": gettext(str(facts["title"]))}) if "title" in facts else problem


def _question(column: Column, value: str, offered: Mapping[Kind, Sequence[tuple[str, str]]], problem: Problem | None) -> Question:
    kind, input_type = _INPUTS.get(column.kind, (_AREAS.get(column.kind, "textfield"), "text"))
    pairs: Sequence[tuple[str, str]] = options_of(column, offered)
    if column.kind is Kind.YES_NO:
        kind, pairs = "radio", [(YES, gettext("yes")), (NO, gettext("no"))]
    elif pairs:
        kind = "select"
    if column.kind is Kind.TEXT and column.longest > _LONG:
        kind = "textarea"
    return Question(
        kind=kind,
        name=column.attribute,
        label=gettext(column.title),
        description=" ".join(filter(None, (gettext(column.hint) if column.hint else "", _hint(column)))),
        value=value,
        input_type=input_type,
        is_required=column.required,
        problem=problem,
        options=[Option(value=code, label=label, is_chosen=code == value) for code, label in pairs],
        attributes=_attributes(column),
    )


def _attributes(column: Column) -> dict[str, str]:
    if column.kind is Kind.PROSE:
        return {"data-limit": str(column.longest)}
    if column.kind in {Kind.TEXT, Kind.EMAIL}:
        return {"maxlength": str(column.longest), "autocomplete": "off"}
    return {"inputmode": "numeric"} if column.kind is Kind.NUMBER else {"autocomplete": "off"}


def _hint(column: Column) -> str:
    if column.kind is Kind.PERSON:
        return gettext("The code of the person, such as lina.marchetti, or the full name.")
    if column.kind is Kind.MOMENT:
        return gettext("Times are those of {zone}.").format(zone=reader_zone())
    return ""


def _name_question(column: Column, language: str, raw: Mapping[str, str], problem: Problem | None) -> Question:
    is_first = language == LANGUAGES[0]
    name = f"{column.attribute}.{language}"
    return Question(
        kind="textarea" if column.longest > _LONG else "textfield",
        name=name,
        label=f"{gettext(column.title)} ({NAMES[language]})",
        value=raw.get(name, ""),
        is_required=column.required and is_first,
        problem=problem if is_first else None,
        attributes={"lang": language},
    )


def _reason_question(label: str, raw: Mapping[str, str], problem: Problem | None) -> Question:
    return Question(
        kind="textarea",
        name=REASON,
        label=label,
        description=gettext("The reason stays in the history of the entry."),
        value=raw.get(REASON, ""),
        is_required=True,
        problem=problem,
        attributes={"data-limit": str(LONGEST_REASON)},
    )


def _about_reason(problems: Sequence[Problem]) -> Problem | None:
    return next((problem for problem in problems if problem.where == REASON), None)


def _raw_values(columns: Sequence[Column], values: Mapping[str, Any], zone: tzinfo) -> dict[str, str]:
    """Write values as they are typed."""
    raw: dict[str, str] = {}
    for column in columns:
        value = values[column.attribute]
        if column.kind is Kind.NAME:
            raw |= {f"{column.attribute}.{language}": str((value or {}).get(language, "")) for language in LANGUAGES}
        else:
            raw[column.attribute] = _raw_value(column, value, zone)
    return raw


def _raw_value(column: Column, value: Any, zone: tzinfo) -> str:
    if value is None:
        return ""
    if column.kind is Kind.YES_NO:
        return YES if value else NO
    if column.kind is Kind.MOMENT:
        moment = read_moment(value)
        return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""
    if column.kind is Kind.LIST:
        return "\n".join(str(each) for each in value)
    return str(value)
