"""Signals and events: whoever listens is told, once, in order, each in a transaction of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services import cases, people
from services.models.bus import BusReceipt, CaseWait
from services.models.cases import Case, CaseIncident
from services.posting import post_event
from tests.services.watching import NOW, OPENS, SIGNAL, Watches, shout, watch
from tests.statements import watch_statements

HOUR = timedelta(hours=1)
REVIEW = """
[[listens]]
event = ["SIG_ALARM", "INCIDENT_MAJOR"]
send = "MSG_REVIEW"
"""


# What cases wait for.


def test_what_a_case_waits_for_is_kept_beside_its_state(watches: Watches) -> None:
    watches.publish(watch())

    case = watches.start(area="XA-NOR")

    number = watches.case(case).number
    waits = [("MSG_CALL", "post XA-NOR"), ("MSG_REVIEW", number), ("MSG_STOP", number), ("SIG_ALARM", "")]
    assert watches.waits(case) == waits


def test_a_case_that_is_over_waits_for_nothing(watches: Watches) -> None:
    watches.publish(watch())
    case = watches.start()

    with watches.database.transaction() as session:
        cases.send_message(session, "MSG_STOP", watches.case(case).number, {}, actor=people.SYSTEM, now=NOW)

    assert (watches.case(case).state, watches.waits(case)) == ("COMPLETED", [])


def test_an_act_that_changes_nothing_of_it_writes_nothing_of_it(watches: Watches) -> None:
    watches.publish(watch())
    case = watches.start()
    statements: list[str] = []
    stop = watch_statements(watches.database.engine, statements.append)

    with watches.database.transaction() as session:
        cases.send_message(session, "MSG_REVIEW", watches.case(case).number, {"reason": "R"}, actor=people.SYSTEM, now=NOW)
    stop()

    assert watches.heard(case) == ["R"]
    assert not [text for text in statements if "case_waits" in text and not text.startswith("SELECT")]


def test_a_message_finds_its_case_by_any_key(watches: Watches) -> None:
    watches.publish(watch())
    north, east = watches.start(area="XA-NOR"), watches.start(area="XA-EST")

    with watches.database.transaction() as session:
        told = cases.send_message(session, "MSG_CALL", "post XA-EST", {"reason": "Call"}, actor=people.SYSTEM, now=NOW)

    assert (told.id, watches.heard(east), watches.heard(north)) == (east, ["Call"], [])


def test_cases_from_before_it_was_written_down_are_read_once(watches: Watches) -> None:
    watches.publish(watch())
    known, unreadable = watches.start(), watches.start()
    watches.break_state(unreadable)
    with watches.database.transaction() as session:
        session.query(CaseWait).delete()
        for case_id in (known, unreadable):
            session.get_one(Case, case_id).waits = None
    watches.post("SIG_ALARM", reason="Fire")

    watches.dispatch()

    assert watches.heard(known) == ["Fire"]
    assert (len(watches.waits(known)), watches.waits(unreadable), watches.case(unreadable).waits) == (4, [], "")


# Signals.


def test_a_signal_of_one_case_reaches_every_case_that_waits_for_it(watches: Watches) -> None:
    watches.publish(watch(), watch(key="other_watch"), shout())
    waiting = [watches.start(area="XA-NOR"), watches.start(area="XC-CAP"), watches.start("other_watch")]

    shouting = watches.start("shout", area="XA-EST", reason="Fire")

    assert [watches.heard(case) for case in waiting] == [[], [], []], "nobody moves in the transaction of the sender"
    assert watches.dispatch() == 1
    assert [watches.heard(case) for case in waiting] == [["Fire"]] * 3
    (event,) = watches.events()
    assert (event.kind, event.area, event.payload) == ("SIG_ALARM", "XA-EST", {"reason": "Fire"})
    assert (event.created_by_case, event.handled_at) == (shouting, NOW)
    assert watches.acts(waiting[0]) == ["start", "event"]


def test_nothing_is_told_of_what_was_not_committed(watches: Watches) -> None:
    watches.publish(watch(), shout())
    watches.start()

    with pytest.raises(RuntimeError), watches.database.transaction() as session:
        actor = people.actor_named(session, "lina.marchetti")
        cases.start_case(session, "shout", actor=actor, answers={"area": "XA-NOR", "reason": "Fire"}, now=NOW)
        session.flush()
        raise RuntimeError

    assert (watches.events(), watches.dispatch()) == ([], 0)


def test_a_diagram_says_which_area_its_signal_is_about(embedded_watches: Watches) -> None:
    embedded_watches.publish(shout(SIGNAL, event_area="=&quot;XC-&quot; + key"))

    embedded_watches.start("shout", area="XA-EST", key="CAP")

    assert [event.area for event in embedded_watches.events()] == ["XC-CAP"]


def test_an_event_is_told_once_however_often_it_is_dispatched(watches: Watches) -> None:
    watches.publish(watch())
    case = watches.start()
    event_id = watches.post("SIG_ALARM", reason="Fire")

    first = [watches.dispatch(), watches.dispatch()]
    watches.forget_handling(event_id)
    again = watches.dispatch()

    assert (first, again) == ([1, 0], 1)
    assert (watches.heard(case), watches.receipts()) == (["Fire"], {"WAT-2026-000001": "TOLD"})


def test_a_case_that_began_after_an_event_does_not_get_it(watches: Watches) -> None:
    watches.publish(watch())
    before = watches.start(now=NOW)
    watches.post("SIG_ALARM", now=NOW + HOUR, reason="Fire")
    after = watches.start(now=NOW + 2 * HOUR)

    watches.dispatch(NOW + 3 * HOUR)

    assert (watches.heard(before), watches.heard(after)) == (["Fire"], [])


def test_events_are_told_in_the_order_in_which_they_begin_to_count_and_then_in_which_they_came(watches: Watches) -> None:
    watches.publish(watch())
    case = watches.start()
    watches.post("SIG_ALARM", now=NOW + 2 * HOUR, reason="3")
    watches.post("SIG_ALARM", now=NOW + HOUR, reason="1")
    watches.post("SIG_ALARM", now=NOW + HOUR, reason="2")

    assert watches.dispatch(NOW + 3 * HOUR) == 3
    assert watches.heard(case) == ["1", "2", "3"]


def test_what_is_announced_for_later_is_told_later(watches: Watches) -> None:
    watches.publish(watch())
    case = watches.start()
    watches.post("SIG_ALARM", now=NOW + 2 * HOUR, reason="Later")

    assert [watches.dispatch(NOW + HOUR), watches.dispatch(NOW + 2 * HOUR)] == [0, 1]
    assert watches.heard(case) == ["Later"]


# Rules by which cases listen.


def test_a_process_says_with_a_rule_which_cases_are_told_and_how(watches: Watches) -> None:
    watches.publish(watch(OPENS + REVIEW))
    inside, outside = watches.start(area="XA-NOR"), watches.start(area="XC-CAP")

    watches.post("SIG_ALARM", "XA", reason="Arvenia")

    assert watches.dispatch() == 1
    assert (watches.heard(inside), watches.heard(outside)) == (["Arvenia"], [])
    with watches.database.reading() as session:
        (receipt,) = session.scalars(select(BusReceipt))
    assert receipt.case_id == inside, "a signal that a rule answers to is not broadcast besides"


def test_a_rule_may_tell_all_cases_under_a_condition_with_a_payload_and_a_key_of_its_own(watches: Watches) -> None:
    rule = """
[[listens]]
event = "INCIDENT_MAJOR"
send = "MSG_CALL"
key = "=\\"post \\" + case.area"
area = "any"
when = "=event.payload.n > 1 and case.organisation != null"
[listens.payload]
reason = "=event.kind + \\" \\" + string(event.payload.n) + \\" \\" + case.number"
"""
    watches.publish(watch(OPENS + rule))
    case = watches.start(area="XC-CAP")

    watches.post("INCIDENT_MAJOR", "XA-NOR", n=1)
    watches.post("INCIDENT_MAJOR", None, n=2)
    watches.dispatch()

    assert watches.heard(case) == ["INCIDENT_MAJOR 2 WAT-2026-000001"]


def test_a_rule_without_a_message_delivers_the_event_as_a_signal(watches: Watches) -> None:
    watches.publish(watch(OPENS + '\n[[listens]]\nevent = "SIG_ALARM"\n[listens.payload]\nreason = "=event.area"\n'))
    inside, outside = watches.start(area="XA-NOR"), watches.start(area="XC-CAP")

    watches.post("SIG_ALARM", "XA-NOR")
    watches.dispatch()

    assert (watches.heard(inside), watches.heard(outside)) == (["XA-NOR"], [])


def test_a_case_is_told_by_the_rules_of_its_own_version(watches: Watches) -> None:
    watches.publish(watch(OPENS + REVIEW))
    old = watches.start()
    watches.publish(watch(OPENS + '\n[[listens]]\nevent = "SIG_OTHER"\nsend = "MSG_REVIEW"\n'))
    new = watches.start()

    watches.post("INCIDENT_MAJOR", reason="Blast")
    watches.dispatch()

    assert (watches.heard(old), watches.heard(new)) == (["Blast"], [])


def test_a_case_is_not_told_of_what_it_has_done_itself(embedded_watches: Watches) -> None:
    watches = embedded_watches
    watches.publish(watch(OPENS + REVIEW))
    case = watches.start()
    with watches.database.transaction() as session:
        post_event(session, "SIG_ALARM", area="XA-NOR", payload={"reason": "Own"}, by="system", now=NOW, case_id=case)

    watches.dispatch()

    assert watches.heard(case) == []


# What fails.


def test_a_case_that_fails_keeps_nobody_waiting_and_is_told_in_order_after_its_repair(watches: Watches) -> None:
    watches.publish(watch())
    broken, sound = watches.start(), watches.start()
    mend = watches.break_state(broken)
    watches.post("SIG_ALARM", reason="1")
    watches.post("SIG_ALARM", reason="2")

    assert [watches.dispatch(), watches.dispatch()] == [2, 0]

    assert (watches.heard(sound), watches.case(broken).state) == (["1", "2"], "INCIDENT")
    mend()
    watches.repair(broken)
    watches.dispatch()
    assert watches.heard(broken) == ["1", "2"]
    assert set(watches.receipts().values()) == {"TOLD"}


def test_a_failure_that_passes_by_itself_leaves_no_open_incident(watches: Watches) -> None:
    watches.publish(watch())
    case = watches.start()
    mend = watches.break_state(case)
    watches.post("SIG_ALARM", reason="1")
    watches.dispatch()
    mend()
    watches.repair(case)

    watches.dispatch()

    with watches.database.reading() as session:
        assert session.scalars(select(CaseIncident).where(CaseIncident.closed_at.is_(None))).all() == []
    assert watches.case(case).failures == 0


def test_a_case_that_ended_before_it_could_be_told_is_owed_nothing(embedded_watches: Watches) -> None:
    watches = embedded_watches
    watches.publish(watch(OPENS + REVIEW.replace("MSG_REVIEW", "MSG_STOP")))
    case = watches.start()
    watches.post("SIG_ALARM")
    watches.post("INCIDENT_MAJOR")

    assert watches.dispatch() == 2
    assert (watches.case(case).state, list(watches.receipts().values())) == ("COMPLETED", ["TOLD"])
