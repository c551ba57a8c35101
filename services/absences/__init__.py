"""Absences: who is away, who stands in for what, and what is handed back afterwards."""

from __future__ import annotations

from services.absences.declaring import (
    AlreadyBegun,
    Instead,
    Wish,
    change_absence,
    declare_absence,
    decline_substitution,
    end_absence,
)
from services.absences.handing_back import HandBack, hand_back, list_ended, report_of
from services.absences.reading import (
    Absent,
    Stand,
    current_of,
    get_own,
    list_own,
    list_standing_in,
)
from services.absences.suitability import Colleague, find_person, list_colleagues, offices_of, place_of, why_not

__all__ = [
    "Absent",
    "AlreadyBegun",
    "Colleague",
    "HandBack",
    "Instead",
    "Stand",
    "Wish",
    "change_absence",
    "current_of",
    "declare_absence",
    "decline_substitution",
    "end_absence",
    "find_person",
    "get_own",
    "hand_back",
    "list_colleagues",
    "list_ended",
    "list_own",
    "list_standing_in",
    "offices_of",
    "place_of",
    "report_of",
    "why_not",
]
