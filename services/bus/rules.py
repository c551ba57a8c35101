"""The rules of published processes: which of them an event concerns."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import definitions
from services.models.bus import DUE, BusEvent
from services.models.definitions import ProcessVersion
from services.prepared import Prepared
from workflows.errors import PackageRefused
from workflows.packages import Listens, Opens, manifest_from_json

_log = logging.getLogger("safeconduct.bus")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What one version says about events."""

    opens: tuple[Opens, ...] = ()
    listens: tuple[Listens, ...] = ()

    def hearing(self, kind: str) -> list[Listens]:
        """Return the rules by which its cases are told of a kind of event."""
        return [rule for rule in self.listens if kind in rule.event]


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A rule of a current version that may open a case for an event.

    Attributes:
        process: The key of the process that it opens.
        receiver: What its receipts are kept under.
    """

    process: str
    version_id: str
    receiver: str
    rule: Opens


_known: dict[str, Rules] = {}
_VERSIONS = Prepared(lambda: select(ProcessVersion.id))


def rules_by_version(session: Session) -> Mapping[str, Rules]:
    """Return the rules of every version, old ones included; a version never changes, so each is read once."""
    for row in _VERSIONS.rows(session):
        if row.id not in _known:
            _known[row.id] = _read(session.get_one(ProcessVersion, row.id))
    return _known


def openings_for(session: Session, event: BusEvent) -> list[Opening]:
    """List the rules of current versions that an event concerns, their conditions left aside."""
    return [each for each in _openings(session) if _concerns(each.rule, event)]


def daily_operations(session: Session) -> dict[str, str]:
    """Return the operations that are asked once a day, each with a version that asks for it."""
    return {each.rule.daily: each.version_id for each in _openings(session) if each.rule.daily is not None}


def daily_openings(session: Session, operation: str) -> list[Opening]:
    """List the rules of current versions that open cases for what an operation says once a day."""
    return [each for each in _openings(session) if each.rule.daily == operation]


def facts_of(event: BusEvent) -> dict[str, Any]:
    """Say what a rule may mention of an event."""
    if event.channel == DUE:
        return {"due": event.payload}
    about = {"id": event.id, "kind": event.kind, "area": event.area, "payload": event.payload, "at": event.at.isoformat()}
    return {"event": about}


def _openings(session: Session) -> Iterable[Opening]:
    known = rules_by_version(session)
    for process, version_id in definitions.current_version_ids(session):
        for number, rule in enumerate(known[version_id].opens, start=1):
            yield Opening(process=process, version_id=version_id, receiver=f"{process}#{number}", rule=rule)


def _concerns(rule: Opens, event: BusEvent) -> bool:
    return rule.daily == event.kind if event.channel == DUE else event.kind in rule.event


def _read(version: ProcessVersion) -> Rules:
    try:
        manifest = manifest_from_json(version.manifest)
    except PackageRefused as error:
        _log.warning("Version %s of %s has no readable rules: %s", version.version, version.key, error)
        return Rules()
    return Rules(opens=manifest.opens, listens=manifest.listens)
