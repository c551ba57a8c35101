"""Answers of a form as rows that a person checks: the question, and what was answered in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from webapp.presenters.files import link_file
from webapp.presenters.moments import read_moment, show_moment
from webapp.presenters.values import show_value
from webapp.speech import comma, gettext
from workflows.errors import Problem
from workflows.forms.checks import advice_on
from workflows.forms.drafts import draft_answers
from workflows.forms.fields import BOX_KINDS, STATIC_KINDS, Field
from workflows.forms.moments import find_zone


@dataclass(frozen=True, kw_only=True)
class Row:
    """One question and its answer."""

    name: str
    value: Markup
    advice: Sequence[Problem] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows that belong together: a part of the form, or one row of a list."""

    title: str
    rows: list[Row]


def summarise(fields: tuple[Field, ...], answers: Mapping[str, Any], *, scope: Mapping[str, Any], now: datetime) -> list[Group]:
    """List what was asked and answered, in the order of the form; what the form hides is left out.

    Args:
        answers: Typed, or raw as they were typed.
        scope: The variables that options and conditions look at, besides the answers themselves.
    """
    return [group for group in _level("", fields, answers, scope, now) if group.rows]


def _level(
    title: str, fields: tuple[Field, ...], answers: Mapping[str, Any], scope: Mapping[str, Any], now: datetime
) -> Iterator[Group]:
    """Summarise one level of answers; conditions and words see them typed, as far as they can be understood."""
    typed = draft_answers(fields, answers, scope)
    understood = {name: value for name, value in typed.items() if value is not None}
    yield from _groups(title, fields, {**answers, **understood}, {**scope, **typed, "this": typed, "parent": scope}, now)


def _groups(
    title: str, fields: Iterable[Field], answers: Mapping[str, Any], scope: Mapping[str, Any], now: datetime
) -> Iterator[Group]:
    rows: list[Row] = []
    for field in fields:
        if field.kind in STATIC_KINDS or field.is_hidden(scope, now):
            continue
        if field.kind in BOX_KINDS:
            yield Group(title=title, rows=rows)
            rows = []
            yield from _boxed(field, answers, scope, now)
        else:
            said = say_answer(field, answers.get(field.key), scope, now)
            rows.append(Row(name=field.label, value=said, advice=advice_on(field, field.key, scope, now)))
    yield Group(title=title, rows=rows)


def _boxed(field: Field, answers: Mapping[str, Any], scope: Mapping[str, Any], now: datetime) -> Iterator[Group]:
    if field.kind == "dynamiclist":
        yield from _list_groups(field, answers, scope, now)
    elif field.key:
        yield from _level(field.label, field.fields, _inside(answers, field.key), scope, now)
    else:
        yield from _groups(field.label, field.fields, answers, scope, now)


def _list_groups(field: Field, answers: Mapping[str, Any], scope: Mapping[str, Any], now: datetime) -> Iterator[Group]:
    listed = answers.get(field.key)
    for number, inner in enumerate(listed if isinstance(listed, list) else [], start=1):
        if isinstance(inner, Mapping):
            title = gettext("{list}: {number}").format(list=field.label, number=number)
            yield from _level(title, field.fields, inner, {**scope, "i": [number]}, now)


def _inside(answers: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = answers.get(key)
    return inner if isinstance(inner, Mapping) else {}


def say_answer(field: Field, answer: Any, scope: Mapping[str, Any], now: datetime) -> Markup:
    """Say one answer: the label of a choice, a ticked box, a moment, names of files."""
    if field.kind == "checkbox":
        return escape(gettext("yes") if answer in (True, "true", "on", "1", ["false", "true"]) else gettext("no"))
    if answer in (None, "", []):
        return Markup("")
    if field.choices:
        labels = {str(choice.value): choice.label for choice in field.choices.listed(scope, now) or ()}
        chosen = answer if isinstance(answer, list) else [answer]
        return escape(comma().join(labels.get(str(each), str(each)) for each in chosen))
    if field.kind == "filepicker":
        return escape(comma()).join(link_file(each["file"], each["name"]) for each in answer if isinstance(each, Mapping))
    if field.subtype == "datetime" and isinstance(answer, str) and (at := read_moment(answer)):
        zone = find_zone(field.zone, scope) if field.zone else at.tzinfo
        return show_moment(at, zone=zone) if _has_zone(answer) else escape(answer.replace("T", " "))
    return show_value(answer)


def _has_zone(text: str) -> bool:
    return text.endswith("Z") or "+" in text or text.count("-") > 2
