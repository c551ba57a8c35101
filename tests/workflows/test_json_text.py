"""Values are written as JSON that the standard library reads back as they were."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.json_text import write_json

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_VALUES = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@dataclass
class _Row:
    place: str


@given(_VALUES)
def test_what_is_written_reads_as_it_was(value: Any) -> None:
    assert _read(write_json(value)) == value


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**63) - 1, 10**34])
def test_a_whole_number_of_more_than_64_bits_stays_exact(number: int) -> None:
    read = _read(write_json({"number": [number]}))
    assert read == {"number": [number]}
    assert type(read["number"][0]) is int


def test_half_a_character_and_deep_nesting_are_written() -> None:
    deep: Any = "\ud83d"
    for _ in range(300):
        deep = [deep]
    assert _read(write_json(deep)) == deep


@pytest.mark.parametrize("value", [datetime(2026, 12, 1, tzinfo=UTC), Decimal("1.5"), b"x", {1, 2}, _Row("XA")])
def test_what_json_does_not_have_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        write_json({"value": value})


def _read(text: bytes) -> Any:
    return json.loads(text)
