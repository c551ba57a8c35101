"""What the definitions of the indicators leave to a setting, each with its default. Changing one changes the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: Grows with every change of a formula or of a default below; a frozen value says which one it follows.
DEFINITIONS: Final = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The numbers in the definitions.

    Attributes:
        survey_months: A survey of premises counts for so long.
        activation_hours: A crisis activated within so long after its confirmation is activated in time.
        deployment_hours: Within so long after the request the first one has to arrive, by kind of need.
        support_hours: Within so long after the report somebody affected has to be reached.
        schedule_days: Working days that all steps of a schedule of residential measures take together.
        grace_days: An expired schedule still counts for so long.
        high_level, high_risks: From which level, or by which residual risks, an area is of high risk.
        located_percent: Of so many people it has to be known where they are.
        sign_hours: A sign of life counts for so long.
        entries_base: Entries that unauthorised ones are set against.
    """

    survey_months: int = 12
    activation_hours: int = 2
    deployment_hours: Mapping[str, int] = field(default_factory=lambda: {"EMERGING": 72, "EXPERTISE": 240})
    support_hours: int = 72
    schedule_days: int = 30
    grace_days: int = 30
    high_level: int = 4
    high_risks: frozenset[str] = frozenset({"HIGH", "VERY_HIGH", "UNACCEPTABLE"})
    located_percent: int = 95
    sign_hours: int = 24
    entries_base: int = 100_000


DEFAULTS: Final = Settings()
