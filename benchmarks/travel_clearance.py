"""What a completed task of the travel clearance costs, in CPU time: the whole diagram with its tables and operations.

The stories are those of the process in which people only do tasks, so that every kind of task is among them, and common ones
more often; one of them is a group of 34. The ratio is to the plainest act of the run, a claim of a task.

Run it with `python benchmarks/travel_clearance.py [rounds]`. The ratios count; the milliseconds are the machine's.
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
from workflows.scenarios import Do, Look, Scenario, Step, load_yaml, read_scenario  # noqa: E402

PROCESS = ROOT / "bpmn" / "travel_clearance"
STORIES = PROCESS / "scenarios"
#: Told once only: the advice on an operator holds for the next request as well.
ONCE = "x_risk_office_is_asked.yaml"
CLAIM, START = "claim (the plainest act)", "start"
WARM_UP = 3
#: An act in a story: its name, and which step of which story it is.
Act = tuple[str, str, int]


def main(rounds: int) -> None:
    """Measure and print."""
    stories = read_stories()
    spent: dict[Act, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="safeconduct-bench-") as folder:
        database = Database(make_world(Path(folder), stories[0].now))
        spare_collector()  # as the server does
        for round_ in range(rounds + WARM_UP):
            for story in stories:
                for act, seconds in tell(database, story).items():
                    if round_ >= WARM_UP:
                        spent[act].append(seconds * 1000)
        database.dispose()
    report({act: statistics.median(times) for act, times in spent.items()})


def report(medians: dict[Act, float]) -> None:
    """Print what each act costs, the mean where there are several, and what a completed task costs on average."""
    named: dict[str, list[float]] = defaultdict(list)
    for (name, _, _), median in medians.items():
        named[name].append(median)
    claim = statistics.mean(named[CLAIM])
    tasks_only = [median for name, each in named.items() if name not in {CLAIM, START} for median in each]
    print(f"{'':<32}{'':>6}{'CPU ms':>10}{'of a claim':>12}")
    middle = [statistics.median(tasks_only)]
    for name, each in [*sorted(named.items()), ("all tasks, the mean", tasks_only), ("all tasks, the median", middle)]:
        print(f"{name:<32}{len(each):>5}x{statistics.mean(each):>10.2f}{statistics.mean(each) / claim:>11.1f}x")


def read_stories() -> list[Scenario]:
    """Return the stories in which people do tasks and nothing else happens."""
    paths = [path for path in sorted(STORIES.glob("*.yaml")) if path.name != ONCE]
    found = [read_scenario(load_yaml(path.read_bytes(), name=path.name), name=path.name) for path in paths]
    return [story for story in found if not story.given and all(_is_plain(step) for step in story.steps)]


def _is_plain(step: Step) -> bool:
    return isinstance(step, Look) or (isinstance(step, Do) and step.refused is None and step.process is None)


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


def tell(database: Database, story: Scenario) -> dict[Act, float]:
    """Walk one case through its tasks; answer the CPU seconds of each act."""
    spent: dict[Act, float] = {}
    requester = story.start.as_ or ""

    def start(session: Any) -> Case:
        actor = people.actor_named(session, requester)
        return cases.start_case(session, story.process, actor=actor, answers=story.start.answers, now=story.now)

    spent[START, story.name, 0], case = timed(database, start)
    for number, step in enumerate(story.steps, start=1):
        if isinstance(step, Do):
            actor, task, revision, is_claimed = find(database, case.id, step, story.now)
            if is_claimed:

                def claim(session: Any, task: str = task, actor: Any = actor) -> Any:
                    return tasks.claim_task(session, task, actor=actor, now=story.now)

                spent[CLAIM, story.name, number], _ = timed(database, claim)
                revision += 1

            def complete(session: Any, step: Do = step, task: str = task, actor: Any = actor, revision: int = revision) -> Any:
                return tasks.complete_task(session, task, actor=actor, answers=step.answers, revision=revision, now=story.now)

            spent[step.do, story.name, number], _ = timed(database, complete)
    with database.transaction() as session:
        if session.get_one(Case, case.id).state == OPEN:
            actor = people.actor_named(session, requester)
            cases.withdraw(session, case.id, actor=actor, reason="Measured", now=story.now)
    return spent


def find(database: Database, case_id: str, step: Do, now: datetime) -> tuple[Any, str, int, bool]:
    """Find the task of a step: whose it is to do, its id, the revision of its case, and whether it is claimed first."""
    with database.reading() as session:
        actor = people.actor_named(session, step.as_)
        asked = [Task.case_id == case_id, Task.element == step.do, Task.state == OPEN]
        asked += [Task.area == step.area] if step.area is not None else []
        asked += [Task.line == step.line] if step.line is not None else []
        open_now = session.scalars(select(Task).where(*asked).order_by(Task.opened_at, Task.area, Task.line, Task.id)).all()
        task = next(each for each in open_now if tasks.get_task(session, each.id, actor=actor, now=now).may_act)
        return actor, task.id, session.get_one(Case, case_id).revision, task.role is not None and task.assignee is None


def timed(database: Database, act: Callable[[Any], Any]) -> tuple[float, Any]:
    """Carry out an act in its transaction; answer the CPU seconds and what came of it."""
    began = time.process_time()
    with database.transaction() as session:
        answer = act(session)
    return time.process_time() - began, answer


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
