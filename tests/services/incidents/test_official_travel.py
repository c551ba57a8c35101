"""Travel of senior officials: who knows of it, who acts on it, what is written, and what deciders of clearances read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services import cases, people, tasks
from services.errors import NotAllowed, NotFound, OperationFailed
from services.indicators.officials import travel_notifications
from services.indicators.periods import read_period
from services.indicators.shape import Asked, Value
from services.models.audit import Decision
from services.models.authority import RoleHolding
from services.models.cases import OPEN, Case, Task
from services.models.outbox import OutboxMessage
from services.models.people import Person
from services.models.support import TravelNotification
from services.registers.officials import Protected, list_protected
from tests.services.incidents.security import Security
from tests.services.travel.journeys import NOW
from workflows.errors import AnswersInvalid

KEY = "official_travel"
OFFICIAL, FOCAL_POINT, UNIT, CHIEF = "per.vane", "jonas.keel", "signe.akande", "irina.voss"
ADVISER, LIAISON, ADVISER_ELSEWHERE = "naledi.vanter", "zahra.linden", "helga.brandvold"
DAY = timedelta(days=1)
DONE = {"arranged": "DONE", "arrangement": "An officer of the office stays with the delegation."}
LOW = {"risk": "LOW", "reasons": "A calm week in a calm town."}


@pytest.fixture
def officials(journeys: Security) -> Security:
    return journeys.publish(KEY)


def visit(area: str, *, on: int = 14, days: int = 3) -> dict[str, str]:
    """A visit as it is notified, some days from today."""
    times = {"departs_at": (NOW + on * DAY).isoformat(), "ends_at": (NOW + (on + days) * DAY).isoformat()}
    return {"area": area, "programme": f"Talks with the authorities of {area}.", **times}


def notify(officials: Security, *visits: dict[str, str], by: str = FOCAL_POINT, official: str = OFFICIAL) -> str:
    return officials.start(KEY, by, official=official, contact="Jonas Keel, 0100", visits=list(visits))


def change(officials: Security, case_id: str, by: str = FOCAL_POINT, **answers: Any) -> None:
    """Somebody says that a visit changes."""
    with officials.database.transaction() as session:
        actor, number = people.actor_named(session, by), session.get_one(Case, case_id).number
        cases.send_message(session, "MSG_VISIT_CHANGED", number, answers, actor=actor, now=NOW)


def cancel(officials: Security, case_id: str, which: str, by: str = FOCAL_POINT, *, on: int = 0) -> None:
    """Somebody cancels one visit."""
    with officials.database.transaction() as session:
        actor, number = people.actor_named(session, by), session.get_one(Case, case_id).number
        said = {"which": which, "reason": "The hosts called it off."}
        cases.send_message(session, "MSG_VISIT_CANCELLED", number, said, actor=actor, now=NOW + on * DAY)


def moved(which: str, area: str | None = None, *, on: int = 20) -> dict[str, Any]:
    times = {"new_departs_at": (NOW + on * DAY).isoformat(), "new_ends_at": (NOW + (on + 2) * DAY).isoformat()}
    return {"which": which, "new_area": area, **times}


def seen(officials: Security, case_id: str, person: str) -> list[str] | None:
    """The areas of the visits that somebody sees; None when the person knows of nothing."""
    with officials.database.reading() as session:
        actor = people.actor_named(session, person)
        try:
            view = cases.read_case(session, case_id, actor=actor, now=NOW)
        except NotFound:
            return None
        return [one["area"] for one in view.variables.get("planned", ())]


def open_tasks(officials: Security, case_id: str) -> list[Task]:
    return [task for task in officials.rows(Task, case_id=case_id) if task.state == OPEN]


def complete(officials: Security, case_id: str, person: str, element: str, line: str, **answers: Any) -> None:
    """Somebody completes a step of one visit."""
    (task,) = (each for each in open_tasks(officials, case_id) if (each.element, each.line) == (element, line))
    with officials.database.transaction() as session:
        revision, actor = session.get_one(Case, case_id).revision, people.actor_named(session, person)
        tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=revision, now=NOW)


def rows(officials: Security) -> dict[str, TravelNotification]:
    """The visits of the cases of a test, by number without that of the case."""
    found = (row for row in officials.rows(TravelNotification) if row.case_id)
    return {row.number.split("-", 3)[-1]: row for row in found}


def protected(officials: Security, area: str, *, on: int = 15, days: int = 1) -> list[Protected]:
    stay = {"arrive_at": NOW + on * DAY, "depart_at": NOW + (on + days) * DAY}
    with officials.database.reading() as session:
        return list_protected(session, [OFFICIAL, FOCAL_POINT], area=area, now=NOW, **stay)


def test_where_an_official_will_be_is_known_to_those_who_protect_the_official_there(officials: Security) -> None:
    case_id = notify(officials, visit("XA-NOR"), visit("XC-CAP", on=18))

    everything = ["XA-NOR", "XC-CAP"]
    assert [seen(officials, case_id, one) for one in (OFFICIAL, FOCAL_POINT, UNIT, CHIEF, "amina.sorel")] == [everything] * 5
    assert [seen(officials, case_id, one) for one in (ADVISER, LIAISON, "ingrid.sollerman")] == [["XA-NOR"]] * 3
    assert seen(officials, case_id, ADVISER_ELSEWHERE) == ["XC-CAP"]
    for stranger in ("yusra.ben-halim", "emeka.strand", "mirela.castellan", "lina.marchetti", "viktor.amsel"):
        assert seen(officials, case_id, stranger) is None, stranger
    change(officials, case_id, **moved("V1", "XB-CAP"))
    assert seen(officials, case_id, "emeka.strand") == ["XB-CAP"]


def test_an_official_may_be_notified_by_the_own_offices_only(officials: Security) -> None:
    for person, official in ((FOCAL_POINT, "gabriel.noor"), ("janek.oduya", OFFICIAL)):
        with pytest.raises(AnswersInvalid):
            notify(officials, visit("XA-NOR"), by=person, official=official)
    with pytest.raises(AnswersInvalid):
        notify(officials, visit("XA-NOR", on=-1))
    with pytest.raises(NotAllowed):
        notify(officials, visit("XA-NOR"), by="lina.marchetti", official="lina.marchetti")

    notify(officials, visit("XA-NOR"), by=OFFICIAL)
    notify(officials, visit("XA-NOR"), by="marco.delgado", official="gabriel.noor")


def test_nobody_assesses_or_arranges_the_own_visit(officials: Security) -> None:
    held = {"valid_from": NOW - DAY}
    officials.add(
        RoleHolding(person=OFFICIAL, role="PCU", **held), RoleHolding(person=FOCAL_POINT, role="CSA", area="XA", **held)
    )
    case_id = notify(officials, visit("XA-NOR"))

    with pytest.raises(NotAllowed):
        officials.do(case_id, OFFICIAL, "tn_assess", **LOW)
    officials.do(case_id, UNIT, "tn_assess", **LOW)
    with pytest.raises(NotAllowed):
        officials.do(case_id, FOCAL_POINT, "tn_coordinate", **DONE)
    with pytest.raises(NotFound):
        officials.do(case_id, ADVISER_ELSEWHERE, "tn_coordinate", **DONE)
    officials.do(case_id, ADVISER, "tn_coordinate", **DONE)

    assert rows(officials)["V1"].coordinated_at == NOW


def test_only_the_visit_that_changes_is_assessed_anew(officials: Security) -> None:
    case_id = notify(officials, visit("XA-NOR"), visit("XC-CAP", on=18))
    complete(officials, case_id, UNIT, "tn_assess", "V1", **LOW)
    before = {task.line: task.id for task in open_tasks(officials, case_id)}
    decided = officials.rows(Decision, case_id=case_id)

    with pytest.raises(NotAllowed):
        change(officials, case_id, by=UNIT, **moved("V1"))
    change(officials, case_id, by=OFFICIAL, **moved("V1", "XB-CAP"))

    after = {task.line: task.id for task in open_tasks(officials, case_id)}
    assert (before["V2"], before["V1"] == after["V1"]) == (after["V2"], False)
    assert {(task.line, task.element, task.area) for task in open_tasks(officials, case_id)} == {
        ("V1", "tn_assess", "XB-CAP"),
        ("V2", "tn_assess", "XC-CAP"),
    }
    assert [row.hash for row in officials.rows(Decision, case_id=case_id)] == [row.hash for row in decided]
    written = rows(officials)
    assert (written["V1"].risk, written["V1"].area, written["V1"].replaced_by) == ("LOW", "XA-NOR", written["V1-2"].number)
    assert (written["V1-2"].risk, written["V1-2"].area, written["V1-2"].departs_at) == (None, "XB-CAP", NOW + 20 * DAY)


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"outcome": "COORDINATED"}, "outcome"),
        ({"which": "V9"}, "which"),
        ({"which": ["V1"]}, "which"),
        ({"new_area": "XZ"}, "new_area"),
        ({"new_departs_at": "soon"}, "new_departs_at"),
        ({"new_departs_at": None}, "new_departs_at"),
        ({"new_ends_at": (NOW - DAY).isoformat()}, "new_ends_at"),
    ],
)
def test_a_change_sent_past_the_page_is_read_by_its_form(officials: Security, sent: dict[str, Any], place: str) -> None:
    case_id = notify(officials, visit("XA-NOR"), visit("XC-CAP", on=18))
    before = officials.case(case_id).revision

    with pytest.raises(AnswersInvalid) as refused:
        change(officials, case_id, **{**moved("V1"), **sent})

    assert place in [problem.where for problem in refused.value.problems]
    assert (officials.case(case_id).revision, sorted(rows(officials))) == (before, ["V1", "V2"])
    assert officials.problems() == []


def test_a_visit_that_is_over_is_not_changed_by_anybody(officials: Security) -> None:
    case_id = notify(officials, visit("XA-NOR"), visit("XC-CAP", on=18))
    officials.wait(case_id, NOW + 15 * DAY)
    late = {**moved("V1", on=20), "new_programme": None}

    with officials.database.transaction() as session, pytest.raises(AnswersInvalid, match="which"):
        actor, number = people.actor_named(session, FOCAL_POINT), session.get_one(Case, case_id).number
        cases.send_message(session, "MSG_VISIT_CHANGED", number, late, actor=actor, now=NOW + 15 * DAY)
    with pytest.raises(OperationFailed, match="still ahead"), officials.database.transaction() as session:
        cases.send_message(session, "MSG_VISIT_CHANGED", number, late, actor=people.SYSTEM, now=NOW + 15 * DAY)

    assert sorted(rows(officials)) == ["V1", "V2"]


def counted(officials: Security) -> Value:
    asked = Asked(period=read_period("2026-Q4"), on=(NOW + 30 * DAY).date(), organisation="WIPO", area="XA")
    with officials.database.reading() as session:
        return travel_notifications(session, asked)


def test_the_indicator_counts_a_visit_once_as_it_was_in_the_end(officials: Security) -> None:
    before = counted(officials)
    case_id = notify(officials, visit("XA-NOR"), visit("XA-CAP", on=16))
    for line in ("V1", "V2"):
        complete(officials, case_id, UNIT, "tn_assess", line, **LOW)
    complete(officials, case_id, ADVISER, "tn_coordinate", "V1", **DONE)
    change(officials, case_id, **moved("V2", on=12))
    officials.wait(case_id, NOW + 25 * DAY)
    after = counted(officials)

    assert (after.numerator - before.numerator, after.denominator - before.denominator) == (1, 2)
    assert officials.case(case_id).status == "TOO_LATE", "its worst visit"
    assert {key: row.outcome for key, row in rows(officials).items()} == {"V1": "COORDINATED", "V2": None, "V2-2": "TOO_LATE"}


def test_one_visit_of_several_is_cancelled_and_the_others_stay(officials: Security) -> None:
    case_id = notify(officials, visit("XA-NOR"), visit("XC-CAP", on=18))
    complete(officials, case_id, UNIT, "tn_assess", "V1", **LOW)
    kept = {task.id for task in open_tasks(officials, case_id) if task.line == "V2"}
    decided = [row.hash for row in officials.rows(Decision, case_id=case_id)]

    cancel(officials, case_id, "V1", by=OFFICIAL)

    assert {task.id for task in open_tasks(officials, case_id)} == kept
    assert [row.hash for row in officials.rows(Decision, case_id=case_id)] == decided
    written = rows(officials)
    assert (written["V1"].outcome, written["V1"].cancelled_at, written["V1"].risk) == ("CANCELLED", NOW, "LOW")
    assert (written["V2"].outcome, written["V2"].cancelled_at) == (None, None)
    assert [one.notice for one in protected(officials, "XA-NOR")] == [None], "nobody counts on the visit any more"
    assert protected(officials, "XC-CAP", on=19)[0].notice == written["V2"].number
    told = {row.to_role or row.to_person for row in officials.rows(OutboxMessage, code="N-TN-06")}
    assert told == {FOCAL_POINT, "PCU", "CSA", "HGL"}


def test_a_visit_that_is_over_or_the_only_one_left_is_not_cancelled_alone(officials: Security) -> None:
    case_id = notify(officials, visit("XA-NOR"), visit("XC-CAP", on=18), visit("XB-CAP", on=22))
    for stranger, refusal in ((UNIT, NotAllowed), (ADVISER, NotAllowed), ("lina.marchetti", NotFound)):
        with pytest.raises(refusal):
            cancel(officials, case_id, "V1", by=stranger)
    officials.wait(case_id, NOW + 15 * DAY)

    for which in ("V1", "V7"):
        with pytest.raises(AnswersInvalid):
            cancel(officials, case_id, which, on=15)
    cancel(officials, case_id, "V2", on=15)
    with pytest.raises(AnswersInvalid):
        cancel(officials, case_id, "V2", on=15)
    cancel(officials, case_id, "V3", on=15)

    assert {key: row.outcome for key, row in rows(officials).items()} == {"V1": "TOO_LATE", "V2": "CANCELLED", "V3": "CANCELLED"}
    assert (officials.case(case_id).state, officials.case(case_id).status) == ("COMPLETED", "TOO_LATE")
    again = notify(officials, visit("XA-NOR", on=60), visit("XC-CAP", on=64))
    cancel(officials, again, "V1")
    with pytest.raises(AnswersInvalid):
        cancel(officials, again, "V2")


def test_no_visit_is_cancelled_in_the_notice_itself(officials: Security) -> None:
    case_id = notify(officials, visit("XA-NOR") | {"cancelled": "Never meant."}, visit("XC-CAP", on=18))

    with officials.database.reading() as session:
        known = cases.read_case(session, case_id, actor=people.actor_named(session, FOCAL_POINT), now=NOW).variables
    assert [one.get("cancelled") for one in (*known["visits"], *known["planned"])] == [None] * 4


def test_a_cancelled_visit_keeps_no_notice_from_being_coordinated(officials: Security) -> None:
    before = counted(officials)
    case_id = notify(officials, visit("XA-NOR"), visit("XA-CAP", on=16))
    complete(officials, case_id, UNIT, "tn_assess", "V1", **LOW)
    complete(officials, case_id, ADVISER, "tn_coordinate", "V1", **DONE)
    assert officials.case(case_id).status == "NOTIFIED"

    cancel(officials, case_id, "V2")

    assert officials.case(case_id).status == "COORDINATED"
    officials.wait(case_id, NOW + 25 * DAY)
    after = counted(officials)
    assert (after.numerator - before.numerator, after.denominator - before.denominator) == (1, 1)


def test_a_notice_covers_a_stay_in_its_area_and_time_as_long_as_it_stands(officials: Security) -> None:
    assert protected(officials, "XA-NOR") == []
    case_id = notify(officials, visit("XA-NOR"))
    complete(officials, case_id, UNIT, "tn_assess", "V1", **LOW)

    (found,) = protected(officials, "XA-NOR")
    assert (found.person, found.risk, found.measure, found.coordinated) == (OFFICIAL, "LOW", "ADVICE", False)
    uncovered = [
        protected(officials, area, **stay) for area, stay in (("XB-CAP", {}), ("XA-NOR", {"on": 13}), ("XA-NOR", {"days": 9}))
    ]
    assert [(one.person, one.notice) for (one,) in uncovered] == [(OFFICIAL, None)] * 3
    officials.do(case_id, ADVISER, "tn_coordinate", **DONE)
    assert [one.coordinated for one in protected(officials, "XA-NOR")] == [True]
    with officials.database.transaction() as session:
        cases.withdraw(session, case_id, actor=people.actor_named(session, OFFICIAL), reason="Called off.", now=NOW)
    assert protected(officials, "XA-NOR") == []
    notify(officials, visit("XC-CAP", on=40))
    assert [one.notice for one in protected(officials, "XA-NOR")] == [None], "protected, and not covered there"


@pytest.mark.parametrize("is_told", [False, True])
def test_whoever_decides_on_a_protected_person_reads_whether_the_stop_is_covered(officials: Security, *, is_told: bool) -> None:
    with officials.database.transaction() as session:
        session.get_one(Person, "traveller.02").protected = True
    if is_told:
        notice = notify(officials, visit("XC-CAP", on=18, days=6), by=UNIT, official="traveller.02")
        complete(officials, notice, "lukas.brandt", "tn_assess", "V1", **LOW | {"risk": "HIGH"})
    case_id = officials.ask("traveller.02", "XC-CAP")
    (task,) = open_tasks(officials, case_id)

    card = {fact["label"]: fact["value"] for fact in task.card if "label" in fact}
    (flags,) = (fact["flags"] for fact in task.card if "flags" in fact)
    name = next(label for label in card if label.startswith("Protection of "))
    expected = "Close protection team" if is_told else "The protection unit was not told"
    assert card[name] == expected
    assert ("The protection unit was not told of this stop" in flags) is not is_told
    assert ("The protection during this stop is not coordinated yet" in flags) is is_told
    assert ("Notice of the visit" in card) is is_told
