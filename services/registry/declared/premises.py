"""Premises: how they keep the minimum standards, how many people enter them, and who entered without leave."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from services.models.premises import AccessBreach, EntryCount, Premises, PremisesSurvey, SurveyAnswer
from services.registry.reaches import AUDITOR, BY_AREA, TO_ALL
from services.registry.shape import Column, Kind, Part, Register, in_area

PREMISES_KIND_TITLES = {"OFFICE": "Office", "COMPOUND": "Compound", "CONFERENCE": "Conference building", "WAREHOUSE": "Warehouse"}
ANSWER_TITLES = {"YES": "Kept", "NO": "Not kept", "NOT_APPLICABLE": "Does not apply"}
BREACH_KIND_TITLES = {"UNAUTHORISED_ENTRY": "Entered without leave", "STOPPED_AT_GATE": "Stopped at the gate"}
BREACH_STATUS_TITLES = {"REPORTED": "Reported", "CONFIRMED": "Confirmed", "DISMISSED": "Not confirmed"}
KEEPERS = in_area("CSA", "DSSO", "SA", "DHSSS_DIR")


def _area_of(premises: Any) -> ColumnElement[Any]:
    return select(Premises.area).where(Premises.code == premises).correlate_except(Premises).scalar_subquery()


PREMISES = Register(
    key="premises",
    family="places",
    title="Premises",
    about="Buildings and compounds in which the organisations work.",
    model=Premises,
    identity=("code",),
    label="name",
    order=("code",),
    columns=(
        Column("code", "Code", listed=True, searched=True, entered=True, required=True, longest=32),
        Column("name", "Name", Kind.NAME, listed=True, searched=True, edited=True, required=True, longest=160),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True, entered=True, required=True),
        Column("kind", "Kind", Kind.CHOICE, options=PREMISES_KIND_TITLES, listed=True, filtered=True, edited=True, required=True),
        Column("organisations", "Organisations", Kind.LIST, listed=True, edited=True),
        Column("headcount", "People who work there", Kind.NUMBER, listed=True, edited=True, required=True),
        Column("valid_from", "In use from", Kind.DATE, listed=True, edited=True, required=True),
        Column("valid_to", "In use until", Kind.DATE, listed=True, edited=True),
    ),
    area="area",
    valid_from="valid_from",
    valid_to="valid_to",
    readers=TO_ALL,
    owners=KEEPERS,
    adding=True,
    parts=(Part("premises-surveys", "premises"), Part("access-breaches", "premises")),
)

SURVEYS = Register(
    key="premises-surveys",
    family="indicators",
    title="Surveys of premises",
    about="When premises were looked at by the minimum operating security standards of headquarters.",
    model=PremisesSurvey,
    identity=("premises", "surveyed_on"),
    label="premises",
    order=("-surveyed_on", "premises"),
    columns=(
        Column("premises", "Premises", listed=True, filtered=True, searched=True, entered=True, required=True, longest=32),
        Column("surveyed_on", "Surveyed on", Kind.DATE, listed=True, entered=True, required=True),
        Column("surveyor", "Surveyor", Kind.PERSON, listed=True, edited=True),
    ),
    area=_area_of(PremisesSurvey.premises),
    valid_from="surveyed_on",
    readers=(*BY_AREA, *AUDITOR),
    owners=KEEPERS,
    adding=True,
    parts=(Part("survey-answers", "premises"),),
)

ANSWERS = Register(
    key="survey-answers",
    family="indicators",
    title="Answers of surveys",
    about="Every question of a survey of premises, how much it weighs, and what was found.",
    model=SurveyAnswer,
    identity=("premises", "surveyed_on", "no"),
    label="question",
    order=("premises", "-surveyed_on", "no"),
    columns=(
        Column("premises", "Premises", listed=True, filtered=True, searched=True, entered=True, required=True, longest=32),
        Column("surveyed_on", "Surveyed on", Kind.DATE, listed=True, entered=True, required=True),
        Column("no", "Number", Kind.NUMBER, listed=True, entered=True, required=True),
        Column("question", "Question", listed=True, searched=True, entered=True, required=True, longest=300),
        Column("weight", "Weight", Kind.NUMBER, listed=True, entered=True, required=True),
        Column("answer", "Answer", Kind.CHOICE, options=ANSWER_TITLES, listed=True, filtered=True, edited=True, required=True),
    ),
    area=_area_of(SurveyAnswer.premises),
    readers=(*BY_AREA, *AUDITOR),
    owners=KEEPERS,
    adding=True,
)

ENTRIES = Register(
    key="premises-entries",
    family="indicators",
    title="Entries to premises",
    about="How many times people entered premises in a month, as their gates counted.",
    model=EntryCount,
    identity=("premises", "month"),
    label="premises",
    order=("-month", "premises"),
    columns=(
        Column("premises", "Premises", listed=True, filtered=True, searched=True, entered=True, required=True, longest=32),
        Column("month", "Month", Kind.DATE, listed=True, entered=True, required=True, hint="The first day of the month."),
        Column("entries", "Entries", Kind.NUMBER, listed=True, edited=True, required=True),
    ),
    area=_area_of(EntryCount.premises),
    readers=(*BY_AREA, *AUDITOR),
    owners=KEEPERS,
    adding=True,
)

BREACHES = Register(
    key="access-breaches",
    family="indicators",
    title="Access breaches",
    about="Somebody entered premises without leave, or tried to and was stopped at the gate.",
    model=AccessBreach,
    identity=("number",),
    order=("-happened_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True, entered=True, required=True, longest=32),
        Column("premises", "Premises", listed=True, filtered=True, searched=True, entered=True, required=True, longest=32),
        Column("kind", "Kind", Kind.CHOICE, options=BREACH_KIND_TITLES, listed=True, filtered=True, edited=True, required=True),
        Column(
            "status", "Status", Kind.CHOICE, options=BREACH_STATUS_TITLES, listed=True, filtered=True, edited=True, required=True
        ),
        Column("happened_at", "Happened", Kind.MOMENT, listed=True, edited=True, required=True),
        Column("what", "What happened", Kind.PROSE, searched=True, edited=True, required=True, longest=2000),
        Column("measure", "What is done about it", Kind.PROSE, edited=True, longest=2000),
    ),
    area=_area_of(AccessBreach.premises),
    valid_from="happened_at",
    readers=(*BY_AREA, *AUDITOR),
    owners=KEEPERS,
    adding=True,
)

REGISTERS = (PREMISES, SURVEYS, ANSWERS, ENTRIES, BREACHES)
