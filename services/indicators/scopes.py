"""For which period, area or organisation somebody asks, and what else they could ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.indicators import freezing
from services.indicators.catalogue import Indicator, ask
from services.indicators.periods import Period, biennium_of, latest_quarters
from services.indicators.process import FIGURES, Figure
from services.indicators.reach import Reach, choose_scope, reach_of
from services.indicators.shape import Asked
from services.models.areas import Area, AreaWithin
from services.models.indicators import FrozenPeriod
from services.models.organisations import Organisation
from services.people import Actor

#: So many quarters can be chosen and are drawn.
QUARTERS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What a reader asks for, as it stands in the address; empty means the widest.

    Attributes:
        version: Of a frozen period: 0 means counted anew from the registers, None the newest that was reported.
    """

    period: str = ""
    area: str = ""
    organisation: str = ""
    version: int | None = None
    part: str = ""
    page: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """For what somebody asks, and what else they could ask for."""

    asked: Asked
    reach: Reach
    indicators: list[Indicator]
    figures: list[Figure]
    periods: list[Period]
    areas: dict[str, dict[str, str]]
    organisations: list[str]
    versions: Sequence[FrozenPeriod]
    frozen: FrozenPeriod | None

    @property
    def figures_of_all(self) -> list[Indicator | Figure]:
        """Indicators first, then the figures of the processes."""
        return [*self.indicators, *self.figures]

    @property
    def is_total(self) -> bool:
        """Whether it is all areas and organisations together: what is frozen."""
        return self.asked.area is None and self.asked.organisation is None

    def find(self, key: str) -> Indicator | Figure:
        """Return one of its figures.

        Raises:
            NotFound: There is no such figure, or it is not theirs to see in this scope.
        """
        found = next((each for each in self.figures_of_all if each.key == key), None)
        if found is None:
            raise NotFound
        return found


def read_scope(session: Session, chosen: Chosen, *, actor: Actor, now: datetime) -> Scope:
    """Say for what somebody asks.

    Raises:
        NotFound: They may see no indicators, or not these.
        PeriodUnknown, PeriodAhead: There is no such period, or it has not begun.
    """
    reach = reach_of(session, actor, now)
    if not reach.is_any:
        raise NotFound
    area, organisation, seen = choose_scope(session, reach, area=chosen.area or None, organisation=chosen.organisation or None)
    asked = ask(period=chosen.period or None, area=area, organisation=organisation, now=now)
    is_total = area is None and organisation is None
    versions = freezing.list_frozen(session, asked.period.key) if is_total else []
    frozen = next((one for one in versions if chosen.version in (None, one.version)), None)
    if chosen.version and frozen is None:
        raise NotFound
    return Scope(
        asked=asked,
        reach=reach,
        indicators=seen,
        figures=list(FIGURES.values()) if organisation is None and (reach.everywhere or area is not None) else [],
        periods=_periods(now.date()),
        areas=_areas(session, reach),
        organisations=_organisations(session, reach),
        versions=versions,
        frozen=frozen,
    )


def _periods(today: date) -> list[Period]:
    """List the periods that can be chosen: two years of quarters, and this biennium and the one before."""
    biennium = biennium_of(today)
    return [*latest_quarters(today, QUARTERS)[::-1], biennium, biennium.previous()]


def _areas(session: Session, reach: Reach) -> dict[str, dict[str, str]]:
    """List the areas that can be chosen, with their names by language."""
    known = select(Area.code, Area.name).order_by(Area.code)
    if not reach.everywhere:
        known = known.where(Area.code.in_(select(AreaWithin.area).where(AreaWithin.ancestor.in_(reach.areas))))
    return {row.code: row.name for row in session.execute(known)}


def _organisations(session: Session, reach: Reach) -> list[str]:
    if not reach.everywhere:
        return list(reach.organisations)
    return list(session.scalars(select(Organisation.code).where(Organisation.unsms_member).order_by(Organisation.code)))
