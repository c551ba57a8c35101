"""The parts of a draft in words: how far each is, what was answered in it, where a problem is mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from webapp.i18n import say
from webapp.presenters.answers import Group, summarise
from webapp.presenters.requests import DraftPage
from webapp.presenters.steps import Step, say_progress
from webapp.presenters.words import Word
from webapp.speech import gettext
from workflows.errors import Problem


@dataclass(frozen=True, kw_only=True)
class ListedStep:
    """A part in the list of parts."""

    number: int
    title: str
    word: Word


@dataclass(frozen=True, kw_only=True)
class CheckedStep:
    """A part on the page where everything is checked."""

    number: int
    title: str
    groups: list[Group]


@dataclass(frozen=True, kw_only=True)
class BothWindows:
    """A question that two windows answered differently."""

    name: str
    other: Markup | None
    this: Markup | None


@dataclass(frozen=True, kw_only=True)
class LinkedProblem:
    """A problem with the page on which it can be mended."""

    sentence: str
    address: str


def say_repeated(page: DraftPage, number: str) -> str:
    """Say what a draft made of an earlier request still needs."""
    parts = [step.title for step in page.steps if step.problems_among(page.problems)]
    said = gettext("Copied from {number}, without dates, files and confirmations.").format(number=number)
    return f"{said} " + gettext("Fill in: {parts}.").format(parts="; ".join(parts)) if parts else said


def list_steps(page: DraftPage) -> list[ListedStep]:
    """List the parts, each with how far it is."""
    return [
        ListedStep(number=step.number, title=step.title, word=say_progress(step, page.answers, page.first, page.problems))
        for step in page.steps
    ]


def check_steps(page: DraftPage) -> list[CheckedStep]:
    """List the parts with everything that was answered in them."""
    return [
        CheckedStep(
            number=step.number, title=step.title, groups=summarise(step.fields, page.answers, scope=page.scope, now=page.now)
        )
        for step in page.steps
    ]


def compare_windows(page: DraftPage, step: Step, saved: Mapping[str, Any]) -> list[BothWindows]:
    """List what two windows answered differently in one part."""
    typed, other = (_say_answers(page, step, answers) for answers in (page.answers, saved))
    names = (name for name in dict.fromkeys([*typed, *other]) if typed.get(name) != other.get(name))
    return [BothWindows(name=": ".join(filter(None, name)), other=other.get(name), this=typed.get(name)) for name in names]


def _say_answers(page: DraftPage, step: Step, answers: Mapping[str, Any]) -> dict[tuple[str, str], Markup]:
    groups = summarise(step.fields, answers, scope=page.scope, now=page.now)
    return {(group.title, row.name): row.value for group in groups for row in group.rows}


def link_problems(page: DraftPage, problems: Iterable[Problem]) -> list[LinkedProblem]:
    """Say every problem with a link to the page on which it can be mended."""
    return [LinkedProblem(sentence=say(problem), address=_address_of(page, problem)) for problem in problems]


def _address_of(page: DraftPage, problem: Problem) -> str:
    step = next((step for step in page.steps if step.problems_among([problem])), None)
    if step is None:
        return url_for("requests.draft", draft_id=page.draft_id)
    return url_for("requests.step", draft_id=page.draft_id, number=step.number, checked="yes")
