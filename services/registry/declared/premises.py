"""Premises: how they keep the minimum standards, what is put right, how many enter them, and who entered without leave."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from services.models.premises import AccessBreach, EntryCount, Premises, PremisesAction, PremisesSurvey, SurveyAnswer
from services.registry.reaches import AUDITOR, BY_AREA, TO_ALL
from services.registry.shape import Column, Kind, Part, Register, in_area

PREMISES_KIND_TITLES = {"OFFICE": "Office", "COMPOUND": "Compound", "CONFERENCE": "Conference building", "WAREHOUSE": "Warehouse"}
ANSWER_TITLES = {"YES": "Kept", "NO": "Not kept", "NOT_APPLICABLE": "Does not apply"}
BREACH_KIND_TITLES = {"UNAUTHORISED_ENTRY": "Entered without leave", "STOPPED_AT_GATE": "Stopped at the gate"}
BREACH_STATUS_TITLES = {"REPORTED": "Reported", "CONFIRMED": "Confirmed", "DISMISSED": "Not confirmed"}
WHO_TITLES = {
    "STRANGER": "Somebody from outside",
    "VISITOR": "A visitor",
    "CONTRACTOR": "Somebody of a contractor",
    "STAFF": "Somebody of the personnel",
    "UNKNOWN": "Not known",
}
HOW_TITLES = {
    "FOLLOWED": "Behind somebody else",
    "FALSE_PASS": "With a false or borrowed pass",
    "FORCED": "By force",
    "CLIMBED": "Over a wall or through a window",
    "OPEN_DOOR": "Through a door left open",
    "OTHER": "In another way",
}
PRIORITY_TITLES = {"CRITICAL": "Critical", "HIGH": "High", "MEDIUM": "Medium", "LOW": "Low"}
ACTION_STATUS_TITLES = {
    "OPEN": "To be carried out",
    "DONE": "Said to be done",
    "VERIFIED": "Verified by somebody else",
    "ACCEPTED": "Risk accepted",
}
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
    parts=(Part("premises-surveys", "premises"), Part("premises-actions", "premises"), Part("access-breaches", "premises")),
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
        Column("premises", "Premises", listed=True, filtered=True, searched=True),
        Column("surveyed_on", "Surveyed on", Kind.DATE, listed=True),
        Column("surveyor", "Surveyor", Kind.PERSON, listed=True),
        Column("confirmed_by", "Confirmed by", Kind.PERSON),
        Column("score_pct", "Standards kept, in per cent", Kind.NUMBER, listed=True),
        Column("case_id", "Case", Kind.CASE),
    ),
    area=_area_of(PremisesSurvey.premises),
    case="case_id",
    valid_from="surveyed_on",
    readers=(*BY_AREA, *AUDITOR),
    process="premises_survey",
    written_by="A security adviser surveys, and the head of the service confirms it, in the process for it.",
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
        Column("premises", "Premises", listed=True, filtered=True, searched=True),
        Column("surveyed_on", "Surveyed on", Kind.DATE, listed=True),
        Column("no", "Number", Kind.NUMBER, listed=True),
        Column("question", "Question", listed=True, searched=True),
        Column("weight", "Weight", Kind.NUMBER, listed=True),
        Column("answer", "Answer", Kind.CHOICE, options=ANSWER_TITLES, listed=True, filtered=True),
    ),
    area=_area_of(SurveyAnswer.premises),
    readers=(*BY_AREA, *AUDITOR),
    process="premises_survey",
    written_by="A security adviser surveys, and the head of the service confirms it, in the process for it.",
)

ACTIONS = Register(
    key="premises-actions",
    family="indicators",
    title="Corrective actions in premises",
    about="What is put right after a survey of premises or an access breach, by whom, until when, and how it was settled.",
    model=PremisesAction,
    identity=("number",),
    label="text",
    order=("due_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("premises", "Premises", listed=True, filtered=True, searched=True),
        Column("finding", "Finding", Kind.PROSE, searched=True),
        Column("text", "What is done about it", Kind.PROSE, listed=True, searched=True),
        Column("owner_role", "Who carries it out", Kind.ROLE, listed=True, filtered=True),
        Column("priority", "Priority", Kind.CHOICE, options=PRIORITY_TITLES, listed=True, filtered=True),
        Column("due_at", "Due", Kind.MOMENT, listed=True),
        Column("status", "Status", Kind.CHOICE, options=ACTION_STATUS_TITLES, listed=True, filtered=True),
        Column("evidence", "What shows it", Kind.PROSE),
        Column("done_by", "Carried out by", Kind.PERSON),
        Column("closed_by", "Settled by", Kind.PERSON),
        Column("closed_at", "Settled", Kind.MOMENT),
        Column("reasons", "Reasons", Kind.PROSE),
        Column("breach", "Access breach", filtered=True),
        Column("case_id", "Case", Kind.CASE),
    ),
    area=_area_of(PremisesAction.premises),
    case="case_id",
    valid_from="opened_at",
    valid_to="closed_at",
    readers=(*BY_AREA, *AUDITOR),
    process="premises_survey",
    written_by="They are opened, verified by somebody else or accepted as a risk in the processes for them.",
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
        Column("number", "Number", listed=True, searched=True),
        Column("premises", "Premises", listed=True, filtered=True, searched=True),
        Column("kind", "Kind", Kind.CHOICE, options=BREACH_KIND_TITLES, listed=True, filtered=True),
        Column("status", "Status", Kind.CHOICE, options=BREACH_STATUS_TITLES, listed=True, filtered=True),
        Column("happened_at", "Happened", Kind.MOMENT, listed=True),
        Column("place", "Where exactly", searched=True),
        Column("who", "Who", Kind.CHOICE, options=WHO_TITLES, filtered=True),
        Column("how", "How", Kind.CHOICE, options=HOW_TITLES, filtered=True),
        Column("what", "What happened", Kind.PROSE, searched=True),
        Column("findings", "What was found out", Kind.PROSE),
        Column("measure", "What is done about it", Kind.PROSE),
        Column("reported_by", "Reported by", Kind.PERSON),
        Column("reviewed_by", "Looked into by", Kind.PERSON),
        Column("case_id", "Case", Kind.CASE),
    ),
    area=_area_of(AccessBreach.premises),
    case="case_id",
    valid_from="happened_at",
    readers=(*BY_AREA, *AUDITOR),
    process="access_breach",
    written_by="Security staff report it, and somebody else confirms it or not, in the process for it.",
    parts=(Part("premises-actions", "breach"),),
)

REGISTERS = (PREMISES, SURVEYS, ANSWERS, ACTIONS, ENTRIES, BREACHES)
