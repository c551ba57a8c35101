"""The form in which somebody says when they are away, and who stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services import absences, overview
from services.absences import Absent, Instead, Wish
from services.absences.suitability import REASON_SENTENCES
from services.people import Actor
from webapp.i18n import language
from webapp.presenters.moments import say_offset
from webapp.presenters.roles import say_role
from webapp.speech import gettext
from workflows import forms
from workflows.errors import AnswersInvalid, Problem
from workflows.forms.fields import Choice, Choices

MOST_SUBSTITUTES = 8
_LONGEST_NOTE = 500


@dataclass(frozen=True, kw_only=True)
class AbsenceForm:
    """The form in which an absence is declared or changed.

    Attributes:
        cannot: Colleagues who cannot stand in, each with the reason.
        warnings: What the reader should know before sending it.
    """

    id: str
    form: forms.Form
    answers: Mapping[str, Any]
    problems: Sequence[Problem]
    zone: str
    cannot: list[str]
    warnings: list[str]


def get_form(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    absence: Absent | None = None,
    typed: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
) -> AbsenceForm:
    """Ask when the reader is away and who stands in.

    Args:
        absence: The one that is being changed.
        typed: What was entered, when the page comes back.
    """
    zone = absences.place_of(session, actor.person)[1]
    answers = typed if typed is not None else _answers_of(absence, zone)
    begins_at, ends_at = _period(answers, zone, now)
    colleagues = absences.list_colleagues(session, actor.person, begins_at=begins_at, ends_at=ends_at)
    able = [(each.code, each.name) for each in colleagues if each.reason is None]
    offices = absences.offices_of(session, actor.person, at=now)
    areas = overview.name_codes(session, {row.area for row in offices if row.area}, locale=language())
    form = _form(zone, able, list(dict.fromkeys(row.role for row in offices)), areas)
    return AbsenceForm(
        id=absence.id if absence is not None else "",
        form=form,
        answers=answers,
        problems=problems,
        zone=say_offset(now.astimezone(ZoneInfo(zone))),
        cannot=[gettext(REASON_SENTENCES[each.reason]).format(name=each.name) for each in colleagues if each.reason],
        warnings=_warnings(session, actor, now),
    )


def _warnings(session: Session, actor: Actor, now: datetime) -> list[str]:
    """What is not the reader's own does not pass on."""
    standing_in = absences.list_standing_in(session, actor.person, now)
    sentence = gettext(
        "You stand in for {name}. What is theirs does not pass to your substitutes: "
        "if you are away in that time, decline it, so that somebody else can be named."
    )
    return [sentence.format(name=each.name) for each in standing_in]


def _form(zone: str, able: Sequence[tuple[str, str]], roles: Sequence[str], areas: Mapping[str, str]) -> forms.Form:
    substitute = [
        forms.Field(
            kind="select",
            id="person",
            key="person",
            label=gettext("Who stands in"),
            choices=Choices(fixed=tuple(Choice(value=code, label=name) for code, name in able)),
        ),
        forms.Field(
            kind="textfield",
            id="other",
            key="other",
            label=gettext("Or somebody who is not in the list"),
            description=gettext("Full name, person code or e-mail address."),
            limits=forms.Limits(most_length=120),
        ),
    ]
    if len(roles) > 1:
        named = [(role, say_role(role)) for role in roles]
        substitute.append(_many("roles", gettext("In which of your roles"), named))
    if len(areas) > 1:
        substitute.append(_many("areas", gettext("In which of your areas"), sorted(areas.items())))
    fields = (
        _moment("begins_at", gettext("Away from"), zone),
        _moment("ends_at", gettext("Back on"), zone),
        forms.Field(
            kind="dynamiclist",
            id="substitutes",
            key="substitutes",
            label=gettext("Substitutes"),
            description=gettext(
                "They see your tasks, those that wait already and new ones, as long as you are away. "
                "What they decide is recorded as decided by them in your place."
            ),
            rows=(0, MOST_SUBSTITUTES, 1),
            fields=tuple(substitute),
        ),
        forms.Field(
            kind="textarea",
            id="note",
            key="note",
            label=gettext("What your substitutes should know"),
            limits=forms.Limits(most_length=_LONGEST_NOTE),
        ),
    )
    return forms.Form(id="absence", name="absence", fields=fields)


def _many(key: str, label: str, options: Iterable[tuple[str, str]]) -> forms.Field:
    choices = Choices(fixed=tuple(Choice(value=code, label=str(name)) for code, name in options))
    hint = gettext("Nothing chosen: in all of them.")
    return forms.Field(kind="checklist", id=key, key=key, label=label, description=hint, choices=choices)


def _moment(key: str, label: str, zone: str) -> forms.Field:
    limits = forms.Limits(required=True)
    return forms.Field(kind="datetime", subtype="datetime", id=key, key=key, label=label, zone=zone, limits=limits, columns=8)


def _answers_of(absence: Absent | None, zone: str) -> dict[str, Any]:
    if absence is None:
        return {}
    begins, ends = (
        moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") for moment in (absence.valid_from, absence.valid_to)
    )
    named = [{"person": stand.person, "roles": list(stand.roles), "areas": list(stand.areas)} for stand in absence.acting]
    return {"begins_at": begins, "ends_at": ends, "substitutes": named, "note": absence.note}


def _period(answers: Mapping[str, Any], zone: str, now: datetime) -> tuple[datetime, datetime]:
    """Read the dates as far as they are typed, for saying who is away then too."""
    found = []
    for name in ("begins_at", "ends_at"):
        try:
            found.append(datetime.fromisoformat(str(answers.get(name, ""))).replace(tzinfo=ZoneInfo(zone)))
        except ValueError:
            return now, now
    return (found[0], found[1]) if found[0] < found[1] else (now, now)


def read_wish(page: AbsenceForm, *, now: datetime) -> Wish:
    """Read what was typed.

    Raises:
        AnswersInvalid: Something is missing, or is no date.
    """
    values = page.form.read_answers(dict(page.answers), {}, now=now)
    named = [row for row in values.get("substitutes") or [] if row.get("person") or row.get("other")]
    return Wish(
        begins_at=datetime.fromisoformat(values["begins_at"]),
        ends_at=datetime.fromisoformat(values["ends_at"]),
        instead=tuple(
            Instead(
                person=str(row.get("other") or row.get("person")),
                roles=tuple(row.get("roles") or ()),
                areas=tuple(row.get("areas") or ()),
            )
            for row in named
        ),
        note=str(values.get("note") or ""),
    )


def place_problems(refusal: AnswersInvalid, answers: Mapping[str, Any]) -> list[Problem]:
    """Put what is wrong with a substitute beside the question in which that one was named."""
    rows = answers.get("substitutes") or []
    return [_placed(problem, rows if isinstance(rows, list) else []) for problem in refusal.problems]


def _placed(problem: Problem, rows: Sequence[Any]) -> Problem:
    name, _, part = problem.where.rpartition(".")
    number = name.rpartition(".")[2]
    if part != "person" or not number.isdigit() or int(number) >= len(rows):
        return problem
    typed = rows[int(number)]
    is_other = isinstance(typed, Mapping) and bool(typed.get("other"))
    return replace(problem, where=f"{name}.other") if is_other else problem
