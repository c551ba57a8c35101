"""Handing a task over to somebody by name, and what stands out on a card."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services import tasks
from services.errors import AlreadyDecided, ClaimedByOther, NotAllowed, NotFound
from services.models import AuditEntry, OutboxMessage, Task
from services.models.authority import Absence, RoleHolding
from services.models.base import new_id
from tests.services.leave import APPROVER, NOW, REQUESTER, REVIEWER, STRANGER, Leave


def hand_over(leave: Leave, task: Task, *, by: str, to: str, note: str = "") -> Task:
    actor = leave.actor(by)
    with leave.database.transaction() as session:
        return tasks.assign_task(session, task.id, to=to, actor=actor, now=NOW, note=note)


def give_role(leave: Leave, person: str, role: str = "DSSO") -> None:
    with leave.database.transaction() as session:
        session.add(RoleHolding(id=new_id(), person=person, role=role, area="XA-NOR", valid_from=NOW - timedelta(days=1)))


def test_a_task_goes_into_the_hands_of_somebody_who_may_act_and_who_is_told(leave: Leave) -> None:
    case_id = leave.start()
    task = leave.open_task(case_id)
    give_role(leave, APPROVER)

    hand_over(leave, task, by=REVIEWER, to=APPROVER, note="You know the place.")

    task = leave.open_task(case_id)
    assert (task.claimed_by, task.claimed_at) == (APPROVER, NOW)
    with leave.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.case_id == case_id).order_by(AuditEntry.seq.desc())).first()
        told = session.scalars(select(OutboxMessage).where(OutboxMessage.code == "N-ALL-03")).one()
    assert (entry.act, entry.actor, entry.payload["to"], entry.payload["note"]) == (
        "assign",
        REVIEWER,
        APPROVER,
        "You know the place.",
    )
    assert (told.to_person, told.variables["by"], told.variables["note"]) == (
        APPROVER,
        "Yusra Ben-Halim",
        "You know the place.",
    )
    with pytest.raises(ClaimedByOther):
        hand_over(leave, task, by=REVIEWER, to=REVIEWER)
    hand_over(leave, task, by=APPROVER, to=REVIEWER)
    assert leave.open_task(case_id).claimed_by == REVIEWER
    assert leave.problems() == []


def test_only_those_who_may_act_are_handed_a_task_and_only_they_hand_it_over(embedded_leave: Leave) -> None:
    leave = embedded_leave
    case_id = leave.start()
    task = leave.open_task(case_id)

    for to in (STRANGER, REQUESTER, "nobody.here"):
        with pytest.raises(tasks.NotEligible):
            hand_over(leave, task, by=REVIEWER, to=to)
    with pytest.raises(NotAllowed):
        hand_over(leave, task, by=REQUESTER, to=REVIEWER)
    with pytest.raises(NotFound):
        hand_over(leave, task, by=STRANGER, to=REVIEWER)
    leave.review(case_id)
    with pytest.raises(AlreadyDecided):
        hand_over(leave, task, by=REVIEWER, to=REVIEWER)

    assert leave.case(case_id).revision == 2


def test_a_role_that_bars_itself_does_not_make_somebody_eligible(embedded_leave: Leave) -> None:
    leave = embedded_leave
    task = leave.open_task(leave.start())
    give_role(leave, REQUESTER)

    with pytest.raises(tasks.NotEligible) as told:
        hand_over(leave, task, by=REVIEWER, to=REQUESTER)

    assert told.value.facts["name"] == "Lina Marchetti"


def test_what_somebody_has_in_hand_who_is_away_can_be_handed_on(embedded_leave: Leave) -> None:
    leave = embedded_leave
    case_id = leave.start()
    task = leave.open_task(case_id)
    give_role(leave, APPROVER)
    hand_over(leave, task, by=REVIEWER, to=APPROVER)
    with leave.database.transaction() as session:
        away = {"valid_from": NOW - timedelta(hours=1), "valid_to": NOW + timedelta(days=9)}
        session.add(Absence(id=new_id(), person=APPROVER, substitute=None, **away))

    hand_over(leave, task, by=REVIEWER, to=REVIEWER)

    assert leave.open_task(case_id).claimed_by == REVIEWER


def test_flags_are_read_from_every_way_in_which_a_card_is_written() -> None:
    assert tasks.flags_of(None) == tasks.flags_of({"days": 3}) == tasks.flags_of("Calm") == []
    assert tasks.flags_of({"days": 3, "flags": ["SSAFE missing", None, ""], "warnings": "Late"}) == ["SSAFE missing", "Late"]
    listed = [{"label": "Area", "value": "XA"}, {"label": "Risk", "value": "HIGH", "flag": True}, {"red_flags": ["Conflict"]}]
    assert tasks.flags_of(listed) == ["Risk: HIGH", "Conflict"]
    assert tasks.facts_of(listed) == [("Area", "XA")]
