"""What a case lets the receivers of a notice know is kept for a transaction only as long as nothing it rests on has changed."""

from __future__ import annotations

import pytest

from services.authority.candidates import _acting_query
from services.authority.capacity import _crowd_query
from services.models.cases import Task
from services.notices.receiving import TOLD_BY, circle_of
from services.pending import tables_of
from services.separation import _facts_query
from tests.services.leave import NOW, REVIEWER, Leave

STATEMENTS = (
    _facts_query,
    lambda: _crowd_query("sqlite"),
    lambda: _acting_query(interim=True, area="given", organisation="given"),
)


@pytest.mark.parametrize("build", STATEMENTS)
def test_it_rests_on_every_table_that_its_questions_ask(build) -> None:
    assert tables_of(build()) - TOLD_BY == set()


def test_what_the_same_transaction_changes_is_seen(leave: Leave) -> None:
    case_id = leave.start()
    task_id = leave.open_task(case_id).id

    with leave.database.transaction() as session:
        before = circle_of(session, case_id, area=None, with_tasks=True, now=NOW)
        again = circle_of(session, case_id, area=None, with_tasks=True, now=NOW)
        session.get_one(Task, task_id).role = "AUD"
        after = circle_of(session, case_id, area=None, with_tasks=True, now=NOW)

    assert before is again
    assert REVIEWER in before.tasks
    assert REVIEWER not in after.tasks
