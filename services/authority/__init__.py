"""Who may act, who may see, and why."""

from __future__ import annotations

from services.authority.candidates import Candidate, acting, candidates, explain, people_in_role
from services.authority.capacity import Capacity, capacity_for, find_ways, visible_tasks
from services.authority.confinement import is_open_to, may_be_told, may_know, who_may_know
from services.authority.sight import Sight, may_see_case, visible_cases, wholly_visible_cases
from services.roles import ROLES

__all__ = [
    "ROLES",
    "Candidate",
    "Capacity",
    "Sight",
    "acting",
    "candidates",
    "capacity_for",
    "explain",
    "find_ways",
    "is_open_to",
    "may_be_told",
    "may_know",
    "may_see_case",
    "people_in_role",
    "visible_cases",
    "visible_tasks",
    "who_may_know",
    "wholly_visible_cases",
]
