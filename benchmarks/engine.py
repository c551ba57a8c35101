"""What one completed user task costs the engine, beside SpiffWorkflow in memory and another house's engine with its state kept.

In one run, on one machine, on the same diagram of fifty elements with 10 KB of variables:

- ours: the stored state is read, a user task completed, and the state written again, as for every act on a case;
- raw: stock SpiffWorkflow in memory completes a user task; nothing is kept;
- bpmn-engine (npm, version in benchmarks/bpmn_engine/package.json): its state is read from JSON, recovered, a user task
  signalled, and its state written to JSON.

Run it with `python -m benchmarks.engine [cases]`. The ratios count; the milliseconds are the machine's. Without npm, the third is
left out and said to be.
"""

from __future__ import annotations

import io
import json
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser  # noqa: E402  the path comes first
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # noqa: E402
from SpiffWorkflow.util.task import TaskState  # noqa: E402

from workflows import diagrams, engine  # noqa: E402

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
OTHER = Path(__file__).parent / "bpmn_engine"
STEPS, SPLIT_AFTER = 12, (3, 7)
WORDS = (
    *("mission", "convoy", "clearance", "airport", "residence", "vehicle", "armoured", "escort", "itinerary", "arrival", "hotel"),
    *("departure", "area", "level", "security", "focal", "point", "adviser", "traveller", "dependant", "visa", "vaccination"),
    *("briefing", "radio", "call", "sign", "checked", "approved", "pending", "remark", "programme", "agency"),
)


class Nobody:
    """Carries out no operations: there are none in the diagram."""

    def perform(self, operation: str, inputs: dict[str, Any], call: engine.Call) -> dict[str, Any]:
        """Answer nothing."""
        return {}


def main(cases: int) -> None:
    """Measure and print."""
    variables = make_variables()
    print(f"50 elements, {len(json.dumps(variables)):,} bytes of variables, {cases} cases of {STEPS} user tasks each")
    print("CPU milliseconds for each user task")
    ours, sizes = run_ours(cases, variables)
    show("ours, restored and saved", ours)
    raw = run_raw(cases, variables)
    show("SpiffWorkflow in memory", raw)
    print(f"{'written per step':<34}{statistics.median(sizes):>9,.0f} bytes, at most {max(sizes):,}")
    target("times raw SpiffWorkflow in memory", statistics.median(ours) / statistics.median(raw), most=2)
    target("CPU ms of a step", statistics.median(ours), most=1.5)
    target("bytes written in a step", max(sizes), most=4096)
    if (theirs := run_theirs(max(cases // 10, 3), variables)) is not None:
        show("bpmn-engine, recovered and kept", theirs["times"])
        print(f"{'its state':<34}{theirs['bytes']:>9,} bytes")
        target("times as fast as bpmn-engine", statistics.median(theirs["times"]) / statistics.median(ours), least=10)


def show(name: str, times: list[float]) -> None:
    """Print the median and the 95th percentile."""
    print(f"{name:<34}{statistics.median(times):>9.3f}   p95 {statistics.quantiles(times, n=20)[-1]:.3f}")


def target(name: str, figure: float, *, most: float | None = None, least: float | None = None) -> None:
    """Print a figure beside what it should be."""
    reached = (most is None or figure <= most) and (least is None or figure >= least)
    wanted = f"at most {most:g}" if most is not None else f"at least {least:g}"
    print(f"  {'reached' if reached else 'MISSED '}  {figure:>9,.2f} {name} ({wanted})")


def make_variables() -> dict[str, Any]:
    """Make 10 KB of variables as a request has them: persons, stops, remarks."""
    chance = random.Random(7)
    request: dict[str, Any] = {"travellers": []}
    while len(json.dumps(request)) < 10_000:
        stops = [{"area": f"XA-{chance.randrange(100):02}", "nights": chance.randrange(9), "hotel": None} for _ in range(2)]
        remark = " ".join(chance.choices(WORDS, k=6))
        number = chance.randrange(10**6)
        request["travellers"].append({"person": f"p{number}", "index": f"{number:08}", "remark": remark, "stops": stops})
    return request


def make_diagram() -> bytes:
    """Draw twelve user tasks, each followed by two or three events, and two places where two events stand side by side."""
    parts, ways, last = ['<startEvent id="start"/>'], [], "start"
    for number in range(STEPS):
        row = [f"ask{number}", *(f"event{number}_{place}" for place in range(3 if number < 4 else 2))]
        parts.append(f'<userTask id="{row[0]}"/>' + "".join(f'<intermediateThrowEvent id="{name}"/>' for name in row[1:]))
        ways += list(pairwise([last, *row]))
        last = row[-1]
        if number in SPLIT_AFTER:
            split, one, two, join = (f"{name}{number}" for name in ("split", "one", "two", "join"))
            parts += [f'<parallelGateway id="{name}"/>' for name in (split, join)]
            parts += [f'<intermediateThrowEvent id="{name}"/>' for name in (one, two)]
            ways += [(last, split), (split, one), (split, two), (one, join), (two, join)]
            last = join
    parts.append('<endEvent id="end"/>')
    ways.append((last, "end"))
    root = etree.fromstring(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="definitions" targetNamespace="http://example.org/fifty">'
        f'<process id="fifty" isExecutable="true">{"".join(parts)}</process></definitions>'
    )
    add_flows(root, ways)
    return etree.tostring(root)


def add_flows(root: etree._Element, ways: list[tuple[str, str]]) -> None:
    """Draw the flows, and write them down at both their ends as stock SpiffWorkflow needs it."""
    space = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
    nodes = {node.get("id"): node for node in root[0]}
    for source, goal in ways:
        flow = f"{source}_{goal}"
        etree.SubElement(nodes[source], space + "outgoing").text = flow
        arriving = etree.Element(space + "incoming")
        arriving.text = flow
        nodes[goal].insert(0, arriving)
        etree.SubElement(root[0], space + "sequenceFlow", id=flow, sourceRef=source, targetRef=goal)


def run_ours(cases: int, variables: dict[str, Any]) -> tuple[list[float], list[int]]:
    """Take every step of every case; answer the milliseconds and the bytes written."""
    program = engine.compile_diagrams([diagrams.read_diagram(make_diagram(), name="fifty.bpmn")])
    host, times, sizes = Nobody(), [], []
    for _ in range(cases):
        stored = engine.save(engine.start(program, variables=variables, host=host, now=NOW))
        for number in range(STEPS):
            began = time.process_time()
            run = engine.restore(program, stored, host=host, now=NOW)
            run.complete(run.open_tokens[0], {f"answer_{number}": "yes"})
            stored = engine.save(run)
            times.append((time.process_time() - began) * 1000)
            sizes.append(len(stored))
        if run.status != "completed":
            raise SystemExit("The case did not come to its end.")
    return times, sizes


def run_raw(cases: int, variables: dict[str, Any]) -> list[float]:
    """Take the same steps with the stock library in memory."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(io.BytesIO(make_diagram())))
    spec = parser.get_spec("fifty")
    return [milliseconds for _ in range(cases) for milliseconds in raw_steps(spec, variables)]


def raw_steps(spec: Any, variables: dict[str, Any]) -> Iterator[float]:
    """Take one case from its beginning to its end."""
    workflow = BpmnWorkflow(spec)
    workflow.get_next_task(state=TaskState.READY).data.update(json.loads(json.dumps(variables)))
    workflow.do_engine_steps()
    for number in range(STEPS):
        began = time.process_time()
        [task] = workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data[f"answer_{number}"] = "yes"
        task.run()
        workflow.do_engine_steps()
        yield (time.process_time() - began) * 1000
    if not workflow.completed:
        raise SystemExit("The case of the stock library did not come to its end.")


def run_theirs(cases: int, variables: dict[str, Any]) -> dict[str, Any] | None:
    """Take the same steps with bpmn-engine; answer None when it cannot be had."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        print("bpmn-engine is left out: npm or node is not there.")
        return None
    if not (OTHER / "node_modules").is_dir():
        fetched = subprocess.run([npm, "ci", "--silent"], cwd=OTHER, check=False, capture_output=True, text=True)
        if fetched.returncode:
            shutil.rmtree(OTHER / "node_modules", ignore_errors=True)
            print(f"bpmn-engine is left out: npm could not fetch it ({fetched.stderr.strip().splitlines()[-1:]}).")
            return None
    asked = json.dumps({"source": make_diagram().decode(), "variables": variables, "cases": cases})
    answered = subprocess.run([node, "steps.mjs"], cwd=OTHER, input=asked, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(answered.stdout)
    if figures["done"] != cases * STEPS:
        raise SystemExit(f"bpmn-engine completed {figures['done']} user tasks of {cases * STEPS}.")
    return figures


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
