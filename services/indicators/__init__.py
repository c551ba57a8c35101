"""Indicators of the programme and figures of the processes: always counted from registers, frozen when a period is reported."""

from __future__ import annotations

from services.indicators.catalogue import INDICATORS, Indicator, ask, compute, get_indicator
from services.indicators.periods import Period, biennium_of, latest_quarters, quarter_of, read_period
from services.indicators.process import FIGURES, Figure, get_figure
from services.indicators.shape import Asked, Member, Part, Unit, Value

__all__ = [
    "FIGURES",
    "INDICATORS",
    "Asked",
    "Figure",
    "Indicator",
    "Member",
    "Part",
    "Period",
    "Unit",
    "Value",
    "ask",
    "biennium_of",
    "compute",
    "get_figure",
    "get_indicator",
    "latest_quarters",
    "quarter_of",
    "read_period",
]
