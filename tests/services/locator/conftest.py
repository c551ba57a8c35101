"""The demo world in which nobody travels, for tests that put people where they want them."""

from __future__ import annotations

from tests.services.locator.boards import Boards, fill_boards
from tests.worlds import BOTH, world_fixture

boards = world_fixture("boards", fill_boards, Boards, kinds=BOTH)
