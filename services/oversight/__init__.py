"""Oversight: who holds which office where, what is missing, what is overdue, where duties are carried out."""

from __future__ import annotations

from services.oversight.duties import Duty, Place, read_duties
from services.oversight.gaps import Gap, find_gaps
from services.oversight.offices import Office, Offices, read_offices
from services.oversight.sight import Reach, ensure_oversees, reach_of
from services.oversight.waiting import Overdue, Strained, list_overdue_tasks, read_waiting

__all__ = [
    "Duty",
    "Gap",
    "Office",
    "Offices",
    "Overdue",
    "Place",
    "Reach",
    "Strained",
    "ensure_oversees",
    "find_gaps",
    "list_overdue_tasks",
    "reach_of",
    "read_duties",
    "read_offices",
    "read_waiting",
]
