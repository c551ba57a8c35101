"""Where a case is, as a list: what is done, who has it now, what may come next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from services.authority import Candidate
from services.cases import CaseView, Stage
from services.models.cases import COMPLETED, DONE, INCIDENT, OPEN
from webapp.presenters.moments import Deadline, show_deadline, show_moment, show_since
from webapp.presenters.reasons import Reasons, find_reasons
from webapp.presenters.roles import say_role
from webapp.presenters.texts import Texts
from webapp.presenters.words import say_act, say_status
from webapp.speech import gettext, ngettext
from workflows.diagrams import Diagram, Element
from workflows.packages import Package

_MOST_NEXT = 3
_FEW = 3
_WAITING_KINDS = frozenset({"userTask", "callActivity"})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the list.

    Attributes:
        state: "done", "now", "next" or "stopped", for the picture; `state_word` says it.
        lines: Who, since when, with which outcome.
        why: Which rows of which tables brought the case here.
    """

    title: str
    state: str
    lines: list[Markup] = field(default_factory=list)
    deadline: Deadline | None = None
    why: Reasons = field(default_factory=Reasons)

    @property
    def mark(self) -> str:
        """The sign in front of it."""
        return {"done": "✓", "now": "►", "next": "○", "stopped": "✕"}[self.state]

    @property
    def state_word(self) -> str:
        """What the sign means."""
        words = {"done": gettext("Done"), "now": gettext("Now"), "next": gettext("May come next"), "stopped": gettext("Stopped")}
        return words[self.state]


def list_where(
    view: CaseView,
    texts: Texts,
    *,
    candidates: Mapping[str, Sequence[Candidate]],
    areas: Mapping[str, str],
    zones: Mapping[str, ZoneInfo],
    package: Package,
    now: datetime,
) -> list[Step]:
    """List the steps of a case in the order of time.

    Args:
        candidates: Who could act, by open task.
        areas: Names of areas by code.
        zones: Their time zones.
    """
    steps = [_begun(view, now)]
    steps += [_done(stage, texts, areas, now) for stage in view.stages if stage.state == DONE]
    steps += [
        _now(stage, texts, areas, candidates.get(stage.task_id, ()), zones, now) for stage in view.stages if stage.state == OPEN
    ]
    if view.case.state == OPEN:
        steps += [Step(title=name, state="next") for name in _next_names(view, texts, package)]
    else:
        steps.append(_ended(view, now))
    return steps


def say_waiting(view: CaseView, texts: Texts, *, candidates: Mapping[str, Sequence[Candidate]]) -> str:
    """Say in one sentence what happens next."""
    open_stages = [stage for stage in view.stages if stage.state == OPEN]
    if not open_stages:
        return gettext("Nothing waits for a person now. The request goes on by itself.")
    names = [
        gettext("{who}: {step}").format(who=_who(stage, candidates.get(stage.task_id, ())), step=_title(stage, texts))
        for stage in open_stages
    ]
    return gettext("It is now with {list}.").format(list="; ".join(dict.fromkeys(names)))


def _begun(view: CaseView, now: datetime) -> Step:
    name = view.names.get(view.case.requester, view.case.requester)
    title = gettext("You sent the request") if view.is_party else gettext("{name} sent the request").format(name=name)
    return Step(title=title, state="done", lines=[show_moment(view.case.started_at, now=now)])


def _done(stage: Stage, texts: Texts, areas: Mapping[str, str], now: datetime) -> Step:
    who = stage.who_name or say_role(stage.role)
    line = Markup("{} {}, {}").format(who, say_act(None, stage.outcome), show_moment(stage.closed_at, now=now))
    return Step(
        title=_title(stage, texts), state="done", lines=[*_area(stage, areas), line], why=find_reasons(stage.why, stage.role)
    )


def _now(
    stage: Stage,
    texts: Texts,
    areas: Mapping[str, str],
    candidates: Sequence[Candidate],
    zones: Mapping[str, ZoneInfo],
    now: datetime,
) -> Step:
    line = Markup("{}, {}").format(_who(stage, candidates), show_since(stage.since, now=now))
    return Step(
        title=_title(stage, texts),
        state="now",
        lines=[*_area(stage, areas), line],
        deadline=show_deadline(stage.due_at, now=now, zone=zones.get(stage.area or "")),
        why=find_reasons(stage.why, stage.role),
    )


def _title(stage: Stage, texts: Texts) -> str:
    return texts.element(stage.element, stage.name)


def _area(stage: Stage, areas: Mapping[str, str]) -> list[Markup]:
    return [Markup("<bdi>{}</bdi>").format(areas.get(stage.area, stage.area))] if stage.line and stage.area else []


def _who(stage: Stage, candidates: Sequence[Candidate]) -> str:
    """Say who has a task: a person, or a role with those who could act in it."""
    if stage.who_name:
        role = say_role(stage.role)
        return gettext("{name} ({role})").format(name=stage.who_name, role=role) if stage.role else stage.who_name
    if not candidates:
        return say_role(stage.role)
    if len(candidates) <= _FEW:
        return gettext("{role} ({names})").format(role=say_role(stage.role), names=", ".join(each.name for each in candidates))
    people = ngettext("%(num)d person", "%(num)d people", len(candidates))
    return gettext("{role} ({people})").format(role=say_role(stage.role), people=people)


def _ended(view: CaseView, now: datetime) -> Step:
    case = view.case
    if case.state == INCIDENT:
        causes = [escape(incident.cause) for incident in view.incidents if incident.closed_at is None]
        return Step(title=gettext("Stopped by error"), state="stopped", lines=causes if view.sight.why != "PARTY" else [])
    said = say_status(case.status or case.outcome, state=case.state)
    state = "stopped" if said.tone == "bad" else "done"
    title = said.text if case.state == COMPLETED or case.status else gettext("Ended")
    return Step(title=title, state=state, lines=[show_moment(case.ended_at, now=now)])


def _next_names(view: CaseView, texts: Texts, package: Package) -> list[str]:
    """Name the steps for people that the diagram leads to from where the case is; a branch may take one of them or none."""
    active = {stage.element for stage in view.stages if stage.state == OPEN}
    found: dict[str, str] = {}
    for diagram in package.diagrams.values():
        for element in _reached(diagram, active):
            if element.id not in active and element.name:
                found.setdefault(element.id, texts.element(element.id, element.name))
    return list(found.values())[:_MOST_NEXT]


def _reached(diagram: Diagram, active: set[str]) -> Iterator[Element]:
    seen: set[str] = set(active)
    ahead = [diagram.elements[each] for each in active if each in diagram.elements]
    while ahead:
        element = ahead.pop(0)
        for flow in element.outgoing or _around(diagram, element):
            target = diagram.elements.get(diagram.flows[flow].target) if flow in diagram.flows else None
            if target is None or target.id in seen:
                continue
            seen.add(target.id)
            if target.kind in _WAITING_KINDS:
                yield target
            else:
                ahead.append(target)


def _around(diagram: Diagram, element: Element) -> tuple[str, ...]:
    """At the end of a sub-process its own way on counts."""
    around = diagram.elements.get(element.scope)
    return around.outgoing if around is not None else ()
