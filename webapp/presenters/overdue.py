"""The overdue steps of one role, for whoever oversees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import definitions, oversight
from services.people import Actor
from webapp.presenters.moments import show_moment
from webapp.presenters.roles import say_role
from webapp.presenters.texts import Texts
from webapp.speech import ngettext


@dataclass(frozen=True, kw_only=True)
class OverdueRow:
    """An overdue step."""

    number: str
    address: str
    step: str
    due: Markup


@dataclass(frozen=True, kw_only=True)
class OverduePage:
    """The overdue steps of one role, as far as the reader may see their cases."""

    role: str
    rows: list[OverdueRow]
    others: str


def get_overdue_page(session: Session, role: str, *, actor: Actor, now: datetime) -> OverduePage:
    """Read the overdue steps of a role.

    Raises:
        NotFound: The reader oversees nothing.
    """
    reach = oversight.ensure_oversees(session, actor, now)
    found, others = oversight.list_overdue_tasks(session, reach, role, actor=actor, now=now)
    rows = [
        OverdueRow(
            number=case.number,
            address=url_for("cases.show", number=case.number),
            step=Texts.of(definitions.get_package(session, case.version_id)).element(task.element, task.name),
            due=show_moment(task.due_at, now=now),
        )
        for task, case in found
    ]
    more = ngettext("%(num)d more is in a case that you do not see.", "%(num)d more are in cases that you do not see.", others)
    return OverduePage(role=say_role(role), rows=rows, others=more if others else "")
