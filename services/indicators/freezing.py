"""Freezing a period: its values are kept as they were reported, whatever the registers say later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.audit import digest
from services.errors import NotAllowed
from services.indicators.catalogue import INDICATORS, ask
from services.indicators.periods import Period, read_period
from services.indicators.process import FIGURES, count_figures
from services.indicators.reach import reach_of
from services.indicators.settings import DEFINITIONS
from services.indicators.shape import Value, list_hash
from services.models.indicators import FrozenPeriod, FrozenValue
from services.people import Actor
from workflows.errors import SafeconductError

LONGEST_REASON = 2000


class PeriodNotOver(SafeconductError):
    """The period {period} is not over. It can be frozen from the day after its last day on."""


class CorrectionUnexplained(SafeconductError):
    """This period is frozen already. Say why it is reported anew; both versions stay readable."""


class NobodyFreezes(NotAllowed):
    """Only the Under-Secretary-General and their office freeze a reporting period."""


def freeze(session: Session, period: Period | str, *, reason: str = "", actor: Actor, now: datetime) -> FrozenPeriod:
    """Keep all values of a period that is over, of all areas together. A second time it is a correction, beside the first.

    Raises:
        PeriodUnknown: There is no such period.
        NobodyFreezes: The actor is neither the Under-Secretary-General nor of the office.
        PeriodNotOver: It still goes on.
        CorrectionUnexplained: It is frozen already, and no reason was given for doing it again.
    """
    chosen = read_period(period) if isinstance(period, str) else period
    role = reach_of(session, actor, now).freezing
    if role is None:
        raise NobodyFreezes
    if now < chosen.until:
        raise PeriodNotOver(period=chosen.key)
    version = 1 + (session.scalar(select(func.max(FrozenPeriod.version)).where(FrozenPeriod.period == chosen.key)) or 0)
    said = reason.strip()[:LONGEST_REASON] or None
    if version > 1 and said is None:
        raise CorrectionUnexplained
    asked = ask(period=chosen, now=now)
    values = [indicator.count(session, asked) for indicator in INDICATORS.values()]
    values += count_figures(session, FIGURES.values(), asked).values()
    rows = [row for value in values for row in _rows(value, chosen.key, version)]
    frozen = FrozenPeriod(
        period=chosen.key,
        version=version,
        frozen_at=now,
        frozen_by=actor.person,
        frozen_as=role,
        reason=said,
        definitions=DEFINITIONS,
        hash=_hash(rows),
    )
    session.add(frozen)
    session.add_all(rows)
    return frozen


def _rows(value: Value, period: str, version: int) -> Iterable[FrozenValue]:
    yield FrozenValue(
        period=period,
        version=version,
        key=value.key,
        part="",
        unit=value.unit,
        numerator=value.numerator,
        denominator=value.denominator,
        value=None if value.value is None else str(value.value),
        entries=len(value.members),
        list_hash=list_hash(value.members),
    )
    for part in value.parts:
        listed = value.members_of(part.name) if part.has_list else []
        yield FrozenValue(
            period=period,
            version=version,
            key=value.key,
            part=part.name,
            unit=part.unit,
            numerator=part.numerator,
            denominator=part.denominator,
            value=None if part.value is None else str(part.value),
            entries=len(listed),
            list_hash=list_hash(listed),
        )


def _hash(rows: Iterable[FrozenValue]) -> str:
    return digest(sorted((_plain(row) for row in rows), key=lambda plain: (str(plain[0]), str(plain[1]))))


def _plain(row: FrozenValue) -> list[object]:
    return [row.key, row.part, row.unit, row.numerator, row.denominator, row.value, row.entries, row.list_hash]


def is_intact(frozen: FrozenPeriod, rows: Iterable[FrozenValue]) -> bool:
    """Say whether the values of a frozen period are still those that were frozen."""
    return frozen.hash == _hash(rows)


def list_frozen(session: Session, period: str) -> Sequence[FrozenPeriod]:
    """Return the versions of a frozen period, the newest first."""
    found = select(FrozenPeriod).where(FrozenPeriod.period == period)
    return session.scalars(found.order_by(FrozenPeriod.version.desc())).all()


def frozen_values(session: Session, period: str, version: int) -> dict[tuple[str, str], FrozenValue]:
    """Return the values of a version of a frozen period by indicator and companion figure."""
    found = select(FrozenValue).where(FrozenValue.period == period, FrozenValue.version == version)
    return {(row.key, row.part): row for row in session.scalars(found)}


def latest_values(session: Session, periods: Iterable[str], keys: Iterable[str]) -> dict[tuple[str, str], FrozenValue]:
    """Return what was reported last of some periods and indicators, by period and indicator. One query."""
    newest = (
        select(FrozenPeriod.period, func.max(FrozenPeriod.version).label("version"))
        .where(FrozenPeriod.period.in_(list(periods)))
        .group_by(FrozenPeriod.period)
        .subquery()
    )
    found = (
        select(FrozenValue)
        .join(newest, (newest.c.period == FrozenValue.period) & (newest.c.version == FrozenValue.version))
        .where(FrozenValue.key.in_(list(keys)), FrozenValue.part == "")
    )
    return {(row.period, row.key): row for row in session.scalars(found)}
