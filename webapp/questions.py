"""From a form and what was answered so far to questions that a template only has to write down.

What needs thought is done here: what is hidden now, which options there are, what is required, which problem belongs where.
The macros in templates/macros/forms.html write one kind of question each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import Flask

from webapp import context
from webapp.i18n import language
from webapp.presenters.files import say_file_rule, size_attributes
from workflows import feel
from workflows.errors import Problem
from workflows.forms.checks import advice_on
from workflows.forms.drafts import draft_answers
from workflows.forms.fields import MANY_CHOICE_KINDS, Field, Limit, holds

Scope = Mapping[str, Any]

FEW_CHOICES = 12
#: Up to so many of sixteen columns a field takes a third or half of a line.
THIRD, HALF = 5, 8
_INPUT_SHAPES = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "datetime": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"),
    "time": re.compile(r"\d{2}:\d{2}"),
}
_INPUT_TYPES = {"date": "date", "datetime": "datetime-local", "time": "time"}
_LENGTHS = {"date": 10, "datetime": 16, "time": 5}


class Asking(Protocol):
    """A form, or one page of it."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """What it asks, in order."""


#: A field in the rows of a list, as conditions outside the list look at it.
_IN_ROWS = re.compile(r"\b[a-z_]\w*\.[a-z_]\w*\b")


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option of a choice."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A text to be read before a question is answered."""

    title: str
    version: int
    lines: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a list of questions."""

    name: str
    number: int
    questions: list[Question]
    may_go: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question as it is written down.

    Attributes:
        kind: The macro that writes it: a kind of field.
        name: Name of its input, "stops.0.area"; also its id, so that problems link to it.
        value: What stands in the input.
        input_type: The type of its input in HTML.
        is_locked: It is shown and cannot be changed.
        refreshes: Other questions come and go with its answer.
        advice: What is unusual about the answer, and refuses nothing.
        attributes: What else its input says: limits, hints for keyboards.
        paragraphs: Of a static text: its lines.
        readings: The texts that the property `shows` of the field asks to have read first.
        questions: Of a group: what is in it.
        rows: Of a list.
        width: "third" or "half" of a line; empty for a line of its own.
    """

    kind: str
    name: str
    label: str = ""
    description: str = ""
    hint: str = ""
    value: str = ""
    input_type: str = "text"
    is_required: bool = False
    is_locked: bool = False
    refreshes: bool = False
    problem: Problem | None = None
    advice: Sequence[Problem] = ()
    options: Sequence[Option] = ()
    attributes: Mapping[str, str] | None = None
    paragraphs: Sequence[str] = ()
    readings: Sequence[Reading] = ()
    files: Sequence[Mapping[str, Any]] = ()
    questions: Sequence[Question] = ()
    rows: Sequence[Row] = ()
    may_add: bool = False
    width: str = ""

    @property
    def is_ticked(self) -> bool:
        """Whether a checkbox is ticked."""
        return self.value in {"true", "on", "1"}

    @property
    def must(self) -> list[Question]:
        """The questions inside, or this one, that have to be answered."""
        inner = [*self.questions, *(each for row in self.rows for each in row.questions)]
        return [found for each in inner for found in each.must] if inner else [self] if self.is_required else []

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer, right or wrong."""
        if self.kind == "checkbox":
            return self.is_ticked
        return any(option.is_chosen for option in self.options) or bool(self.files or self.value.strip())


def init_questions(app: Flask) -> None:
    """Give templates `questions(form, answers, problems, scope)`."""
    app.jinja_env.globals["questions"] = lambda form, answers, problems=(), scope=None: ask(
        form, answers, problems, scope or {}, now=context.now()
    )


def ask(
    form: Asking | tuple[Field, ...], answers: Mapping[str, Any], problems: Iterable[Problem], scope: Scope, *, now: datetime
) -> list[Question]:
    """List the questions of a form as they stand.

    Args:
        answers: Typed, or raw as they were typed; nested.
        scope: What conditions and options may read besides the answers.
    """
    fields = form if isinstance(form, tuple) else form.fields
    writer = _Writer(problems={problem.where: problem for problem in problems}, now=now, watched=_watched(fields))
    return list(writer.level(fields, answers, {**scope, **draft_answers(fields, answers, scope)}, ""))


def _watched(fields: Iterable[Field]) -> frozenset[str]:
    """Collect the names that conditions look at, and of what stands in the rows of a list `list.field`."""
    names: set[str] = set()
    for field in fields:
        conditions = (field.hide, field.limits.required, field.locked, field.choices.expression if field.choices else None)
        for condition in conditions:
            if isinstance(condition, feel.Expression):
                names.update(condition.names)
                names.update(_IN_ROWS.findall(condition.text))
        names.update(_watched(field.fields))
    return frozenset(names)


@dataclass(frozen=True, kw_only=True)
class _Writer:
    problems: Mapping[str, Problem]
    now: datetime
    watched: frozenset[str]

    def level(self, fields: Iterable[Field], answers: Any, scope: Scope, where: str) -> Iterator[Question]:
        given = answers if isinstance(answers, Mapping) else {}
        for field in fields:
            if field.is_hidden(scope, self.now) or field.kind in {"button", "spacer"}:
                continue
            name = f"{where}.{field.key}" if where and field.key else where or field.key
            if field.kind in {"text", "separator"}:
                yield Question(kind=field.kind, name="", paragraphs=field.shown_text(scope, self.now).split("\n"))
            elif field.kind == "group":
                yield self._group(field, given, scope, name)
            elif field.kind == "dynamiclist":
                yield self._list(field, given.get(field.key), scope, name)
            else:
                yield self._leaf(field, given.get(field.key), scope, name)

    def _group(self, field: Field, given: Mapping[str, Any], scope: Scope, name: str) -> Question:
        answers = given.get(field.key) if field.key else given
        inner = _inner_scope(field.fields, answers, scope) if field.key else scope
        questions = list(self.level(field.fields, answers, inner, name))
        problem = self._problem(field, name)
        return Question(
            kind="group", name=name, label=field.label, description=field.description, questions=questions, problem=problem
        )

    def _list(self, field: Field, answers: Any, scope: Scope, name: str) -> Question:
        listed = list(answers) if isinstance(answers, list) else []
        least, most, empty = field.rows
        listed += [{}] * max(0, least - len(listed), empty if not listed else 0)
        rows = []
        for number, row in enumerate(listed):
            inner = _inner_scope(field.fields, row, scope, i=[number + 1])
            questions = list(self.level(field.fields, row, inner, f"{name}.{number}"))
            may_go = len(listed) > max(least, 1)
            rows.append(Row(name=f"{name}.{number}", number=number + 1, questions=questions, may_go=may_go))
        return Question(
            kind="dynamiclist",
            name=name,
            label=field.label,
            description=field.description,
            rows=rows,
            may_add=len(rows) < most,
            problem=self._problem(field, name),
            readings=self._readings(field, scope),
        )

    def _leaf(self, field: Field, answer: Any, scope: Scope, name: str) -> Question:
        value = _written(field, answer)
        options = self._options(field, answer, scope)
        return Question(
            kind=_kind(field, options),
            name=name,
            label=field.label,
            description=field.description,
            hint=field.hint or (say_file_rule(field.files) if field.kind == "filepicker" else ""),
            value=value,
            input_type=_input_type(field, value),
            is_required=holds(field.limits.required, scope, self.now),
            is_locked=holds(field.locked, scope, self.now),
            refreshes=field.key in self.watched or f"{name.partition('.')[0]}.{field.key}" in self.watched,
            problem=self._problem(field, name),
            advice=advice_on(field, name, scope, self.now),
            options=options,
            attributes=self._attributes(field, scope),
            files=_files(field, answer),
            readings=self._readings(field, scope),
            width=_width(field),
        )

    def _problem(self, field: Field, name: str) -> Problem | None:
        return self.problems.get(name) if field.key else None

    def _options(self, field: Field, answer: Any, scope: Scope) -> list[Option]:
        if field.choices is None:
            return []
        many = field.kind in MANY_CHOICE_KINDS and isinstance(answer, list)
        chosen = {_text(each) for each in answer} if many else {_text(answer)}
        listed = field.choices.listed(scope, self.now) or ()
        return [Option(value=_text(each.value), label=each.label, is_chosen=_text(each.value) in chosen) for each in listed]

    def _readings(self, field: Field, scope: Scope) -> list[Reading]:
        shown = feel.to_json(field.shows.evaluate(scope, now=self.now)) if field.shows is not None else None
        rows = shown if isinstance(shown, list) else [shown]
        return [_reading(row) for row in rows if isinstance(row, Mapping)]

    def _attributes(self, field: Field, scope: Scope) -> dict[str, str]:
        limits = field.limits
        attributes: dict[str, str] = {}
        most = self._limit(limits.most_length, scope)
        if field.kind == "textarea" and most:
            attributes["data-limit"] = most
        if limits.text_format:
            attributes["autocomplete"] = "off"
        if field.kind == "number":
            attributes["inputmode"] = "numeric" if limits.decimals == 0 else "decimal"
        if field.kind == "filepicker":
            attributes |= size_attributes(field.files)
        if field.kind == "filepicker" and field.files:
            attributes["accept"] = ",".join(field.files.accept)
            attributes |= {"multiple": "multiple"} if field.files.most_files > 1 else {}
        return attributes

    def _limit(self, limit: Limit, scope: Scope) -> str:
        value = feel.to_json(limit.evaluate(scope, now=self.now)) if isinstance(limit, feel.Expression) else limit
        return "" if value is None else str(value)


def _reading(row: Mapping[str, Any]) -> Reading:
    texts = row.get("text") or {}
    text = str(texts.get(language()) or texts.get("en") or "") if isinstance(texts, Mapping) else str(texts)
    return Reading(title=str(row.get("label") or ""), version=int(row.get("version") or 1), lines=text.split("\n"))


def _inner_scope(fields: tuple[Field, ...], answers: Any, scope: Scope, **more: Any) -> dict[str, Any]:
    draft = draft_answers(fields, answers, scope)
    return {**scope, **draft, "this": draft, "parent": scope, **more}


def _kind(field: Field, options: Sequence[Option]) -> str:
    """Choose how options are shown: few one below the other, many in a box."""
    if field.kind in MANY_CHOICE_KINDS:
        return "checklist"
    return "select" if field.kind == "radio" and len(options) > FEW_CHOICES else field.kind


def _width(field: Field) -> str:
    return "third" if field.columns <= THIRD else "half" if field.columns <= HALF else ""


def _files(field: Field, answer: Any) -> list[Mapping[str, Any]]:
    listed = answer if field.kind == "filepicker" and isinstance(answer, list) else []
    return [each for each in listed if isinstance(each, Mapping)]


def _written(field: Field, answer: Any) -> str:
    text = _text(answer)
    if field.kind == "datetime" and _INPUT_SHAPES[field.subtype].match(text):
        return text[: _LENGTHS[field.subtype]]
    return text


def _input_type(field: Field, value: str) -> str:
    """Choose the type of an input. What is no date stays visible as the text that it is."""
    if field.kind == "datetime":
        fits = not value or _INPUT_SHAPES[field.subtype].fullmatch(value)
        return _INPUT_TYPES[field.subtype] if fits else "text"
    return {"email": "email", "phone": "tel"}.get(field.limits.text_format, "text")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | Mapping) or value is None:
        return ""
    return str(value)
