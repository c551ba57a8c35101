"""Taking a granted clearance back: an official decides it for one unit of persons at one stop, at once."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from services import certificates
from services.errors import Conflict
from services.models.clearances import GRANTED_STATUSES
from services.operations.catalogue import operation
from services.operations.places import release_places
from services.operations.sending import record_sent
from services.operations.stops import set_status
from services.operations.work import Work
from services.registers import clearances
from services.separation import DECIDE


class NotCleared(Conflict):
    """This stop is not cleared any more, or is being decided again. There is nothing to revoke."""


@operation("stop.revoke")
def revoke(work: Work, *, revocation: dict[str, Any]) -> dict[str, Any]:
    """Record the decision of whoever revokes, take the persons' clearance and future places away, and suspend the certificate.

    Who is in the area stays entered as being there, so that head counts stay right.

    Raises:
        NotCleared: Nobody of the unit is cleared now.
    """
    unit = str(revocation["unit"])
    lines = [line for line in clearances.lines_of_unit(work.session, work.case.id, unit) if line.status in GRANTED_STATUSES]
    if not lines:
        raise NotCleared
    sent_by, area, reason = revocation["sent_by"], lines[0].area, str(revocation["reason"])
    said = {"reason_code": reason, "reason_text": revocation["text"], "answers": revocation}
    decision = record_sent(work, sent_by, act=DECIDE, outcome="REVOKE", line=unit, area=area, **said)
    for line in lines:
        line.decision_id = decision.id
    set_status(work, lines, "REVOKED")
    release_places(work, unit=unit, area=area, future_only=True)
    certificate = certificates.find_current(work.session, work.case.id)
    if certificate is not None:
        certificates.suspend(certificate, reason)
    work.count("tsc.revoked", area=area, reason=reason)
    return {"revoked": {"area": area, "people": [line.person for line in lines]}, "cleared": list_cleared(work)}


def list_cleared(work: Work) -> list[dict[str, Any]]:
    """List the units of the case that are cleared, as whoever may revoke them chooses among them."""
    lines = [line for line in clearances.lines_of_case(work.session, work.case.id) if line.status in GRANTED_STATUSES]
    units = []
    for key, unit in groupby(sorted(lines, key=lambda line: (line.stop_no, line.unit_key)), key=lambda line: line.unit_key):
        together = list(unit)
        first = together[0]
        row = {"key": key, "no": first.stop_no, "area": first.area, "place": first.place}
        units.append({**row, "persons": [line.person for line in together]})
    return units
