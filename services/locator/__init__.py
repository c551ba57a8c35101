"""The locator of areas: who is there, who comes, who leaves, and whom somebody has to look for."""

from __future__ import annotations

from services.locator.boards import (
    Board,
    BoardLine,
    PartOfBoard,
    list_boards,
    list_for_file,
    note_file,
    open_scope,
    read_board,
    read_part,
)
from services.locator.conditions import COMING_WITHIN, LEAVING_WITHIN, Part
from services.locator.deciders import Deciders
from services.locator.reading import Heads
from services.locator.rows import HELP, MISSING, OVERDUE, Row
from services.locator.scope import Scope
from services.locator.sight import BoardSight, sight_of

__all__ = [
    "COMING_WITHIN",
    "HELP",
    "LEAVING_WITHIN",
    "MISSING",
    "OVERDUE",
    "Board",
    "BoardLine",
    "BoardSight",
    "Deciders",
    "Heads",
    "Part",
    "PartOfBoard",
    "Row",
    "Scope",
    "list_boards",
    "list_for_file",
    "note_file",
    "open_scope",
    "read_board",
    "read_part",
    "sight_of",
]
