"""Special events, and who is expected at them."""

from __future__ import annotations

from sqlalchemy import select

from services.models.special_events import EventAccreditation, SpecialEvent
from services.registry.reaches import AUDITOR
from services.registry.shape import Column, Kind, Part, Register, in_area, own

EVENT_KIND_TITLES = {"INTERNAL": "Held by the United Nations system", "EXTERNAL": "Held by others"}
EVENT_OUTCOME_TITLES = {
    "REGISTERED": "Registered",
    "HELD": "Authorised and held",
    "REFUSED": "Refused",
    "CANCELLED": "Cancelled",
    "BARRED": "Barred by the security level",
    "NOT_AUTHORISED": "Not authorised by its beginning",
}
ACCREDITATION_KIND_TITLES = {"DELEGATE": "Delegate", "VISITOR": "Visitor", "PRESS": "Press", "CONTRACTOR": "Contractor"}
VERDICT_TITLES = {"ADMITTED": "Admitted", "REFUSED": "Not admitted"}
_READERS = (*own(), *in_area("CSA", "SA", "DSSO", "DO", "DOAI", "HGL"), *AUDITOR)
WRITTEN_SENTENCE = "It is announced, looked at and decided in the process for it."
_AREA = (
    select(SpecialEvent.area)
    .where(SpecialEvent.number == EventAccreditation.event)
    .correlate_except(SpecialEvent)
    .scalar_subquery()
)

EVENTS = Register(
    key="special-events",
    family="indicators",
    title="Special events",
    about="Conferences, visits and other events that were announced, and whether they were authorised.",
    model=SpecialEvent,
    identity=("number",),
    order=("-starts_at", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("title", "Event", listed=True, searched=True),
        Column("area", "Area", Kind.AREA, listed=True, filtered=True),
        Column("venue", "Where"),
        Column("organisation", "Organisation", Kind.ORGANISATION, filtered=True),
        Column("organiser", "Organiser", Kind.PERSON),
        Column("kind", "Whose event", Kind.CHOICE, options=EVENT_KIND_TITLES, filtered=True),
        Column("starts_at", "Begins", Kind.MOMENT, listed=True),
        Column("ends_at", "Ends", Kind.MOMENT),
        Column("participants", "People expected", Kind.NUMBER, listed=True),
        Column("vips", "Protected guests", Kind.NUMBER),
        Column("level", "Security level", Kind.NUMBER, listed=True),
        Column("requested_at", "Requested", Kind.MOMENT),
        Column("authorised_at", "Authorised", Kind.MOMENT, listed=True),
        Column("outcome", "How it came out", Kind.CHOICE, options=EVENT_OUTCOME_TITLES, listed=True, filtered=True),
        Column("incident", "Incident", Kind.YES_NO),
        Column("lessons", "What was learned", Kind.PROSE),
        Column("case_id", "Case", Kind.CASE),
    ),
    area="area",
    organisation="organisation",
    person="organiser",
    case="case_id",
    readers=_READERS,
    process="special_event",
    written_by=WRITTEN_SENTENCE,
    parts=(Part("event-accreditations", "event"),),
)

ACCREDITATIONS = Register(
    key="event-accreditations",
    family="indicators",
    title="Accreditation lists of events",
    about="Who is expected at an event, and whom the security service admits. It is forgotten soon after the event.",
    model=EventAccreditation,
    identity=("event", "no"),
    label="name",
    order=("event", "no"),
    columns=(
        Column("event", "Event", listed=True, filtered=True, searched=True),
        Column("no", "Number", Kind.NUMBER),
        Column("name", "Name", listed=True, searched=True),
        Column("organisation", "Organisation", listed=True),
        Column("kind", "As what", Kind.CHOICE, options=ACCREDITATION_KIND_TITLES, listed=True, filtered=True),
        Column("first_on", "First day", Kind.DATE, listed=True),
        Column("last_on", "Last day", Kind.DATE, listed=True),
        Column("verdict", "Screening", Kind.CHOICE, options=VERDICT_TITLES, listed=True, filtered=True),
        Column("reason", "Reason", Kind.PROSE),
        Column("screened_at", "Screened", Kind.MOMENT),
        Column("screened_by", "Screened by", Kind.PERSON),
        Column("listed_by", "Listed by", Kind.PERSON),
        Column("case_id", "Case", Kind.CASE),
    ),
    area=_AREA,
    person="listed_by",
    case="case_id",
    readers=_READERS,
    process="special_event",
    written_by=WRITTEN_SENTENCE,
)

REGISTERS = (EVENTS, ACCREDITATIONS)
