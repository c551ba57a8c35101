"""Running other programs and saying in plain lines how it goes."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAST_LINES = 25


class Stop(Exception):
    """Something is missing that only a person can mend; the text says what and how."""


def say(text: str) -> None:
    """Print one progress line at once."""
    print(text, flush=True)


def step(title: str, arguments: Sequence[str | Path], *, way_out: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a program quietly; show its last lines only when it fails.

    Raises:
        Stop: The program failed or is not there.
    """
    started = time.monotonic()
    say(f"-> {title} ...")
    try:
        finished = subprocess.run(
            [str(part) for part in arguments],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise Stop(f"{title}: {arguments[0]} cannot be started ({error.strerror}). {way_out}") from error
    if finished.returncode:
        tail = "\n".join(f"   | {line}" for line in finished.stdout.splitlines()[-LAST_LINES:])
        raise Stop(f"{tail}\n{title} did not work. {way_out}")
    say(f"   {title}: done in {time.monotonic() - started:.1f} s")


def succeeds(arguments: Sequence[str | Path]) -> bool:
    """Tell whether a program is there and ends well; its output is of no interest."""
    try:
        return subprocess.run([str(part) for part in arguments], cwd=ROOT, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def is_ci() -> bool:
    """Tell whether a build machine runs this, where nothing may be left out."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}
