"""What has to be put right in premises: opened, carried out, verified by somebody else, or accepted as a risk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from services.models.premises import PremisesAction
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.work import Work

#: Whoever gets an action back has at least so long.
AT_LEAST_DAYS = 14
#: What settles an action, by the decision on it.
SETTLED = {"ACCEPT": "VERIFIED", "ACCEPT_RISK": "ACCEPTED"}
DAY = timedelta(days=1)


def open_actions(
    work: Work, premises: str, lines: Iterable[dict[str, Any]], *, breach: str | None = None
) -> list[dict[str, Any]]:
    """Open actions in a case, and say of each what its steps need.

    A line holds `finding`, its `code` if it is a question, `text`, `owner_role`, `priority`, and `days`.
    """
    known = work.session.scalar(select(func.count()).where(PremisesAction.case_id == work.case.id)) or 0
    opened = []
    for no, line in enumerate(lines, start=known + 1):
        action = PremisesAction(
            number=f"{work.case.number}-A{no}",
            premises=premises,
            case_id=work.case.id,
            breach=breach,
            finding=line["finding"],
            text=str(line["text"])[:1000],
            owner_role=line["owner_role"],
            priority=line["priority"],
            opened_at=work.now,
            due_at=work.now + line["days"] * DAY,
            status="OPEN",
        )
        work.session.add(action)
        opened.append(_said(action, line.get("code") or line["finding"], line["days"]))
    work.set_status("ACTIONS_OPEN" if opened else "CLOSED")
    return opened


def _said(action: PremisesAction, finding: str, days: int) -> dict[str, Any]:
    return {
        "number": action.number,
        "finding": finding,
        "text": action.text,
        "owner_role": action.owner_role,
        "priority": action.priority,
        "due_at": write_moment(action.due_at),
        "date": action.due_at.date().isoformat(),
        "days": days,
    }


@operation("premises.action_told")
def tell_action(work: Work, *, number: str, said: str, evidence: str | None) -> dict[str, Any]:
    """Note that its owner says that an action is done, or why it cannot be; somebody else looks at it."""
    action = work.session.get_one(PremisesAction, number)
    action.evidence = (evidence or "")[:4000] or None
    if said == "DONE":
        action.status, action.done_by, action.done_at = "DONE", work.actor.person, work.now
    return {}


@operation("premises.settle_action")
def settle_action(work: Work, *, action: dict[str, Any], decision: str, reasons: str | None) -> dict[str, Any]:
    """Settle an action as verified or accepted as a risk, or give it back to its owner with at least 14 days."""
    row = work.session.get_one(PremisesAction, action["number"])
    row.reasons = (reasons or "")[:2000] or None
    if decision in SETTLED:
        row.status, row.closed_at, row.closed_by = SETTLED[decision], work.now, work.actor.person
        return {"action": action}
    row.status, row.done_at, row.done_by = "OPEN", None, None
    row.due_at = max(row.due_at, work.now + AT_LEAST_DAYS * DAY)
    return {"action": _said(row, action["finding"], _days(work.now, row.due_at))}


def _days(now: datetime, until: datetime) -> int:
    return max(1, (until - now).days)
