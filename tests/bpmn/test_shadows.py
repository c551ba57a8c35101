"""In a FEEL context an entry hides the variable of its name from the entries after it."""

from __future__ import annotations

import re

from webapp.preparing import PROCESSES

HIDDEN = re.compile(r"\{[^}]*?\b(\w+): \1\.\w+,[^}]*?\b\1\.\w+")


def test_no_entry_hides_a_variable_that_a_later_entry_reads() -> None:
    found = {
        f"{path.parent.name}/{path.name}: {line.strip()[:80]}"
        for path in sorted(PROCESSES.glob("*/*.bpmn"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if HIDDEN.search(line)
    }

    assert found == set()
    assert HIDDEN.search("={no: 1, stop: stop.key, area: stop.area}")
