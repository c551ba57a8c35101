"""Messages between cases: to whoever waits, kept for whoever will, at most once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services import cases, people, tasks
from services.errors import NotFound
from services.models.bus import BusEvent
from services.models.cases import OPEN, Task
from tests.services.watching import MESSAGE, NOW, OPENS, Watches, shout, watch

DAY = timedelta(days=1)


def finish_looking(watches: Watches, case_id: str, *, now=NOW) -> None:
    """The case goes on to wait for MSG_REST under its area."""
    with watches.database.transaction() as session:
        task = session.query(Task).filter_by(case_id=case_id, state=OPEN).one()
        actor = people.actor_named(session, "yusra.ben-halim")
        tasks.complete_task(session, task.id, actor=actor, answers={}, revision=task.revision, now=now)


def test_a_message_goes_to_the_case_that_waits_for_its_name_and_key(watches: Watches) -> None:
    watches.publish(watch(), shout(MESSAGE))
    north, east = watches.start(area="XA-NOR"), watches.start(area="XA-EST")

    watches.start("shout", key="post XA-EST", reason="Call")

    assert watches.dispatch() == 1
    assert (watches.heard(north), watches.heard(east)) == ([], ["Call"])
    assert watches.acts(east) == ["start", "event"]


def test_of_several_cases_that_wait_the_oldest_takes_it_and_no_other(watches: Watches) -> None:
    watches.publish(watch(), watch(key="other_watch"), shout(MESSAGE))
    second, first = watches.start(now=NOW + DAY), watches.start("other_watch", now=NOW)

    watches.start("shout", key="post XA-NOR", reason="Call", now=NOW + DAY)

    assert [watches.dispatch(NOW + DAY), watches.dispatch(NOW + DAY)] == [1, 0]
    assert (watches.heard(first), watches.heard(second)) == (["Call"], [])


def test_a_message_that_nobody_waits_for_is_kept_for_the_case_that_will(watches: Watches) -> None:
    watches.publish(watch(), shout(MESSAGE, message="MSG_REST"))
    watches.start("shout", key="XA-NOR", reason="Rest")
    watches.dispatch()
    assert watches.events()[0].buffered_at == NOW

    case = watches.start(area="XA-NOR", now=NOW + DAY)
    finish_looking(watches, case, now=NOW + DAY)
    assert watches.case(case).state == "OPEN"
    watches.dispatch(NOW + DAY)

    assert watches.case(case).state == "COMPLETED"
    assert watches.events()[0].handled_at == NOW + DAY


def test_a_message_that_was_kept_is_handed_over_once(watches: Watches) -> None:
    watches.publish(watch(), shout(MESSAGE))
    watches.start("shout", key="post XA-NOR", reason="Call")
    watches.dispatch()
    first, second = watches.start(now=NOW + DAY), watches.start(now=NOW + 2 * DAY)

    for _ in range(3):
        watches.dispatch(NOW + 2 * DAY)

    assert (watches.heard(first), watches.heard(second)) == (["Call"], [])


def test_a_message_is_kept_for_thirty_days(watches: Watches) -> None:
    watches.publish(watch(), shout(MESSAGE))
    watches.start("shout", key="post XA-NOR", reason="Call")
    watches.dispatch()
    watches.dispatch(NOW + 30 * DAY)

    case = watches.start(now=NOW + 30 * DAY)
    watches.dispatch(NOW + 30 * DAY)

    assert watches.heard(case) == []
    assert watches.events()[0].handled_at == NOW + 30 * DAY


def test_a_diagram_says_how_long_its_message_is_kept(embedded_watches: Watches) -> None:
    watches = embedded_watches
    watches.publish(watch(), shout(MESSAGE, message_ttl="=&quot;P&quot; + key + &quot;D&quot;"))

    watches.start("shout", key="90", reason="Call")

    assert watches.events()[0].expires_at == NOW + 90 * DAY


def test_a_message_whose_receiver_fails_reaches_it_after_its_repair_and_nobody_else(watches: Watches) -> None:
    watches.publish(watch(), shout(MESSAGE))
    broken, other = watches.start(), watches.start(now=NOW + DAY)
    mend = watches.break_state(broken)
    sender = watches.start("shout", key="post XA-NOR", reason="Call", now=NOW + DAY)

    watches.dispatch(NOW + DAY)
    watches.dispatch(NOW + DAY)

    assert (watches.case(sender).state, watches.case(broken).state) == ("COMPLETED", "INCIDENT")
    mend()
    watches.repair(broken)
    watches.dispatch(NOW + DAY)
    assert (watches.heard(broken), watches.heard(other)) == (["Call"], [])


def test_a_message_opens_a_case_where_a_process_opens_on_it(watches: Watches) -> None:
    opens = '[[opens]]\nevent = "MSG_OPEN_WATCH"\nstart = "MSG_OPEN_WATCH"\n[opens.answers]\narea = "=event.area"\n'
    watches.publish(watch(opens), shout(MESSAGE, message="MSG_OPEN_WATCH", event_area="=key"))

    watches.start("shout", key="XC-CAP")
    watches.dispatch()

    assert [case.area for case in watches.cases()] == ["XC-CAP"]
    assert watches.events()[0].handled_at == NOW, "it has done its work and is not kept"


def test_a_person_may_send_a_message_only_to_a_case_of_theirs_whatever_its_key(embedded_watches: Watches) -> None:
    watches = embedded_watches
    watches.publish(watch())
    case = watches.start()
    with watches.database.transaction() as session:
        mine = people.actor_named(session, "lina.marchetti")
        cases.send_message(session, "MSG_CALL", "post XA-NOR", {"reason": "Mine"}, actor=mine, now=NOW)

    with watches.database.transaction() as session, pytest.raises(NotFound):
        stranger = people.actor_named(session, "dario.velasco")
        cases.send_message(session, "MSG_CALL", "post XA-NOR", {"reason": "Strange"}, actor=stranger, now=NOW)

    assert watches.heard(case) == ["Mine"]


def test_a_kept_message_costs_nothing_while_nobody_waits(embedded_watches: Watches) -> None:
    watches = embedded_watches
    watches.publish(watch(OPENS), shout(MESSAGE))
    watches.start("shout", key="nobody", reason="Call")

    assert [watches.dispatch(), watches.dispatch()] == [1, 0]
    with watches.database.reading() as session:
        assert session.query(BusEvent).filter(BusEvent.handled_at.is_(None)).count() == 1
