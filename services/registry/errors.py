"""What a person is told when a register does not do what was asked."""

from __future__ import annotations

from services.errors import Conflict, NotAllowed
from workflows.errors import Refused, SafeconductError


class EntryChanged(Conflict):
    """Somebody changed this in the meantime. What it says now stands beside what you typed; nothing was saved yet."""


class OwnEntry(NotAllowed):
    """This is about yourself. Ask somebody else who keeps this register to enter or change it."""


class NotKept(NotAllowed):
    """You cannot change this register. It is kept by others, or written by a process."""


class EntryRefused(SafeconductError):
    """These values do not fit together, or there is such an entry already. Nothing was saved."""


class TooManyRows(SafeconductError):
    """This list has {count} rows, and at most {most} can be exported at once. Narrow it by the filters, then export again."""


class SheetRefused(SafeconductError):
    """This table cannot be read."""


class RowsRefused(Refused):
    """Nothing was added. Correct these rows, then bring the table again."""
