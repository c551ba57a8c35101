"""Issuing certificates, and changing what they are worth."""

from __future__ import annotations

from typing import Any

from services import certificates
from services.models.clearances import Certificate
from services.operations.catalogue import operation
from services.operations.work import Work
from services.registers import clearances

#: Why a certificate is on hold when nobody says why.
HELD = "HOLD"


@operation("certificate.issue")
def issue(work: Work, *, overall: dict[str, Any] | None) -> dict[str, Any]:
    """Issue the next version of the certificate for everything that is granted or registered."""
    lines = clearances.lines_of_case(work.session, work.case.id)
    certificate = certificates.issue(work.session, work.case, lines, now=work.now)
    if overall and overall.get("overall"):
        work.set_status(str(overall["overall"]))
    return {"certificate": describe(certificate)}


@operation("certificate.set_state")
def set_state(work: Work, *, state: str, reason: str | None) -> dict[str, Any]:
    """Suspend the certificate for a reason, lift that reason, or note that its conditions are acknowledged."""
    certificate = certificates.find_current(work.session, work.case.id)
    if certificate is None:
        return {}
    if state == "ACKNOWLEDGED":
        certificates.acknowledge(certificate, now=work.now)
    else:
        change = certificates.lift if state == "LIFTED" else certificates.suspend
        change(certificate, reason or HELD)
    return {"certificate": describe(certificate)}


def describe(certificate: Certificate) -> dict[str, Any]:
    """Describe a certificate as the variables of a case hold it."""
    conditions = [
        {"stop": stop["stop"], "area": stop["area"], **condition}
        for stop in certificate.stops
        for condition in stop["conditions"]
    ]
    waits = certificates.CONDITIONS in certificate.holds
    return {
        "number": certificate.number,
        "version": certificate.version,
        "status": "AWAITING_ACK" if waits else certificate.status,
        "conditions": conditions,
        "conditions_count": len(conditions),
    }
