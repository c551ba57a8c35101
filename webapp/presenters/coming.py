"""What is to come in a case: the steps that its diagram leads to, as far as they can be told, and how long steps usually take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services.cases import CaseView
from services.cases.usual import UsualTime, list_usual_times
from services.models.cases import DONE, OPEN
from services.roles import OWN_ROLES
from webapp.presenters.moments import say_span_of_time
from webapp.presenters.roles import ROLE_NAMES, say_holder
from webapp.presenters.texts import Texts
from webapp.speech import gettext
from workflows.diagrams import Ahead, Element, Outlook, look_ahead
from workflows.forms.agreeing import agreeing_answers
from workflows.packages import Package

MOST_AHEAD = 4
_ALWAYS = ("requester", "case", "organisation")


@dataclass(frozen=True, kw_only=True)
class ComingStep:
    """A step that comes or may come."""

    title: str
    is_certain: bool
    lines: list[Markup] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Coming:
    """What is to come.

    Attributes:
        elements: Ids of the steps, for the drawing.
        progress: "Step 3 of 4" where that can be said.
    """

    steps: list[ComingStep]
    elements: frozenset[str]
    progress: str


NOTHING = Coming(steps=[], elements=frozenset(), progress="")


def look_onward(view: CaseView, texts: Texts, package: Package, *, areas: Mapping[str, str], now: datetime) -> Coming:
    """Say what follows the open steps of a case."""
    waiting = [stage for stage in view.stages if stage.state == OPEN]
    if view.case.state != OPEN or not waiting:
        return NOTHING
    outlook = look_ahead(
        package.diagrams.values(),
        {stage.element: view.scopes.get(stage.task_id, {}) for stage in waiting},
        agree=lambda element: _agree(element, package),
        lasting=_lasting(package),
        own_roles=OWN_ROLES,
        now=now,
    )
    steps = [_coming(ahead, texts, areas) for ahead in outlook.steps[:MOST_AHEAD]]
    if not steps and not outlook.is_whole:
        steps = [ComingStep(title=gettext("What follows depends on what is decided now"), is_certain=True)]
    return Coming(
        steps=steps,
        elements=frozenset(element.id for ahead in outlook.steps for element in ahead.elements),
        progress=_say_progress(view, outlook),
    )


def _agree(element: Element, package: Package) -> dict[str, Any] | None:
    form = package.forms.get(element.form or "")
    return None if form is None else agreeing_answers(form)


def _lasting(package: Package) -> frozenset[str]:
    """Name what no operation changes: the answers of the request, apart from lists, which operations bring in order."""
    name = package.manifest.start_form
    asked = package.forms[name].fields if name else ()
    return frozenset(_ALWAYS) | {each.key for each in _flat(asked) if each.kind != "dynamiclist"}


def _flat(fields: tuple[Any, ...]) -> list[Any]:
    return [inner for each in fields for inner in (_flat(each.fields) if each.kind == "group" and not each.key else [each])]


def _coming(ahead: Ahead, texts: Texts, areas: Mapping[str, str]) -> ComingStep:
    if ahead.question is not None:
        names = [texts.element(each.id, each.name) for each in ahead.elements]
        line = escape(gettext("Possible: {steps}")).format(steps="; ".join(names))
        return ComingStep(title=texts.element(ahead.question.id, ahead.question.name), is_certain=False, lines=[line])
    element = ahead.elements[0]
    lines = [Markup("{}").format(say_holder(element.lane))] if element.kind == "userTask" and element.lane in ROLE_NAMES else []
    places = [areas.get(row["area"], row["area"]) for row in ahead.rows if isinstance(row, Mapping) and row.get("area")]
    lines += [Markup("<bdi>{}</bdi>").format(place) for place in dict.fromkeys(places)]
    return ComingStep(title=texts.element(element.id, element.name), is_certain=ahead.is_certain, lines=lines)


def _say_progress(view: CaseView, outlook: Outlook) -> str:
    """Say which step of how many this is, where every step to come is certain."""
    if not outlook.is_whole or not all(ahead.is_certain for ahead in outlook.steps):
        return ""
    done = 1 + sum(stage.state == DONE for stage in view.stages)
    total = done + sum(stage.state == OPEN for stage in view.stages) + len(outlook.steps)
    return gettext("Step {number} of {total}").format(number=done + 1, total=total)


def find_usual_times(session: Session, view: CaseView, *, now: datetime) -> dict[str, UsualTime]:
    """Find how long the open steps of a case usually take, by element. One query, or none."""
    waiting = {stage.element for stage in view.stages if stage.state == OPEN}
    found = list_usual_times(session, {view.case.process_key}, waiting, now=now)
    return {element: usual for (_, element), usual in found.items()}


def say_usual_time(usual: UsualTime | None) -> str:
    """Say how long something usually takes."""
    if usual is None:
        return ""
    median, most = say_span_of_time(usual.median), say_span_of_time(usual.most)
    if median == most:
        return gettext("usually done within {span}").format(span=median)
    return gettext("usually done within {span}, nearly always within {most}").format(span=median, most=most)
