"""Acts of officials that come as a message and not by a task: each is kept as a decision record, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services import audit
from services.models.audit import Decision
from services.operations.work import Work


def record_sent(work: Work, sent_by: Mapping[str, Any], *, act: str, outcome: str, area: str | None, **said: Any) -> Decision:
    """Record what an official did by a message.

    Args:
        sent_by: The capacity with which the message was signed.
        said: What else the record says, such as `line` and `reason_text`.
    """
    capacity = {"actor_role": sent_by["role"], "acted_for": sent_by["acted_for"], "delegation_id": sent_by["delegation_id"]}
    return audit.record_decision(
        work.session,
        work.case,
        element=work.call.element,
        act=act,
        outcome=outcome,
        area=area,
        actor_person=work.actor.person,
        capacity=sent_by["capacity"],
        decided_at=work.now,
        **capacity,
        **said,
    )
