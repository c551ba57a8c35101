"""Who may act, who may see, and why."""

from __future__ import annotations

from services.authority.beyond import NOBODY_LEFT, Beyond, pass_on
from services.authority.candidates import Candidate, acting, candidates, people_in_role
from services.authority.capacity import Capacity, capacity_for, find_ways, visible_tasks
from services.authority.confinement import (
    as_asked_by,
    is_open_to_actor,
    may_be_told,
    may_know,
    who_may_know,
)
from services.authority.explaining import Explanation, explain
from services.authority.holdings import Held, asked_roles, asker_of, looks_after, roles_held
from services.authority.picking import pick_holders, pick_visible
from services.authority.queues import Queue, Reach, reach_of
from services.authority.rules import Finding
from services.authority.sight import (
    Sight,
    cases_in_sight,
    cases_wholly_in_sight,
    may_see_case,
    parts_in_sight,
    pick_seen,
)
from services.roles import ROLES

__all__ = [
    "NOBODY_LEFT",
    "ROLES",
    "Beyond",
    "Candidate",
    "Capacity",
    "Explanation",
    "Finding",
    "Held",
    "Queue",
    "Reach",
    "Sight",
    "acting",
    "as_asked_by",
    "asked_roles",
    "asker_of",
    "candidates",
    "capacity_for",
    "cases_in_sight",
    "cases_wholly_in_sight",
    "explain",
    "find_ways",
    "is_open_to_actor",
    "looks_after",
    "may_be_told",
    "may_know",
    "may_see_case",
    "parts_in_sight",
    "pass_on",
    "people_in_role",
    "pick_holders",
    "pick_seen",
    "pick_visible",
    "reach_of",
    "roles_held",
    "visible_tasks",
    "who_may_know",
]
