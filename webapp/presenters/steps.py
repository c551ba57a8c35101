"""A long form as a list of parts, one page each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.presenters.words import Word, word
from webapp.speech import gettext
from workflows.errors import Problem
from workflows.forms import Field, Form
from workflows.forms.fields import STATIC_KINDS
from workflows.forms.leaves import is_blank


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of a form.

    Attributes:
        number: As a person counts it, from 1; it stays the same when a page before it is hidden.
        keys: The names of the answers that this page asks for.
    """

    number: int
    title: str
    fields: tuple[Field, ...]
    keys: frozenset[str]

    def problems_among(self, problems: Iterable[Problem]) -> list[Problem]:
        """Pick the problems that the reader can mend on this page."""
        return [problem for problem in problems if problem.where.split(".")[0] in self.keys]


def list_parts(form: Form, scope: Mapping[str, Any], *, now: datetime) -> list[Step]:
    """List the pages of a form that ask something with the answers so far."""
    pages = enumerate(form.pages(), start=1)
    steps = (
        Step(
            number=number, title=page.title or gettext("Your request"), fields=_unwrapped(page.fields), keys=frozenset(page.keys)
        )
        for number, page in pages
    )
    return [
        step for step in steps if any(not field.is_hidden(scope, now) and field.kind not in STATIC_KINDS for field in step.fields)
    ]


def _unwrapped(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """A group that is the whole page says its name as the page's heading, and not once more."""
    return fields[0].fields if len(fields) == 1 and fields[0].kind == "group" and not fields[0].key else fields


def say_progress(step: Step, answers: Mapping[str, Any], first: Mapping[str, Any], problems: Iterable[Problem]) -> Word:
    """Say how far a page is: not started, in progress, or done.

    Args:
        first: What the form starts with, which is nobody's answer yet.
    """
    if step.keys and all(is_blank(answers.get(key)) or answers.get(key) == first.get(key) for key in step.keys):
        return word(gettext("Not started"), "closed")
    if step.problems_among(problems):
        return word(gettext("In progress"), "yours")
    return word(gettext("Done"), "good")
