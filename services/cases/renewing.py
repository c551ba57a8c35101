"""What open tasks say of a request that changed under them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.cases.loading import look_into
from services.errors import OperationFailed
from services.models.cases import OPEN, Case, Task
from services.progress import said_of
from workflows import engine


def renew_cards(session: Session, case: Case, *, now: datetime) -> None:
    """Write the cards of the open tasks anew: what they said was so before the request changed.

    Whoever has such a task open has to look at it again before it is done. Due dates, claims and drafts stay as they are.

    Raises:
        OperationFailed: A card cannot be worked out.
    """
    run = look_into(session, case, now=now)
    for task in session.scalars(select(Task).where(Task.case_id == case.id, Task.state == OPEN)).all():
        opened = _describe(run, task)
        said = said_of(case, opened)
        if task.card != said["card"]:
            task.card, task.flagged, task.revision = said["card"], said["flagged"], case.revision
            task.properties = {**(task.properties or {}), **({"said": opened.said} if opened.said else {})}


def _describe(run: engine.Run, task: Task) -> engine.OpenTask:
    try:
        return run.describe(task.id)
    except engine.StepFailed as error:
        raise OperationFailed(cause=str(error)) from error
