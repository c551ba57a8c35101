"""Recognition of good security practice: what was nominated, and what was decided."""

from __future__ import annotations

from services.models.recognitions import Recognition
from services.registry.shape import Column, Kind, Register, everywhere, of_visible_cases

KIND_TITLES = {"PERSON": "A person", "TEAM": "A team"}
OUTCOME_TITLES = {
    "RECOGNISED": "Recognised",
    "NOT_SHORTLISTED": "Not on the shortlist",
    "NOT_RECOGNISED": "Not recognised",
    "WITHDRAWN": "Withdrawn",
}

WRITTEN_SENTENCE = "It is nominated, shortlisted and decided in the process for it."

RECOGNITIONS = Register(
    key="recognitions",
    family="people",
    title="Recognition of security practice",
    about="Nominations of people and teams for good security practice, as far as their cases are yours to see.",
    model=Recognition,
    identity=("number",),
    order=("-nominated_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("kind", "Whom", Kind.CHOICE, options=KIND_TITLES, listed=True, filtered=True),
        Column("team", "Team", listed=True, searched=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True),
        Column("done", "What was done", Kind.PROSE),
        Column("nominated_by", "Nominated by", Kind.PERSON, listed=True),
        Column("nominated_at", "Nominated", Kind.MOMENT, listed=True),
        Column("outcome", "How it ended", Kind.CHOICE, options=OUTCOME_TITLES, listed=True, filtered=True),
        Column("decided_by", "Decided by", Kind.PERSON),
        Column("ended_at", "Ended", Kind.MOMENT),
        Column("case_id", "Case", Kind.CASE),
    ),
    organisation="organisation",
    case="case_id",
    readers=(*of_visible_cases(), *everywhere("AUD")),
    process="recognition",
    written_by=WRITTEN_SENTENCE,
)

REGISTERS = (RECOGNITIONS,)
