"""A certificate as it is shown and printed, and what strangers learn when they check it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from flask import render_template, url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import agenda, certificates, overview
from services.models.clearances import Certificate
from services.people import Actor
from webapp.i18n import language
from webapp.pdf import print_page
from webapp.presenters.facts import collect_codes, show_named
from webapp.presenters.moments import show_moment
from webapp.presenters.qr import embed_qr
from webapp.presenters.values import isolate
from webapp.presenters.words import Word, say_actor, say_status, word
from webapp.speech import gettext

VALID = "VALID"
SUSPENDED = "SUSPENDED"
VOID = "VOID"


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One stop as the certificate prints it."""

    area: Markup
    place: str
    arrival: Markup
    departure: Markup
    status: str
    decided_by: str
    valid_from: Markup
    valid_to: Markup
    conditions: list[Markup]


@dataclass(frozen=True, kw_only=True)
class CertificatePage:
    """A certificate, ready to be shown.

    Attributes:
        watermark: What is printed across it while it does not hold; empty when it does.
        notice: What the holder still has to know or do; empty when nothing.
        in_calendar: The reader travels on it, so the journey can be added to a calendar.
    """

    number: str
    case_number: str
    version: int
    issued: Markup
    travellers: str
    word: Word
    watermark: str
    notice: str
    stops: list[Stop]
    check_code: str
    in_calendar: bool


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a stranger learns about a number and a code: valid, void or unknown, and nothing else."""

    kind: str
    icon: str
    title: str
    sentence: str
    checked: Markup


def say_certificate(status: str) -> Word:
    """Say whether a certificate holds."""
    words = {VALID: word(gettext("Valid"), "good"), SUSPENDED: word(gettext("Suspended"), "bad")}
    return words.get(status) or word(gettext("Void"), "closed")


def get_certificate_page(session: Session, number: str, *, actor: Actor, now: datetime) -> CertificatePage:
    """Read a certificate for a person who may see its whole case.

    Raises:
        NotFound: There is no such certificate for this person.
    """
    found = certificates.get_certificate(session, number, actor=actor, now=now)
    names = overview.name_codes(session, collect_codes(found.stops), locale=language())
    zones = overview.zones_of(session, [stop.get("area") for stop in found.stops if isinstance(stop, Mapping)])
    travellers = [str(names.get(code, code)) for code in _travellers(found)]
    deciders = {
        str(decision.line): say_actor(name, decision.actor_role, decision.capacity, for_name=for_name)
        for decision, name, for_name in certificates.list_deciders(session, found)
    }
    case_number = certificates.case_number_of(found)
    is_traveller = found.status != VOID and bool(agenda.list_trips(session, actor=actor, now=now, number=case_number))
    return CertificatePage(
        number=found.number,
        case_number=case_number,
        version=found.version,
        issued=show_moment(found.issued_at),
        travellers=", ".join(travellers),
        word=say_certificate(found.status),
        watermark=_watermark(found),
        notice=_notice(found),
        stops=[
            _stop(stop, names, zones.get(str(stop.get("area"))), deciders.get(str(stop.get("unit")), ""))
            for stop in found.stops
            if isinstance(stop, Mapping)
        ],
        check_code=found.check_code,
        in_calendar=is_traveller,
    )


def print_certificate(page: CertificatePage) -> bytes:
    """Lay out a certificate as PDF."""
    address = verify_address(page)
    return print_page(render_template("certificates/print.html", certificate=page, qr=embed_qr(address), verify_address=address))


def verify_address(page: CertificatePage) -> str:
    """Say where anybody can check this certificate."""
    return url_for("certificates.verify", number=page.number, code=page.check_code, _external=True)


def check_certificate(session: Session, number: str, code: str, *, now: datetime) -> Verdict:
    """Say of a number and a code whether they are a certificate that holds. A wrong code is as unknown as a wrong number."""
    status = certificates.verify(session, number, code, now=now)
    checked = escape(gettext("Checked {moment}.")).format(moment=show_moment(now))
    if status is None:
        sentence = gettext("There is no certificate with this number and code. Compare both with the paper, letter by letter.")
        return Verdict(kind="unknown", icon="?", title=gettext("Unknown"), sentence=sentence, checked=checked)
    if status == VALID:
        sentence = gettext("This certificate is genuine and holds now.")
        return Verdict(kind="valid", icon="✓", title=gettext("Valid"), sentence=sentence, checked=checked)
    sentence = gettext("This certificate was issued, but it does not hold any more. Its holder may not travel on it.")
    return Verdict(kind="void", icon="✕", title=gettext("Void"), sentence=sentence, checked=checked)


def _watermark(found: Certificate) -> str:
    if found.status == VALID:
        return ""
    return gettext("SUSPENDED") if found.status == SUSPENDED else gettext("VOID")


def _notice(found: Certificate) -> str:
    if found.status == VOID:
        return gettext("This certificate is void. A newer version may have taken its place; look at the request.")
    if found.status != SUSPENDED:
        return ""
    if found.holds == [certificates.CONDITIONS]:
        return gettext(
            "This certificate holds as soon as you confirm its conditions; the request asks you to. Do not travel before."
        )
    if found.holds == [certificates.ADVISORY]:
        return gettext(
            "This certificate holds again as soon as you confirm that you have read what has changed; the request asks you to. "
            "Do not travel before."
        )
    return gettext("This certificate is suspended. Do not travel on it.")


def _travellers(found: Certificate) -> list[str]:
    listed = (person for stop in found.stops if isinstance(stop, Mapping) for person in _persons(stop))
    return list(dict.fromkeys(listed))


def _persons(stop: Mapping[str, Any]) -> list[str]:
    persons = stop.get("travellers") or stop.get("persons") or stop.get("people") or []
    return [str(each.get("person", "")) if isinstance(each, Mapping) else str(each) for each in persons]


def _conditions(stop: Any) -> list[Any]:
    return list(stop.get("conditions") or []) if isinstance(stop, Mapping) else []


def _stop(stop: Mapping[str, Any], names: Mapping[str, str], zone: tzinfo | None, decided_by: str) -> Stop:
    return Stop(
        area=show_named(stop.get("area"), names),
        place=str(stop.get("place") or ""),
        arrival=show_moment(stop.get("arrive_at"), zone=zone),
        departure=show_moment(stop.get("depart_at"), zone=zone),
        status=say_status(stop.get("status")).text,
        decided_by=decided_by,
        valid_from=show_moment(stop.get("valid_from"), zone=zone),
        valid_to=show_moment(stop.get("valid_to"), zone=zone),
        conditions=[show_condition(each) for each in _conditions(stop)],
    )


def show_condition(condition: Any) -> Markup:
    """Say a condition: its text, and its parameter where it has one."""
    if not isinstance(condition, Mapping):
        return Markup("{}").format(condition)
    text = isolate(gettext(str(condition.get("text") or condition.get("code") or "")))
    parameter = condition.get("parameter")
    return Markup("{}: {}").format(text, isolate(str(parameter))) if parameter else text
