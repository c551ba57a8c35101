"""What went wrong in words that may be read, at which step, and how often that step may be tried."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services import definitions
from services.errors import NotPublished, OperationFailed
from workflows import engine
from workflows.errors import SafeconductError

USUAL_ATTEMPTS = 3
USUAL_PAUSE = "PT1M"
MOST_ATTEMPTS = 20
LONGEST_PAUSE = timedelta(days=1)
SHORTEST_CONCEALED = 3
SMALLEST_CONCEALED = 10
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """How often something that fails by itself is tried, and how long the first pause is; each further one is twice as long."""

    attempts: int
    pause: timedelta

    def next_after(self, attempts: int, now: datetime) -> datetime | None:
        """Say when to try again after so many attempts; None when that was the last."""
        if attempts >= self.attempts:
            return None
        factor: int = 2 ** (attempts - 1)
        return now + min(self.pause * factor, LONGEST_PAUSE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """What went wrong, and at which step as far as that is known.

    Attributes:
        cause: A sentence that may still name what the case knows.
        detail: For those who may see the case: the cause and where in the program it came from.
    """

    element: str | None
    place: str | None
    operation: str | None
    cause: str
    detail: str
    policy: Policy


def read_failure(session: Session, version_id: str, error: Exception) -> Failure:
    """Find out which step failed, why, and how often it may be tried."""
    step = next((found for found in _behind(error) if isinstance(found, engine.StepFailed)), None)
    element = _find_element(session, version_id, step.element) if step else None
    if step is None and not isinstance(error, SafeconductError):
        # Neither a step nor the state of the case: the machine or the database may have been in trouble.
        policy = Policy(attempts=USUAL_ATTEMPTS, pause=_length(USUAL_PAUSE))
    else:
        policy = policy_of(element)
    return Failure(
        element=step.element if step else None,
        place=step.place or step.element if step else None,
        operation=element.operation if element else None,
        cause=step.cause if step else _say(error),
        detail="".join(traceback.format_exception(error))[-10_000:],
        policy=policy,
    )


def policy_of(element: engine.Element | None) -> Policy:
    """Read from the diagram how often a step is tried.

    Only what calls an operation is tried again: a formula, a table or a gateway that fails on what a case knows fails again.
    """
    if element is None or not element.operation:
        return Policy(attempts=1, pause=_length(USUAL_PAUSE))
    text = (element.retries or "").strip()
    attempts = int(text) if text.isascii() and text.isdigit() and int(text) else USUAL_ATTEMPTS
    pause = element.headers.get("retry.backoff") or element.properties.get("retry.backoff") or USUAL_PAUSE
    return Policy(attempts=min(attempts, MOST_ATTEMPTS), pause=_length(pause))


def conceal(text: str, known: Any) -> str:
    """Take out of a text whatever a case knows, so that people who may not see the case may read why it failed."""
    found = sorted(set(_leaves(known)), key=len, reverse=True)
    if not found:
        return text
    pattern = "|".join(re.escape(value) for value in found)
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", "…", text)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, str):
        yield from (line for line in (value, *value.splitlines()) if len(line) >= SHORTEST_CONCEALED)
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= SMALLEST_CONCEALED:
        yield str(value)


def _find_element(session: Session, version_id: str, element: str) -> engine.Element | None:
    try:
        return engine.find_element(definitions.get_program(session, version_id), element)
    except NotPublished:
        return None


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _say(error: Exception) -> str:
    """Say a cause. Errors of the program and of the database carry values in their texts; only their kind is told."""
    if isinstance(error, OperationFailed):
        return str(error.facts.get("cause", error))
    return str(error) if isinstance(error, SafeconductError) else f"The program made an error ({type(error).__name__})."


def _length(text: str) -> timedelta:
    try:
        length = engine.add_duration(_BEGINNING, text) - _BEGINNING
    except SafeconductError:
        length = timedelta(minutes=1)
    return max(length, timedelta(seconds=1))
