"""The built-in functions, one module per family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.feel.functions import contexts, conversion, lists, numeric, ranges, sequences, strings, temporal
from workflows.feel.functions.registry import Declaration, function_of

if TYPE_CHECKING:
    from workflows.feel.values import Function

_FAMILIES = (contexts, conversion, lists, numeric, ranges, sequences, strings, temporal)

DECLARATIONS: dict[str, list[Declaration]] = {
    name: declarations for family in _FAMILIES for name, declarations in family.FUNCTIONS.declarations.items()
}
BUILT_IN: dict[str, Function] = {name: function_of(name, declarations) for name, declarations in DECLARATIONS.items()}
FUNCTION_WORDS: tuple[tuple[str, ...], ...] = tuple(tuple(name.split()) for name in BUILT_IN if " " in name)
