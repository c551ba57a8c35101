"""FEEL's types: what `instance of` and typed parameters ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from workflows.feel import values
from workflows.feel.temporal import MIDNIGHT_UTC, Date, DateTime

ANY = "Any"


class Constraint(Protocol):
    """What narrows a type down: unary tests."""

    def accepts(self, value: Any, variables: dict[str, Any]) -> bool:
        """Tell whether a value may be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Type:
    """A type: a simple name, or a list, range, context or function with the types inside it.

    Attributes:
        name: As FEEL writes it, e.g. "number", "list", "date and time".
        element: Of a list or range; None says nothing about it.
        entries: Of a context.
        parameters: Of a function.
        result: Of a function.
        allowed: What narrows it down; all of it must accept a value.
    """

    name: str
    element: Type | None = None
    entries: tuple[tuple[str, Type], ...] | None = None
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None
    allowed: tuple[Constraint, ...] = ()

    def contains(self, value: Any) -> bool:
        """Tell whether the value is of this type; null belongs to Any and Null only."""
        return self._has_kind(value) and all(constraint.accepts(value, {}) for constraint in self.allowed)

    def _has_kind(self, value: Any) -> bool:
        if self.name == ANY:
            return True
        value = values.adopt(value)
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
    def unconstrained(self) -> Type:
        """The type without what narrows it down: `instance of` asks no more than that."""
        return replace(
            self,
            element=self.element.unconstrained if self.element else None,
            entries=None if self.entries is None else tuple((name, kind.unconstrained) for name, kind in self.entries),
            allowed=(),
        )

    @property
    def is_known(self) -> bool:
        """Whether this is one of FEEL's types, and not just a name."""
        return self.name in KNOWN_NAMES

    def allows(self, value: Any) -> bool:
        """Tell whether the value may stand where this type is asked for: null always may."""
        return value is None or self.contains(value)

    def fit(self, value: Any) -> tuple[bool, Any]:
        """Tell whether a value can be had as this type, and return it so: a list of one value stands for the value, and back."""
        if value is None or (self.name == values.kind_of(value) and self.name in SIMPLE_NAMES and not self.allowed):
            return True, value  # nearly always, and at a fifth of the cost of what follows
        if not self.is_known or self.allows(value):
            return True, value
        if type(value) is list and len(value) == 1 and self.contains(values.adopt(value[0])):
            return True, value[0]
        if self.name == values.LIST and self.contains([value]):
            return True, [value]
        if type(value) is Date and self.contains(DateTime(value, MIDNIGHT_UTC)):
            return True, DateTime(value, MIDNIGHT_UTC)
        return False, None

    def _fits_function(self, function: values.Function) -> bool:
        """Whether the function takes whatever this type's parameters are, and answers no more than this type's result."""
        wanted = self.parameters or ()
        if len(function.parameters) != len(wanted):
            return False
        taken = all(kind is None or given.conforms_to(kind) for given, kind in zip(wanted, function.types, strict=False))
        return taken and (self.result is None or function.result is None or function.result.conforms_to(self.result))

    def conforms_to(self, other: Type) -> bool:
        """Tell whether every value of this type is one of the other, as far as their forms say."""
        if other.name == ANY or self.name == values.NULL:
            return True
        if self.name != other.name:
            return False
        if self.name == values.FUNCTION:
            return self._conforms_as_function(other)
        if other.entries is not None:
            own = dict(self.entries or ())
            return all(name in own and own[name].conforms_to(kind) for name, kind in other.entries)
        return other.element is None or (self.element is not None and self.element.conforms_to(other.element))

    def _conforms_as_function(self, other: Type) -> bool:
        if other.parameters is None or self.parameters is None:
            return other.parameters is None
        if len(self.parameters) != len(other.parameters):
            return False
        taken = all(theirs.conforms_to(ours) for ours, theirs in zip(self.parameters, other.parameters, strict=True))
        return taken and (other.result is None or (self.result is not None and self.result.conforms_to(other.result)))


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
