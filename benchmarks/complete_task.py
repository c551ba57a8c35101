"""How long a decision takes, from the answers to the commit, beside what it cannot do without.

In one run, on one machine, on the same case (a review with two timers that opens an approval):

- services: services.tasks.complete_task in its transaction, on SQLite with synchronous=FULL, with all checks and records;
- raw tokens: stock SpiffWorkflow in memory on an equivalent diagram: nothing checked, nothing kept;
- bare rows: the same rows written by the bare driver in one transaction: nothing checked, nothing computed.

Run it with `python benchmarks/complete_task.py [number of decisions]`. The ratios count; the milliseconds are the machine's.
"""

from __future__ import annotations

import io
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree
from sqlalchemy import event, select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser  # noqa: E402  the path comes first
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # noqa: E402
from SpiffWorkflow.util.task import TaskState  # noqa: E402

from services import cases, definitions, demo, people, tasks  # noqa: E402
from services.database import Database, upgrade  # noqa: E402
from services.models.cases import OPEN, Task  # noqa: E402

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PROCESS = ROOT / "tests" / "services" / "processes" / "leave_request"
WARM_UP = 20
PLAIN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="plain" targetNamespace="plain">
<process id="plain" isExecutable="true">
  <startEvent id="start"><outgoing>f1</outgoing></startEvent><sequenceFlow id="f1" sourceRef="start" targetRef="review"/>
  <userTask id="review"><incoming>f1</incoming><outgoing>f2</outgoing></userTask>
  <boundaryEvent id="reminder" attachedToRef="review" cancelActivity="false"><outgoing>f3</outgoing>
    <timerEventDefinition id="t1"><timeDuration>"PT4H"</timeDuration></timerEventDefinition></boundaryEvent>
  <sequenceFlow id="f3" sourceRef="reminder" targetRef="reminded"/><endEvent id="reminded"><incoming>f3</incoming></endEvent>
  <boundaryEvent id="deadline" attachedToRef="review"><outgoing>f4</outgoing>
    <timerEventDefinition id="t2"><timeDuration>"P2D"</timeDuration></timerEventDefinition></boundaryEvent>
  <sequenceFlow id="f4" sourceRef="deadline" targetRef="lapsed"/><endEvent id="lapsed"><incoming>f4</incoming></endEvent>
  <sequenceFlow id="f2" sourceRef="review" targetRef="choice"/>
  <exclusiveGateway id="choice" default="f6">
    <incoming>f2</incoming><outgoing>f5</outgoing><outgoing>f6</outgoing></exclusiveGateway>
  <sequenceFlow id="f5" sourceRef="choice" targetRef="approve">
    <conditionExpression>advice == "RECOMMEND"</conditionExpression></sequenceFlow>
  <sequenceFlow id="f6" sourceRef="choice" targetRef="refused"/><endEvent id="refused"><incoming>f6</incoming></endEvent>
  <userTask id="approve"><incoming>f5</incoming><outgoing>f7</outgoing></userTask>
  <sequenceFlow id="f7" sourceRef="approve" targetRef="done"/><endEvent id="done"><incoming>f7</incoming></endEvent>
</process></definitions>"""

Write = tuple[str, Any, bool]


def main(number: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="safeconduct-bench-") as folder:
        made = Path(folder) / "made.db"
        make_cases(made, number + WARM_UP)
        writes = run_services(copy(made, "recorded"), record=True)[1]
        measured = {
            "services": run_services(copy(made, "services"))[0],
            "raw tokens": run_tokens(number + WARM_UP),
            "bare rows": run_rows(copy(made, "rows"), writes),
        }
    show(measured, statements=statistics.median(len(each) for each in writes))


def show(measured: dict[str, list[float]], *, statements: float) -> None:
    """Print medians, and how many times as long the services take."""
    medians = {name: statistics.median(times[WARM_UP:]) for name, times in measured.items()}
    print(f"{'':<12}{'median ms':>10}{'p95 ms':>10}{'services are':>14}")
    for name, times in measured.items():
        p95 = statistics.quantiles(times[WARM_UP:], n=20)[-1]
        print(f"{name:<12}{medians[name]:>10.3f}{p95:>10.3f}{medians['services'] / medians[name]:>13.1f}x")
    both = medians["raw tokens"] + medians["bare rows"]
    times_as_long = medians["services"] / both
    print(f"tokens + rows: {both:.3f} ms; services take {times_as_long:.1f} times as long; {statements:.0f} writes each")


def copy(made: Path, name: str) -> Path:
    """Give a database of its own to each measurement."""
    return Path(shutil.copyfile(made, made.with_name(f"{name}.db")))


def make_cases(file: Path, number: int) -> None:
    """Make a database with people and as many cases as are decided later."""
    url = f"sqlite:///{file}"
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
        definitions.publish(session, definitions.read_folder(PROCESS), by="system", now=NOW)
    answers = {"days": 3, "reason": "Rest", "area": "XA-NOR"}
    with database.transaction() as session:
        requester = people.actor_named(session, "lina.marchetti")
        for _ in range(number):
            cases.start_case(session, "leave_request", actor=requester, answers=answers, now=NOW)
    database.dispose()


def run_services(file: Path, *, record: bool = False) -> tuple[list[float], list[list[Write]]]:
    """Decide every case through the services; with `record`, keep what each wrote."""
    database = Database(f"sqlite:///{file}")
    with database.reading() as session:
        reviewer = people.actor_named(session, "yusra.ben-halim")
        waiting = list(session.scalars(select(Task.id).where(Task.state == OPEN).order_by(Task.id)))
    writes: list[list[Write]] = []
    if record:
        event.listen(database.engine, "before_cursor_execute", recorder(writes))

    def decide(task_id: str) -> None:
        writes.append([])
        with database.transaction() as session:
            answers = {"advice": "RECOMMEND", "remarks": "Fine"}
            tasks.complete_task(session, task_id, actor=reviewer, answers=answers, revision=1, now=NOW)

    times = [timed(decide, task_id) for task_id in waiting]
    database.dispose()
    return times, writes


def recorder(writes: list[list[Write]]) -> Callable[..., None]:
    """Keep each statement that writes, with its parameters."""

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:  # noqa: FBT001
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            writes[-1].append((statement, parameters, many))

    return keep


def run_tokens(number: int) -> list[float]:
    """Complete as many reviews in memory with the stock library."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(io.BytesIO(PLAIN.encode())))
    spec = parser.get_spec("plain")

    def decide(workflow: BpmnWorkflow) -> None:
        [review] = workflow.get_tasks(state=TaskState.READY, manual=True)
        review.data.update(advice="RECOMMEND", remarks="Fine")
        review.run()
        workflow.do_engine_steps()

    workflows = []
    for _ in range(number):
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        workflows.append(workflow)
    return [timed(decide, workflow) for workflow in workflows]


def run_rows(file: Path, writes: list[list[Write]]) -> list[float]:
    """Write the recorded rows with the bare driver, one transaction per decision."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()

    def decide(rows: list[Write]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for statement, parameters, many in rows:
            (connection.executemany if many else connection.execute)(statement, parameters)
        connection.execute("COMMIT")

    times = [timed(decide, rows) for rows in writes]
    connection.close()
    return times


def timed(act: Callable[[Any], None], subject: Any) -> float:
    """Return how many milliseconds an act took."""
    begun = time.perf_counter()
    act(subject)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
