"""Which courses are asked for on which ground: table D10.1 of the process in force. The grounds are read from registers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import definitions
from services.models.trainings import TrainingCourse

PROCESS, TABLE = "mandatory_training", "D10.1"
PERSONNEL, AREA_SSAFE, HIGH_RISK = "PERSONNEL", "AREA_SSAFE", "HIGH_RISK"
FAMILY, FAMILY_HIGH_RISK = "FAMILY", "FAMILY_HIGH_RISK"
OFFICIAL, SECURITY, WARDEN = "OFFICIAL", "SECURITY", "WARDEN"
#: On what ground somebody may be asked for a course.
GROUNDS = (PERSONNEL, AREA_SSAFE, HIGH_RISK, OFFICIAL, SECURITY, WARDEN, FAMILY, FAMILY_HIGH_RISK)
_log = logging.getLogger("safeconduct.jobs")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A course that is asked for on a ground, within so many days.

    Attributes:
        audience: The group in which indicator K13 counts it.
        binding: Whether it has to be passed; otherwise it is recommended.
    """

    course: str
    days: int
    audience: str
    binding: bool


def rules_in_force(session: Session, now: datetime) -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules by ground; none while the process is not published. A course that no register knows is passed over."""
    if not definitions.is_published(session, PROCESS):
        return {}
    table = definitions.get_package(session, definitions.current_version(session, PROCESS).id).decisions.get(TABLE)
    if table is None:
        return {}
    known = set(session.scalars(select(TrainingCourse.code)))
    found = {}
    for ground in GROUNDS:
        rows: list[dict[str, Any]] = table.decide(TABLE, {"ground": ground}, now=now).value or []
        for row in rows:
            if row["course"] not in known:
                _log.warning("Table %s asks for course %s, which no register knows", TABLE, row["course"])
        found[ground] = tuple(_rule(row) for row in rows if row["course"] in known)
    return found


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(course=str(row["course"]), days=int(row["days"]), audience=str(row["audience"]), binding=bool(row["binding"]))
