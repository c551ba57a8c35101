"""Packages of the operating system, installed only where we are root and apt-get is there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from webapp.setup.terminal import Stop, say, step

QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


def install(package: str, *, what: str) -> bool:
    """Install a Debian package, and tell whether that worked; without root or apt-get nothing happens."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return False
    try:
        if not any(Path("/var/lib/apt/lists").glob("*_Packages*")):
            step("Reading the list of system packages", [apt, "update"], way_out="", environment=QUIET)
        arguments = [apt, "install", "-y", "-qq", "--no-install-recommends", package]
        step(f"Installing {what} with apt-get", arguments, way_out="", environment=QUIET)
    except Stop as stop:
        say(str(stop))
        return False
    return True
