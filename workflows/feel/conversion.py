"""FEEL values to and from JSON, and as text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workflows.feel import iso
from workflows.feel.errors import FeelLimitError
from workflows.feel.numbers import as_int, as_number, text_of
from workflows.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from workflows.feel.values import Function, Range, adopt

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.feel.limits import Run

_DEEPEST = 100
_MOST_PARTS = 20_000
_LARGEST_FLOAT = Decimal("1e308")
_PLAIN = frozenset({type(None), bool, str, int})

_TEXTS: dict[type, Callable[[Any], str]] = {
    Date: iso.write_date,
    Time: iso.write_time,
    DateTime: iso.write_date_time,
    DaysDuration: iso.write_days_duration,
    MonthsDuration: iso.write_months_duration,
}


def temporal_text(value: Any) -> str | None:
    """Write a temporal value as ISO 8601 text; None for anything else."""
    write = _TEXTS.get(type(value))
    return None if write is None else write(value)


def to_json(value: Any) -> Any:
    """Turn a FEEL value into JSON: temporal values and ranges become texts, whole numbers int, others float, functions null.

    Raises:
        FeelLimitError: The value nests too deep or is too large.
    """
    return value if type(value) in _PLAIN else _Converter().convert(value, 0)


class _Converter:
    """Counts what it converts, because lists that share their entries can be small and yet endless to write out."""

    def __init__(self) -> None:
        self.parts = 1

    def convert(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is not dict and kind is not list:
            return self._convert_single(value, depth)
        self.parts += len(value)
        if self.parts > _MOST_PARTS or (value and depth >= _DEEPEST):
            raise FeelLimitError("This value is too large, or nests too deep.")
        if kind is dict:
            return {str(key): entry if type(entry) in _PLAIN else self.convert(entry, depth + 1) for key, entry in value.items()}
        return [entry if type(entry) in _PLAIN else self.convert(entry, depth + 1) for entry in value]

    def _convert_single(self, value: Any, depth: int) -> Any:
        if isinstance(value, Decimal | float):
            return number_to_json(value)
        if type(value) in _TEXTS:
            return _TEXTS[type(value)](value)
        if type(value) is Range:
            return text_of_value(value)
        if type(value) is Function:
            return None
        adopted = adopt(value)
        return adopted if type(adopted) in _PLAIN else self.convert(adopted, depth)


def number_to_json(value: Decimal | float) -> int | float | None:
    """Return a whole number as int, any other as float."""
    number = as_number(value)
    if number is None:
        return None
    whole = as_int(number)
    if whole is not None:
        return whole
    return float(number) if -_LARGEST_FLOAT < number < _LARGEST_FLOAT else None


def from_json(value: Any) -> Any:
    """Turn JSON into FEEL values: floats become the decimals they print as; texts stay texts, also those that look like dates."""
    return _adopt_deep(value, 0)


def _adopt_deep(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise FeelLimitError("This value is too large, or nests too deep.")
    adopted = adopt(value)
    if type(adopted) is float:
        return as_number(adopted)
    if type(adopted) is list:
        return [_adopt_deep(entry, depth + 1) for entry in adopted]
    if type(adopted) is dict:
        return {str(key): _adopt_deep(entry, depth + 1) for key, entry in adopted.items()}
    return adopted


def text_of_value(value: Any, run: Run | None = None) -> str:
    """Write a value as `string()` does: a text as it is, anything inside a list or context as FEEL writes it."""
    if type(value) is str:
        return value
    return _Writer(run).write(value, 0)


def write_value(value: Any) -> str:
    """Write a value as FEEL writes it, a text in quotes.

    Raises:
        FeelLimitError: The value nests too deep or is too large.
    """
    return _Writer(None).write(value, 0)


class _Writer:
    """Writes values as FEEL would read them."""

    def __init__(self, run: Run | None) -> None:
        self.run = run
        self.parts = 0

    def write(self, value: Any, depth: int) -> str:
        self.parts += 1
        if depth > _DEEPEST or self.parts > _MOST_PARTS:
            raise FeelLimitError("This value is too large, or nests too deep.")
        if self.run is not None:
            self.run.charge(2)
        value = adopt(value)
        if value is None or type(value) is bool:
            return {None: "null", True: "true", False: "false"}[value]
        if type(value) is str:
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        number = as_number(value)
        if number is not None:
            return text_of(number)
        return temporal_text(value) or self._write_parts(value, depth + 1)

    def _write_parts(self, value: Any, depth: int) -> str:
        if type(value) is list:
            return f"[{', '.join(self.write(entry, depth) for entry in value)}]"
        if type(value) is dict:
            return "{" + ", ".join(f"{key}: {self.write(entry, depth)}" for key, entry in value.items()) + "}"
        if type(value) is Range:
            return self._write_range(value, depth)
        if type(value) is Function:
            return value.name or f"function({', '.join(value.parameters)})"
        return "null"

    def _write_range(self, value: Range, depth: int) -> str:
        if value.operator:
            return f"{value.operator} {self.write(value.start if value.end is None else value.end, depth)}"
        opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
        return f"{opening}{self.write(value.start, depth)}..{self.write(value.end, depth)}{closing}"
