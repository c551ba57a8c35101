"""Giving a case a message or signal, in the transaction of whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from services.cases.loading import restore_run
from services.errors import told_of
from services.models.cases import Case
from services.people import SYSTEM
from services.progress import Act, store_run
from workflows import engine


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A message to a case, or with `key` None a signal."""

    name: str
    key: str | None
    payload: Mapping[str, Any] = field(default_factory=dict)


def tell(session: Session, case: Case, notice: Notice, act: Act) -> int:
    """Give a case that was taken a notice, and move it on; one that nothing in it waits for changes nothing.

    Answers how many receivers inside the case took it.

    Raises:
        AnswersInvalid: A person tells it, and an operation that follows says that this cannot be done.
        OperationFailed: The state cannot be read, or a step that follows could not be carried out.
    """
    run = restore_run(session, case, actor=act.actor, now=act.now)
    try:
        caught = _deliver(run, notice)
    except engine.StepFailed as error:
        raise told_of(error, to_person=act.actor != SYSTEM) from error
    if caught:
        facts = {"signal": notice.name} if notice.key is None else {"message": notice.name, "key": notice.key}
        store_run(session, case, run, replace(act, facts={**act.facts, **facts, "payload": dict(notice.payload)}))
    return caught


def _deliver(run: engine.Run, notice: Notice) -> int:
    if notice.key is None:
        return run.signal(notice.name, dict(notice.payload))
    return run.send(notice.name, notice.key, dict(notice.payload))
