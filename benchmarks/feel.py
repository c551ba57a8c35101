"""How long FEEL takes, beside Python's own eval and the FEEL of bkflow-feel, and whether hostile expressions stay bounded.

Run it with `python benchmarks/feel.py`. The ratios are what counts: both sides run in the same process, so a slow machine slows
both. Ends with exit code 1 when a hostile expression takes longer or more memory than it may.
"""

from __future__ import annotations

import json
import sys
import time
import timeit
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bkflow_feel.api import parse_expression  # noqa: E402 - as the next

from workflows import dmn, feel  # noqa: E402 - found by the line above

NOW = datetime(2026, 12, 1, tzinfo=UTC)
CORPUS = ROOT / "tests" / "workflows" / "feel" / "hostile.jsonl"
SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
MOST_MS, MOST_BYTES = 50, 10_000_000
ROWS, COLUMNS = 17, 11


def microseconds(work: Callable[[], object]) -> float:
    """Return the best of several runs, in microseconds each."""
    timer = timeit.Timer(work)
    count, _ = timer.autorange()
    return min(timer.repeat(5, max(count // 5, 1))) / max(count // 5, 1) * 1e6


def compare(label: str, ours: Callable[[], object], code: CodeType, variables: dict[str, object]) -> None:
    """Print how long ours takes, and Python's eval."""
    mine, python = microseconds(ours), microseconds(lambda: eval(code, {}, variables))
    print(f"{label:<32} {mine:>9.2f} µs   eval {python:>7.2f} µs   ratio {mine / python:>6.1f}")


def table_xml() -> bytes:
    """Write a table of 17 rules and 11 columns in which the last rule but one fires."""
    inputs = "".join(f"<input><inputExpression><text>c{place}</text></inputExpression></input>" for place in range(COLUMNS))
    rules = "".join(
        f"<rule>{''.join(f'<inputEntry><text>{cell(row, place)}</text></inputEntry>' for place in range(COLUMNS))}"
        f'<outputEntry><text>"R{row}"</text></outputEntry></rule>'
        for row in range(ROWS)
    )
    body = f'<decisionTable hitPolicy="FIRST">{inputs}<output name="answer"/>{rules}</decisionTable>'
    return f'<definitions xmlns="{SPACE}" namespace="urn:b"><decision id="D" name="D">{body}</decision></definitions>'.encode()


def cell(row: int, place: int) -> str:
    """Write a cell: texts and numbers in turn; all rows agree but for one column."""
    if place == row % COLUMNS:
        return f'"V{row}"' if place % 2 else f"&gt; {row}"
    return '"A", "B"' if place % 2 else "[0..100]" if (row + place) % 3 else "-"


def table_code() -> CodeType:
    """Write the same table as one Python expression."""
    rows = []
    for row in range(ROWS):
        tests = []
        for place in range(COLUMNS):
            if place == row % COLUMNS:
                tests.append(f'c{place} == "V{row}"' if place % 2 else f"c{place} > {row}")
            elif place % 2:
                tests.append(f'c{place} in ("A", "B")')
            elif (row + place) % 3:
                tests.append(f"0 <= c{place} <= 100")
        rows.append(f'"R{row}" if {" and ".join(tests)} else ')
    return compile("".join(rows) + "None", "table", "eval")


def speed() -> None:
    """Print the ratios of a simple condition and of a table."""
    variables: dict[str, object] = {"amount": 5, "mode": "MANUAL"}
    condition = feel.parse('amount > 3 and mode = "MANUAL"')
    code = compile('amount > 3 and mode == "MANUAL"', "condition", "eval")
    compare("simple condition", lambda: condition.evaluate(variables), code, variables)
    ours = microseconds(lambda: feel.parse('amount > 3 and mode = "MANUAL"').evaluate(variables))
    theirs = microseconds(lambda: parse_expression('amount > 3 and mode = "MANUAL"', variables))
    print(f"{'the same, given as text':<32} {ours:>9.2f} µs   bkflow-feel {theirs:>7.2f} µs   ratio {ours / theirs:>6.3f}")
    facts: dict[str, object] = {f"c{place}": "A" if place % 2 else 0 for place in range(COLUMNS)}
    model = dmn.read_model(table_xml(), name="table.dmn")
    compare(f"table of {ROWS} x {COLUMNS}, none fires", lambda: model.decide("D", facts), table_code(), facts)
    facts["c4"] = 16
    compare(f"table of {ROWS} x {COLUMNS}, one fires", lambda: model.decide("D", facts), table_code(), facts)


def hostile() -> Iterator[str]:
    """Yield the expressions of the corpus."""
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        pieces = json.loads(line)["pieces"]
        yield "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in pieces)


def attempt(text: str) -> None:
    """Read an expression and work it out, whatever comes of it."""
    try:
        feel.to_json(feel.parse(text).evaluate({"a": [1, 2, 3], "x": {"y": 1}}, now=NOW))
    except feel.FeelError:
        return


def milliseconds(text: str) -> float:
    """Return the best of three attempts."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        attempt(text)
        best = min(best, (time.perf_counter() - start) * 1e3)
    return best


def peak(text: str) -> int:
    """Return the most memory that an attempt holds at once, in bytes."""
    tracemalloc.start()
    attempt(text)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def safety() -> bool:
    """Print the slowest and the largest of the hostile expressions; tell whether all are within bounds."""
    times = {text: milliseconds(text) for text in hostile()}
    sizes = {text: peak(text) for text in times}
    slowest, largest = max(times, key=times.__getitem__), max(sizes, key=sizes.__getitem__)
    print(f"\n{len(times)} hostile expressions")
    print(f"slowest {times[slowest]:>8.1f} ms   {slowest[:80]!r}")
    print(f"largest {sizes[largest] / 1e6:>8.1f} MB   {largest[:80]!r}")
    return times[slowest] <= MOST_MS and sizes[largest] <= MOST_BYTES


if __name__ == "__main__":
    speed()
    sys.exit(0 if safety() else 1)
