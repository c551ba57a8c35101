"""All registers, from the modules of this folder: each has a tuple `REGISTERS`. A new module needs no line elsewhere."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from services.registry.shape import Register


@cache
def registers() -> dict[str, Register]:
    """Return all registers by their keys."""
    found: dict[str, Register] = {}
    for module in pkgutil.iter_modules(__path__):
        for register in importlib.import_module(f"{__name__}.{module.name}").REGISTERS:
            found[register.key] = register
    return found
