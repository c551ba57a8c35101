"""Starting a case without a person: because something happened, or because it is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import definitions
from services.cases.starting import add_case, begin
from services.models.cases import Case
from services.models.definitions import ProcessVersion
from services.people import SYSTEM
from services.progress import Act, store_run


def open_case(
    session: Session,
    version: ProcessVersion,
    *,
    start: str | None,
    answers: Mapping[str, Any],
    once: str | None,
    facts: Mapping[str, Any],
    now: datetime,
) -> Case:
    """Start a case of a version, for the system itself.

    Args:
        start: The message or signal of the start event to enter, or its id; None enters the one without a trigger.
        answers: The variables of the case. No form is asked: it is not a person who answers for them, but the rule.
        once: The key under which no second case of the process may be open.
        facts: What the audit entry says of the cause.

    Raises:
        AlreadyOpen: There is an open case under this key.
        OperationFailed: There is no such start event, or a step that follows at once could not be carried out.
    """
    package = definitions.get_package(session, version.id)
    case = add_case(session, version, package, actor=SYSTEM, answers=answers, now=now, once=once)
    run = begin(session, case, answers, actor=SYSTEM, now=now, event=start)
    store_run(
        session, case, run, Act(name="open", actor=SYSTEM, now=now, facts={**facts, "answers": dict(answers), "entry": start})
    )
    return case
