"""What may be asked for: the processes that a person may start, and what a request for one of them asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import cases, definitions
from services.models.definitions import ProcessVersion
from services.people import Actor
from services.process_drafts.publishing import CHANGE
from webapp.presenters.steps import list_parts
from webapp.presenters.texts import Texts
from workflows import forms


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


def list_requestable(session: Session, *, actor: Actor, now: datetime) -> list[Requestable]:
    """List the processes that the actor may start, by title."""
    # A change of a process is asked for in the studio, where its draft is.
    versions = [version for version in definitions.list_current_versions(session) if version.key != CHANGE]
    return [
        describe_requestable(session, version) for version in versions if cases.may_start(session, version, actor=actor, now=now)
    ]


def preview_request(session: Session, key: str, *, actor: Actor, now: datetime) -> Preview:
    """Say what a request for a process asks for.

    Raises:
        NotFound: There is no such process.
        NotYourRole: The actor may not start it.
    """
    version = definitions.current_version(session, key)
    cases.ensure_may_start(session, version, actor=actor, now=now)
    form = get_start_form(session, version)
    first = form.default_answers({"requester": actor.person})
    return Preview(
        process=describe_requestable(session, version),
        titles=[step.title for step in list_parts(form, first, now=now)],
        first_answers=first,
    )


def describe_requestable(session: Session, version: ProcessVersion) -> Requestable:
    """Say what a process is called and what it is for."""
    texts = Texts.of(definitions.get_package(session, version.id))
    return Requestable(key=version.key, title=texts.title(version.title), about=texts.about())


def get_start_form(session: Session, version: ProcessVersion) -> forms.Form:
    """Return the form that starts a process, in the reader's language."""
    package = definitions.get_package(session, version.id)
    name = package.manifest.start_form
    return Texts.of(package).form(package.forms[name] if name else forms.EMPTY)
