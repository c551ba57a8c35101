"""FEEL's types: what `instance of` and typed parameters ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflows.feel import values

ANY = "Any"


@dataclass(frozen=True, kw_only=True, slots=True)
class Type:
    """A type: a simple name, or a list, range, context or function with the types inside it.

    Attributes:
        name: As FEEL writes it, e.g. "number", "list", "date and time".
        element: Of a list or range; None says nothing about it.
        entries: Of a context.
        parameters: Of a function.
        result: Of a function.
    """

    name: str
    element: Type | None = None
    entries: tuple[tuple[str, Type], ...] | None = None
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None

    def contains(self, value: Any) -> bool:
        """Tell whether the value is of this type; null belongs to Any and Null only."""
        if self.name == ANY:
            return True
        if self.name != values.kind_of(value):
            return False
        if self.name == values.LIST:
            return self.element is None or all(self.element.allows(entry) for entry in value)
        if self.name == values.RANGE:
            return self.element is None or any(self.element.contains(end) for end in (value.start, value.end))
        if self.name == values.CONTEXT and self.entries is not None:
            return all(name in value and kind.allows(value[name]) for name, kind in self.entries)
        if self.name == values.FUNCTION and self.parameters is not None:
            return self._fits_function(value)
        return True

    @property
    def is_known(self) -> bool:
        """Whether this is one of FEEL's types, and not just a name."""
        return self.name in KNOWN_NAMES

    def allows(self, value: Any) -> bool:
        """Tell whether the value may stand where this type is asked for: null always may."""
        return value is None or self.contains(value)

    def fit(self, value: Any) -> tuple[bool, Any]:
        """Tell whether a value can be had as this type, and return it so: a list of one value stands for the value, and back."""
        if not self.is_known or self.allows(value):
            return True, value
        if type(value) is list and len(value) == 1 and self.contains(values.adopt(value[0])):
            return True, value[0]
        if self.name == values.LIST and self.contains([value]):
            return True, [value]
        return False, None

    def _fits_function(self, function: values.Function) -> bool:
        return len(function.parameters) == len(self.parameters or ())


SIMPLE_NAMES = frozenset(
    {
        ANY,
        values.NULL,
        values.BOOLEAN,
        values.NUMBER,
        values.STRING,
        values.DATE,
        values.TIME,
        values.DATE_TIME,
        values.DAYS_DURATION,
        values.MONTHS_DURATION,
    }
)
SPELLINGS = {
    "any": ANY,
    "null": values.NULL,
    "day time duration": values.DAYS_DURATION,
    "year month duration": values.MONTHS_DURATION,
} | {name: name for name in SIMPLE_NAMES | {values.LIST, values.CONTEXT, values.RANGE, values.FUNCTION}}
KNOWN_NAMES = SIMPLE_NAMES | {values.LIST, values.CONTEXT, values.RANGE, values.FUNCTION}
