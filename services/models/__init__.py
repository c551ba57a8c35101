"""The tables. Importing this package registers every one of them."""

from __future__ import annotations

import importlib
import pkgutil

from services.models.audit import AuditEntry, Decision
from services.models.base import Base
from services.models.cases import Case, CaseIncident, CaseParty, RequestDraft, Task, TaskCandidate, TaskDraft
from services.models.definitions import Counter, ProcessVersion
from services.models.outbox import OutboxMessage

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = [
    "AuditEntry",
    "Base",
    "Case",
    "CaseIncident",
    "CaseParty",
    "Counter",
    "Decision",
    "OutboxMessage",
    "ProcessVersion",
    "RequestDraft",
    "Task",
    "TaskCandidate",
    "TaskDraft",
]
