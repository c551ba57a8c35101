"""Owners of processes and their drafts."""

from __future__ import annotations

from tests.services.process_drafts.studio import Studio, fill_studio
from tests.worlds import BOTH, EMBEDDED, world_fixture

studio = world_fixture("studio", fill_studio, Studio, kinds=BOTH)
embedded_studio = world_fixture("studio", fill_studio, Studio, kinds=EMBEDDED)
