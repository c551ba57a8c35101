"""The answer to "may this person act on it?" in one sentence, and how many others may."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import overview, tasks
from services.authority import Explanation, Finding
from services.people import Actor
from services.tasks import Asked
from webapp.i18n import language
from webapp.presenters.grounds import Ground, say_reason
from webapp.presenters.roles import say_role
from webapp.speech import gettext, ngettext


def ground_of(session: Session, asked: Asked, *, actor: Actor, now: datetime) -> Ground:
    """Gather what sentences about a task speak of: names of persons and areas, and who reads."""
    found = asked.explanation
    areas = {asked.task.area, *(one.area for one in found.held)} if found else {asked.task.area}
    return Ground(
        reader=actor.person,
        person=found.person if found else "",
        names=asked.names,
        areas=overview.name_codes(session, {area for area in areas if area}, locale=language()),
        area=asked.task.area,
        may_read_names=asked.may_read_names,
        now=now,
    )


def say_verdict(found: Explanation, ground: Ground) -> Markup:
    """Answer in one sentence."""
    is_own = found.person == ground.reader
    if found.against is None and found.way is not None:
        frame = gettext("You may act on this {how}.") if is_own else gettext("{name} may act on this {how}.")
        return escape(frame).format(how=_say_how(found, ground), name=ground.name(found.person))
    frame = gettext("You may not act on this: {why}.") if is_own else gettext("{name} may not act on this: {why}.")
    against = found.against or Finding(check="ROLE", holds=False, facts={"roles": list(found.roles)})
    return escape(frame).format(why=say_reason(against, ground), name=ground.name(found.person))


def _say_how(found: Explanation, ground: Ground) -> Markup:
    way, capacity = found.way, found.capacity
    if way is None or capacity is None or way.via in {"ASSIGNEE", "PERSON", "OWN"}:
        return escape(gettext("because the step names the person"))
    if capacity.capacity == "DELEGATED":
        frame = gettext("as {role} for {place}, by delegation {number}")
    elif capacity.capacity == "AD_INTERIM":
        instead = way.holder != found.person
        frame = (
            gettext("as {role} for {place}, in the place of {holder}")
            if instead
            else gettext("as {role} for {place}, ad interim")
        )
    elif capacity.capacity == "ESCALATED":
        frame = gettext("as {role} for {place}, because the step went up")
    else:
        frame = gettext("as {role} for {place}")
    number = Markup("<bdi>{}</bdi>").format(capacity.delegation_id or "")
    return escape(frame).format(role=say_role(way.role), place=ground.place(), number=number, holder=ground.name(way.holder))


def say_count(found: Explanation, *, but: str | None) -> str:
    """Say how many may act now, one person perhaps left out."""
    count = sum(one.person != but for one in found.eligible)
    if but is None:
        return ngettext("%(num)d person may act on this now.", "%(num)d people may act on this now.", count)
    return ngettext("%(num)d other person may act on this.", "%(num)d other people may act on this.", count)


def list_refusal(session: Session, task_id: str, *, actor: Actor, now: datetime) -> list[Markup]:
    """Say in short why the reader cannot act on an open task, and who else could."""
    asked = tasks.explain_task(session, task_id, actor=actor, now=now)
    found = asked.explanation
    if found is None:
        return []
    return [say_verdict(found, ground_of(session, asked, actor=actor, now=now)), escape(say_count(found, but=actor.person))]
