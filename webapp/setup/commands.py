"""The commands behind the Makefile, each from nothing to done."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from webapp.setup import browser, node, postgresql, python
from webapp.setup.stamps import STAMPS, fingerprint, is_current, remember
from webapp.setup.terminal import ROOT, is_ci, say, step

BIN = python.VENV / "bin"
CATALOGUES = ROOT / "webapp" / "translations"
Check = tuple[str, list[str | Path]]

CHECKS: list[Check] = [
    ("ruff", [BIN / "ruff", "check", "."]),
    ("ruff format", [BIN / "ruff", "format", "--check", "."]),
    ("mypy", [BIN / "mypy"]),
    ("import-linter", [BIN / "lint-imports", "--cache-dir", ".cache/import-linter"]),
    ("vulture", [BIN / "vulture"]),
]
TESTS: Check = ("pytest", [BIN / "python", "-m", "pytest", "-n", "2", "--dist", "worksteal"])


def setup() -> int:
    """Fetch and build what the program itself needs: for the pages beside the Python packages, unless Node comes with those."""
    if node.find_node() is None:
        python.ensure_packages()
    with ThreadPoolExecutor(max_workers=1) as beside:
        assets = beside.submit(node.ensure_assets)
        python.ensure_packages()
        _compile_translations()
        assets.result()
    return 0


def run() -> int:
    """Serve the program with migrated database and, if that is empty, demo data. Replaces this process."""
    setup()
    _replace(["serve", "--prepare"])
    return 0


def demo() -> int:
    """Empty the embedded database and fill it with demo data."""
    setup()
    return subprocess.run([BIN / "safeconduct", "demo", "--reset"], cwd=ROOT, check=False).returncode


def test() -> int:
    """Run every check and every test, and sum up."""
    setup()
    chromium = browser.ensure_chromium()
    postgresql.ensure_programs()
    return _run_checks([*CHECKS, TESTS], {"CHROMIUM": chromium})


def lint() -> int:
    """Run the checks that need neither database nor browser."""
    python.ensure_packages()
    return _run_checks(CHECKS, {})


def format_sources() -> int:
    """Put all Python files in shape."""
    python.ensure_packages()
    subprocess.run([BIN / "ruff", "check", "--fix", "--quiet", "."], cwd=ROOT, check=False)
    return subprocess.run([BIN / "ruff", "format", "."], cwd=ROOT, check=False).returncode


def bench() -> int:
    """Run every program of the folder benchmarks."""
    setup()
    postgresql.ensure_programs()
    programs = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
    codes = [subprocess.run([BIN / "python", "-m", f"benchmarks.{name}"], cwd=ROOT, check=False).returncode for name in programs]
    return max(codes, default=0)


def translations() -> int:
    """Collect the messages into the catalogues and compile them."""
    python.ensure_packages()
    return subprocess.run([BIN / "python", "-m", "webapp.catalogues", "update"], cwd=ROOT, check=False).returncode


def pictures() -> int:
    """Take pictures of the main pages with invented data: into var/pictures, and those of the guides beside the guides."""
    setup()
    chromium = browser.ensure_chromium()
    return _run_checks([("pictures", [*TESTS[1], "tests/e2e/pictures.py"])], {"CHROMIUM": chromium})


def _compile_translations() -> None:
    wanted = fingerprint(CATALOGUES.rglob("*.po"))
    compiled = all(catalogue.with_suffix(".mo").is_file() for catalogue in CATALOGUES.rglob("*.po"))
    if compiled and is_current(STAMPS / "translations", wanted):
        return
    step(
        "Compiling the translations",
        [BIN / "python", "-m", "webapp.catalogues", "compile"],
        way_out="Mend the catalogue that is named above.",
    )
    remember(STAMPS / "translations", wanted)


def _replace(arguments: Sequence[str]) -> None:
    os.chdir(ROOT)
    os.execv(BIN / "safeconduct", [str(BIN / "safeconduct"), *arguments])


def _run_checks(checks: Sequence[Check], environment: dict[str, str]) -> int:
    outcomes: list[tuple[str, int, float]] = []
    for name, arguments in checks:
        say(f"\n== {name}")
        started = time.monotonic()
        code = subprocess.run(arguments, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode
        outcomes.append((name, code, time.monotonic() - started))
    say("\n== Summary" + (" (CI)" if is_ci() else ""))
    for name, code, seconds in outcomes:
        say(f"   {'failed' if code else 'passed'}  {name:<14} {seconds:6.1f} s")
    return 1 if any(code for _, code, _ in outcomes) else 0


COMMANDS: dict[str, Callable[[], int]] = {
    "setup": setup,
    "run": run,
    "test": test,
    "lint": lint,
    "format": format_sources,
    "demo": demo,
    "bench": bench,
    "translations": translations,
    "pictures": pictures,
}
