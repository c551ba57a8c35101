"""What the engine calls when a diagram asks for an operation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from services.database import is_busy
from services.models.cases import Case
from services.operations import CATALOGUE
from services.operations.work import Work
from services.people import Actor
from workflows import engine
from workflows.errors import SafeconductError


class OperationHost:
    """Carries out operations for one act on one case, in the transaction of that act."""

    def __init__(self, session: Session, case: Case, *, actor: Actor, now: datetime) -> None:
        """Keep whose act it is."""
        self.session = session
        self.case = case
        self.actor = actor
        self.now = now

    def perform(self, operation: str, inputs: dict[str, Any], call: engine.Call) -> dict[str, Any]:
        """Carry out an operation of the catalogue."""
        known = CATALOGUE.get(operation)
        if known is None:
            raise engine.StepFailed(call.element, f'There is no operation "{operation}".')
        work = Work(
            session=self.session,
            case=self.case,
            actor=self.actor,
            now=self.now,
            version_id=self.case.version_id,
            call=call,
        )
        try:
            return known.run(work, inputs)
        except (SafeconductError, StaleDataError):
            raise
        except Exception as error:
            if isinstance(error, DBAPIError) and is_busy(error):
                raise
            # Its text may hold what the case knows; whoever may see the case finds it in the detail of the incident.
            raise engine.StepFailed(call.element, f"The program made an error ({type(error).__name__}).") from error
