"""What may be chosen where a code is asked for: areas and organisations with their names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.areas import Area
from services.models.organisations import Organisation
from services.registry.shape import Kind

_CHOSEN: Mapping[Kind, type[Area | Organisation]] = {Kind.AREA: Area, Kind.ORGANISATION: Organisation}


def offered(session: Session, kinds: Collection[Kind], *, locale: str) -> dict[Kind, Sequence[tuple[str, str]]]:
    """Return the codes and names that may be chosen, by the kinds that are asked for. One query for each."""
    return {kind: _named(session, model, locale) for kind, model in _CHOSEN.items() if kind in kinds}


def _named(session: Session, model: type[Area | Organisation], locale: str) -> list[tuple[str, str]]:
    rows = session.execute(select(model.code, model.name).order_by(model.code))
    return [(row.code, f"{row.code} {row.name.get(locale) or row.name.get('en') or ''}".strip()) for row in rows]
