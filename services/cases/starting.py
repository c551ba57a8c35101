"""Starting a case: from a filled-in request to the first wait state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import attachments, audit, authority, definitions, drafts, numbers, registers
from services.cases.hosting import OperationHost
from services.cases.incidents import close_for_draft
from services.cases.loading import get_case, root_variables
from services.errors import AlreadyOpen, IdempotencyMismatch, NotYourRole, told_of
from services.models.base import new_id
from services.models.cases import OPEN, Case, CaseParty
from services.models.definitions import ProcessVersion
from services.models.people import Person
from services.people import SYSTEM, Actor
from services.progress import Act, store_run
from services.waiting import is_open
from workflows import engine, feel, forms
from workflows.packages import Package

EVERYBODY = "TRV"
LONGEST_KEY = 120
NO_FORM = forms.Form(id="", name="", fields=())


def start_case(
    session: Session,
    key: str,
    *,
    actor: Actor,
    answers: Mapping[str, Any],
    now: datetime,
    draft_id: str | None = None,
    idempotency_key: str | None = None,
) -> Case:
    """Start a case of the newest version of a process, for the actor.

    Args:
        answers: What was typed into the start form, raw.
        draft_id: The draft that becomes this case; it is removed.
        idempotency_key: Under the same key the same case is answered, however often it is sent.

    Raises:
        NotPublished: There is no such process.
        NotYourRole: The actor may not start it.
        AnswersInvalid: The form is not filled in as asked.
        AlreadyOpen: The process allows one open case at a time under this key, and there is one.
        OperationFailed: A step that follows at once could not be carried out.
        IdempotencyMismatch: Something else was sent under this key before.
    """
    body = {"start": key, "answers": answers}
    if idempotency_key and (replayed := _find_started(session, actor, idempotency_key, body)):
        return replayed
    version = definitions.current_version(session, key)
    ensure_may_start(session, version, actor=actor, now=now)
    package = definitions.get_package(session, version.id)
    read = read_start_answers(session, package, answers, requester=actor.person, now=now)
    case = add_case(session, version, package, actor=actor, answers=read, now=now)
    files = attachments.attach(session, case, read, now=now)
    facts = {"answers": read, **({"attachments": files} if files else {})}
    act = Act(name="start", actor=actor, now=now, idempotency_key=idempotency_key, body=body, facts=facts)
    run = begin(session, case, read, actor=actor, now=now)
    store_run(session, case, run, act)
    if draft_id is not None:
        drafts.remove_draft(session, draft_id, actor=actor)
        close_for_draft(session, draft_id, now=now)
    return case


def ensure_may_start(session: Session, version: ProcessVersion, *, actor: Actor, now: datetime) -> None:
    """Raise unless the actor may start this process."""
    if not may_start(session, version, actor=actor, now=now):
        raise NotYourRole


def may_start(session: Session, version: ProcessVersion, *, actor: Actor, now: datetime) -> bool:
    """Say whether the actor may start this process. "TRV" among its starters means everybody with an account."""
    roles = set(version.manifest.get("start_roles") or [EVERYBODY])
    return EVERYBODY in roles or any(held.role in roles for held in authority.roles_held(session, actor.person, now))


def read_start_answers(
    session: Session, package: Package, answers: Mapping[str, Any], *, requester: str, now: datetime
) -> dict[str, Any]:
    """Turn what was typed into the start form into values; without a start form nothing is asked and anything sent is refused.

    Raises:
        AnswersInvalid: The form is not filled in as asked.
    """
    name = package.manifest.start_form
    form = package.forms[name] if name else NO_FORM
    options = registers.options_for(session, form, asker=authority.asker_of(session, requester, now), now=now)
    files = attachments.references_for(session, forms.named_files(form.fields, answers), person=requester)
    return form.read_answers(answers, {"options": options, "requester": requester}, now=now, files=files)


def begin(
    session: Session, case: Case, answers: Mapping[str, Any], *, actor: Actor, now: datetime, event: str | None = None
) -> engine.Run:
    """Let the engine run a new case to its first wait state.

    Args:
        event: The message or signal of the start event to enter, or its id; None enters the one without a trigger.

    Raises:
        NotAllowed: A step on the way is not the actor's to have done.
        AnswersInvalid: A person starts it, and an operation on the way says that this cannot be done.
        OperationFailed: There is no such start event, or a step on the way could not be carried out.
    """
    program = definitions.get_program(session, case.version_id)
    host = OperationHost(session, case, actor=actor, now=now)
    try:
        return engine.start(program, variables=root_variables(case, answers), host=host, now=now, event=event)
    except (engine.StepFailed, engine.ProgramRefused) as error:
        raise told_of(error, to_person=actor != SYSTEM) from error


def add_case(
    session: Session,
    version: ProcessVersion,
    package: Package,
    *,
    actor: Actor,
    answers: Mapping[str, Any],
    now: datetime,
    once: str | None = None,
) -> Case:
    """Add the row of a new case, with its number and whoever asks for it.

    Args:
        once: The key under which no second case may be open; None works it out as process.toml says.

    Raises:
        AlreadyOpen: There is an open case under that key.
    """
    person = session.get(Person, actor.person)
    known = {**answers, "requester": actor.person}
    once = (once or _evaluated(package.manifest.once, known, now) or "")[:LONGEST_KEY] or None
    ensure_none_open(session, version.key, once)
    case = Case(
        id=new_id(),
        number=numbers.next_number(session, package.manifest.number_prefix, now=now),
        process_key=version.key,
        version_id=version.id,
        revision=0,
        state=OPEN,
        status_since=now,
        subject=package.manifest.title,
        area=_evaluated(package.manifest.area, known, now),
        organisation=_evaluated(package.manifest.organisation, known, now) or (person.organisation if person else None),
        requester=actor.person,
        started_by=actor.person,
        started_at=now,
        once_key=once,
        failures=0,
        waits=None,
        audit_seq=0,
        audit_head="",
        decision_head="",
    )
    session.add(case)
    session.add(CaseParty(id=new_id(), case_id=case.id, person=actor.person, kind="REQUESTER", line=None))
    if once is not None:
        session.flush()  # of two at the same moment one fails here, and not at a step
    return case


def ensure_none_open(session: Session, key: str, once: str | None) -> None:
    """Raise when a case of a process is open under a key; two at the same moment are kept apart by the database."""
    if once is None:
        return
    same = select(Case.number).where(Case.process_key == key, Case.once_key == once, is_open())
    number = session.scalars(same.limit(1)).first()
    if number is not None:
        raise AlreadyOpen(number=number)


def _evaluated(text: str | None, variables: Mapping[str, Any], now: datetime) -> str | None:
    """Work out an area or organisation that process.toml says, as FEEL after `=` or as it is."""
    if not text or not text.startswith("="):
        return text or None
    value = feel.to_json(feel.parse(text[1:]).evaluate(variables, now=now))
    return None if value is None else str(value)


def _find_started(session: Session, actor: Actor, idempotency_key: str, body: Any) -> Case | None:
    entry = audit.find_replay(session, actor=actor.person, idempotency_key=idempotency_key)
    if entry is None:
        return None
    if entry.body_hash != audit.digest(body):
        raise IdempotencyMismatch
    return get_case(session, entry.case_id)
