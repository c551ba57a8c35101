"""The browser that the end-to-end tests drive."""

from __future__ import annotations

import os
import shutil

from webapp.setup import system
from webapp.setup.terminal import Stop

#: Chromium without windows of its own: the same pages by the same engine, at half the work.
SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WAY_OUT = f"Install it (Debian: apt-get install {SHELL}) or say where it is: CHROMIUM=/path/to/chromium make test"


def find_chromium() -> str | None:
    """Name the browser: the variable CHROMIUM, else the first known name on PATH."""
    return _find_light() or _find_whole()


def ensure_chromium() -> str:
    """Have Chromium, installing it where we may; one with windows does where the other cannot be had.

    Raises:
        Stop: There is none. Tests in a browser are never left out silently.
    """
    found = _find_light() or _install(SHELL) or _find_whole() or _install(WHOLE[0])
    if not found:
        raise Stop(f"The tests need Chromium. {WAY_OUT}")
    return found


def _find_light() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which(SHELL)


def _find_whole() -> str | None:
    return next((path for path in map(shutil.which, WHOLE) if path), None)


def _install(package: str) -> str | None:
    return find_chromium() if system.install(package, what="Chromium") else None
