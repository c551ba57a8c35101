"""What a completed task of the travel clearance costs, in CPU time, by task: the whole diagram with its tables and operations.

In one run the same acts are also measured without the database's part (the engine restoring, completing and saving alone is
benchmarks/complete_task.py's "raw tokens"); here the ratio is to the plainest act of the run, a claim of a task.

Run it with `python benchmarks/travel_clearance.py [number of cases]`. The ratios count; the milliseconds are the machine's.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from services import cases, definitions, demo, people, tasks  # noqa: E402  the path comes first
from services.database import Database, upgrade  # noqa: E402
from services.models.cases import OPEN, Case, Task  # noqa: E402
from services.operations import CATALOGUE  # noqa: E402
from services.roles import ROLES  # noqa: E402
from webapp.serving import spare_collector  # noqa: E402
from workflows.scenarios import Do, Scenario, load_yaml, read_scenario  # noqa: E402

PROCESS = ROOT / "bpmn" / "travel_clearance"
STORY = PROCESS / "scenarios" / "g1_11_designated_official_travels.yaml"
CLAIM = "claim (the plainest act)"
WARM_UP = 5


def main(number: int) -> None:
    """Measure and print."""
    story = read_scenario(load_yaml(STORY.read_bytes(), name=STORY.name), name=STORY.name)
    spent: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="safeconduct-bench-") as folder:
        database = Database(make_world(Path(folder), story.now))
        spare_collector()  # as the server does
        for round_ in range(number + WARM_UP):
            for name, seconds in tell(database, story).items():
                if round_ >= WARM_UP:
                    spent[name].append(seconds * 1000)
        database.dispose()
    plainest = statistics.median(spent[CLAIM])
    print(f"{'':<32}{'median CPU ms':>14}{'of a claim':>12}")
    for name, times in spent.items():
        print(f"{name:<32}{statistics.median(times):>14.2f}{statistics.median(times) / plainest:>11.1f}x")


def make_world(folder: Path, now: datetime) -> str:
    """Make a database with the demo's people and the process; answer its address."""
    url = f"sqlite:///{folder / 'world.db'}"
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, now)
        package = definitions.read_folder(PROCESS)
        definitions.publish(session, package, by="system", now=now, operations=CATALOGUE, roles=ROLES)
    database.dispose()
    return url


def tell(database: Database, story: Scenario) -> dict[str, float]:
    """Walk one case through its tasks; answer the CPU seconds of each act."""
    spent: dict[str, float] = {}

    def start(session: Any) -> Case:
        actor = people.actor_named(session, story.start.as_)
        return cases.start_case(session, story.process, actor=actor, answers=story.start.answers, now=story.now)

    spent["start"], case = timed(database, start)
    for step in story.steps:
        if isinstance(step, Do) and step.refused is None:
            with database.reading() as session:
                actor = people.actor_named(session, step.as_)
                asked = (Task.case_id == case.id, Task.element == step.do, Task.state == OPEN)
                task = session.scalars(select(Task.id).where(*asked)).one()
                revision = session.scalars(select(Case.revision).where(Case.id == case.id)).one()
            spent[CLAIM], _ = timed(database, lambda s, t=task, a=actor: tasks.claim_task(s, t, actor=a, now=story.now))
            answers, seen = step.answers, revision + 1

            def complete(session: Any, task: str = task, actor: Any = actor, answers: Any = answers, seen: int = seen) -> Any:
                return tasks.complete_task(session, task, actor=actor, answers=answers, revision=seen, now=story.now)

            spent[step.do], _ = timed(database, complete)
    with database.transaction() as session:
        cases.withdraw(session, case.id, actor=people.actor_named(session, story.start.as_), reason="Measured", now=story.now)
    return spent


def timed(database: Database, act: Callable[[Any], Any]) -> tuple[float, Any]:
    """Carry out an act in its transaction; answer the CPU seconds and what came of it."""
    began = time.process_time()
    with database.transaction() as session:
        answer = act(session)
    return time.process_time() - began, answer


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
