"""Why somebody may act on a task or may not, in the reader's language: one sentence, every check, who else, who comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import definitions, tasks
from services.authority import Candidate, Finding, Held
from services.models.cases import OPEN
from services.oversight.offices import EX_OFFICIO
from services.people import Actor
from webapp.presenters.grounds import Ground, say_check
from webapp.presenters.moments import show_date
from webapp.presenters.roles import say_role
from webapp.presenters.subjects import name_subject
from webapp.presenters.texts import Texts
from webapp.presenters.verdicts import ground_of, say_count, say_verdict
from webapp.presenters.words import say_capacity
from webapp.speech import comma, gettext, ngettext

_STATES = {
    True: ("✓", lazy_gettext("Yes"), "good"),
    False: ("✕", lazy_gettext("No"), "bad"),
    None: ("–", lazy_gettext("Does not apply"), "closed"),
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: what is asked, whether it lets the person through, and what it looked at."""

    title: str
    rule: str
    mark: str
    word: str
    tone: str
    said: Markup


@dataclass(frozen=True, kw_only=True)
class HeldRow:
    """A role that somebody holds, in one row of a table."""

    role: str
    holder: str
    place: Markup
    period: Markup
    how: str


@dataclass(frozen=True, kw_only=True)
class AuthorityPage:
    """The answer to "why can I (not) decide this?", ready to be shown.

    Attributes:
        about: Whom it is about when that is not the reader.
        verdict: The answer in one sentence; empty when nobody was found by what was typed.
        eligible: Who may act now, by name where the reader may read names.
        count: How many may act now.
        beyond: Who comes next when nobody is left, each with how many could act.
        typed: What was asked for when nobody was found by it.
    """

    id: str
    number: str
    name: str
    subject: str
    is_open: bool
    about: str
    verdict: Markup
    may: bool
    checks: list[Check]
    held: list[HeldRow]
    eligible: list[Markup]
    count: str
    beyond: list[str]
    may_ask_others: bool
    typed: str
    own_address: str


def get_authority_page(session: Session, task_id: str, *, actor: Actor, now: datetime, about: str) -> AuthorityPage:
    """Explain a task to the reader, for the reader or for another person.

    Raises:
        NotFound: There is no such task for this reader, or the reader may not ask about others.
    """
    asked = tasks.explain_task(session, task_id, actor=actor, now=now, about=about.strip() or None)
    task, found = asked.task, asked.explanation
    texts = Texts.of(definitions.get_package(session, asked.case.version_id))
    ground = ground_of(session, asked, actor=actor, now=now)
    is_own = asked.person is not None and asked.person.code == actor.person
    return AuthorityPage(
        id=task.id,
        number=asked.case.number,
        name=texts.element(task.element, task.name),
        subject=name_subject(session, task, texts),
        is_open=task.state == OPEN,
        about=asked.person.name if asked.person is not None and not is_own else "",
        verdict=say_verdict(found, ground) if found else Markup(""),
        may=found is not None and found.may_act,
        checks=[_check(finding, ground) for finding in found.findings] if found else [],
        held=[_held(one, ground) for one in found.held] if found else [],
        eligible=[_eligible(one, actor) for one in found.eligible] if found and asked.may_read_names else [],
        count=say_count(found, but=None) if found else "",
        beyond=[_beyond(one.role, one.able) for one in found.beyond] if found else [],
        may_ask_others=asked.may_ask_others,
        typed=about.strip() if found is None else "",
        own_address=url_for("tasks.authority", task_id=task.id),
    )


def _check(finding: Finding, ground: Ground) -> Check:
    mark, word, tone = _STATES[finding.holds]
    title, said = say_check(finding, ground)
    rule = finding.check if finding.check.startswith("S") and finding.check[1:].isdigit() else ""
    return Check(title=title, rule=rule, mark=mark, word=str(word), tone=tone, said=said)


def _held(one: Held, ground: Ground) -> HeldRow:
    place = Markup(" · ").join(
        Markup("<bdi>{}</bdi>").format(part) for part in (ground.area_name(one.area), one.organisation) if part
    )
    if one.valid_to is None:
        period = escape(gettext("since {date}")).format(date=show_date(one.valid_from))
    else:
        period = Markup("{} – {}").format(show_date(one.valid_from), show_date(one.valid_to))
    source = gettext("with the post") if one.source == EX_OFFICIO else one.source
    how = comma().join(part for part in (say_capacity(one.capacity), one.delegation_id or source or "") if part)
    return HeldRow(
        role=say_role(one.role),
        holder=ground.name(one.holder),
        place=place or escape(gettext("everywhere")),
        period=period,
        how=how or gettext("in their own right"),
    )


def _eligible(one: Candidate, actor: Actor) -> Markup:
    parts = (say_role(one.role) if one.role else "", say_capacity(one.capacity))
    about = ", ".join(part for part in parts if part)
    name = gettext("{name} (you)").format(name=one.name) if one.person == actor.person else one.name
    return escape(name) if not about else Markup("<strong>{}</strong>, {}").format(name, about)


def _beyond(role: str, able: int) -> str:
    count = ngettext("%(num)d person could act", "%(num)d people could act", able)
    return f"{say_role(role)}: {count}"
