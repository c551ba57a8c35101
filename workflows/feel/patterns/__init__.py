"""Regular expressions for `matches`, `replace` and `split`: our own, because Python's can be made to take for ever."""

from __future__ import annotations

from workflows.feel.patterns.matching import find_all, search
from workflows.feel.patterns.program import Pattern, compile_pattern

__all__ = ["Pattern", "compile_pattern", "find_all", "search"]
