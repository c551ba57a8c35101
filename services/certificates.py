"""Certificates: one version after the other, each with what it allows at every stop."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services import audit, authority, people
from services.errors import NotFound
from services.models.audit import Decision
from services.models.cases import Case
from services.models.clearances import GRANTED_STATUSES, Certificate, ClearanceLine
from services.people import Actor
from services.recall import recall

VALID, SUSPENDED, VOID = "VALID", "SUSPENDED", "VOID"
#: Why a certificate is on hold: its conditions are not confirmed yet, or what has changed in an area.
CONDITIONS, ADVISORY = "CONDITIONS", "ADVISORY"
LONGEST_REASON = 32
_OF_CASE = select(Certificate).where(Certificate.case_id == bindparam("case_id")).order_by(Certificate.version)
#: The conditions that a decider may attach, in plain words. What is in braces is the parameter.
CONDITION_TITLES = {
    "C01": "Travel in an armoured vehicle",
    "C02": "Travel in a convoy of two vehicles",
    "C03": "Do not move after dark",
    "C04": "Stay in cleared lodging only",
    "C05": "Attend the arrival briefing within 24 hours",
    "C06": "Check in every day",
    "C07": "Carry a radio or a satellite phone",
    "C08": "Travel with close protection",
    "C09": "Report to a named local focal person",
    "C10": "Stay no longer than the nights that are named",
    "C11": "Fly with the UN flight service only",
    "C12": "Carry personal protective equipment",
    "C13": "Further condition",
}


def describe_conditions(conditions: Iterable[Any]) -> list[dict[str, Any]]:
    """Give every condition its code, parameter and text, however a form has returned it."""
    described = []
    for condition in conditions:
        row = condition if isinstance(condition, dict) else {"code": condition}
        code = str(row.get("code") or "C13")
        parameter = row.get("parameter") or None
        text = row.get("text") or CONDITION_TITLES.get(code, CONDITION_TITLES["C13"])
        must = bool(row.get("must_acknowledge", True))
        described.append({"code": code, "parameter": parameter, "text": str(text), "must_acknowledge": must})
    return described


def issue(session: Session, case: Case, lines: Sequence[ClearanceLine], *, now: datetime) -> Certificate:
    """Issue the next version for the lines that are granted or registered; every earlier version becomes void.

    With a condition that was not acknowledged before, the new version is suspended until it is; what the traveller has not
    read yet suspends the new version like the one before.
    """
    earlier = list_certificates(session, case.id)
    version = earlier[-1].version + 1 if earlier else 1
    stops = _stops(lines)
    is_new = bool(_conditions(stops) - _acknowledged(earlier))
    holds = [CONDITIONS] * is_new + [hold for hold in (earlier[-1].holds if earlier else []) if hold == ADVISORY]
    void_all(session, case.id, reason="SUPERSEDED", now=now)
    certificate = Certificate(
        number=f"{case.number}-V{version}",
        case_id=case.id,
        version=version,
        status=SUSPENDED if holds else VALID,
        holds=holds,
        issued_at=now,
        acknowledged_at=None if is_new or not _conditions(stops) else now,
        stops=stops,
        check_code=secrets.token_hex(8),
    )
    session.add(certificate)
    return certificate


def _stops(lines: Sequence[ClearanceLine]) -> list[dict[str, Any]]:
    """Describe the stops that the lines stand for; persons under the same conditions and validity together."""
    stops: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in lines:
        if line.status not in (*GRANTED_STATUSES, "REGISTERED"):
            continue
        stop = stops.setdefault((line.stop_key, line.unit_key, line.status), _stop(line))
        stop["persons"].append(line.person)
    return sorted(stops.values(), key=lambda stop: (stop["arrive_at"], stop["unit"]))


def _stop(line: ClearanceLine) -> dict[str, Any]:
    return {
        "stop": line.stop_key,
        "unit": line.unit_key,
        "area": line.area,
        "place": line.place,
        "arrive_at": line.arrive_at.isoformat(),
        "depart_at": line.depart_at.isoformat(),
        "valid_from": line.valid_from.isoformat() if line.valid_from else None,
        "valid_to": line.valid_to.isoformat() if line.valid_to else None,
        "status": "REGISTERED" if line.status == "REGISTERED" else ("GRANTED_COND" if line.conditions else "GRANTED"),
        "persons": [],
        "conditions": describe_conditions(line.conditions),
    }


def _conditions(stops: Iterable[dict[str, Any]]) -> set[tuple[str, str, Any]]:
    """Return what has to be acknowledged."""
    return {
        (stop["stop"], row["code"], row["parameter"]) for stop in stops for row in stop["conditions"] if row["must_acknowledge"]
    }


def _acknowledged(earlier: Sequence[Certificate]) -> set[tuple[str, str, Any]]:
    return {one for certificate in earlier if certificate.acknowledged_at for one in _conditions(certificate.stops)}


def list_certificates(session: Session, case_id: str) -> list[Certificate]:
    """Return the certificates of a case, the first version first."""
    return list(recall(session, Certificate, case_id, lambda: session.scalars(_OF_CASE, {"case_id": case_id}).all()))


def find_current(session: Session, case_id: str) -> Certificate | None:
    """Return the version that counts: the newest, unless it is void."""
    newest = list_certificates(session, case_id)[-1:]
    return newest[0] if newest and newest[0].status != VOID else None


def get_certificate(session: Session, number: str, *, actor: Actor, now: datetime) -> Certificate:
    """Return a certificate to somebody who may see its whole case.

    Raises:
        NotFound: There is none with this number, or it is not the actor's to see.
    """
    certificate = session.get(Certificate, number)
    if certificate is None:
        raise NotFound
    sight = authority.may_see_case(session, actor, session.get_one(Case, certificate.case_id), now)
    if sight.areas is not None:
        raise NotFound
    return certificate


def list_deciders(session: Session, certificate: Certificate) -> list[tuple[Decision, str, str | None]]:
    """Return the decisions that a certificate rests on, each with the names of who took it and of who was away. Two queries.

    Of several answers to one stop the last before the certificate was issued counts.
    """
    units = {stop.get("unit") for stop in certificate.stops}
    query = select(Decision).where(
        Decision.case_id == certificate.case_id,
        Decision.line.in_([unit for unit in units if unit]),
        Decision.act.in_(audit.ANSWERS),
        Decision.decided_at <= certificate.issued_at,
    )
    last = {decision.line: decision for decision in session.scalars(query.order_by(Decision.decided_at, Decision.id))}
    codes = {code for decision in last.values() for code in (decision.actor_person, decision.acted_for) if code}
    names = people.names_of(session, codes)
    return [(each, names[each.actor_person], names.get(each.acted_for or "")) for each in last.values()]


def case_number_of(certificate: Certificate) -> str:
    """Return the number of the case that a certificate belongs to."""
    return certificate.number.rpartition("-V")[0]


def verify(session: Session, number: str, code: str, *, now: datetime | None = None) -> str | None:
    """Say to a stranger with number and code what the certificate is: VALID, SUSPENDED, VOID, or None for a wrong pair.

    Args:
        now: With a moment, a certificate whose last stop is over is void as well.
    """
    certificate = session.get(Certificate, number)
    if certificate is None or not hmac.compare_digest(certificate.check_code.encode(), code.encode()):
        return None
    ends = [datetime.fromisoformat(stop["valid_to"] or stop["depart_at"]) for stop in certificate.stops]
    if now is not None and ends and max(ends) < now:
        return VOID
    return certificate.status


def suspend(certificate: Certificate, reason: str) -> None:
    """Put a certificate on hold for a reason; it counts again when every reason is lifted."""
    _hold(certificate, [*certificate.holds, reason[:LONGEST_REASON]])


def lift(certificate: Certificate, reason: str) -> None:
    """Take one reason away for which a certificate is on hold."""
    _hold(certificate, [hold for hold in certificate.holds if hold != reason])


def acknowledge(certificate: Certificate, *, now: datetime) -> None:
    """Note that the traveller has confirmed the conditions. What else suspends the certificate still does."""
    certificate.acknowledged_at = now
    lift(certificate, CONDITIONS)


def _hold(certificate: Certificate, holds: list[str]) -> None:
    certificate.holds = list(dict.fromkeys(holds))
    if certificate.status != VOID:
        certificate.status = SUSPENDED if certificate.holds else VALID


def void_all(session: Session, case_id: str, *, reason: str, now: datetime) -> None:
    """Make every version of a case void; all of them stay readable."""
    for certificate in list_certificates(session, case_id):
        if certificate.status != VOID:
            certificate.status = VOID
            certificate.void_at = now
            certificate.void_reason = reason
