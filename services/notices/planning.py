"""When a mail may reach somebody: at once, at the end of quiet hours, when the duty station opens, in the digest, or never."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflows.calendars import Calendar

AT_ONCE, DAILY, OFF = "AT_ONCE", "DAILY", "OFF"
WAYS = (AT_ONCE, DAILY, OFF)
DIGEST = "digest"
#: Between these hours on working days a duty station is open. Our reading: no policy of the system names hours.
OPENS, CLOSES = time(8), time(18)
DIGEST_AT = time(8)
_DAY = timedelta(days=1)
#: Nothing is held for longer than this many changes between open and closed; then it leaves.
_MOST_STEPS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """How somebody wants to be told.

    Attributes:
        kinds: AT_ONCE, DAILY or OFF by kind of notice; what is not named is told at once, and no digest is sent unasked.
        quiet_from, quiet_to: Hours on the wall of the duty station; over midnight when the first is later.
        working_time: Only while the duty station is open.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    quiet_from: time | None = None
    quiet_to: time | None = None
    working_time: bool = False

    def way_of(self, kind: str) -> str:
        """Say how somebody is told of a kind of notice."""
        return self.kinds.get(kind, OFF if kind == DIGEST else AT_ONCE)

    def is_quiet(self, at: time) -> bool:
        """Say whether an hour on the wall is quiet."""
        if self.quiet_from is None or self.quiet_to is None or self.quiet_from == self.quiet_to:
            return False
        if self.quiet_from < self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What happens with the mail of a notice: it leaves at a moment, waits for the digest, or neither."""

    mail_at: datetime | None
    digest: bool = False


def plan(habits: Habits, calendar: Calendar, *, kind: str, urgent: bool, now: datetime) -> Plan:
    """Plan the mail of a notice. What concerns somebody's safety always leaves at once."""
    way = habits.way_of(kind)
    if urgent:
        return Plan(mail_at=now)
    if way != AT_ONCE:
        return Plan(mail_at=None, digest=way == DAILY)
    return Plan(mail_at=next_opening(habits, calendar, now))


def next_opening(habits: Habits, calendar: Calendar, now: datetime) -> datetime:
    """Return the first moment from now on at which somebody may be disturbed."""
    at = now
    for _ in range(_MOST_STEPS):
        local = at.astimezone(ZoneInfo(calendar.zone))
        clock = local.time().replace(tzinfo=None)
        if habits.working_time and (not calendar.is_working(local.date()) or clock >= CLOSES):
            at = _on_the_wall(local.date() + _DAY, OPENS, calendar.zone, after=at)
        elif habits.working_time and clock < OPENS:
            at = _on_the_wall(local.date(), OPENS, calendar.zone, after=at)
        elif habits.is_quiet(clock) and habits.quiet_to is not None:
            day = local.date() if clock < habits.quiet_to else local.date() + _DAY
            at = _on_the_wall(day, habits.quiet_to, calendar.zone, after=at)
        else:
            return at
    return at


def is_digest_due(habits: Habits, calendar: Calendar, *, sent_on: date | None, now: datetime) -> date | None:
    """Return the day whose digest is due now on the wall of the duty station; None when none is."""
    local = now.astimezone(ZoneInfo(calendar.zone))
    today = local.date()
    if local.time().replace(tzinfo=None) < DIGEST_AT or (sent_on is not None and sent_on >= today):
        return None
    return None if habits.working_time and not calendar.is_working(today) else today


def _on_the_wall(day: date, clock: time, zone: str, *, after: datetime) -> datetime:
    """Return the moment at which clocks there show an hour: where they show it twice, the first that is still to come.

    An hour that is left out when clocks go forward is taken as long after midnight as it would have been.
    """
    first, second = (datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first > after else second
