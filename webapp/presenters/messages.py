"""What a reader can do with a case besides its tasks: withdraw, change, check in, revoke. Each is a message that it waits for.

The event that catches a message says in the property `ask.form` which form asks for what it carries. What the usual messages are
called stands here; any other is called as its event is, so that a new process needs nothing but its folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from services import attachments, authority, cases, definitions, overview, registers
from services.cases import CaseView
from services.errors import MessageNotExpected, NotFound
from services.models.cases import OPEN
from services.people import Actor
from services.proof import asks_for_proof, is_proved
from webapp.i18n import language
from webapp.presenters.changes import ChangesPage, show_amendment
from webapp.presenters.message_kinds import KINDS, Kind
from webapp.presenters.options import speak_options
from webapp.presenters.subjects import name_cases
from webapp.presenters.texts import Texts
from webapp.presenters.waiting import list_catching
from webapp.speech import comma, gettext
from workflows import feel, forms
from workflows.diagrams import Element
from workflows.packages import ASK_FORM, ASK_WHEN, Package


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
    asks_for_password: bool

    @property
    def is_checked(self) -> bool:
        """Whether what it changes is shown before it is sent."""
        return cases.PREVIEW in self.event.properties


def list_acts(
    session: Session, view: CaseView, package: Package, *, actor: Actor, tasks: Collection[str], now: datetime
) -> list[Act]:
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
    caught = list_offered(view, package, now) if view.case.state == OPEN else {}
    return acts + [
        Act(name=kind.name(), address=url_for("cases.message", number=view.case.number, slug=kind.slug), is_primary=False)
        for kind in list_kinds(caught, package)
        if _may_send(session, view, caught[kind.message], actor=actor, now=now)
    ]


def _may_send(session: Session, view: CaseView, event: Element, *, actor: Actor, now: datetime) -> bool:
    rows = _rows_for(session, view, event, actor=actor, now=now)
    return view.is_party if rows is None else bool(rows)


def _rows_for(session: Session, view: CaseView, event: Element, *, actor: Actor, now: datetime) -> list[Any] | None:
    """Return what an official may send the message about; None for one that the parties send."""
    if not cases.is_for_officials(event):
        return None
    return list(cases.list_rows(session, view.case, event, view.variables, actor=actor, now=now))


def list_offered(view: CaseView, package: Package, now: datetime) -> dict[str, Element]:
    """List the events of the messages that the case waits for and that its process offers now."""
    caught = list_catching(package.diagrams, view.marks)
    return {name: event for name, event in caught.items() if _is_offered(event, view.variables, now)}


def _is_offered(event: Element, known: Mapping[str, Any], now: datetime) -> bool:
    asked = event.properties.get(ASK_WHEN)
    return asked is None or feel.parse(asked.removeprefix("=")).evaluate(known, now=now) is True


def list_kinds(caught: Mapping[str, Element], package: Package) -> list[Kind]:
    """List the messages that are offered and that a person may send: the usual ones first."""
    usual = [kind for kind in KINDS if kind.message in caught and _find_form(kind, caught[kind.message], package) is not None]
    known = {kind.message for kind in KINDS}
    declared = [
        _declared(name, event, package)
        for name, event in sorted(caught.items())
        if name not in known and ASK_FORM in event.properties
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
    named = event.properties.get(ASK_FORM)
    if named is not None:
        return package.forms.get(named)
    if kind.slug.startswith("withdraw"):
        return cases.withdrawal_form(gettext("Why do you withdraw the request?"))
    return next((form for _, form in sorted(package.forms.items()) if kind.keys and kind.keys <= set(form.keys)), None)


def get_message_page(session: Session, view: CaseView, slug: str, *, actor: Actor, now: datetime) -> MessagePage:
    """Prepare the page of a message.

    Raises:
        NotFound: There is no such message, or it is not the reader's to send.
        MessageNotExpected: The process does not wait for it now.
    """
    package = definitions.get_package(session, view.case.version_id)
    caught = list_offered(view, package, now)
    kind = next((kind for kind in [*list_kinds(caught, package), *KINDS] if kind.slug == slug), None)
    if kind is None:
        raise NotFound
    event = caught.get(kind.message)
    rows = _rows_for(session, view, event, actor=actor, now=now) if event is not None else None
    if not view.is_party and (event is None or rows is None or not cases.is_for_role_of(session, event, actor=actor, now=now)):
        raise NotFound
    asked = _find_form(kind, event, package) if event is not None else None
    if view.case.state != OPEN or event is None or asked is None or rows == []:
        raise MessageNotExpected
    texts = Texts.of(package)
    form, asker = texts.form(asked), authority.asker_of(session, actor.person, now)
    return MessagePage(
        kind=kind,
        case_id=view.case.id,
        number=view.case.number,
        subject=name_cases(session, [view.case], {view.case.version_id: texts})[view.case.id],
        form=form,
        answers=form.default_answers({}),
        scope={
            **view.variables,
            "rows": _name_rows(session, rows or ()),
            "options": speak_options(registers.options_for(session, form, asker=asker, now=now)),
        },
        event=event,
        asks_for_password=asks_for_proof(event.properties) and not is_proved(actor, now),
    )


def _name_rows(session: Session, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give rows the names of their areas and persons, which stand in them by code."""
    rows = list(rows)
    persons = {row["key"]: row.get("persons") or [] for row in rows}
    codes = {row["area"] for row in rows} | {code for each in persons.values() for code in each}
    names = {code: code for code in codes} | overview.name_codes(session, codes, locale=language())
    return [
        {**row, "area_name": names[row["area"]], "who": comma().join(names[code] for code in persons[row["key"]])} for row in rows
    ]


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
    case = cases.get_case(session, page.case_id)
    amendment = cases.preview_message(session, case, page.event, answers, actor=actor, now=now)
    cases.send_message(
        session,
        page.kind.message,
        page.number,
        answers,
        actor=actor,
        now=now,
        idempotency_key=idempotency_key,
        facts=amendment.facts,
    )
