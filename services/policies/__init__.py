"""Policies: who reads them, what waits for a person, and the confirmation that a text was read."""

from __future__ import annotations

from services.policies.reading import (
    NotConfirmed,
    PolicyChanged,
    Reading,
    acknowledge,
    count_waiting,
    list_overdue_staff,
    list_policies,
    read_policy,
)

__all__ = [
    "NotConfirmed",
    "PolicyChanged",
    "Reading",
    "acknowledge",
    "count_waiting",
    "list_overdue_staff",
    "list_policies",
    "read_policy",
]
