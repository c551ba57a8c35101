"""The browser that the end-to-end tests drive."""

from __future__ import annotations

import os
import shutil

from webapp.setup import system
from webapp.setup.terminal import Stop

WAY_OUT = "Install it (Debian: apt-get install chromium) or say where it is: CHROMIUM=/path/to/chromium make test"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium() -> str | None:
    """Name the browser: the variable CHROMIUM, else the first known name on PATH."""
    chosen = os.environ.get("CHROMIUM")
    return chosen or next((path for path in map(shutil.which, NAMES) if path), None)


def ensure_chromium() -> str:
    """Have Chromium, installing it where we may.

    Raises:
        Stop: There is none. Tests in a browser are never left out silently.
    """
    found = find_chromium()
    if not found and system.install("chromium", what="Chromium"):
        found = find_chromium()
    if not found:
        raise Stop(f"The tests need Chromium. {WAY_OUT}")
    return found
