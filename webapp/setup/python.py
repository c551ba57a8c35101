"""The virtual environment in .venv and the locked packages in it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from webapp.setup import system
from webapp.setup.stamps import fingerprint, is_current, remember
from webapp.setup.terminal import ROOT, Stop, step, succeeds

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
ONLINE = "Look at the lines above; most often the package registry cannot be reached. Then run the same command again."


def ensure_packages() -> None:
    """Have .venv with exactly the locked packages, each checked against its hash."""
    stamp = VENV / ".safeconduct-stamp"
    wanted = fingerprint([LOCK], str(VENV))
    if PYTHON.exists() and is_current(stamp, wanted):
        return
    if not succeeds([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        _create()
    step("Installing the Python packages", [*_installer(), "--require-hashes", "-r", LOCK], way_out=ONLINE)
    _write_command(VENV / "bin" / "safeconduct")
    remember(stamp, wanted)


def install(requirement: str) -> None:
    """Add one package that only some machines need."""
    step(f"Installing {requirement}", [*_installer(), requirement], way_out=ONLINE)


def _create() -> None:
    uv = shutil.which("uv")
    if uv:
        step(
            "Making .venv",
            [uv, "venv", "--clear", "--python", sys.executable, VENV],
            way_out="Remove the folder .venv and try again.",
        )
        return
    if importlib.util.find_spec("ensurepip") is None and not system.install("python3-venv", what="Python's venv module"):
        raise Stop("Python's venv module is missing. Install it (Debian: apt-get install python3-venv), then try again.")
    step("Making .venv", [sys.executable, "-m", "venv", "--clear", VENV], way_out="Remove the folder .venv and try again.")


def _installer() -> list[str | Path]:
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", PYTHON]
    if not succeeds([PYTHON, "-m", "pip", "--version"]) and not succeeds([PYTHON, "-m", "ensurepip"]):
        raise Stop("The environment in .venv has no pip. Remove the folder .venv and run the same command again.")
    return [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]


def _write_command(command: Path) -> None:
    command.write_text(
        f"#!{PYTHON}\nimport sys\n\nsys.path.insert(0, {str(ROOT)!r})\nfrom webapp.cli import main\n\nmain()\n",
        encoding="utf-8",
    )
    command.chmod(0o755)
