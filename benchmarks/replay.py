"""How long it takes to run a thousand finished cases again on a draft, beside reading the same rows.

In one run, on one machine: finished cases of the travel clearance, told by scenarios and copied until there are enough, are run
again

- on a draft that changes nothing;
- on a draft in which every case leaves its path, at its first step, so that each is looked at on its own version as well;
- and their rows are only read.

Run it with `python benchmarks/replay.py [number of cases]`. It counts the time of the processor, not the wall's.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from services import definitions, demo, replays  # noqa: E402  the path comes first
from services.database import Database, upgrade  # noqa: E402
from services.scenarios import Story, find_scenarios, read_others  # noqa: E402
from workflows import packages  # noqa: E402
from workflows.scenarios import Look, Scenario, Send  # noqa: E402

KEY = "travel_clearance"
FOLDER = ROOT / "bpmn" / KEY
TOLD = ("g1_01", "g1_04", "g1_05", "g1_07", "g1_13_")
TABLES = ("cases", "tasks", "decisions", "audit")


def main(number: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="safeconduct-bench-") as folder:
        file = Path(folder) / "cases.db"
        now = tell_cases(file)
        copy_cases(file, number)
        database = Database(f"sqlite:///{file}", durable=False)
        package = definitions.read_folder(FOLDER)
        read = measure(database, package, number, now, runs=False)
        same = measure(database, package, number, now)
        other = measure(database, change(package), number, now)
        database.dispose()
    print(f"{number} finished cases, seconds and times the reading:")
    for name, (seconds, said) in {"only read": read, "same draft": same, "all differ": other}.items():
        print(f"  {name:<12} {seconds:7.2f} s  {seconds / read[0]:5.1f}  {said}")


def measure(
    database: Database, package: packages.Package, number: int, now: object, *, runs: bool = True
) -> tuple[float, dict[str, object]]:
    """Run all finished cases again, or only read them."""
    program = replays.program_of(package)
    found = replays.Replayed()
    began = time.process_time()
    with database.reading() as session:
        last = None
        while ids := replays.list_finished(session, KEY, now=now, after=last, limit=50):
            histories = replays.read_histories(session, [case_id for _, case_id in ids])
            if runs:
                replays.replay(session, program, histories, into=found)
            last = ids[-1]
    said = {"same": found.same, "unlike": found.unlike, "unrecorded": found.unrecorded, "different": found.differences.total()}
    return time.process_time() - began, said if runs else {"cases": number}


def change(package: packages.Package) -> packages.Package:
    """Rename the start event, so that no case takes the same path."""
    main_file = next(name for name in package.files if name.endswith("main.bpmn"))
    start = next(each.id for each in package.diagrams[main_file].elements.values() if each.kind == "startEvent")
    drawn = package.files[main_file].replace(start.encode(), b"another_start")
    return packages.read_package(KEY, {**package.files, main_file: drawn})


def tell_cases(file: Path) -> object:
    """Let some scenarios happen one after the other in one world; answers the moment after them."""
    url = f"sqlite:///{file}"
    upgrade(url)
    database = Database(url, durable=False)
    stories: list[Scenario] = [each for each in find_scenarios(FOLDER) if each.name.startswith(TOLD)]
    begin = min(story.now for story in stories)
    with database.transaction() as session:
        demo.load_world(session, begin)
    keys = {package.key: package for story in stories for package in read_others(story, FOLDER.parent)}
    for package in [definitions.read_folder(FOLDER), *keys.values()]:
        with database.transaction() as session:
            definitions.publish(session, package, by="system", now=begin)
    for story in stories:
        # Their numbers are others here, so nothing is looked for on the way, and messages go to the case of the story.
        steps = tuple(
            replace(step, key=None) if isinstance(step, Send) else step for step in story.steps if not isinstance(step, Look)
        )
        Story(database, replace(story, steps=steps)).tell()
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE cases SET ended_at = started_at WHERE ended_at IS NOT NULL")
    database.dispose()
    return begin + timedelta(days=1)


def copy_cases(file: Path, number: int) -> None:
    """Copy the rows of finished cases until there are enough."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA foreign_keys=OFF")
    finished = [
        row[0] for row in connection.execute("SELECT id FROM cases WHERE ended_at IS NOT NULL AND process_key = ?", (KEY,))
    ]
    connection.execute("UPDATE cases SET ended_at = NULL WHERE process_key <> ?", (KEY,))
    print(f"{len(finished)} kinds of finished cases, {finished and number // len(finished)} of each")
    for count in range(number - len(finished)):
        _copy(connection, finished[count % len(finished)], f"{900_000 + count:06d}")
    connection.commit()
    connection.close()


def _copy(connection: sqlite3.Connection, case_id: str, mark: str) -> None:
    number = connection.execute("SELECT number FROM cases WHERE id = ?", (case_id,)).fetchone()[0]
    for table in TABLES:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        named = {"id", "case_id", "task_id"} & set(columns)
        about = "id" if table == "cases" else "case_id"
        for row in connection.execute(f"SELECT * FROM {table} WHERE {about} = ?", (case_id,)).fetchall():
            values = dict(zip(columns, row, strict=True))
            values |= {name: values[name][: -len(mark)] + mark for name in named if values[name]}
            texts = {
                name: value.replace(number, f"{number[:9]}{mark}") for name, value in values.items() if isinstance(value, str)
            }
            values |= {name: text for name, text in texts.items() if name not in named}
            if table == "cases":
                values["once_key"] = None
            if table == "audit":
                values["idempotency_key"] = None
            marks = ", ".join("?" for _ in columns)
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", list(values.values()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
