"""Where a case is, as a list: what is done, who has it now, what may come next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from services.authority import Candidate
from services.cases import CaseView, Stage
from services.cases.usual import UsualTime
from services.models.audit import Decision
from services.models.cases import COMPLETED, DONE, INCIDENT, OPEN
from services.separation import DECIDE
from webapp.presenters.coming import Coming, say_usual_time
from webapp.presenters.moments import Deadline, show_deadline, show_moment, show_since
from webapp.presenters.reasons import Reasons, find_reasons
from webapp.presenters.roles import say_holder, say_office, say_role
from webapp.presenters.texts import Texts
from webapp.presenters.words import say_act, say_capacity, say_status
from webapp.speech import comma, gettext, ngettext

_FEW = 3


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the list.

    Attributes:
        state: "done", "now", "next", "possible" or "stopped", for the picture; `state_word` says it.
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
        return {"done": "✓", "now": "►", "next": "○", "possible": "◌", "stopped": "✕"}[self.state]

    @property
    def state_word(self) -> str:
        """What the sign means."""
        words = {
            "done": gettext("Done"),
            "now": gettext("Now"),
            "next": gettext("Comes next"),
            "possible": gettext("Possible"),
            "stopped": gettext("Stopped"),
        }
        return words[self.state]


def list_where(
    view: CaseView,
    texts: Texts,
    *,
    candidates: Mapping[str, Sequence[Candidate]],
    areas: Mapping[str, str],
    zones: Mapping[str, ZoneInfo],
    coming: Coming,
    usual: Mapping[str, UsualTime],
    now: datetime,
) -> list[Step]:
    """List the steps of a case in the order of time.

    Args:
        candidates: Who could act, by open task.
        areas: Names of areas by code.
        zones: Their time zones.
        usual: How long open steps usually take, by element.
    """
    steps = [_begun(view, now)]
    stages = [replace(each, organisation=None) if each.organisation == view.case.organisation else each for each in view.stages]
    done = [(stage.closed_at or stage.since, _done(stage, texts, areas, now)) for stage in stages if stage.state == DONE]
    done += [
        (each.decided_at, _decided(each, view.names, texts, areas, now)) for each in view.decisions if _is_without_task(each)
    ]
    steps += [step for _, step in sorted(done, key=lambda pair: pair[0])]
    steps += [
        _now(stage, texts, areas, candidates.get(stage.task_id, ()), zones, usual.get(stage.element), now)
        for stage in stages
        if stage.state == OPEN
    ]
    if view.case.state == OPEN and not view.open_tasks:
        said = say_status(view.case.status, state=view.case.state)
        steps.append(Step(title=said.text, state="now", lines=[escape(gettext("Nothing waits for a person now."))]))
    if view.case.state == OPEN:
        steps += [
            Step(title=each.title, state="next" if each.is_certain else "possible", lines=each.lines) for each in coming.steps
        ]
    else:
        steps.append(_ended(view, now))
    return _each_reason_once(steps)


def _each_reason_once(steps: Sequence[Step]) -> list[Step]:
    """Leave a reason out where a step before it in the list has the same."""
    said: list[Reasons] = []
    found = []
    for step in steps:
        found.append(replace(step, why=Reasons()) if step.why in said else step)
        said.append(step.why)
    return found


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
    who = stage.who_name or say_holder(stage.role)
    line = Markup("{} {}{}{}").format(who, say_act(stage.act, stage.outcome), comma(), show_moment(stage.closed_at, now=now))
    return Step(
        title=_title(stage, texts),
        state="done",
        lines=[*_place(stage, areas), line],
        why=find_reasons(stage.why, stage.role, texts),
    )


def _is_without_task(decision: Decision) -> bool:
    """What a rule or the clock decided, and what an official decided unasked."""
    unasked = decision.act == DECIDE and not decision.conflict_declared
    return decision.task_id is None and (decision.capacity == "SYSTEM" or unasked)


def _decided(decision: Decision, names: Mapping[str, str], texts: Texts, areas: Mapping[str, str], now: datetime) -> Step:
    """A step that a rule, the clock or an official took."""
    by_rule = decision.capacity == "SYSTEM"
    who = say_capacity(decision.capacity) if by_rule else names.get(decision.actor_person, decision.actor_person)
    done = say_act(decision.act, decision.outcome)
    line = Markup("{} ({}){}{}").format(done, who, comma(), show_moment(decision.decided_at, now=now))
    place = [Markup("<bdi>{}</bdi>").format(areas.get(decision.area, decision.area))] if decision.line and decision.area else []
    why = find_reasons(decision.tables_used, decision.actor_role, texts)
    return Step(title=texts.element(decision.element, decision.element), state="done", lines=[*place, line], why=why)


def _now(
    stage: Stage,
    texts: Texts,
    areas: Mapping[str, str],
    candidates: Sequence[Candidate],
    zones: Mapping[str, ZoneInfo],
    usual: UsualTime | None,
    now: datetime,
) -> Step:
    line = Markup("{}{}{}").format(_who(stage, candidates), comma(), show_since(stage.since, now=now))
    return Step(
        title=_title(stage, texts),
        state="now",
        lines=[*_place(stage, areas), line, *(escape(said) for said in [say_usual_time(usual)] if said)],
        deadline=show_deadline(stage.due_at, now=now, zone=zones.get(stage.area or "")),
        why=find_reasons(stage.why, stage.role, texts),
    )


def _title(stage: Stage, texts: Texts) -> str:
    return texts.element(stage.element, stage.name)


def _place(stage: Stage, areas: Mapping[str, str]) -> list[Markup]:
    """Say of steps that stand side by side which is which: by their area, and their organisation where it is not the case's."""
    if not stage.line:
        return []
    parts = [areas.get(stage.area, stage.area) if stage.area else None, stage.organisation]
    said = Markup(" · ").join(Markup("<bdi>{}</bdi>").format(part) for part in parts if part)
    return [said] if said else []


def _who(stage: Stage, candidates: Sequence[Candidate]) -> str:
    """Say who has a task: a person, or a role with those who could act in it."""
    if stage.who_name:
        office = say_office(stage.role)
        return gettext("{name} ({role})").format(name=stage.who_name, role=office) if office else stage.who_name
    if not candidates:
        return say_holder(stage.role)
    if len(candidates) <= _FEW:
        return gettext("{role} ({names})").format(role=say_role(stage.role), names=comma().join(each.name for each in candidates))
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
