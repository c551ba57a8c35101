"""A draft of a request: read beside its form, kept part by part, sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from services import attachments, audit, authority, cases, definitions, drafts, registers
from services.errors import DraftChanged, NotFound
from services.models.cases import RequestDraft
from services.people import Actor
from webapp import rows
from webapp.presenters.moments import show_moment
from webapp.presenters.options import speak_options
from webapp.presenters.requestable import describe_requestable, get_start_form
from webapp.presenters.steps import Step, list_parts, say_progress
from webapp.speech import gettext
from webapp.uploads import take_files
from workflows import forms
from workflows.errors import AnswersInvalid, Problem
from workflows.forms.drafts import draft_answers


@dataclass(frozen=True, kw_only=True)
class DraftPage:
    """A draft, ready to be shown on any of its pages.

    Attributes:
        first: What the form starts with.
        scope: What options and conditions of the form look at besides the answers.
        problems: Everything that keeps the draft from being sent as it is.
    """

    draft_id: str
    process: str
    title: str
    revision: int
    answers: Mapping[str, Any]
    first: Mapping[str, Any]
    steps: list[Step]
    scope: Mapping[str, Any]
    problems: list[Problem]
    saved_at: datetime
    now: datetime

    @property
    def saved(self) -> Markup:
        """When it was saved, in words."""
        return escape(gettext("Saved {moment}")).format(moment=show_moment(self.saved_at, now=self.now))

    @property
    def steps_done(self) -> int:
        """How many parts need nothing more."""
        return sum(say_progress(step, self.answers, self.first, self.problems).tone == "good" for step in self.steps)

    def step(self, number: int) -> Step:
        """Find a part by its number.

        Raises:
            NotFound: The form has no such part with the answers so far.
        """
        found = next((step for step in self.steps if step.number == number), None)
        if found is None:
            raise NotFound
        return found

    def address_after(self, number: int, *, onward: str) -> str:
        """Say where to go from a part that is in order: to the next one, to the list, or at the end to the check page."""
        following = next((step for step in self.steps if step.number > number), None)
        if onward == "list":
            return url_for("requests.draft", draft_id=self.draft_id)
        if following is None or onward == "check":
            return url_for("requests.check", draft_id=self.draft_id)
        return url_for("requests.step", draft_id=self.draft_id, number=following.number)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What came of keeping one part.

    Attributes:
        page: The draft as it is now; after a conflict, with what was typed in this window.
        conflict: Another window was quicker.
        saved: After a conflict, the answers that the other window saved.
        problems: What is wrong with files that came along.
        anchor: Where on the page to go on, when a row came or went.
    """

    page: DraftPage
    conflict: DraftChanged | None = None
    saved: Mapping[str, Any] | None = None
    problems: Sequence[Problem] = ()
    anchor: str = ""


def get_draft_page(session: Session, draft_id: str, *, actor: Actor, now: datetime) -> DraftPage:
    """Read a draft of the actor beside the form that it fills in.

    Raises:
        NotFound: There is no such draft of the actor.
    """
    return _page_of(session, drafts.get_draft(session, draft_id, actor=actor), now=now)


def keep_step(
    session: Session,
    draft_id: str,
    number: int,
    posted: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    *,
    revision: int | None,
    actor: Actor,
    now: datetime,
) -> Kept:
    """Keep what one part sent, unchecked: that part's own fields anew, all others as they were.

    When another window saved meanwhile nothing is overwritten; the page then shows what was typed here, and saving it
    again replaces the other.

    Raises:
        NotFound: There is no such draft of the actor, or no such part.
    """
    page = get_draft_page(session, draft_id, actor=actor, now=now)
    step = page.step(number)
    keys = step.keys
    sent = forms.nest((name, value) for name, value in posted.items(multi=True) if name.split(".")[0] in keys)
    anchor = rows.change_rows(sent, posted) if rows.is_asked(posted) else ""
    refused = take_files(session, step.fields, sent, files, actor=actor, now=now)
    answers = {**{name: value for name, value in page.answers.items() if name not in keys}, **sent}
    try:
        draft = drafts.save_draft(session, draft_id, actor=actor, answers=answers, now=now, step=str(number), revision=revision)
    except DraftChanged as conflict:
        return Kept(page=replace(page, answers=answers), conflict=conflict, saved=page.answers)
    return Kept(page=_page_of(session, draft, now=now), problems=refused, anchor=anchor)


def send_draft(session: Session, draft_id: str, *, actor: Actor, now: datetime, idempotency_key: str | None) -> str:
    """Make a case of a draft and give its number. Sent twice under one mark, it is the same case.

    Raises:
        NotFound: There is no such draft of the actor.
        AnswersInvalid: The form is not filled in as asked.
    """
    # At the second time the draft is gone already, so the first answer is looked up before it.
    entry = audit.find_replay(session, actor=actor.person, idempotency_key=idempotency_key) if idempotency_key else None
    if entry is not None:
        return cases.get_case(session, entry.case_id).number
    draft = drafts.get_draft(session, draft_id, actor=actor)
    case = cases.start_case(
        session,
        draft.process_key,
        actor=actor,
        answers=draft.answers,
        now=now,
        draft_id=draft_id,
        idempotency_key=idempotency_key,
    )
    return case.number


def _page_of(session: Session, draft: RequestDraft, *, now: datetime) -> DraftPage:
    version = definitions.current_version(session, draft.process_key)
    form = get_start_form(session, version)
    asker = authority.asker_of(session, draft.person, now)
    known = {"options": speak_options(registers.options_for(session, form, asker=asker, now=now)), "requester": draft.person}
    named = forms.named_files(form.fields, draft.answers)
    files = attachments.references_for(session, named, person=draft.person)
    # Conditions look at answers on other pages as well, and see them typed as far as they can be understood.
    scope = {**known, **draft_answers(form.fields, draft.answers, known)}
    return DraftPage(
        draft_id=draft.id,
        process=draft.process_key,
        title=describe_requestable(session, version).title,
        revision=draft.revision,
        answers=draft.answers,
        first=form.default_answers({"requester": draft.person}),
        steps=list_parts(form, scope, now=now),
        scope=scope,
        problems=_find_problems(form, draft.answers, known, files, now=now),
        saved_at=draft.updated_at,
        now=now,
    )


def _find_problems(
    form: forms.Form, answers: Mapping[str, Any], scope: Mapping[str, Any], files: Mapping[str, Any], *, now: datetime
) -> list[Problem]:
    try:
        form.read_answers(answers, scope, now=now, files=files)
    except AnswersInvalid as refusal:
        return refusal.problems
    return []
