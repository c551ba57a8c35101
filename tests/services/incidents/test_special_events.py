"""Special events: who knows of the names, who decides, what a part of the list may be, and when the names are forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services import jobs, people
from services.errors import NotAllowed, NotFound
from services.models.areas import AreaState
from services.models.confinements import CaseConfinement
from services.models.special_events import EventAccreditation, SpecialEvent
from services.models.support import TravelNotification
from services.operations.moments import write_moment
from services.operations.special_events import THERE
from services.operations.special_events_lines import read_lines
from services.registers import special_events
from services.registry.asking import Asked
from services.registry.reading import find_register, list_entries
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid

KEY, AREA = "special_event", "XA-CAP"
ORGANISER, ADVISER, OFFICIAL, OFFICER, LIAISON = (
    "noemi.hart",
    "naledi.vanter",
    "ingrid.sollerman",
    "yusra.ben-halim",
    "zahra.linden",
)
DAY = timedelta(days=1)
BEGINS, ENDS = NOW + 30 * DAY, NOW + 32 * DAY
EVENT = {
    "title": "Harvest forum",
    "kind": "EXTERNAL",
    "area": AREA,
    "venue": "Harbour hall",
    "starts_at": write_moment(BEGINS),
    "ends_at": write_moment(ENDS),
    "participants": 120,
    "contact": "Noemi Hart, +41 22 000 00 00",
}
ADA = {"name": "Ada Lind", "organisation": "Grain Board", "kind": "DELEGATE"}


@pytest.fixture
def events(journeys: Security) -> Security:
    return journeys.publish(KEY)


@pytest.fixture
def embedded_events(security: Security) -> Security:
    return security.publish(KEY)


def prepared(events: Security, organiser: str = ORGANISER, **answers: object) -> str:
    """An event of which everything is prepared; the adviser has it next."""
    case_id = events.start(KEY, organiser, **(EVENT | answers))
    events.do(case_id, organiser, "sev_list", people=[ADA], pasted="Tom Reed; Harbour News; press\n", more="ALL")
    events.do(case_id, OFFICER, "sev_screen", screened=True, refused=[{"no": "2", "why": "The letter is not genuine."}])
    events.do(case_id, LIAISON, "sev_host", host_done="INFORMED", host_words="The police was told.")
    events.send(case_id, "MSG_EVENT_ASSESSED", {"number": "X", "state": "IN_FORCE"}, NOW)
    return case_id


def names_read_by(events: Security, person: str) -> list[str]:
    with events.database.reading() as session:
        try:
            register, reader = find_register(session, "event-accreditations", actor=people.actor_named(session, person), now=NOW)
        except NotFound:
            return []
        return [str(row.values["name"]) for row in list_entries(session, register, Asked(), reader=reader).rows]


def test_only_those_who_secure_an_event_know_of_it_and_its_names_go_soon_after_it(events: Security) -> None:
    case_id = prepared(events)

    for person in (ORGANISER, ADVISER, OFFICIAL, OFFICER, LIAISON):
        assert names_read_by(events, person) == ["Ada Lind", "Tom Reed"], person
    for person in ("marek.dunn", "bakari.thorne", "emeka.strand", "celeste.maron"):
        assert names_read_by(events, person) == [], person
        assert not events.sees(person, case_id)
    confined = events.rows(CaseConfinement, case_id=case_id)
    assert {row.role or row.person for row in confined} == {*THERE, ORGANISER}
    assert {row.area for row in confined if row.role} == {AREA}
    assert "Ada Lind" not in str(events.case(case_id).subject)

    events.do(case_id, ADVISER, "sev_advise", advice="FOR", advice_reasons="The hall can be secured.")
    events.do(case_id, OFFICIAL, "sev_decide", decision="AUTHORISE")
    (event,) = events.rows(SpecialEvent)
    assert (event.level, event.authorised_at, event.outcome) == (3, NOW, None)
    events.wait(case_id, ENDS + 31 * DAY)

    assert events.case(case_id).state == "COMPLETED"
    assert events.rows(SpecialEvent)[0].outcome == "HELD"
    jobs.forget_cases(events.database, ENDS + 89 * DAY)
    assert len(events.rows(EventAccreditation)) == 2
    jobs.forget_cases(events.database, ENDS + 91 * DAY)
    assert events.rows(EventAccreditation) == []
    assert events.rows(SpecialEvent)[0].outcome == "HELD"


@pytest.mark.parametrize(("organiser", "step"), [(OFFICIAL, "sev_decide"), (ADVISER, "sev_advise")])
def test_nobody_advises_or_decides_on_their_own_event(embedded_events: Security, organiser: str, step: str) -> None:
    case_id = prepared(embedded_events, organiser)

    if step == "sev_decide":
        embedded_events.do(case_id, ADVISER, "sev_advise", advice="FOR", advice_reasons="The hall can be secured.")
    with pytest.raises(NotAllowed):
        if step == "sev_decide":
            embedded_events.do(case_id, organiser, step, decision="AUTHORISE")
        else:
            embedded_events.do(case_id, organiser, step, advice="FOR", advice_reasons="The hall can be secured.")

    assert embedded_events.open_tasks(case_id) == [step]
    assert embedded_events.rows(SpecialEvent)[0].authorised_at is None


@pytest.mark.parametrize(
    "pasted",
    [
        "Name;Organisation;As what?\nTom Reed; Harbour News; press\n",
        "Nom\tOrganisation\tÀ quel titre ?\nTom Reed\tHarbour News\tPresse\n\n",
        "姓名；组织；以何身份？\nTom Reed；Harbour News；新闻界",
        "الاسم؛ المنظمة؛ الصفة\nTom Reed؛ Harbour News؛ صحافة",
        "Tom Reed; Harbour News; ПРЕССА",
    ],
)
def test_a_list_is_pasted_in_the_words_of_any_language_and_with_the_headings_of_a_table(
    embedded_events: Security, pasted: str
) -> None:
    case_id = embedded_events.start(KEY, ORGANISER, **EVENT)

    embedded_events.do(case_id, ORGANISER, "sev_list", pasted=pasted, more="ALL")

    listed = embedded_events.rows(EventAccreditation)
    assert [(one.name, one.organisation, one.kind) for one in listed] == [("Tom Reed", "Harbour News", "PRESS")]


def test_a_word_is_read_without_its_accents_and_capitals(embedded_events: Security) -> None:
    case_id = embedded_events.start(KEY, ORGANISER, **EVENT)

    embedded_events.do(case_id, ORGANISER, "sev_list", pasted="Tom Reed; Harbour News; DELEGUE", more="ALL")

    assert [one.kind for one in embedded_events.rows(EventAccreditation)] == ["DELEGATE"]


def test_whoever_is_called_like_a_heading_is_a_person(embedded_events: Security) -> None:
    case_id = embedded_events.start(KEY, ORGANISER, **EVENT)

    embedded_events.do(case_id, ORGANISER, "sev_list", pasted="Nom; Harbour News; Délégué", more="ALL")

    assert [one.name for one in embedded_events.rows(EventAccreditation)] == ["Nom"]


def test_a_part_of_the_list_that_cannot_be_read_or_is_too_long_changes_nothing(embedded_events: Security) -> None:
    case_id = embedded_events.start(KEY, ORGANISER, **EVENT)
    line = "Tom Reed; Harbour News; PRESS\n"

    for pasted in (line * 501, "Tom Reed, Harbour News, PRESS", "Tom Reed; Harbour News; GUEST", line + "Mia Falk; Stagecraft"):
        with pytest.raises(AnswersInvalid):
            embedded_events.do(case_id, ORGANISER, "sev_list", pasted=pasted, more="ALL")
    with pytest.raises(AnswersInvalid):
        embedded_events.do(case_id, ORGANISER, "sev_list", more="ALL")
    assert embedded_events.rows(EventAccreditation) == []

    number = embedded_events.case(case_id).number
    some = {"event": number, "case_id": case_id, "listed_by": ORGANISER, "first_on": BEGINS.date(), "last_on": ENDS.date(), **ADA}
    embedded_events.add(*(EventAccreditation(no=no, **some) for no in range(1, 451)))
    with pytest.raises(AnswersInvalid, match="500 names at most"):
        embedded_events.do(case_id, ORGANISER, "sev_list", pasted=(line * 60).strip(), more="ALL")
    assert embedded_events.rows(EventAccreditation, kind="PRESS") == []
    embedded_events.do(case_id, ORGANISER, "sev_list", pasted=(line * 50).strip(), more="MORE")
    assert len(embedded_events.rows(EventAccreditation, kind="PRESS", verdict=None)) == 50
    embedded_events.do(case_id, OFFICER, "sev_screen", screened=True)
    with pytest.raises(AnswersInvalid):
        embedded_events.do(case_id, ORGANISER, "sev_list", people=[ADA], more="ALL")


def test_a_guest_is_covered_by_a_notice_for_the_place_and_the_days_alone(events: Security) -> None:
    case_id = events.start(KEY, ORGANISER, **(EVENT | {"vips": [{"name": "Per Vane", "person": "per.vane"}]}))
    visit = {"official": "per.vane", "organisation": "WIPO", "notified_at": NOW}
    events.add(
        TravelNotification(number="TN-1", area="XB-CAP", departs_at=BEGINS, ends_at=ENDS, **visit),
        TravelNotification(number="TN-2", area=AREA, departs_at=NOW + 2 * DAY, ends_at=NOW + 3 * DAY, **visit),
        TravelNotification(number="TN-3", area=AREA, departs_at=BEGINS, ends_at=ENDS, outcome="CANCELLED", **visit),
    )
    with events.database.reading() as session:
        event = special_events.get_event(session, events.case(case_id).number)
        assert special_events.find_notice(session, "per.vane", event) is None

    events.add(TravelNotification(number="TN-4", area=AREA, departs_at=BEGINS - DAY, ends_at=ENDS, **visit))
    with events.database.reading() as session:
        event = special_events.get_event(session, events.case(case_id).number)
        notice = special_events.find_notice(session, "per.vane", event)
        assert notice is not None
        assert notice.number == "TN-4"


def test_a_level_that_is_announced_for_the_days_of_the_event_counts_already(embedded_events: Security) -> None:
    (holding,) = embedded_events.rows(AreaState, area=AREA)
    kept = {column.key: getattr(holding, column.key) for column in AreaState.__table__.columns if column.key != "id"}
    embedded_events.add(AreaState(**(kept | {"valid_from": BEGINS + DAY, "security_level": 4})))

    case_id = embedded_events.start(KEY, ORGANISER, **EVENT)

    assert embedded_events.case(case_id).outcome == "BARRED"
    assert embedded_events.rows(SpecialEvent)[0].level == 4


def test_each_part_of_a_list_is_screened_once_and_for_the_days_that_were_named(embedded_events: Security) -> None:
    case_id = embedded_events.start(KEY, ORGANISER, **EVENT)
    day = (BEGINS + DAY).date()
    embedded_events.do(case_id, ORGANISER, "sev_list", people=[ADA], pasted="Tom Reed; Harbour News; press", more="MORE")
    embedded_events.do(case_id, OFFICER, "sev_screen", screened=True, refused=[{"no": "2", "why": "The letter is not genuine."}])
    mia = {"name": "Mia Falk", "organisation": "Stagecraft", "kind": "CONTRACTOR", "first_on": str(day), "last_on": str(day)}
    embedded_events.do(case_id, ORGANISER, "sev_list", people=[mia], more="ALL")
    embedded_events.do(case_id, ADVISER, "sev_screen", NOW + DAY, screened=True)

    listed = embedded_events.rows(EventAccreditation)
    assert [(one.no, one.name, one.verdict, one.screened_by, one.screened_at) for one in listed] == [
        (1, "Ada Lind", "ADMITTED", OFFICER, NOW),
        (2, "Tom Reed", "REFUSED", OFFICER, NOW),
        (3, "Mia Falk", "ADMITTED", ADVISER, NOW + DAY),
    ]
    assert [one.reason for one in listed] == [None, "The letter is not genuine.", None]
    assert [(one.first_on, one.last_on) for one in listed] == [(BEGINS.date(), ENDS.date())] * 2 + [(day, day)]


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        ("Name; Organisation; As what?\n\nTom Reed; Harbour News; GUEST", 3),
        ("Ada Lind; Grain Board; DELEGATE\nTom Reed; Harbour News; late; PRESS", 2),
        ("Tom Reed; PRESS", 1),
        (f"{'x' * 121}; Harbour News; PRESS", 1),
        ("T; Harbour News; PRESS", 1),
    ],
)
def test_the_line_that_cannot_be_read_is_named_as_it_stands_on_the_page(pasted: str, line: int) -> None:
    with pytest.raises(AnswersInvalid) as refused:
        read_lines(pasted, {"en": {"fields": {"list_people_name": "Name"}}})

    assert [(problem.where, (problem.facts or {})["line"]) for problem in refused.value.problems] == [("pasted", line)]
