"""Places where a test can make the program fail, to prove that nothing is left half done.

`SC_FAULT` holds `point=mode`, several separated by commas; `point@3=mode` means the third time that the point is passed.
Modes: `raise`, `exit137` (the process dies as by kill -9), `sleep:<seconds>`. Without the variable a point costs one look-up.
"""

from __future__ import annotations

import os
import time
from collections import Counter

from workflows.errors import SafeconductError

EXIT_AS_KILLED = 137

_passed: Counter[str] = Counter()


class FaultInjected(SafeconductError):
    """A test asked for a failure at {point}."""


def fault(point: str) -> None:
    """Fail here when the environment asks for it; otherwise do nothing."""
    wanted = os.environ.get("SC_FAULT")
    if not wanted:
        return
    _passed[point] += 1
    for clause in wanted.split(","):
        place, _, mode = clause.partition("=")
        name, _, count = place.partition("@")
        if name == point and (not count or int(count) == _passed[point]):
            _fail(point, mode)


def forget_passes() -> None:
    """Count from the start again how often each point is passed."""
    _passed.clear()


def _fail(point: str, mode: str) -> None:
    if mode == "exit137":
        os._exit(EXIT_AS_KILLED)
    if mode.startswith("sleep:"):
        time.sleep(float(mode.removeprefix("sleep:")))
        return
    raise FaultInjected(point=point)
