"""Surveys of premises: when one is due, who does it, how it is scored, and what a confirmed one writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from services import definitions
from services.errors import NotAllowed, NotYourRole
from services.models.premises import NO, NOT_APPLICABLE, YES, PremisesSurvey, SurveyAnswer
from services.operations import premises_offices
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.premises_actions import open_actions
from services.operations.work import Work
from services.people import SYSTEM
from services.registers import premises as register
from services.registers.plans import add_months
from workflows.forms import Field

#: Who may have premises surveyed by hand.
OFFICES = ("SA", "CSA", "HSSD", "DHSSS_DIR")
#: So many surveys are asked for in a day at most; the others follow on the next.
MOST_A_DAY = 20
#: The property of a question that says how much it weighs.
WEIGHT = "weight"
SURVEYED = "mos.surveyed"


class SurveyUnderWay(NotAllowed):
    """{premises} is being surveyed in another case. Go on in that one."""


class SurveyedToday(NotAllowed):
    """{premises} was surveyed today. Begin the next survey on another day."""


@operation("premises.surveys_due")
def surveys_due(work: Work) -> dict[str, Any]:
    """List the premises whose survey counts for 60 days more or less, or that never were surveyed; the longest overdue first."""
    found = register.list_due(work.session, work.now.date(), most=MOST_A_DAY)
    return {"due": [{"premises": code, "due_on": day.isoformat()} for code, day in found]}


@operation("premises.open_survey")
def open_survey(work: Work, *, premises: str) -> dict[str, Any]:
    """Begin a survey: who surveys, who confirms, until when, and what the last one said.

    Raises:
        NotYourRole: A person began it who answers for security neither in the area nor in an organisation there.
        SurveyUnderWay: Somebody surveys the premises already.
        SurveyedToday: They were surveyed today.
    """
    found = register.get_premises(work.session, premises, work.now.date())
    person = work.case.requester
    if person != SYSTEM.person and not premises_offices.is_in_office(work.session, found, person, OFFICES, now=work.now):
        raise NotYourRole
    last = register.last_survey(work.session, premises)
    if found.case_id != work.case.id and register.is_under_way(work.session, found):
        raise SurveyUnderWay(premises=register.name_of(found))
    if last is not None and last.surveyed_on >= work.now.date():
        raise SurveyedToday(premises=register.name_of(found))
    found.case_id = work.case.id
    office = premises_offices.find_office(work.session, found, now=work.now)
    work.case.area, work.case.subject = found.area, office["premises_name"]
    work.set_status("SURVEYING")
    by = _ends_on(last)
    return office | {
        "survey_by": write_moment(_due_at(work, by)),
        "last": {
            "on": last.surveyed_on.isoformat() if last else None,
            "score_pct": last.score_pct if last else None,
            "is_old": by is None or by < work.now.date(),
        },
    }


def _ends_on(last: PremisesSurvey | None) -> date | None:
    return add_months(last.surveyed_on, register.VALID_MONTHS) if last else None


def _due_at(work: Work, by: date | None) -> datetime:
    """Return the end of the day on which the last survey ceases to count; of one that is over or never was, 30 days from now."""
    if by is None or by <= work.now.date():
        return work.now + register.TIME_TO_SURVEY
    return datetime.combine(by, time(23, 59), UTC)


@operation("premises.score")
def score(work: Work, *, form: str, answers: list[dict[str, str]], head: dict[str, Any]) -> dict[str, Any]:
    """Work out how far the standards are kept, and list what is not: a finding for every "no".

    Args:
        form: The form of the survey; its groups are the sections, the property `weight` of a question says how much it weighs.
        answers: Those of each section, in the order of the form.
    """
    asked = list(_answered(work, form, answers))
    applicable = sum(weight for _, _, weight, answer in asked if answer != NOT_APPLICABLE)
    kept = sum(weight for _, _, weight, answer in asked if answer == YES)
    findings = [
        {"no": str(no), "code": field.id, "question": field.label, "weight": weight}
        for no, field, weight, answer in asked
        if answer == NO
    ]
    return {
        "result": {
            "surveyed_on": work.now.date().isoformat(),
            "surveyor": work.actor.person,
            "score_pct": round(100 * kept / applicable, 1) if applicable else None,
            "kept": kept,
            "applicable": applicable,
            "left_out": sum(answer == NOT_APPLICABLE for *_, answer in asked),
        },
        "findings": findings,
        "terms": [],
        "actions": [{"finding": one["no"], "text": None, "owner_role": _owner(head)} for one in findings],
    }


def _owner(head: dict[str, Any]) -> str:
    return premises_offices.HEAD if head["organisation"] else premises_offices.ADVISER


def _answered(work: Work, form: str, answers: list[dict[str, str]]) -> Iterator[tuple[int, Field, int, str]]:
    fields = definitions.get_package(work.session, work.version_id).forms[form].fields
    sections = [field for field in fields if field.kind == "group"]
    questions = [(field, said[field.key]) for section, said in zip(sections, answers, strict=True) for field in section.fields]
    for no, (field, answer) in enumerate(questions, start=1):
        yield no, field, int(field.properties[WEIGHT]), answer


@operation("premises.enter_survey")
def enter_survey(
    work: Work,
    *,
    premises: str,
    form: str,
    answers: list[dict[str, str]],
    result: dict[str, Any],
    findings: list[dict[str, Any]],
    actions: list[dict[str, Any]] | None,
    terms: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    """Enter a confirmed survey with its answers, and open what is to be put right.

    Args:
        actions: What was proposed, by the number of the finding.
        terms: What the table answered for each of `findings`, in their order.
    """
    surveyed_on = date.fromisoformat(result["surveyed_on"])
    row = PremisesSurvey(premises=premises, surveyed_on=surveyed_on, surveyor=result["surveyor"], case_id=work.case.id)
    row.confirmed_by, row.score_pct = work.actor.person, result["score_pct"]
    work.session.add(row)
    work.session.flush()  # the answers name the survey
    work.session.add_all(
        SurveyAnswer(premises=premises, surveyed_on=surveyed_on, no=no, question=field.label[:300], weight=weight, answer=answer)
        for no, field, weight, answer in _answered(work, form, answers)
    )
    register.get_premises(work.session, premises, surveyed_on).case_id = None
    work.count(SURVEYED, area=work.case.area, premises=premises, score_pct=result["score_pct"], findings=len(findings))
    known = {one["no"]: (one, term) for one, term in zip(findings, terms or (), strict=True)}
    rows = [(line, *known[line["finding"]]) for line in actions or ()]
    opened = [
        {**line, "finding": one["question"], "code": one["code"], "priority": term["priority"], "days": int(term["due_days"])}
        for line, one, term in rows
    ]
    return {"opened": open_actions(work, premises, opened)}
