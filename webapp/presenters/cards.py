"""What the decision card says beside its facts: what changed, what came of similar cases, and why it comes to the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from services import tasks
from services.models.cases import Task
from services.tasks import Ground, Sighting, Similar
from webapp.presenters.facts import say_fact_name, show_named
from webapp.presenters.moments import show_date, show_moment
from webapp.presenters.roles import say_role
from webapp.presenters.words import say_act
from webapp.speech import gettext, ngettext

_NOTHING = Markup("–")


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A fact that is different from what the reader saw before."""

    name: str
    old: Markup
    new: Markup


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is different, and since when the reader has not seen it."""

    since: Markup
    rows: list[Changed]


@dataclass(frozen=True, kw_only=True)
class Precedents:
    """What came of similar cases: one sentence, how often each outcome came, and links to some."""

    sentence: str
    outcomes: list[str]
    links: list[Markup]


def show_changes(
    sighting: Sighting, task: Task, said: Any, names: Mapping[str, str], *, zone: tzinfo | None, now: datetime
) -> Changes | None:
    """Show what is different since the reader last saw this step.

    Args:
        said: The card in the language of the reader, which names the facts.
    """
    if not sighting.changes or sighting.since is None:
        return None
    written, spoken = ([name for name, _ in tasks.pairs_of(card)] for card in (task.card, said))
    called = dict(zip(written, spoken, strict=True)) if len(written) == len(spoken) else {}
    rows = [
        Changed(
            name=say_fact_name(called.get(change.name, change.name), names),
            old=_show(change.old, names, zone),
            new=_show(change.new, names, zone),
        )
        for change in sighting.changes
    ]
    return Changes(since=show_moment(sighting.since, now=now), rows=rows)


def _show(value: Any, names: Mapping[str, str], zone: tzinfo | None) -> Markup:
    return _NOTHING if value is None else show_named(value, names, zone)


def show_similar(similar: Similar) -> Precedents | None:
    """Say how similar cases ended; nothing when there is none to speak of."""
    if not similar.total:
        return None
    sentence = ngettext(
        "%(num)d similar case in the last two years", "%(num)d similar cases in the last two years", similar.total
    )
    return Precedents(
        sentence=sentence,
        outcomes=[_say_count(code, count) for code, count in similar.outcomes],
        links=[
            escape(gettext("{number}: {outcome}, {date}")).format(
                number=_link(one.number),
                outcome=say_act(None, one.outcome),
                date=show_date(one.decided_at),
            )
            for one in similar.shown
        ],
    )


def _say_count(code: str, count: int) -> str:
    return gettext("{count} × {outcome}").format(count=count, outcome=say_act(None, code))


def _link(number: str) -> Markup:
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(url_for("cases.show", number=number), number)


def say_ground(ground: Ground | None, names: Mapping[str, str]) -> Markup | None:
    """Say in one sentence why a task comes to the reader."""
    if ground is None:
        return None
    facts = {
        "role": say_role(ground.role),
        "place": names.get(ground.area, ground.area) if ground.area else gettext("all areas"),
        "name": ground.holder_name,
        "number": ground.delegation_id or "",
        "since": show_date(ground.since),
    }
    return escape(_sentence_of(ground)).format(**facts)


def _sentence_of(ground: Ground) -> str:
    if ground.via in {"ASSIGNEE", "PERSON"}:
        other = gettext("This step names {name}, in whose place you act.")
        return other if ground.holder_name else gettext("This step names you.")
    if ground.via == "OWN":
        return gettext("This step is about your own case.")
    if ground.capacity == "ESCALATED":
        return gettext("The step has gone up, and you are {role} for {place}; whoever could act before still can.")
    if ground.capacity == "AD_INTERIM" and ground.holder_name:
        return gettext("You act ad interim for {name}, {role} for {place}.")
    if ground.delegation_id and ground.holder_name:
        return gettext("{name} delegated it to you as {role} for {place}: {number}.")
    if ground.delegation_id:
        return gettext("You are {role} for {place} since {since}, and decide under the standing delegation {number}.")
    if ground.since is None:
        return gettext("You act as {role} for {place}.")
    return gettext("You are {role} for {place} since {since}.")
