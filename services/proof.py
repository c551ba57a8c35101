"""Proving once more who one is before an act of weight: by the password, at most every ten minutes.

A process says of which tasks and messages it is asked. Source: specification, F-TSC-03, F-TSC-09, F-SRM-04 and F-CPT-06.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.errors import NotAllowed
from services.people import Actor

#: The property of a user task, FEEL, or of an event that catches a message: whether whoever acts proves who they are.
REAUTHENTICATE = "reauthenticate"
#: How long a proof holds.
HOLDS = timedelta(minutes=10)


class ProofNeeded(NotAllowed):
    """Enter your password: this act is confirmed by it."""


def asks_for_proof(properties: Mapping[str, Any]) -> bool:
    """Say whether a task with these properties, or an event, asks for a proof; it does when that could not be worked out."""
    said = properties.get(REAUTHENTICATE, False)
    return said is not False and said != "false"


def is_proved(actor: Actor, now: datetime) -> bool:
    """Say whether the actor has proved it lately; behind commands and stories there is nobody who could."""
    return actor.proved_at is None or actor.proved_at > now - HOLDS


def ensure_proved(actor: Actor, properties: Mapping[str, Any], *, now: datetime) -> None:
    """Raise ProofNeeded when these properties ask for a proof that the actor has not given lately."""
    if asks_for_proof(properties) and not is_proved(actor, now):
        raise ProofNeeded
