"""Commands of `safeconduct`. Each module that defines `command` (a click command or group) is added by being here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import click


def find_commands() -> Iterator[click.Command]:
    """Import the modules of this folder and give their commands, in the order of their names."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        command = getattr(importlib.import_module(f"{__name__}.{module.name}"), "command", None)
        if isinstance(command, click.Command):
            yield command
