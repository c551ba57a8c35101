"""The way back from an act, as the row of its case keeps it: what the journal noted, and the engine's state before."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.journal import Changed
from workflows.json_text import write_json

#: Of what is kept on a case the first bytes say how long the part before the engine's state is.
_HEAD = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class WayBack:
    """What it takes to take the last act on a case back.

    Attributes:
        state: The engine's state before the act.
        opened, cancelled: The tasks that the act opened and gave up.
        notices: The notices that it put down.
    """

    decision: str
    state: bytes
    opened: list[str]
    cancelled: list[str]
    notices: list[str]
    rows: list[Changed]

    def pack(self) -> bytes:
        """Write it for the row of the case."""
        facts = {
            "decision": self.decision,
            "opened": self.opened,
            "cancelled": self.cancelled,
            "notices": self.notices,
            "rows": as_json(self.rows),
        }
        text = zlib.compress(write_json(facts), level=1)
        return len(text).to_bytes(_HEAD, "big") + text + self.state

    @classmethod
    def unpack(cls, kept: bytes) -> WayBack:
        """Read it."""
        end = _HEAD + int.from_bytes(kept[:_HEAD], "big")
        facts = json.loads(zlib.decompress(kept[_HEAD:end]))
        return cls(**{**facts, "rows": from_json(facts["rows"])}, state=kept[end:])


def as_json(rows: list[Changed]) -> list[Any]:
    """Write changes as JSON."""
    return [[row.table, _packed(row.key), _packed(row.before), _packed(row.after)] for row in rows]


def from_json(written: list[Any]) -> list[Changed]:
    """Read them back."""
    return [
        Changed(table=table, key=_unpacked(key) or {}, before=_unpacked(before), after=_unpacked(after))
        for table, key, before, after in written
    ]


#: Most values are of these kinds, which JSON knows.
_KNOWN = frozenset({str, int, float, bool, list, type(None)})
#: How values that JSON does not know are written: a letter, how to write and how to read it.
_KINDS: tuple[tuple[type, str, Any, Any], ...] = (
    (datetime, "t", lambda value: value.isoformat(), datetime.fromisoformat),
    (date, "d", lambda value: value.isoformat(), date.fromisoformat),
    (Decimal, "n", str, Decimal),
    (bytes, "b", lambda value: base64.b85encode(value).decode(), base64.b85decode),
    (dict, "j", lambda value: value, lambda value: value),
)


def _packed(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: value if type(value) in _KNOWN else _pack(value) for name, value in values.items()}


def _pack(value: Any) -> Any:
    for kind, letter, write, _ in _KINDS:
        if isinstance(value, kind):
            return {letter: write(value)}
    return value


def _unpacked(values: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {name: _unpack(value) for name, value in values.items()}


def _unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((letter, inner),) = value.items()
    return next(read(inner) for _, known, _, read in _KINDS if known == letter)
