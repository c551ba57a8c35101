"""Working days: which days of a place count, and when so many of them are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflows.errors import SafeconductError

_DAY = timedelta(days=1)
_NEVER_LONGER = 3660
"""A calendar whose next working day is more than ten years away is taken for one without any."""


class NoWorkingDays(SafeconductError):
    """This calendar has no working day that could be counted to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The working days of a place, each of them a whole day by the clock on the wall there.

    Time that falls on a free day stands still: whoever is asked on a Saturday has the same time as one who is asked on Monday at
    midnight. Days are counted on the wall clock, so that a deadline keeps its hour when the clocks change.

    Attributes:
        weekend: Free days of every week, as ISO numbers; Monday is 1.
        holidays: Free dates.
        zone: IANA name of the zone of the place.
    """

    weekend: frozenset[int]
    holidays: frozenset[date]
    zone: str

    def is_working(self, day: date) -> bool:
        """Say whether a date counts."""
        return day.isoweekday() not in self.weekend and day not in self.holidays

    def add_working_days(self, moment: datetime, days: float) -> datetime:
        """Return the moment when so many working days have passed, in UTC. Parts of days count by the hour.

        Raises:
            NoWorkingDays: There are none to count.
        """
        at = self._first_counting(self._on_the_wall(moment))
        whole, part = divmod(max(days, 0), 1)
        for _ in range(int(whole)):
            at = datetime.combine(self._next_working(at.date()), at.time())
        later = at + _DAY * part
        if later.date() != at.date():
            later = datetime.combine(self._next_working(at.date()), later.time())
        return later.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def working_days_between(self, start: datetime, end: datetime) -> float:
        """Return how many working days lie between two moments; negative when the end comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        first, last = (self._first_counting(self._on_the_wall(moment)) for moment in (start, end))
        span = (last.date() - first.date()).days
        whole = sum(self.is_working(first.date() + _DAY * number) for number in range(span))
        return whole + (_time_passed(last) - _time_passed(first)) / _DAY

    def _on_the_wall(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None, fold=0)

    def _first_counting(self, at: datetime) -> datetime:
        """Return the moment itself on a working day, else the beginning of the next one."""
        return at if self.is_working(at.date()) else datetime.combine(self._next_working(at.date()), time())

    def _next_working(self, day: date) -> date:
        for number in range(1, _NEVER_LONGER):
            later = day + _DAY * number
            if self.is_working(later):
                return later
        raise NoWorkingDays


def _time_passed(at: datetime) -> timedelta:
    return at - datetime.combine(at.date(), time())
