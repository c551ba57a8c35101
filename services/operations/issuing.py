"""Issuing certificates, and changing what they are worth."""

from __future__ import annotations

from typing import Any

from services import certificates
from services.models.clearances import Certificate
from services.operations.catalogue import operation
from services.operations.work import Work
from services.registers import clearances


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
    """Suspend the certificate, or note that its conditions are acknowledged."""
    certificate = certificates.find_current(work.session, work.case.id)
    if certificate is None:
        return {}
    if state == "SUSPENDED":
        certificates.suspend(certificate)
        certificate.void_reason = (reason or "")[:32] or None
    else:
        certificates.acknowledge(certificate, now=work.now)
        certificate.void_reason = None
    return {"certificate": describe(certificate)}


def describe(certificate: Certificate) -> dict[str, Any]:
    """Describe a certificate as the variables of a case hold it."""
    conditions = [
        {"stop": stop["stop"], "area": stop["area"], **condition}
        for stop in certificate.stops
        for condition in stop["conditions"]
    ]
    waits = certificate.status == certificates.SUSPENDED and certificate.acknowledged_at is None and conditions
    return {
        "number": certificate.number,
        "version": certificate.version,
        "status": "AWAITING_ACK" if waits else certificate.status,
        "conditions": conditions,
        "conditions_count": len(conditions),
    }
