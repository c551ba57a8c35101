"""Owners keep registers: checked, with a reason, never over somebody else's change, and never about themselves."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from services.errors import Busy, Conflict, NotFound
from services.models.areas import Area, Calendar
from services.models.authority import RoleHolding
from services.models.bus import BusEvent
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.plans import DutyStation
from services.models.register_changes import RegisterChange
from services.models.trainings import TrainingRecord
from services.registry.errors import EntryChanged, EntryRefused, NotKept, OwnEntry
from tests.services.leave import NOW
from tests.services.registry.records import (
    ADMINISTRATOR,
    ADVISER_BELMORA,
    ADVISER_NORTH,
    AUDITOR,
    COLLEAGUE,
    OFFICIAL,
    PERSONNEL,
    TRAVELLER,
    Records,
)
from workflows.errors import AnswersInvalid, SafeconductError

SECURITY = "jonas.keel"
WIPO = {"flight_cap": "12", "supervisor_step": "yes", "focal_point": SECURITY}


def changes_of(records: Records) -> list[RegisterChange]:
    with records.database.reading() as session:
        return list(session.scalars(select(RegisterChange).order_by(RegisterChange.number)))


def events_of(records: Records) -> list[tuple[str, dict]]:
    with records.database.reading() as session:
        return [(event.kind, event.payload) for event in session.scalars(select(BusEvent).order_by(BusEvent.id))]


def problems_of(refused: pytest.ExceptionInfo[AnswersInvalid]) -> set[str]:
    return {problem.where for problem in refused.value.problems}


def test_a_change_is_kept_with_who_when_why_and_what_differs(records: Records) -> None:
    assert records.change(SECURITY, "organisations", "WIPO", **WIPO)

    (change,) = records.entry(TRAVELLER, "organisations", "WIPO").changes
    assert (change.act, change.by, change.at, change.reason) == ("CHANGED", SECURITY, NOW, "On order of today")
    assert (change.before, change.after) == ({"flight_cap": 30}, {"flight_cap": 12})
    with records.database.reading() as session:
        assert session.get_one(Organisation, "WIPO").flight_cap == 12


def test_saving_what_is_there_already_is_no_change(embedded_records: Records) -> None:
    as_it_is = {"weekend": "6\n7", "holidays": "2026-12-25\n2027-01-01"}

    assert not embedded_records.change(ADMINISTRATOR, "calendars", "SAT-SUN", **as_it_is)
    assert changes_of(embedded_records) == []


def test_the_history_cannot_be_changed_or_removed(records: Records) -> None:
    records.change(SECURITY, "organisations", "WIPO", **WIPO)

    for statement in (update(RegisterChange).values(by="nobody"), delete(RegisterChange)):
        with pytest.raises(DBAPIError, match="append-only"), records.database.transaction() as session:
            session.execute(statement)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_nothing_is_changed_without_a_reason(embedded_records: Records, reason: str) -> None:
    with pytest.raises(AnswersInvalid) as refused:
        embedded_records.change(SECURITY, "organisations", "WIPO", **{**WIPO, "reason": reason})

    assert problems_of(refused) == {"reason"}
    assert changes_of(embedded_records) == []


def test_everything_that_is_wrong_is_said_at_once(embedded_records: Records) -> None:
    typed = {"flight_cap": "-3", "supervisor_step": "perhaps", "focal_point": "nobody.here", "reason": ""}

    with pytest.raises(AnswersInvalid) as refused:
        embedded_records.change(SECURITY, "organisations", "WIPO", **typed)

    assert problems_of(refused) == {"flight_cap", "supervisor_step", "focal_point", "reason"}
    said = {problem.where: str(problem) for problem in refused.value.problems}
    assert "nobody, or more than one person, is called nobody.here" in said["focal_point"]


def test_a_form_of_yesterday_does_not_undo_what_somebody_else_did(records: Records) -> None:
    seen = records.entry(SECURITY, "organisations", "WIPO").fingerprint
    records.change("mirela.castellan", "organisations", "WIPO", **WIPO)

    with pytest.raises(EntryChanged):
        records.change(SECURITY, "organisations", "WIPO", fingerprint=seen, **{**WIPO, "flight_cap": "40"})

    with records.database.reading() as session:
        assert session.get_one(Organisation, "WIPO").flight_cap == 12


@pytest.mark.parametrize("round_", range(2))
def test_of_two_owners_at_the_same_moment_one_saves_and_the_other_is_told(records: Records, round_: int) -> None:
    seen = records.entry(SECURITY, "organisations", "WIPO").fingerprint
    barrier = threading.Barrier(2)

    def save(person: str, cap: str) -> object:
        barrier.wait(20)
        try:
            return records.change(person, "organisations", "WIPO", fingerprint=seen, **{**WIPO, "flight_cap": cap})
        except (Conflict, Busy) as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        came = [future.result(30) for future in (pool.submit(save, SECURITY, "11"), pool.submit(save, "mirela.castellan", "22"))]

    assert sorted(type(each).__name__ for each in came) == ["EntryChanged", "bool"]
    (change,) = changes_of(records)
    with records.database.reading() as session:
        assert session.get_one(Organisation, "WIPO").flight_cap == change.after["flight_cap"]
    assert change.by == (SECURITY if came[0] is True else "mirela.castellan")


@pytest.mark.parametrize(
    ("person", "key", "entry", "error"),
    [
        (TRAVELLER, "organisations", "WIPO", NotKept),  # reads only
        (SECURITY, "organisations", "UNAH", NotKept),  # another organisation
        (ADVISER_BELMORA, "lodgings", "XA-NOR-01", NotKept),  # another area
        (OFFICIAL, "areas", "XA-NOR", NotKept),  # a process writes it
        (PERSONNEL, "people", "petra.strand", NotFound),  # not there for her
        (PERSONNEL, "people", PERSONNEL, OwnEntry),
        (AUDITOR, "organisations", "WIPO", NotKept),
    ],
)
def test_only_owners_within_their_reach_change_an_entry(
    embedded_records: Records, person: str, key: str, entry: str, error: type[SafeconductError]
) -> None:
    with pytest.raises(error):
        embedded_records.change(person, key, entry, fingerprint="", **WIPO)

    assert changes_of(embedded_records) == []


def test_a_training_is_recorded_and_revoked_on_the_bus(records: Records) -> None:
    typed = {"person": "Tomas Rehberg", "course": "SSAFE", "issued_on": "2026-11-30"}
    entry = records.add(PERSONNEL, "trainings", typed)
    records.change(PERSONNEL, "trainings", entry, revoked="yes")

    payload = {"person": COLLEAGUE, "course": "SSAFE"}
    assert events_of(records) == [("MSG_TRAINING_RECORDED", payload), ("MSG_TRAINING_REVOKED", payload)]
    with records.database.reading() as session:
        kept = session.get_one(TrainingRecord, entry)
        assert (kept.valid_to, kept.verified_by, kept.revoked) == (date(2029, 11, 30), PERSONNEL, True)
    assert [change.act for change in changes_of(records)] == ["ADDED", "CHANGED"]
    with pytest.raises(AnswersInvalid):
        records.change(PERSONNEL, "trainings", entry, revoked="no")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"person": PERSONNEL}, OwnEntry),
        ({"person": "petra.strand"}, NotKept),
        ({"course": "FLYING"}, AnswersInvalid),
        ({"issued_on": "2026-12-02"}, AnswersInvalid),
        ({"valid_to": "2026-11-01"}, AnswersInvalid),
        ({"person": ""}, AnswersInvalid),
    ],
)
def test_a_training_that_cannot_be_is_refused(
    embedded_records: Records, typed: dict[str, str], error: type[SafeconductError]
) -> None:
    with pytest.raises(error):
        embedded_records.add(PERSONNEL, "trainings", {"person": COLLEAGUE, "course": "BSAFE", "issued_on": "2026-11-30", **typed})

    assert events_of(embedded_records) == []


def test_a_role_is_given_on_order_from_now_on_and_ends(records: Records) -> None:
    typed = {
        "person": COLLEAGUE,
        "role": "WDN",
        "area": "XA-NOR",
        "source": "Memo 12 of 30 November",
        "valid_from": "2026-01-01T00:00",
    }
    entry = records.add(ADMINISTRATOR, "role-holdings", typed)
    records.change(ADMINISTRATOR, "role-holdings", entry, valid_to="2027-01-31T12:00")

    with records.database.reading() as session:
        held = session.get_one(RoleHolding, entry)
        assert (held.valid_from, held.valid_to) == (NOW, datetime(2027, 1, 31, 12, tzinfo=UTC))
        assert (held.capacity, held.source) == ("OWN", "Memo 12 of 30 November")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"person": ADMINISTRATOR}, OwnEntry),
        ({"source": ""}, AnswersInvalid),
        ({"role": "TRV"}, AnswersInvalid),
        ({"role": "KING"}, AnswersInvalid),
        ({"area": "XQ"}, AnswersInvalid),
        ({"organisation": "XQ"}, AnswersInvalid),
        ({"valid_to": "2026-11-01T00:00", "valid_from": "2026-12-05T00:00"}, AnswersInvalid),
        ({"valid_to": "2026-11-01T00:00"}, EntryRefused),
    ],
)
def test_a_role_that_cannot_be_given_is_refused(
    embedded_records: Records, typed: dict[str, str], error: type[SafeconductError]
) -> None:
    with pytest.raises(error):
        embedded_records.add(
            ADMINISTRATOR, "role-holdings", {"person": COLLEAGUE, "role": "WDN", "area": "XA-NOR", "source": "Memo 12", **typed}
        )


def test_only_the_administrator_gives_roles_and_never_ends_them_in_the_past(embedded_records: Records) -> None:
    own = next(row.key for row in embedded_records.list(ADMINISTRATOR, "role-holdings", person=ADMINISTRATOR).rows)
    other = next(row.key for row in embedded_records.list(ADMINISTRATOR, "role-holdings", person=ADVISER_NORTH).rows)

    with pytest.raises(OwnEntry):
        embedded_records.change(ADMINISTRATOR, "role-holdings", own, valid_to="2027-01-31T12:00")
    with pytest.raises(AnswersInvalid):
        embedded_records.change(ADMINISTRATOR, "role-holdings", other, valid_to="2026-11-30T12:00")
    with pytest.raises(NotKept):
        embedded_records.add(OFFICIAL, "role-holdings", {"person": COLLEAGUE, "role": "DO", "area": "XA", "source": "Memo"})


def test_a_duty_station_changes_phase_and_closes_through_its_own_functions(records: Records) -> None:
    records.change(OFFICIAL, "duty-stations", "XA-CAP", phase="CRISIS")
    records.change(OFFICIAL, "duty-stations", "XA-NOR", phase="CLOSED")

    kinds = {kind for kind, _ in events_of(records)}
    assert kinds == {"MSG_DUTY_STATION_PHASE", "MSG_DUTY_STATION_CLOSED"}
    with records.database.reading() as session:
        assert session.get_one(DutyStation, "XA-CAP").phase == "CRISIS"
        assert session.get_one(DutyStation, "XA-NOR").closed_on == NOW.date()
    latest = changes_of(records)[-1]
    assert latest.after == {"phase": "CLOSED", "phase_since": "2026-12-01", "closed_on": "2026-12-01"}


def test_a_contract_that_changes_is_told_to_open_requests(records: Records) -> None:
    with records.database.reading() as session:
        person = session.get_one(Person, COLLEAGUE)
        typed = {"name": person.name, "unit": person.unit, "contract_type": "CONSULTANT", "contract_from": "2026-01-01"}
    more = {
        "email": person.email,
        "duty_area": "CH-GVA",
        "supervisor": "odile.farrant",
        "head_of_organisation": "no",
        "protected": "no",
    }

    records.change(PERSONNEL, "people", COLLEAGUE, **typed, **more, contract_to="2027-03-31")

    assert events_of(records) == [("MSG_CONTRACT_UPDATED", {"person": COLLEAGUE, "to": "2027-03-31"})]


def test_an_owner_moves_nothing_out_of_the_own_reach(embedded_records: Records) -> None:
    home = {"code": "RES-NEW", "kind": "HOUSE", "town": "Porto Selene", "active_from": "2026-12-01"}

    with pytest.raises(NotKept):
        embedded_records.add(ADVISER_NORTH, "residences", {**home, "area": "XB-CAP"})
    assert embedded_records.add(ADVISER_BELMORA, "residences", {**home, "area": "XB-CAP"}) == "RES-NEW"
    with pytest.raises(EntryRefused):
        embedded_records.add(ADVISER_BELMORA, "residences", {**home, "area": "XB-CAP"})


def test_advisories_calendars_and_orders_keep_their_own_rules(embedded_records: Records) -> None:
    records = embedded_records
    advisory = records.add(
        ADVISER_NORTH, "advisories", {"area": "XA-NOR", "text.en": "Stay in at night.", "text.zh": "夜间勿外出。"}
    )
    order = records.add(OFFICIAL, "standing-orders", {"number": "SO-1", "area": "XA-CAP", "text": "By rule."})
    records.change(ADMINISTRATOR, "calendars", "SAT-SUN", weekend="7\n5", holidays="2027-05-01\n2027-01-01")

    assert records.entry(TRAVELLER, "advisories", advisory).row.values["version"] == 2
    assert records.entry(OFFICIAL, "standing-orders", order).row.values["signed_by"] == OFFICIAL
    with records.database.reading() as session:
        kept = session.get_one(Calendar, "SAT-SUN")
        assert (kept.weekend, kept.holidays) == ([5, 7], ["2027-01-01", "2027-05-01"])
        assert session.get_one(Area, "XA-NOR").calendar == "SAT-SUN"
    for wrong in ({"weekend": "8"}, {"weekend": "1\n2\n3\n4\n5\n6\n7"}, {"weekend": "6", "holidays": "Christmas"}):
        with pytest.raises(AnswersInvalid):
            records.change(ADMINISTRATOR, "calendars", "SAT-SUN", **wrong)
    with pytest.raises(AnswersInvalid) as refused:
        records.add(ADVISER_NORTH, "advisories", {"area": "XA-NOR", "text.zh": "夜间勿外出。"})
    assert problems_of(refused) == {"text"}


@pytest.mark.parametrize("person", ["signe.akande", "irina.voss", "per.vane"])
def test_nobody_writes_by_hand_that_a_visit_was_coordinated(embedded_records: Records, person: str) -> None:
    told = {"number": "TN-1", "official": "per.vane", "organisation": "WIPO", "area": "XA-NOR", "departs_at": "2026-12-20T08:00"}

    with pytest.raises(NotKept):
        embedded_records.add(person, "travel-notifications", {**told, "coordinated_at": "2026-12-19T08:00"})


@pytest.mark.parametrize("person", ["jonas.keel", "per.vane", "mirela.castellan"])
def test_nobody_rates_an_activity_by_hand(records: Records, person: str) -> None:
    rated = {"title": "Water samples", "areas": "XA", "pc_level": "PC1", "pc_valid_to": "2027-11-30"}

    with pytest.raises(NotKept):
        records.add(person, "activities", {"code": "WIPO-NEW", "organisation": "WIPO"} | rated)
    with pytest.raises(NotKept):
        records.change(person, "activities", "WIPO-STUDY", **rated)
    assert records.entry(TRAVELLER, "activities", "WIPO-STUDY").row.values["pc_level"] == "PC3"
