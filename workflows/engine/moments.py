"""Moments and durations as diagrams write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workflows import feel
from workflows.errors import SafeconductError

SHORTEST_CYCLE = timedelta(minutes=1)
_MOMENT = feel.parse('if contains(text, "T") then date and time(text) else date and time(date(text), @"00:00:00Z")')
_LATER = feel.parse("moment + duration(length)")


class TimerInvalid(SafeconductError):
    """The timer "{text}" is neither a moment nor a duration; write for example PT48H or 2026-12-01T09:00:00Z."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cycle:
    """A repeated timer.

    Attributes:
        times: How often it fires; None without end.
        every: The length of one round, as FEEL (so that months stay months).
        start: The first moment; None for one round from now.
    """

    times: int | None
    every: str
    start: datetime | None = None


def read_moment(value: Any, now: datetime) -> datetime:
    """Turn a FEEL value or an ISO text into a moment; a duration counts from now, a date begins at midnight UTC.

    Raises:
        TimerInvalid: It is neither, or it is a local time without a zone.
    """
    text = _written(value)
    if is_duration(value):
        return add_duration(now, text)
    moment = _MOMENT.evaluate({"text": text.strip()})
    return _as_datetime(moment if isinstance(moment, feel.DateTime) and moment.offset is not None else None, text)


def is_duration(value: Any) -> bool:
    """Whether a value says how long, and not when."""
    return re.match(r"\s*-?P", _written(value)) is not None


def _written(value: Any) -> str:
    return value if isinstance(value, str) else str(feel.to_json(value))


def add_duration(moment: datetime, text: str) -> datetime:
    """Add an ISO duration (years and months, or days and smaller) to a moment. Raises: TimerInvalid."""
    try:
        later = _LATER.evaluate({"moment": moment, "length": text.strip()})
    except feel.FeelError as error:
        raise TimerInvalid(text=text) from error
    return _as_datetime(later, text)


def _as_datetime(moment: Any, text: str) -> datetime:
    answer = moment.as_datetime() if isinstance(moment, feel.DateTime) else None
    if answer is None:
        raise TimerInvalid(text=text)
    return answer


def read_cycle(value: Any, now: datetime) -> Cycle:
    """Read "R3/PT1H", "R/PT24H" or "R2/2026-12-01T09:00:00Z/PT1H"; a plain duration repeats without end.

    Raises:
        TimerInvalid: It is none of these, or one round is shorter than a minute.
    """
    text = value if isinstance(value, str) else str(feel.to_json(value))
    match = re.fullmatch(r"(?:R(?P<times>-?\d*)/)?(?:(?P<start>[^/P]+)/)?(?P<every>P[^/]+)", text.strip())
    if match is None:
        raise TimerInvalid(text=text)
    times = match["times"]
    cycle = Cycle(
        times=int(times) if times and int(times) >= 0 else None,
        every=match["every"],
        start=read_moment(match["start"], now) if match["start"] else None,
    )
    if cycle.times != 1 and add_duration(now, cycle.every) - now < SHORTEST_CYCLE:
        raise TimerInvalid('The timer "{text}" repeats more often than once a minute.', text=text)
    return cycle
