"""The pages on which a request is made: the list of parts, one part, check and send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from services import attachments, audit, cases, definitions, drafts, registers
from services.errors import DraftChanged, NotFound
from services.models.cases import RequestDraft
from services.models.definitions import ProcessVersion
from services.people import Actor
from services.process_drafts.publishing import CHANGE
from webapp import rows
from webapp.i18n import say
from webapp.presenters.answers import Group, summarise
from webapp.presenters.moments import show_moment
from webapp.presenters.steps import Step, list_parts, say_progress
from webapp.presenters.texts import Texts
from webapp.presenters.words import Word
from webapp.speech import gettext
from webapp.uploads import take_files
from workflows import forms
from workflows.errors import AnswersInvalid, Problem
from workflows.forms.drafts import draft_answers


@dataclass(frozen=True, kw_only=True)
class Requestable:
    """A process that the reader may start."""

    key: str
    title: str
    about: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a request will ask for, before anything is kept."""

    process: Requestable
    titles: list[str]
    first_answers: Mapping[str, Any]


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
        problems: What is wrong with files that came along.
        anchor: Where on the page to go on, when a row came or went.
    """

    page: DraftPage
    conflict: DraftChanged | None = None
    problems: Sequence[Problem] = ()
    anchor: str = ""


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
class LinkedProblem:
    """A problem with the page on which it can be mended."""

    sentence: str
    address: str


def list_requestable(session: Session, *, actor: Actor, now: datetime) -> list[Requestable]:
    """List the processes that the actor may start, by title."""
    # A change of a process is asked for in the studio, where its draft is.
    versions = [version for version in definitions.list_current_versions(session) if version.key != CHANGE]
    return [_requestable(session, version) for version in versions if cases.may_start(session, version, actor=actor, now=now)]


def preview_request(session: Session, key: str, *, actor: Actor, now: datetime) -> Preview:
    """Say what a request for a process asks for.

    Raises:
        NotFound: There is no such process.
        NotYourRole: The actor may not start it.
    """
    version = definitions.current_version(session, key)
    cases.ensure_may_start(session, version, actor=actor, now=now)
    form = _start_form(session, version)
    first = form.default_answers({"requester": actor.person})
    return Preview(
        process=_requestable(session, version),
        titles=[step.title for step in list_parts(form, first, now=now)],
        first_answers=first,
    )


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
        return Kept(page=replace(page, answers=answers), conflict=conflict)
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


def link_problems(page: DraftPage, problems: Iterable[Problem]) -> list[LinkedProblem]:
    """Say every problem with a link to the page on which it can be mended."""
    return [LinkedProblem(sentence=say(problem), address=_address_of(page, problem)) for problem in problems]


def _address_of(page: DraftPage, problem: Problem) -> str:
    step = next((step for step in page.steps if step.problems_among([problem])), None)
    if step is None:
        return url_for("requests.draft", draft_id=page.draft_id)
    return url_for("requests.step", draft_id=page.draft_id, number=step.number, checked="yes")


def _requestable(session: Session, version: ProcessVersion) -> Requestable:
    texts = Texts.of(definitions.get_package(session, version.id))
    return Requestable(key=version.key, title=texts.title(version.title), about=texts.about())


def _start_form(session: Session, version: ProcessVersion) -> forms.Form:
    package = definitions.get_package(session, version.id)
    name = package.manifest.start_form
    return Texts.of(package).form(package.forms[name] if name else forms.EMPTY)


def _page_of(session: Session, draft: RequestDraft, *, now: datetime) -> DraftPage:
    version = definitions.current_version(session, draft.process_key)
    form = _start_form(session, version)
    known = {"options": registers.options_for(session, form, now=now), "requester": draft.person}
    named = forms.named_files(form.fields, draft.answers)
    files = attachments.references_for(session, named, person=draft.person)
    # Conditions look at answers on other pages as well, and see them typed as far as they can be understood.
    scope = {**known, **draft_answers(form.fields, draft.answers, known)}
    return DraftPage(
        draft_id=draft.id,
        process=draft.process_key,
        title=_requestable(session, version).title,
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
