"""The registers of the domain, as pages and forms read them. What operations need is in the modules."""

from __future__ import annotations

from services.registers.areas import AreaFacts, facts_for_stay, find_advisory, find_state, get_area, list_active, name_of
from services.registers.clearances import lines_of_case
from services.registers.options import RegisterUnknown, options, options_for

__all__ = [
    "AreaFacts",
    "RegisterUnknown",
    "facts_for_stay",
    "find_advisory",
    "find_state",
    "get_area",
    "lines_of_case",
    "list_active",
    "name_of",
    "options",
    "options_for",
]
