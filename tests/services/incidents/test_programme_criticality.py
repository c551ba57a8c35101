"""Programme criticality: who rates, looks and approves, what an approval writes, and who hears of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services import jobs, people, tasks
from services.errors import NotAllowed, NotFound
from services.mailers import MemoryMailer
from services.models.authority import RoleHolding
from services.models.cases import OPEN, Case, Task
from services.models.outbox import OutboxMessage
from services.models.travel import Activity
from services.posting import post_event
from services.registers import activities
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid

KEY = "programme_criticality"
COORDINATOR, UNAH, WIPO, FOCAL_POINT = "teun.maduro", "bakari.thorne", "clara.jimenez", "jonas.keel"
DAY = timedelta(days=1)
WHY = {"reason": "A new project begins in January."}


@pytest.fixture
def ratings(journeys: Security) -> Security:
    return journeys.publish(KEY)


def rate_none(ratings: Security, case_id: str, organisation: str, person: str) -> None:
    """The head of an organisation says that it does nothing there."""
    with ratings.database.transaction() as session:
        found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.line == organisation)
        revision, actor = session.get_one(Case, case_id).revision, people.actor_named(session, person)
        task = session.scalars(found).one()
        tasks.complete_task(session, task.id, actor=actor, answers={"has_any": "NO"}, revision=revision, now=NOW)


def rate_none_but_wipo(ratings: Security, case_id: str, *lines: dict[str, Any]) -> None:
    """Of all organisations in the country only WIPO has something to rate, and UNAH has looked at it."""
    for organisation, person in {"UNAH": UNAH, "UNFR": "ingrid.sollerman", "UNVX": "selma.okoye"}.items():
        rate_none(ratings, case_id, organisation, person)
    ratings.do(case_id, WIPO, "pc_rate", has_any="YES", lines=list(lines))
    ratings.do(case_id, UNAH, "pc_review", review="AGREE")


def line(renews: str | None = "WIPO-STUDY", area: str = "XA-NOR", contribution: int = 5, **more: Any) -> dict[str, Any]:
    """One activity as it is listed: PC2, unless it brings less."""
    told = {"about": "Villages are asked.", "reasons": "The programme rests on it.", "likelihood": 5}
    named = {"renews": renews} if renews else {"title": "Something new"}
    return {**named, "areas": [area], "contribution": contribution, **told, **more}


def begin(ratings: Security, *lines: dict[str, Any]) -> str:
    """WIPO alone rates in a country, and UNAH has looked at it."""
    case_id = ratings.start(KEY, FOCAL_POINT, area="XA", only="WIPO", **WHY)
    ratings.do(case_id, WIPO, "pc_rate", has_any="YES", lines=list(lines) or [line()])
    ratings.do(case_id, UNAH, "pc_review", review="AGREE")
    return case_id


def approve(ratings: Security, case_id: str, days: int = 0, **answers: Any) -> None:
    ratings.do(case_id, COORDINATOR, "pc_approve", NOW + days * DAY, **({"decision": "APPROVE"} | answers))


def level(ratings: Security, code: str, area: str = "XA-NOR", *, on: int = 19, nights: int = 4, today: int = 0) -> str:
    """How critical a stay is by an activity of WIPO; days count from today's world."""
    stay = {"arrive_at": NOW + on * DAY, "depart_at": NOW + (on + nights) * DAY}
    with ratings.database.reading() as session:
        found = activities.rate(session, code, organisation="WIPO", area=area, now=NOW + today * DAY, **stay)
    return found.level


def successor(ratings: Security, code: str) -> Activity:
    (found,) = ratings.rows(Activity, follows=code)
    assert isinstance(found, Activity)
    return found


def test_whoever_rated_or_looked_does_not_approve(ratings: Security) -> None:
    case_id = ratings.start(KEY, FOCAL_POINT, area="XA", only="WIPO", **WHY)
    begun = {"role": "RC", "area": "XA", "valid_from": NOW - DAY}
    ratings.add(*(RoleHolding(person=person, **begun) for person in (WIPO, UNAH)))
    ratings.do(case_id, WIPO, "pc_rate", has_any="YES", lines=[line()])

    with pytest.raises(NotAllowed):
        ratings.do(case_id, WIPO, "pc_review", review="AGREE")
    ratings.do(case_id, UNAH, "pc_review", review="AGREE")
    for person in (WIPO, UNAH):
        with pytest.raises(NotAllowed):
            ratings.do(case_id, person, "pc_approve", decision="APPROVE")
    approve(ratings, case_id)

    assert level(ratings, "WIPO-STUDY") == "PC2"


@pytest.mark.parametrize("person", ["per.vane", "selma.okoye", "omar.brightwell"])
def test_only_heads_of_other_organisations_look_at_a_list(ratings: Security, person: str) -> None:
    case_id = ratings.start(KEY, FOCAL_POINT, area="XA", only="WIPO", **WHY)
    ratings.do(case_id, WIPO, "pc_rate", has_any="YES", lines=[line()])

    if person == "selma.okoye":
        ratings.do(case_id, person, "pc_review", review="AGREE")
    else:
        with pytest.raises((NotAllowed, NotFound)):
            ratings.do(case_id, person, "pc_review", review="AGREE")


def test_no_head_of_the_own_organisation_looks_at_its_list(ratings: Security) -> None:
    ratings.add(RoleHolding(person="amal.reyes", role="HOA", area="XA", organisation="WIPO", valid_from=NOW - DAY))
    case_id = ratings.start(KEY, FOCAL_POINT, area="XA", only="WIPO", **WHY)
    ratings.do(case_id, WIPO, "pc_rate", has_any="YES", lines=[line()])

    with pytest.raises((NotAllowed, NotFound)):
        ratings.do(case_id, "amal.reyes", "pc_review", review="AGREE")


def test_whoever_reads_a_list_reads_what_is_done_and_why(ratings: Security) -> None:
    case_id = ratings.start(KEY, FOCAL_POINT, area="XA", only="WIPO", **WHY)
    ratings.do(case_id, WIPO, "pc_rate", has_any="YES", lines=[line()])

    facts = {fact["label"]: fact["value"] for fact in ratings.task(case_id, "pc_review").card}
    assert facts["Study on traditional knowledge (XA-NOR)"] == "PC2 (5 × 5). Villages are asked. The programme rests on it."
    assert facts["Rated so far: Study on traditional knowledge"] == "PC3"


def test_whoever_looked_does_not_certify_pc1(ratings: Security) -> None:
    ratings.add(RoleHolding(person=UNAH, role="EXH", organisation="WIPO", valid_from=NOW - DAY))
    case_id = begin(ratings, line(ground="LIFESAVING"))

    with pytest.raises(NotAllowed):
        ratings.do(case_id, UNAH, "pc_certify", certified=["1"], certify_reasons="It saves lives.")
    with pytest.raises(AnswersInvalid):
        ratings.do(case_id, "per.vane", "pc_certify", certified=["2"], certify_reasons="It saves lives.")
    ratings.do(case_id, "per.vane", "pc_certify", certified=["1"], certify_reasons="It saves lives.")
    assert level(ratings, "WIPO-STUDY") == "PC3", "nothing counts before it is approved"
    approve(ratings, case_id)

    assert level(ratings, "WIPO-STUDY") == "PC1"
    assert {"USG", "DRO_DIR"} <= {row.to_role for row in ratings.rows(OutboxMessage, code="N-PCA-02")}


def test_a_renewed_rating_counts_for_requests_that_name_the_former(ratings: Security) -> None:
    former = ratings.rows(Activity, code="WIPO-STUDY")[0]
    approve(ratings, begin(ratings))

    closed = ratings.rows(Activity, code="WIPO-STUDY")[0]
    assert (closed.pc_level, closed.areas, closed.pc_valid_from) == (former.pc_level, former.areas, former.pc_valid_from)
    assert closed.pc_valid_to == date(2026, 11, 30)
    renewed = successor(ratings, "WIPO-STUDY")
    assert (renewed.pc_valid_from, renewed.pc_valid_to) == (NOW.date(), date(2027, 11, 30))
    assert level(ratings, "WIPO-STUDY") == level(ratings, renewed.code) == "PC2"
    assert level(ratings, "WIPO-STUDY", on=-3) == "PC2", "a stay that has begun is covered by both"
    assert level(ratings, "WIPO-STUDY", on=362) == "NONE"


def test_a_rating_goes_on_where_it_is_not_renewed(ratings: Security) -> None:
    approve(ratings, begin(ratings, line("WIPO-PATENTS-N", contribution=1)))

    assert level(ratings, "WIPO-PATENTS-N", "XA-NOR") == "PC4"
    assert [level(ratings, "WIPO-PATENTS-N", area) for area in ("XA-EST", "XH-CAP")] == ["PC2", "PC2"]
    assert level(ratings, "WIPO-PATENTS-N", "XH-CAP", on=220) == "NONE", "until its own end"


def test_a_rating_of_a_whole_country_is_taken_apart(ratings: Security) -> None:
    whole = {"organisation": "WIPO", "title": "Everywhere", "pc_level": "PC2", "pc_valid_to": date(2027, 6, 30)}
    ratings.add(Activity(code="WIPO-ALL", areas=["XA"], **whole))

    approve(ratings, begin(ratings, line("WIPO-ALL", contribution=3)))

    assert level(ratings, "WIPO-ALL", "XA-NOR") == "PC3"
    assert [level(ratings, "WIPO-ALL", area) for area in ("XA-EST", "XA-CAP")] == ["PC2", "PC2"]


def test_what_was_renewed_meanwhile_is_not_left_beside(ratings: Security) -> None:
    first, second = begin(ratings), ratings.start(KEY, COORDINATOR, area="XA", **WHY)
    rate_none_but_wipo(ratings, second, line(contribution=3))
    approve(ratings, first)
    approve(ratings, second, days=2)

    assert level(ratings, "WIPO-STUDY", today=2) == "PC3"
    renewed = successor(ratings, "WIPO-STUDY")
    assert renewed.pc_valid_to == (NOW + DAY).date()
    assert level(ratings, renewed.code, today=2) == "PC3"
    assert successor(ratings, renewed.code).pc_level == "PC3"


def test_what_took_the_place_of_a_rating_meanwhile_is_renewed_in_all_its_parts(ratings: Security) -> None:
    first, second = begin(ratings, line("WIPO-PATENTS-N")), ratings.start(KEY, COORDINATOR, area="XA", **WHY)
    rate_none_but_wipo(ratings, second, line("WIPO-PATENTS-N", "XA", contribution=1))
    approve(ratings, first)
    approve(ratings, second, days=2)

    open_ended = [
        row
        for row in ratings.rows(Activity, title="Technology transfer support in the north")
        if row.pc_valid_to >= (NOW + 2 * DAY).date()
    ]
    assert sorted((row.pc_level, row.areas) for row in open_ended) == [("PC2", ["XH-CAP"]), ("PC4", ["XA"])]


def test_nobody_renews_what_another_organisation_does(ratings: Security) -> None:
    case_id = ratings.start(KEY, FOCAL_POINT, area="XA", only="WIPO", **WHY)

    with pytest.raises(AnswersInvalid):
        ratings.do(case_id, WIPO, "pc_rate", has_any="YES", lines=[line("UNAH-SEED")])
    with pytest.raises(AnswersInvalid):
        ratings.do(case_id, WIPO, "pc_rate", has_any="YES", lines=[line(area="XC-CAP")])


def look(ratings: Security, days: int = 0) -> list[str]:
    """The day's questions are asked; where assessments were begun."""
    jobs.run_once(ratings.database, MemoryMailer(), NOW + days * DAY)
    ratings.dispatch(NOW + days * DAY)
    return sorted(case.area or "" for case in ratings.cases_of(KEY))


@pytest.mark.parametrize(("ends_in", "areas"), [(61, []), (60, ["XA"]), (0, ["XA"]), (-1, [])])
def test_a_country_is_asked_sixty_days_before_a_rating_ends(ratings: Security, ends_in: int, areas: list[str]) -> None:
    with ratings.database.transaction() as session:
        session.get_one(Activity, "UNFR-DAMS").pc_valid_to = (NOW + ends_in * DAY).date()

    assert look(ratings) == areas


def test_a_country_is_asked_once(ratings: Security) -> None:
    with ratings.database.transaction() as session:
        session.get_one(Activity, "UNFR-DAMS").pc_valid_to = (NOW + 60 * DAY).date()

    assert [look(ratings, days) for days in (0, 1, 30)] == [["XA"]] * 3


def test_a_request_that_was_sent_back_hears_of_new_ratings(ratings: Security) -> None:
    north = {"area": "XA-NOR", "lodging_ref": "XA-NOR-01"}
    arrive, depart = (NOW + 19 * DAY).isoformat(), (NOW + 23 * DAY).isoformat()
    stop = {"stop_type": "DESTINATION", "place": "XA-NOR", "arrive_at": arrive, "depart_at": depart, "transport_mode": "AIR"}
    flight = {"operator": "MERIDIAN", "flight_number": "ME214", "lodging_kind": "HOTEL"}
    met = {"contact_name": "Duty officer", "contact_phone": "+15550100"}
    stops = [{**stop, **north, **flight, **met}]
    waiting = ratings.ask("lina.marchetti", "XA-NOR", stops=stops, activity_ref="WIPO-STUDY")
    other = ratings.ask("selma.okoye", "XC-CAP")
    assert ratings.open_tasks(waiting) == ["tsc_correct_request"]

    with ratings.database.transaction() as session:
        post_event(session, "SIG_ACTIVITY_RATED", area="XA", payload={"organisation": "UNVX"}, by="system", now=NOW)
    ratings.dispatch()
    assert "N-TSC-31" not in ratings.notices(waiting), "they are not of the own organisation"

    approve(ratings, begin(ratings))
    ratings.dispatch()
    ratings.dispatch()

    assert ratings.notices(waiting).count("N-TSC-31") == 1
    assert "N-TSC-31" not in ratings.notices(other)
    chosen = successor(ratings, "WIPO-STUDY").code
    ratings.do(waiting, "lina.marchetti", "tsc_correct_request", activity_ref=chosen)
    assert ratings.open_tasks(waiting) == ["tsc_hoa_endorse"]
