"""The running cases of a process on its diagram: where they wait, how long that usually takes, and what has failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import definitions
from services.cases import caretaking, counting, watching
from services.people import Actor
from webapp.presenters.drawings import Drawing, draw_marked
from webapp.presenters.moments import say_span_of_time, show_moment
from webapp.presenters.texts import Texts
from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class StandingRow:
    """A step at which cases wait.

    Attributes:
        median, most: How long half and nine in ten of them took; a dash where too few cases tell.
    """

    step: str
    waiting: int
    overdue: int
    oldest: Markup
    median: str
    most: str


@dataclass(frozen=True, kw_only=True)
class FailureRow:
    """A step that failed and waits for repair."""

    step: str
    when: Markup
    address: str


@dataclass(frozen=True, kw_only=True)
class WatchPage:
    """The running cases of one version.

    Attributes:
        versions: The versions that have running cases, and the one in use: (number, count, address, is shown).
    """

    key: str
    title: str
    version: int
    versions: list[tuple[int, int, str, bool]]
    rows: list[StandingRow]
    failures: list[FailureRow]
    drawings: list[Drawing]


def get_watch(session: Session, key: str, number: int | None, *, actor: Actor, now: datetime) -> WatchPage:
    """Show where the cases of a version wait; of the one in use, unless another is named.

    Raises:
        NotPublished: There is no such process or version.
    """
    current = definitions.current_version(session, key)
    shown = current if number is None else definitions.get_version(session, key, number)
    running = counting.count_running(session, [key])
    package = definitions.get_package(session, shown.id)
    texts = Texts.of(package)
    standing = watching.list_standing(session, key, shown.id, now=now)
    counts = {each.element: f"{texts.element(each.element, each.name)} ({each.waiting})" for each in standing}
    listed = caretaking.list_incidents(session, actor=actor, now=now, process_key=key)
    return WatchPage(
        key=key,
        title=texts.title(shown.title),
        version=shown.version,
        versions=[
            (
                each.version,
                running.get((key, each.id), 0),
                url_for("studio.running", key=key, version=each.version),
                each is shown,
            )
            for each in definitions.list_versions(session, key)
            if each is current or running.get((key, each.id))
        ],
        rows=[
            StandingRow(
                step=texts.element(each.element, each.name),
                waiting=each.waiting,
                overdue=each.overdue,
                oldest=show_moment(each.oldest, now=now),
                median=say_span_of_time(each.usual.median) if each.usual is not None else "–",
                most=say_span_of_time(each.usual.most) if each.usual is not None else "–",
            )
            for each in standing
        ],
        failures=[
            FailureRow(
                step=texts.element(each.incident.element or "", each.incident.element or gettext("the start")),
                when=show_moment(each.incident.failed_at, now=now),
                address=url_for("incidents.show", reference=each.incident.id),
            )
            for each in listed
            if each.version.id == shown.id
        ],
        drawings=draw_marked(package, dict.fromkeys(counts, "active"), names=counts, whole=True, every=True),
    )
