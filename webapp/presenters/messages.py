"""What a reader can do with a case besides its tasks: withdraw, change, check in. Each is a message that it waits for.

The event that catches a message says in the property `ask.form` which form asks for what it carries. What the usual messages are
called stands here; any other is called as its event is, so that a new process needs nothing but its folder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from services import attachments, cases, definitions, registers
from services.cases import CaseView
from services.errors import MessageNotExpected, NotFound
from services.models.cases import OPEN
from services.people import Actor
from webapp.presenters.changes import ChangesPage, show_amendment
from webapp.presenters.moments import say_subject
from webapp.presenters.texts import Texts
from webapp.presenters.waiting import list_catching
from webapp.speech import gettext
from workflows import forms
from workflows.diagrams import Element
from workflows.packages import Package

FORM = "ask.form"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A message that a requester may send.

    Attributes:
        keys: The answers that it carries; where its event names no form, the form of the process that asks for them is its
            form. A withdrawal asks for its reason only.
    """

    slug: str
    message: str
    keys: frozenset[str] | None
    name: Callable[[], str]
    about: Callable[[], str]
    button: Callable[[], str]
    done: Callable[[], str]


KINDS = (
    Kind(
        slug="check-in",
        message="MSG_CHECKIN",
        keys=frozenset({"kind", "at", "safe"}),
        name=lambda: gettext("Check in"),
        about=lambda: gettext("Say where you are. It tells the security team in the area that you are safe."),
        button=lambda: gettext("Send check-in"),
        done=lambda: gettext("Your check-in was recorded."),
    ),
    Kind(
        slug="change",
        message="MSG_AMEND",
        keys=frozenset({"changes"}),
        name=lambda: gettext("Change"),
        about=lambda: gettext("Say what changes in your trip. What is not touched by the change keeps its clearance."),
        button=lambda: gettext("Send change"),
        done=lambda: gettext("Your change was sent. The page below says what it means."),
    ),
    Kind(
        slug="withdraw",
        message="MSG_WITHDRAW",
        keys=frozenset({"reason"}),
        name=lambda: gettext("Withdraw"),
        about=lambda: gettext(
            "Nobody decides on the request any more, and a certificate that was issued becomes void. This cannot be undone."
        ),
        button=lambda: gettext("Withdraw the request"),
        done=lambda: gettext("The request was withdrawn."),
    ),
    Kind(
        slug="withdraw-draft",
        message="MSG_WITHDRAW_ASSESSMENT",
        keys=frozenset({"reason"}),
        name=lambda: gettext("Withdraw"),
        about=lambda: gettext(
            "Nobody comments or decides on the draft any more. What is in force stays so. This cannot be undone."
        ),
        button=lambda: gettext("Withdraw the draft"),
        done=lambda: gettext("The draft was withdrawn."),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something the reader can do, as a link."""

    name: str
    address: str
    is_primary: bool


@dataclass(frozen=True, kw_only=True)
class MessagePage:
    """The page on which a message is written."""

    kind: Kind
    case_id: str
    number: str
    subject: str
    form: forms.Form
    answers: Mapping[str, Any]
    scope: Mapping[str, Any]
    event: Element

    @property
    def is_checked(self) -> bool:
        """Whether what it changes is shown before it is sent."""
        return cases.PREVIEW in self.event.properties


def list_acts(view: CaseView, package: Package, *, tasks: Collection[str]) -> list[Act]:
    """List what the reader can do: open tasks first, then messages that the process waits for.

    Args:
        tasks: Ids of the open tasks that the reader may act on.
    """
    acts = [
        Act(
            name=_name_of(stage.element, stage.name, package),
            address=url_for("tasks.show", task_id=stage.task_id),
            is_primary=True,
        )
        for stage in view.stages
        if stage.task_id in tasks
    ]
    if not view.is_party or view.case.state != OPEN:
        return acts
    return acts + [
        Act(name=kind.name(), address=url_for("cases.message", number=view.case.number, slug=kind.slug), is_primary=False)
        for kind in list_kinds(view, package)
    ]


def list_kinds(view: CaseView, package: Package) -> list[Kind]:
    """List the messages that the case waits for and that a person may send: the usual ones first."""
    caught = list_catching(package.diagrams, view.marks)
    usual = [kind for kind in KINDS if kind.message in caught and _find_form(kind, caught[kind.message], package) is not None]
    known = {kind.message for kind in KINDS}
    declared = [
        _declared(name, event, package)
        for name, event in sorted(caught.items())
        if name not in known and FORM in event.properties
    ]
    return usual + declared


def _declared(name: str, event: Element, package: Package) -> Kind:
    said = Texts.of(package).element(event.id, event.name) or name
    return Kind(
        slug=name.lower().removeprefix("msg_").replace("_", "-"),
        message=name,
        keys=None,
        name=lambda: said,
        about=lambda: event.documentation,
        button=lambda: gettext("Send"),
        done=lambda: gettext("It was sent. The page below says what it means."),
    )


def _name_of(element: str, name: str, package: Package) -> str:
    return Texts.of(package).element(element, name)


def _find_form(kind: Kind, event: Element, package: Package) -> forms.Form | None:
    named = event.properties.get(FORM)
    if named is not None:
        return package.forms.get(named)
    if kind.slug.startswith("withdraw"):
        return _reason_form()
    return next((form for _, form in sorted(package.forms.items()) if kind.keys and kind.keys <= set(form.keys)), None)


def _reason_form() -> forms.Form:
    """Ask only why: it is the same for every process."""
    limits = forms.Limits(required=True, most_length=1000)
    reason = forms.Field(
        kind="textarea", id="reason", key="reason", label=gettext("Why do you withdraw the request?"), limits=limits
    )
    return forms.Form(id="withdraw", name="withdraw", fields=(reason,))


def get_message_page(session: Session, view: CaseView, slug: str, *, now: datetime) -> MessagePage:
    """Prepare the page of a message.

    Raises:
        NotFound: There is no such message, or it is not the reader's case.
        MessageNotExpected: The process does not wait for it now.
    """
    package = definitions.get_package(session, view.case.version_id)
    kind = next((kind for kind in [*list_kinds(view, package), *KINDS] if kind.slug == slug), None)
    if kind is None or not view.is_party:
        raise NotFound
    event = list_catching(package.diagrams, view.marks).get(kind.message)
    asked = _find_form(kind, event, package) if event is not None else None
    if view.case.state != OPEN or event is None or asked is None:
        raise MessageNotExpected
    form = Texts.of(package).form(asked)
    return MessagePage(
        kind=kind,
        case_id=view.case.id,
        number=view.case.number,
        subject=say_subject(view.case.subject),
        form=form,
        answers=form.default_answers({}),
        scope={**view.variables, "options": registers.options_for(session, form, now=now)},
        event=event,
    )


def preview(session: Session, page: MessagePage, typed: Mapping[str, Any], *, actor: Actor, now: datetime) -> ChangesPage:
    """Say what was typed would change, and what that means, before it is sent.

    Raises:
        AnswersInvalid: The form is not filled in as asked.
        OperationFailed: It cannot be worked out.
    """
    case = cases.get_case(session, page.case_id)
    amendment = cases.preview_message(session, case, page.event, _read(session, page, typed, actor, now), actor=actor, now=now)
    return show_amendment(session, definitions.get_package(session, case.version_id), amendment)


def _read(session: Session, page: MessagePage, typed: Mapping[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    named = forms.named_files(page.form.fields, typed)
    files = attachments.references_for(session, named, person=actor.person)
    return page.form.read_answers(typed, page.scope, now=now, files=files)


def send(
    session: Session, page: MessagePage, typed: Mapping[str, Any], *, actor: Actor, now: datetime, idempotency_key: str | None
) -> None:
    """Check what was typed and send the message to the case.

    Raises:
        AnswersInvalid: The form is not filled in as asked.
        MessageNotExpected: The process no longer waits for it.
    """
    answers = _read(session, page, typed, actor, now)
    payload = {**answers, "withdrawn_by": actor.person} if page.kind.slug.startswith("withdraw") else answers
    case = cases.get_case(session, page.case_id)
    amendment = cases.preview_message(session, case, page.event, answers, actor=actor, now=now)
    cases.send_message(
        session,
        page.kind.message,
        page.number,
        payload,
        actor=actor,
        now=now,
        idempotency_key=idempotency_key,
        facts=amendment.facts,
    )
