"""What a decider is told of a stay: its nights, what is known from before, and who travels with whom."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from services.locator.stays import Stay, read_stay
from services.models.cases import Case
from services.models.clearances import Breach, ClearanceLine
from services.models.people import Dependant
from tests.services.case_rows import actor, add_task
from tests.services.locator.boards import ADVISER, AREA, NOW, Boards
from tests.statements import watch_statements

LINA, MARA = "lina.marchetti", "traveller.19"
DAYS = 24


def read(boards: Boards, stop: str) -> Stay | None:
    """Read what is known of the stay of a stop, as the adviser."""
    with boards.database.transaction() as session:
        line = session.scalars(select(ClearanceLine).where(ClearanceLine.stop_key == stop)).one()
        task = add_task(session, session.get_one(Case, line.case_id), "CSA", line=stop)
        return read_stay(session, task, actor=actor(ADVISER), now=NOW)


def breach(boards: Boards, stop: str, *, reviewed: bool = False) -> None:
    with boards.database.transaction() as session:
        line = session.scalars(select(ClearanceLine).where(ClearanceLine.stop_key == stop)).one()
        facts = {"case_id": line.case_id, "stop_key": stop, "person": line.person, "area": line.area}
        session.add(Breach(recorded_at=NOW, reviewed_at=NOW if reviewed else None, **facts))


def test_the_nights_of_the_stay_are_told_and_no_others(boards: Boards) -> None:
    stay = read(boards, boards.put("PENDING", person=LINA, hours=(4 * DAYS, 7 * DAYS)))

    assert stay is not None
    assert [night.night.day for night in stay.nights] == [5, 6, 7]
    assert stay.earlier == []


def test_earlier_requests_for_the_area_are_counted_with_the_last_and_open_breaches(boards: Boards) -> None:
    boards.put("LEFT", person=LINA, hours=(-90 * DAYS, -85 * DAYS))
    last = boards.put("DENIED", person=LINA, hours=(-30 * DAYS, -25 * DAYS))
    boards.put("LEFT", person=LINA, hours=(-20 * DAYS, -15 * DAYS), area="XA-CAP")
    boards.put("PENDING", person=LINA, hours=(-9 * DAYS, -8 * DAYS))
    boards.put("LEFT", person=MARA, hours=(-90 * DAYS, -85 * DAYS))
    breach(boards, last)
    breach(boards, boards.put("LEFT", person=LINA, hours=(-95 * DAYS, -92 * DAYS)), reviewed=True)

    stay = read(boards, boards.put("PENDING", person=LINA, hours=(4 * DAYS, 7 * DAYS)))

    assert stay is not None
    one = stay.earlier[0]
    assert (len(stay.earlier), one.name, one.count, one.last_status, one.breaches) == (1, "Lina Marchetti", 3, "DENIED", 1)
    assert one.last_at == NOW - timedelta(days=30)


def test_what_is_kept_among_few_is_not_told(boards: Boards) -> None:
    hidden = boards.put("LEFT", person=LINA, hours=(-90 * DAYS, -85 * DAYS))
    breach(boards, hidden)
    boards.confine(hidden)

    stay = read(boards, boards.put("PENDING", person=LINA, hours=(4 * DAYS, 7 * DAYS)))

    assert stay is not None
    assert stay.earlier == []


def test_who_travels_on_whose_account_is_told(boards: Boards) -> None:
    with boards.database.transaction() as session:
        since = NOW.date() - timedelta(days=100)
        session.add(Dependant(sponsor=LINA, person=MARA, relation="CHILD", birth_year=2015, recognised_from=since))

    stay = read(boards, boards.put("PENDING", person=MARA, hours=(4 * DAYS, 7 * DAYS)))

    assert stay is not None
    assert [(one.name, one.sponsor, one.is_together) for one in stay.family] == [("Group Traveller 19", "Lina Marchetti", False)]


def test_a_step_that_is_about_no_stop_has_no_stay(boards: Boards) -> None:
    key = boards.put("PENDING", person=LINA)
    with boards.database.transaction() as session:
        line = session.scalars(select(ClearanceLine).where(ClearanceLine.stop_key == key)).one()
        task = add_task(session, session.get_one(Case, line.case_id), "CSA", line=None)

        assert read_stay(session, task, actor=actor(ADVISER), now=NOW) is None


def test_a_stay_costs_the_same_however_much_is_known(boards: Boards) -> None:
    stop = boards.put("PENDING", person=LINA, hours=(4 * DAYS, 7 * DAYS))
    counts = []
    for _ in range(2):
        statements: list[str] = []
        end = watch_statements(boards.database.engine, statements.append)
        read(boards, stop)
        end()
        counts.append(len(statements))
        for number in range(5):
            breach(boards, boards.put("LEFT", person=LINA, hours=(-90 * DAYS - number, -85 * DAYS), area=AREA))

    assert counts[0] == counts[1]
