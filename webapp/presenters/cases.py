"""One case as its page shows it: where it is, what it is about, who said what, what the reader can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import agenda, attachments, authority, cases, certificates, definitions, letters, overview, registers
from services.authority import Candidate
from services.cases import CaseView
from services.errors import NotFound
from services.models.cases import INCIDENT, OPEN, Task
from services.people import Actor
from services.registry.of_cases import ChangeOfCase, list_changes_of_case
from services.roles import OWN_ROLES
from webapp.i18n import language
from webapp.presenters.answers import Group, Row, summarise
from webapp.presenters.certificates import say_certificate
from webapp.presenters.changes import VersionLine, list_versions, say_changed
from webapp.presenters.checkins import Report, list_reports
from webapp.presenters.coming import find_usual_times, look_onward
from webapp.presenters.facts import collect_codes, show_named
from webapp.presenters.files import ListedFile, list_files
from webapp.presenters.headcounts import HeadcountList, find_list
from webapp.presenters.history import Entry, list_history
from webapp.presenters.messages import Act, list_acts
from webapp.presenters.moments import Deadline, show_deadline, show_moment
from webapp.presenters.options import speak_options
from webapp.presenters.retention import Kept, say_kept
from webapp.presenters.subjects import name_cases
from webapp.presenters.talk import Said, list_talk
from webapp.presenters.texts import Texts
from webapp.presenters.where import Step, list_where, say_waiting
from webapp.presenters.words import Word, say_status
from webapp.speech import gettext
from workflows import forms
from workflows.packages import Package


@dataclass(frozen=True, kw_only=True)
class ListedCertificate:
    """A certificate of the case, in one line."""

    number: str
    word: Word
    issued: Markup


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """A case, ready to be shown.

    Attributes:
        next: What happens next, as one sentence.
        facts: What was asked for, as far as the reader may see it.
    """

    number: str
    subject: str
    process_title: str
    requester: str
    word: Word
    deadline: Deadline | None
    incident: bool
    acts: list[Act]
    where: list[Step]
    progress: str
    next: str
    facts: list[Group]
    files: list[ListedFile]
    changed: str
    versions: list[VersionLine]
    decisions_only: bool
    may_repeat: bool
    may_add_to_calendar: bool
    talk: list[Said]
    history: list[Entry]
    certificates: list[ListedCertificate]
    has_letter: bool
    headcount: HeadcountList | None
    reports: list[Report]
    has_diagram: bool
    kept: Kept


def read_numbered(session: Session, number: str, *, actor: Actor, now: datetime) -> CaseView:
    """Read a case by its number.

    Raises:
        NotFound: There is no such case for this person.
    """
    case = cases.find_case_by_key(session, number)
    if case is None or case.number != number:
        raise NotFound
    return cases.read_case(session, case.id, actor=actor, now=now)


def get_case_page(session: Session, number: str, *, actor: Actor, now: datetime, decisions_only: bool = False) -> CasePage:
    """Read a case for the person who looks at it.

    Args:
        decisions_only: Leave everything out of the history that decided nothing.

    Raises:
        NotFound: There is no such case for this person.
    """
    view = read_numbered(session, number, actor=actor, now=now)
    package = definitions.get_package(session, view.case.version_id)
    texts = Texts.of(package)
    candidates = {task.id: authority.candidates(session, task, now) for task in view.open_tasks if task.role not in OWN_ROLES}
    places = {stage.area or "" for stage in view.stages} | {each.area or "" for each in view.decisions}
    places |= set(collect_codes(view.variables.get("stops")))
    areas = overview.name_codes(session, places, locale=language())
    zones = overview.zones_of(session, [stage.area for stage in view.stages])
    due = [task.due_at for task in view.open_tasks if task.due_at]
    talk = list_talk(session, view, actor=actor, now=now)
    coming = look_onward(view, texts, package, areas=areas, now=now)
    versions = list_versions(session, package, view.request_versions, now=now)
    register_changes = list_changes_of_case(session, view.case, view.sight, actor=actor, now=now)
    return CasePage(
        number=number,
        subject=name_cases(session, [view.case], {view.case.version_id: texts})[view.case.id] if view.sight.areas is None else "",
        process_title=texts.title(view.version.title),
        requester=view.names.get(view.case.requester, view.case.requester),
        word=say_where_it_stands(view, actor, asked=any(each.answer_address for each in talk)),
        deadline=show_deadline(min(due), now=now) if due else None,
        incident=view.case.state == INCIDENT,
        acts=[
            *_list_questions(talk),
            *list_acts(session, view, package, actor=actor, tasks=_list_actable(view, candidates, actor), now=now),
        ],
        where=list_where(
            view,
            texts,
            candidates=candidates,
            areas=areas,
            zones=zones,
            coming=coming,
            usual=find_usual_times(session, view, now=now),
            now=now,
        ),
        progress=coming.progress,
        next=say_waiting(view, texts, candidates=candidates),
        facts=_list_facts(session, view, package, now=now),
        files=_list_files(session, view, now=now),
        changed=say_changed(view.request_versions),
        versions=versions,
        decisions_only=decisions_only,
        may_repeat=cases.may_repeat(view.case, actor),
        may_add_to_calendar=bool(agenda.list_trips(session, actor=actor, now=now, number=number)),
        talk=talk,
        history=list_history(
            view.history,
            texts,
            now=now,
            versions=versions,
            register_changes=register_changes,
            names=_name_changed(session, register_changes),
            decisions_only=decisions_only,
        ),
        certificates=_list_certificates(session, view, now=now),
        has_letter=letters.has_letter(view),
        headcount=find_list(session, view.case, now=now),
        reports=list_reports(session, actor=actor, now=now, number=number),
        has_diagram=bool(package.diagrams),
        kept=say_kept(session, view, actor=actor, now=now),
    )


def _list_files(session: Session, view: CaseView, *, now: datetime) -> list[ListedFile]:
    if not (view.is_party or attachments.may_open(view.sight)):
        return []
    return list_files(session, view.case.id, now=now, versions=[version.at for version in view.request_versions])


def _name_changed(session: Session, changes: Iterable[ChangeOfCase]) -> dict[str, str]:
    values = [(each.change.before, each.change.after) for each in changes]
    return overview.name_codes(session, collect_codes(values), locale=language())


def _list_actable(view: CaseView, candidates: Mapping[str, list[Candidate]], actor: Actor) -> set[str]:
    named = {task.id for task in view.open_tasks if any(each.person == actor.person for each in candidates.get(task.id, ()))}
    return named | {task.id for task in view.open_tasks if is_yours(task, actor, is_party=view.is_party)}


def _list_questions(talk: list[Said]) -> list[Act]:
    name = gettext("Answer the question")
    return [Act(name=name, address=said.answer_address, is_primary=True) for said in talk if said.answer_address]


def say_where_it_stands(view: CaseView, actor: Actor, *, asked: bool = False) -> Word:
    """Say the status of a case for the person who reads it.

    Args:
        asked: A question to the reader is open.
    """
    yours = [task for task in view.open_tasks if is_yours(task, actor, is_party=view.is_party)]
    return say_status(
        view.case.status,
        state=view.case.state,
        waiting_roles=[task.role for task in view.open_tasks if task.role],
        yours=asked or bool(yours),
        question=asked or any(task.act == "ANSWER" for task in yours),
    )


def is_yours(task: Task, actor: Actor, *, is_party: bool) -> bool:
    """Tell whether an open task is the reader's by name, or as the traveller of the own case."""
    return task.state == OPEN and (
        task.assignee == actor.person or (task.assignee is None and is_party and task.role in OWN_ROLES)
    )


def _list_facts(session: Session, view: CaseView, package: Package, *, now: datetime) -> list[Group]:
    """List what the case is about: the answers of the form that starts it, then those of the form of its content."""
    shown = [name for name in (package.manifest.start_form, package.manifest.content_form) if name]
    names = overview.name_codes(session, collect_codes(view.variables), locale=language())
    return [group for name in shown for group in _list_answers(session, view, package, name, names, now=now)]


def _list_answers(
    session: Session, view: CaseView, package: Package, name: str, names: Mapping[str, str], *, now: datetime
) -> list[Group]:
    form = Texts.of(package).form(package.forms[name])
    scope = {**view.variables, "options": speak_options(registers.options_for(session, form, now=now))}
    groups = summarise(form.fields, _asked(form, view.variables), scope=scope, now=now)
    unticked = gettext("no")
    named = (
        Group(title=group.title, rows=[_named(row, names) for row in group.rows if row.value and row.value != unticked])
        for group in groups
    )
    return [group for group in named if group.rows]


def _asked(form: forms.Form, variables: Mapping[str, Any]) -> dict[str, Any]:
    return {key: variables[key] for key in form.keys if key in variables}


def _named(row: Row, names: Mapping[str, str]) -> Row:
    return Row(name=row.name, value=show_named(str(row.value), names)) if str(row.value) in names else row


def _list_certificates(session: Session, view: CaseView, *, now: datetime) -> list[ListedCertificate]:
    listed = certificates.list_certificates(session, view.case.id) if view.sight.areas is None else []
    return [
        ListedCertificate(
            number=certificate.number,
            word=say_certificate(certificate.status),
            issued=escape(gettext("issued {moment}")).format(moment=show_moment(certificate.issued_at, now=now)),
        )
        for certificate in listed
    ]
