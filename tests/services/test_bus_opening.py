"""Cases that open by themselves, once: for an event, for a message, because they are due; and the one open case per key."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from services import cases, people
from services.errors import AlreadyOpen
from services.models.bus import BusReceipt
from services.operations import CATALOGUE
from services.operations.catalogue import operation
from services.operations.work import Work
from services.posting import post_event
from tests.services.watching import NOW, WATCH, Watches, watch
from tests.statements import watch_statements

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAILY = '[[opens]]\ndaily = "watch.due"\nstart = "called"\nonce = "=due.area"\n[opens.answers]\narea = "=due.area"\n'
OPENS = """
[[opens]]
event = ["OPEN_WATCH", "INCIDENT_MAJOR"]
start = "MSG_OPEN_WATCH"
when = "=event.payload.severity != \\"MINOR\\""
once = "=event.area"
[opens.answers]
area = "=event.area"
trigger = "LEVEL_CHANGE"
said = { kinds = ["=event.kind"], at = "=event.at" }
"""


@pytest.fixture
def due() -> Iterator[Callable[[Any], None]]:
    """Give a function that says what the daily operation answers from now on; each question is counted."""
    answers: list[Any] = [[]]

    @operation("watch.due")
    def ask(work: Work) -> dict[str, Any]:
        """Say which areas are due."""
        asked.append(work.now)
        if isinstance(answers[-1], Exception):
            raise answers[-1]
        return {"due": [{"area": area} for area in answers[-1]]}

    asked: list[Any] = []

    def say(answer: Any) -> None:
        answers.append(answer)

    say.asked = asked
    yield say
    del CATALOGUE["watch.due"]


def test_an_event_opens_a_case_without_a_person(watches: Watches) -> None:
    watches.publish(watch(OPENS))

    event_id = watches.post("OPEN_WATCH", "XC-CAP")
    watches.dispatch()

    (case,) = watches.cases()
    assert (case.area, case.requester, case.state, case.once_key) == ("XC-CAP", "system", "OPEN", "XC-CAP")
    assert watches.acts(case.id) == ["open"]
    with watches.database.reading() as session:
        known = cases.loading.look_into(session, case_with_state(watches, case.id), now=NOW).variables
        receipt = session.get_one(BusReceipt, (event_id, "watch#1"))
    assert (known["area"], known["trigger"]) == ("XC-CAP", "LEVEL_CHANGE")
    assert known["said"] == {"kinds": ["OPEN_WATCH"], "at": NOW.isoformat()}
    assert (receipt.action, receipt.case_id) == ("OPENED", case.id)


def case_with_state(watches: Watches, case_id: str) -> Any:
    with watches.database.transaction() as session:
        return cases.loading.take_case(session, case_id)


def test_it_opens_only_under_its_condition(embedded_watches: Watches) -> None:
    watches = embedded_watches
    watches.publish(watch(OPENS))

    watches.post("INCIDENT_MAJOR", severity="MINOR")
    watches.dispatch()

    assert watches.cases() == []


def test_no_second_case_opens_under_the_same_key_while_one_is_open(watches: Watches) -> None:
    watches.publish(watch(OPENS))
    for area in ("XA-NOR", "XA-NOR", "XC-CAP"):
        watches.post("OPEN_WATCH", area)
    watches.dispatch()
    assert [case.area for case in watches.cases()] == ["XA-NOR", "XC-CAP"]

    watches.stop(watches.cases()[0].id)
    watches.post("OPEN_WATCH", "XA-NOR")
    watches.dispatch()

    assert [(case.area, case.state) for case in watches.cases()] == [
        ("XA-NOR", "COMPLETED"),
        ("XC-CAP", "OPEN"),
        ("XA-NOR", "OPEN"),
    ]


def test_the_same_event_opens_one_case_however_often_it_is_dispatched(watches: Watches) -> None:
    watches.publish(watch(OPENS.replace('once = "=event.area"\n', "")))
    event_id = watches.post("OPEN_WATCH")
    watches.dispatch()
    watches.forget_handling(event_id)

    watches.dispatch()

    assert len(watches.cases()) == 1


def test_a_case_is_not_told_of_what_was_there_when_it_opened(embedded_watches: Watches) -> None:
    watches = embedded_watches
    watches.publish(watch(OPENS))
    watches.post("OPEN_WATCH")
    watches.post("SIG_ALARM", reason="Old")

    watches.dispatch()
    watches.post("SIG_ALARM", now=NOW + HOUR, reason="New")
    watches.dispatch(NOW + HOUR)

    assert watches.heard(watches.cases()[0].id) == ["New"]


def test_without_answers_a_case_knows_what_the_event_brought(embedded_watches: Watches) -> None:
    watches = embedded_watches
    watches.publish(watch('[[opens]]\nevent = "OPEN_WATCH"\nstart = "called"\n'))

    with watches.database.transaction() as session:
        post_event(session, "OPEN_WATCH", area=None, payload={"area": "XA-EST"}, by="system", now=NOW)
    watches.dispatch()

    assert [case.area for case in watches.cases()] == ["XA-EST"]


def test_what_cannot_open_is_tried_again_less_and_less_often_and_keeps_nobody_waiting(watches: Watches, due) -> None:
    watches.publish(watch(OPENS), watch(OPENS.replace("MSG_OPEN_WATCH", "called"), key="broken", diagram=failing_at_start()))
    watches.post("OPEN_WATCH")
    moments = []
    now = NOW
    for _ in range(3):
        watches.dispatch(now)
        with watches.database.reading() as session:
            (receipt,) = session.query(BusReceipt).filter_by(receiver="broken#1")
        moments.append((receipt.retry_at - now) // timedelta(minutes=1))
        now = receipt.retry_at

    assert moments == [1, 2, 4]
    assert (len(watches.cases()), watches.cases("broken")) == (1, [])
    assert "watch.missing" in receipt.error


def failing_at_start() -> str:
    """A watch whose first step cannot be carried out."""
    task = '<bpmn:serviceTask id="look" name="Look"><bpmn:extensionElements><zeebe:taskDefinition type="watch.missing" />'
    start, end = WATCH.index("<bpmn:boundaryEvent"), WATCH.index('<bpmn:endEvent id="noted"')
    bare = WATCH[:start] + WATCH[end:].replace("<bpmn:incoming>g5</bpmn:incoming>", "").replace(
        "<bpmn:incoming>g4</bpmn:incoming>", ""
    )
    bare = bare.replace('<bpmn:endEvent id="noted" name="Noted"></bpmn:endEvent>', "")
    bare = bare.replace('<bpmn:endEvent id="stopped" name="Stopped"></bpmn:endEvent>', "")
    return bare.replace('<bpmn:userTask id="look" name="Look">', task + "</bpmn:extensionElements>").replace(
        "userTask", "serviceTask"
    )


# Once a day.


def test_what_is_due_opens_once_a_day(watches: Watches, due) -> None:
    watches.publish(watch(DAILY))
    due(["XA-NOR", "XC-CAP"])

    watches.dispatch(NOW)
    watches.dispatch(NOW + 3 * HOUR)
    assert [case.area for case in watches.cases()] == ["XA-NOR", "XC-CAP"]
    assert due.asked == [NOW]

    due(["XA-NOR", "XA-EST"])
    watches.dispatch(NOW + DAY)
    assert [case.area for case in watches.cases()] == ["XA-NOR", "XC-CAP", "XA-EST"], "one is open for the first already"
    assert due.asked == [NOW, NOW + DAY]
    said = [event.payload["area"] for event in watches.events() if event.channel == "due"]
    assert sorted(said) == ["XA-EST", "XA-NOR", "XC-CAP"], "what is open is not said again each day"


def test_what_was_due_and_is_over_does_not_open_again_the_same_day(watches: Watches, due) -> None:
    watches.publish(watch(DAILY))
    due(["XA-NOR"])
    watches.dispatch()
    watches.stop(watches.cases()[0].id)

    watches.dispatch(NOW + HOUR)

    assert len(watches.cases()) == 1


def test_a_daily_operation_that_fails_is_asked_again(embedded_watches: Watches, due, caplog) -> None:
    watches = embedded_watches
    watches.publish(watch(DAILY))
    due(ValueError("No register"))
    with caplog.at_level(logging.CRITICAL):
        watches.dispatch()
    due(["XA-NOR"])

    watches.dispatch(NOW + HOUR)

    assert [case.area for case in watches.cases()] == ["XA-NOR"]


def test_a_process_without_daily_rules_asks_nothing(embedded_watches: Watches, due) -> None:
    embedded_watches.publish(watch(OPENS))

    embedded_watches.dispatch()

    assert due.asked == []


# By hand.


def test_a_person_cannot_open_a_second_case_about_the_same(watches: Watches) -> None:
    watches.publish(watch('once = "=area"\n' + OPENS))
    watches.start(area="XA-NOR")

    with pytest.raises(AlreadyOpen) as refused:
        watches.start(area="XA-NOR")
    watches.start(area="XC-CAP")

    assert "WAT-2026-000001" in str(refused.value)
    assert [case.number for case in watches.cases()] == ["WAT-2026-000001", "WAT-2026-000002"]


def test_a_case_that_opened_by_itself_and_one_by_hand_share_their_keys(watches: Watches) -> None:
    watches.publish(watch('once = "=area"\n' + OPENS))
    watches.post("OPEN_WATCH", "XA-NOR")
    watches.dispatch()
    with pytest.raises(AlreadyOpen):
        watches.start(area="XA-NOR")

    watches.start(area="XC-CAP")
    watches.post("OPEN_WATCH", "XC-CAP")
    watches.dispatch()

    assert [case.area for case in watches.cases()] == ["XA-NOR", "XC-CAP"]


def test_a_case_that_waits_for_repair_still_keeps_its_key(watches: Watches) -> None:
    watches.publish(watch('once = "=area"\n' + OPENS))
    case = watches.start(area="XA-NOR")
    with watches.database.transaction() as session:
        cases.open_incident(session, case, cause="Broken", now=NOW)

    with pytest.raises(AlreadyOpen):
        watches.start(area="XA-NOR")


def test_a_process_without_a_key_pays_nothing_for_it(embedded_watches: Watches) -> None:
    watches = embedded_watches
    watches.publish(watch(OPENS))
    watches.start()
    statements: list[str] = []
    stop = watch_statements(watches.database.engine, statements.append)

    with watches.database.transaction() as session:
        actor = people.actor_named(session, "lina.marchetti")
        cases.start_case(session, "watch", actor=actor, answers={"area": "XA-NOR"}, now=NOW)
    stop()

    assert not [text for text in statements if "once_key =" in text]
