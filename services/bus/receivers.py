"""Which open cases an event concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session, aliased

from services.bus.rules import Rules
from services.models.areas import AreaWithin
from services.models.bus import EVENT, BusEvent, BusReceipt, CaseWait
from services.models.cases import Case
from services.operations import CATALOGUE
from services.waiting import SIGNAL, is_open
from workflows.packages import Listens
from workflows.packages.reactions import ANY


def list_receivers(session: Session, event: BusEvent, rules: Mapping[str, Rules]) -> list[str]:
    """List the ids of the cases that an event concerns and that have no receipt of it, the oldest first.

    A case that began after the event knows what has changed from the registers and is not told.
    """
    concerned = [*_listening(session, event, rules), *_waiting_for_signal(event, rules)]
    if not concerned:
        return []
    receipt = aliased(BusReceipt)
    has_receipt = select(receipt.event_id).where(receipt.event_id == event.id, receipt.receiver == Case.id).exists()
    found = select(Case.id).where(or_(*concerned), is_open(), Case.started_at <= event.effective_at, ~has_receipt)
    return list(session.scalars(found.order_by(Case.started_at, Case.id)))


def is_within(session: Session, area: str | None, outer: str | None) -> bool:
    """Say whether an area is another one or lies in it."""
    if area is None or outer is None:
        return False
    return area == outer or session.get(AreaWithin, (area, outer)) is not None


def _listening(session: Session, event: BusEvent, rules: Mapping[str, Rules]) -> Iterator[ColumnElement[bool]]:
    """Say in a query, rule by rule, which cases of its versions are concerned."""
    versions: dict[tuple[str | None, str], list[str]] = {}
    for version_id, known in rules.items():
        for rule in known.hearing(event.kind):
            versions.setdefault((_finder_of(rule), rule.area), []).append(version_id)
    for (finder, area), ids in versions.items():
        yield Case.version_id.in_(ids) & _reach(session, event, finder, area)


def _finder_of(rule: Listens) -> str | None:
    """Name the operation of a rule that finds its cases by itself."""
    known = CATALOGUE.get(rule.targets or "")
    return rule.targets if known is not None and known.concerns is not None else None


def _reach(session: Session, event: BusEvent, finder: str | None, area: str) -> ColumnElement[bool]:
    if finder is not None and (concerns := CATALOGUE[finder].concerns) is not None:
        return Case.id.in_(concerns(session, event))
    others = Case.id != (event.created_by_case or "")  # a case knows what it has done itself
    return others if area == ANY else others & _in_area(event.area)


def _in_area(area: str | None) -> ColumnElement[bool]:
    if area is None:
        return false()
    inside: Select[str] = select(AreaWithin.area).where(AreaWithin.ancestor == area)
    return or_(Case.area == area, Case.area.in_(inside))


def _waiting_for_signal(event: BusEvent, rules: Mapping[str, Rules]) -> Iterator[ColumnElement[bool]]:
    """A signal is broadcast to the cases that wait for it, unless their process says with a rule who is told of it."""
    if event.channel != EVENT:
        return
    ruled = [version_id for version_id, known in rules.items() if known.hearing(event.kind)]
    waits = select(CaseWait.case_id).where(CaseWait.kind == SIGNAL, CaseWait.name == event.kind)
    others = Case.id != (event.created_by_case or "")
    yield Case.id.in_(waits) & Case.version_id.not_in(ruled) & others
