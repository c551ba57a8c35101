"""A form: what it asks, page by page, and what its answers are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.errors import AnswersInvalid, SafeconductError
from workflows.forms.answering import Reading, read_level
from workflows.forms.drafts import draft_answers
from workflows.forms.fields import MANY_CHOICE_KINDS, Field, asked
from workflows.forms.showing import show_again


class PageUnknown(SafeconductError):
    """This form has no page called {step}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of a stepwise form, or the whole of another form (then `step` is empty)."""

    step: str
    title: str
    fields: tuple[Field, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the answers that this page asks for."""
        return tuple(field.key for field in asked(self.fields))


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form as written by its owner.

    Attributes:
        name: The file, for people to find it again.
        fields: The tree of components, in order.
        steps: The order of pages where the form says one; else they come as they are written.
    """

    id: str
    name: str
    fields: tuple[Field, ...]
    steps: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the answers, top level only."""
        return tuple(field.key for field in asked(self.fields))

    def find_field(self, where: str) -> Field | None:
        """Find the field of a place such as "stops.0.area"; None when the form has none there."""
        fields, found = self.fields, None
        for part in where.split("."):
            if part.isdigit() and found is not None:
                continue
            found = next((field for field in asked(fields) if field.key == part), None)
            if found is None:
                return None
            fields = found.fields
        return found

    def pages(self, variables: Mapping[str, Any] | None = None, *, now: datetime | None = None) -> tuple[Page, ...]:
        """Return the pages in order; one without a step when the form is not stepwise.

        Args:
            variables: With them (and `now`), pages that their conditions hide are left out.
        """
        groups = [field for field in self.fields if field.step]
        if not groups:
            return (Page(step="", title="", fields=self.fields),)
        shown = groups
        if variables is not None and now is not None:
            shown = [group for group in groups if not group.is_hidden(variables, now)]
        order = dict.fromkeys([*self.steps, *(group.step for group in groups)])
        pages = ((step, tuple(group for group in shown if group.step == step)) for step in order)
        return tuple(Page(step=step, title=fields[0].label, fields=fields) for step, fields in pages if fields)

    def read_answers(
        self,
        raw: Mapping[str, Any],
        variables: Mapping[str, Any],
        *,
        now: datetime,
        files: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """Check all answers and return them typed, with every key that is asked now.

        What is not answered is None; False for a checkbox; an empty list for many choices, lists and files.

        Args:
            raw: Nested; leaves are texts from a page or JSON values.
            variables: What the case knows; `options` holds the options of registers.
            files: The attachments that this person may refer to, by id; None takes references as they come.

        Raises:
            AnswersInvalid: With a problem per place.
        """
        return _read(self.fields, raw, Reading(known=variables, now=now, files=files, problems=[]))

    def read_page(
        self,
        step: str,
        raw: Mapping[str, Any],
        variables: Mapping[str, Any],
        *,
        now: datetime,
        files: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """Check the answers of one page only; earlier answers count as variables when the caller adds them there.

        Raises:
            AnswersInvalid: As for `read_answers`.
            PageUnknown: There is no such page.
        """
        page = next((page for page in self.pages() if page.step == step), None)
        if page is None:
            raise PageUnknown(step=step)
        return _read(page.fields, raw, Reading(known=variables, now=now, files=files, problems=[]))

    def default_answers(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows before anybody answers: what the case knows already, else the form's own defaults."""
        return dict(_defaults(self.fields, variables))

    def show_again(self, raw: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was typed as the form shows it again: with what the case knows in the fields that nobody is asked for."""
        return show_again(self.fields, raw, self.default_answers(variables))


EMPTY = Form(id="", name="", fields=())
"""The form of a task that asks nothing: whatever is sent for it is refused."""


def _read(fields: tuple[Field, ...], raw: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    # Conditions see the answers as far as they can be understood, even where others are still wrong.
    scope = {**reading.known, **draft_answers(fields, raw, reading.known)}
    answers = read_level(fields, raw, scope, "", reading)
    if reading.problems:
        raise AnswersInvalid(reading.problems)
    return answers


def _defaults(fields: tuple[Field, ...], known: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for field in asked(fields):
        yield field.key, _default(field, known.get(field.key))


def _default(field: Field, known: Any) -> Any:
    if field.kind == "group":
        return dict(_defaults(field.fields, known if isinstance(known, Mapping) else {}))
    if field.kind == "dynamiclist":
        rows = [row for row in known if isinstance(row, Mapping)] if isinstance(known, list) else []
        rows += [{}] * max(0, field.rows[2] - len(rows) if not rows else field.rows[0] - len(rows))
        return [dict(_defaults(field.fields, row)) for row in rows]
    if known is not None:
        return known
    if field.default is not None:
        return field.default
    if field.kind == "checkbox":
        return False
    return [] if field.kind in MANY_CHOICE_KINDS | {"filepicker"} else None
