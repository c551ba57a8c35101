"""Whether what an organisation endorsed is still what is asked for."""

from __future__ import annotations

from typing import Any

from services.operations.acts import newest_acts
from services.operations.work import Work

ENDORSE, CORRECTED = "ENDORSE", "CORRECTED"


def forget_endorsements(work: Work) -> dict[str, Any]:
    """Say that nothing is endorsed or certified any more when the traveller has corrected the request since."""
    last = next((row for row in newest_acts(work) if row.act == ENDORSE or row.outcome == CORRECTED), None)
    return {"endorsed_by": [], "pc_certified": None} if last is not None and last.outcome == CORRECTED else {}
