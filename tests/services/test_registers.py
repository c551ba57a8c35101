"""What registers say: states of areas, trainings, operators, options of forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services import registers
from services.database import Database
from services.errors import NotFound
from services.models.areas import AreaState
from services.models.people import Dependant, Person
from services.models.trainings import TrainingRecord
from services.registers import areas, clearances, travellers
from services.registers.options import RegisterUnknown
from tests.services.case_rows import add_case, add_line
from workflows import forms

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def session(demo_database: Database) -> Iterator[Session]:
    with demo_database.transaction() as opened:
        yield opened


def test_the_newest_state_that_has_begun_holds(session: Session) -> None:
    today = areas.get_state(session, "XF-CAP", NOW)
    later = areas.get_state(session, "XF-CAP", NOW + 20 * DAY)

    assert (today.status, later.status) == ("SUSPENDED", "OPEN")
    with pytest.raises(NotFound):
        areas.get_state(session, "XF-CAP", NOW - 600 * DAY)


def test_an_area_is_asked_once_for_all_moments_of_one_state(session: Session) -> None:
    asked: list[object] = []
    event.listen(session, "do_orm_execute", asked.append)

    today, soon = areas.get_state(session, "XF-CAP", NOW), areas.get_state(session, "XF-CAP", NOW + timedelta(hours=1))
    assert soon is today
    assert len(asked) == 1

    areas.change_state(session, "XF-CAP", {"present": today.present + 1}, by="test", now=NOW + timedelta(minutes=30))
    assert areas.get_state(session, "XF-CAP", NOW) is today
    assert areas.get_state(session, "XF-CAP", NOW + timedelta(hours=1)).present == today.present + 1


def test_two_states_cannot_begin_in_one_area_at_one_moment(session: Session) -> None:
    row = areas.get_state(session, "XA-CAP", NOW)
    session.add(
        AreaState(
            area="XA-CAP",
            valid_from=row.valid_from,
            security_level=4,
            residual_risk="HIGH",
            clearance_mode="MANUAL",
            created_by="system",
            created_at=NOW,
        )
    )

    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_stay_meets_the_worse_of_today_and_the_day_of_arrival(session: Session) -> None:
    there = areas.facts_for_stay(session, "XF-CAP", arrive_at=NOW + 20 * DAY, now=NOW)
    calm = areas.facts_for_stay(session, "XA-CAP", arrive_at=NOW + 20 * DAY, now=NOW)

    assert (there.status, there.mode) == ("SUSPENDED", "MANUAL")
    assert (calm.status, calm.mode, calm.srm_valid, calm.room) == ("OPEN", "AUTO", True, None)


@pytest.mark.parametrize(("area", "valid"), [("XG-CAP", False), ("XK-NEW", False), ("XB-CAP", True)])
def test_an_assessment_that_is_over_or_missing_is_not_valid(session: Session, area: str, valid: bool) -> None:
    assert areas.facts_for_stay(session, area, arrive_at=NOW + 9 * DAY, now=NOW).srm_valid is valid


def test_an_assessment_has_to_hold_on_arrival_too(session: Session) -> None:
    assert not areas.facts_for_stay(session, "XB-CAP", arrive_at=NOW + 90 * DAY, now=NOW).srm_valid


def test_a_change_begins_a_new_state_and_keeps_the_rest(session: Session) -> None:
    areas.change_state(session, "XA-NOR", {"security_level": 5}, by="ingrid.sollerman", now=NOW)

    before = areas.get_state(session, "XA-NOR", NOW - DAY)
    after = areas.get_state(session, "XA-NOR", NOW)
    assert (before.security_level, after.security_level, after.ceiling, after.present) == (4, 5, 40, 37)


def test_the_demo_has_the_free_places_of_its_description(session: Session) -> None:
    free = {
        area: areas.facts_for_stay(session, area, arrive_at=NOW, now=NOW).room
        for area in ("XA-NOR", "XA-EST", "XC-SOU", "XH-CAP", "XJ-DEL", "XE-CAP")
    }

    assert free == {"XA-NOR": 3, "XA-EST": 0, "XC-SOU": 1, "XH-CAP": 22, "XJ-DEL": 0, "XE-CAP": 4}


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (date(2026, 12, 19), "VALID"),
        (date(2026, 12, 16), "EXPIRES_DURING_STAY"),
        (date(2026, 11, 15), "EXPIRED"),
        (None, "VALID"),
    ],
)
def test_a_training_counts_over_the_whole_stay(to: date | None, expected: str) -> None:
    record = TrainingRecord(person="x", course="SSAFE", issued_on=date(2024, 1, 1), valid_to=to)

    state = travellers.state_of_training(record, arrive_on=date(2026, 12, 10), depart_on=date(2026, 12, 19))

    assert state == expected
    assert travellers.state_of_training(None, arrive_on=date(2026, 12, 10), depart_on=date(2026, 12, 19)) == "NONE"


def test_a_revoked_training_is_none(session: Session) -> None:
    session.query(TrainingRecord).filter_by(person="lina.marchetti", course="SSAFE").one().revoked = True
    session.flush()

    assert travellers.trainings_by_person(session, ["lina.marchetti"], "SSAFE") == {}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("MERIDIAN", "APPROVED"),
        ("Meridian Air", "APPROVED"),
        ("KARST", "NOT_LISTED"),
        ("BLUEPEAK", "NOT_RECOMMENDED"),
        ("Somebody's plane", "NOT_LISTED"),
        (None, "NOT_LISTED"),
    ],
)
def test_operators_are_approved_unlisted_or_not_recommended(session: Session, named: str | None, expected: str) -> None:
    status = travellers.status_of_operator(session, named, organisation="WIPO", case_number="TSC-2026-000001", on=NOW.date())

    assert status == expected


def test_partners_are_not_covered_and_dependants_are_while_recognised(session: Session) -> None:
    partner, staff = session.get_one(Person, "sam.riverton"), session.get_one(Person, "lina.marchetti")
    child = Dependant(
        sponsor="lina.marchetti",
        person="x",
        relation="CHILD",
        birth_year=2015,
        recognised_from=date(2026, 1, 1),
        recognised_to=None,
    )

    assert not travellers.is_covered(session, partner, None, NOW.date())
    assert travellers.is_covered(session, staff, None, NOW.date())
    assert travellers.is_covered(session, partner, child, NOW.date())
    assert travellers.type_of(partner, child, NOW.date()) == "DEPENDANT_MINOR"


def test_stays_may_touch_but_not_overlap(session: Session) -> None:
    case = add_case(session)
    line = add_line(session, case)

    def overlaps(arrive: datetime, depart: datetime, other: str = "another") -> bool:
        stays = clearances.stays_elsewhere(session, ["lina.marchetti", "sam.riverton"], case_id=other, since=arrive)
        assert set(stays) <= {"lina.marchetti"}
        return clearances.is_overlapped(stays.get("lina.marchetti", ()), arrive_at=arrive, depart_at=depart)

    assert overlaps(line.arrive_at, line.depart_at)
    assert not overlaps(line.depart_at - timedelta(hours=1), line.depart_at + DAY)
    assert overlaps(line.depart_at - timedelta(hours=3), line.depart_at + DAY)
    assert not overlaps(line.arrive_at - DAY, line.arrive_at + timedelta(hours=2))
    assert overlaps(line.arrive_at - DAY, line.arrive_at + timedelta(hours=3))
    assert not overlaps(line.arrive_at, line.depart_at, case.id)
    line.status = "RELEASED"
    session.flush()
    assert not overlaps(line.arrive_at, line.depart_at)


@pytest.mark.parametrize(
    ("status", "arrives_in_h", "expected"),
    [
        ("PENDING", 90, "PENDING"),
        ("HELD", 90, "HELD"),
        ("DENIED", 90, "PENDING"),
        ("GRANTED", 90, "CLEARED_NOT_DEPARTED"),
        ("GRANTED_COND", 10, "EN_ROUTE"),
        ("IN_AREA", -10, "IN_AREA"),
        ("LEFT", -90, "LEFT"),
    ],
)
def test_a_journey_has_a_phase(session: Session, status: str, arrives_in_h: int, expected: str) -> None:
    arrive_at = NOW + timedelta(hours=arrives_in_h)
    line = add_line(session, add_case(session), status=status, arrive_at=arrive_at, depart_at=arrive_at + DAY)

    assert clearances.phase_of([line], NOW) == expected


def test_forms_get_the_options_of_the_registers_they_name(session: Session) -> None:
    form = forms.read_form(
        b'{"id": "F", "type": "default", "components": [{"type": "select", "id": "a", "key": "area", "label": "Area",'
        b' "properties": {"register": "areas"}}]}',
        name="F",
    )

    found = registers.options_for(session, form, now=NOW)

    (north,) = (option for option in found["areas"] if option["value"] == "XA-NOR")
    label = "Arvenia North (Halden) (XA-NOR)"
    assert north == {"value": "XA-NOR", "label": label, "names": {"en": label}, "zone": "Etc/GMT-3"}
    assert "XA" not in {option["value"] for option in found["areas"]}


def test_an_area_that_has_closed_is_no_longer_offered(session: Session) -> None:
    offered = registers.options(session, ["areas"], now=NOW + 90 * DAY)["areas"]

    assert "XL-OLD" not in {option["value"] for option in offered}


def test_every_register_has_options_and_an_unknown_one_is_refused(session: Session) -> None:
    found = registers.options(session, ["areas", "people", "lodgings", "air_operators", "activities", "organisations"], now=NOW)

    assert all(found.values())
    with pytest.raises(RegisterUnknown):
        registers.options(session, ["secrets"], now=NOW)
