"""What service tasks of diagrams may call: each operation is entered into the catalogue by its module."""

from __future__ import annotations

from services.operations import (
    aviation,
    changes,
    deciders,
    deciding,
    findings,
    issuing,
    normalising,
    notices,
    opening,
    outcomes,
    places,
    planning,
    prerequisites,
    presence,
)
from services.operations.catalogue import CATALOGUE, InputsUnfit, Operation, operation
from services.operations.work import Work

__all__ = [
    "CATALOGUE",
    "InputsUnfit",
    "Operation",
    "Work",
    "aviation",
    "changes",
    "deciders",
    "deciding",
    "findings",
    "issuing",
    "normalising",
    "notices",
    "opening",
    "operation",
    "outcomes",
    "places",
    "planning",
    "prerequisites",
    "presence",
]
