"""How long the inbox asks the database, however much waits in it: PostgreSQL, people with 1, 10 and 100 queues.

A queue is a role in an area. Measured is the SQL of a whole page of 40 rows with the counts of its tabs, from the first statement
to the last row, for each order of the list. Beside it stand three floors: reading 40 tasks by their ids, finding the first 50 of
each of 100 queues, and adding up numbers for about as long as a page of 100 queues takes. "cpu" is what the database worked for
a page, on average.

A machine that does other things meanwhile adds milliseconds to one statement in a hundred, whatever it asks: the floor of numbers
shows how many. So all is measured in several passes, one after the other, and "quiet" is the 99th percentile of the least
disturbed one beside that of all rounds.

Run it with `python benchmarks/inbox.py [open tasks] [closed tasks]`. Made rows stand for cases: they have no engine state.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select, text
from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from services import tasks  # noqa: E402  the path comes first
from services.database import Database, upgrade  # noqa: E402
from services.models.cases import Task  # noqa: E402
from services.people import Actor  # noqa: E402
from tests.postgresql_server import start_guarded  # noqa: E402
from tests.statements import watch_statements  # noqa: E402
from webapp.serving import spare_collector  # noqa: E402
from webapp.setup.postgresql import WAY_OUT, find_programs  # noqa: E402

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ROLES = ("DSSO", "SA", "ASC", "CSA", "CELL", "SMT", "DO", "WDN", "HGL", "PLO")
AREAS = 200
PEOPLE = {1: (1, 1), 10: (2, 5), 100: (10, 10)}
VIEWS = ("team", "mine")
ORDERS = ("due", "departure", "risk", "waiting")
ROWS = 40
BUFFERS = "1GB"
PASSES = 5
WARM_UP = 10
ROUNDS = 400
# Rows are made in the order in which the tables refer to each other; what a search looks into is built afterwards, all at once.
FILL = (
    (
        "INSERT INTO areas (code, name, kind, location_class, zone, phase) "
        "SELECT 'A' || n, '{}', 'FIELD_CAPITAL', 'FIELD', 'UTC', 'ESTABLISHED' FROM generate_series(1, :areas) n"
    ),
    (
        "INSERT INTO areas (code, name, kind, location_class, zone, phase) "
        "SELECT 'R' || n, '{}', 'COUNTRY', 'FIELD', 'UTC', 'ESTABLISHED' FROM generate_series(0, 19) n"
    ),
    "INSERT INTO area_within (area, ancestor) SELECT code, code FROM areas",
    "INSERT INTO area_within (area, ancestor) SELECT 'A' || n, 'R' || n % 20 FROM generate_series(1, :areas) n",
    (
        "INSERT INTO role_holdings (id, person, role, area, valid_from, capacity) "
        "SELECT 'h' || n, 'p' || n / 3, (CAST(:roles AS text[]))[1 + n % :n_roles], 'A' || 1 + n % :areas, "
        ":now - interval '1 day', 'OWN' FROM generate_series(1, 12000) n"
    ),
    (
        "INSERT INTO process_versions (id, key, version, digest, title, manifest, bundle, published_at, published_by, note) "
        "VALUES ('v', 'made', 1, '', 'Made', '{}', '', now(), 'system', '')"
    ),
    (
        "INSERT INTO cases (id, number, process_key, version_id, revision, state, subject, words, requester, started_by, "
        "started_at, failures, audit_seq, audit_head, decision_head) "
        "SELECT 'c' || n, 'M-' || n, 'made', 'v', 1, 'OPEN', 'Journey ' || n, '', 'p' || n % 50000, 'p', now(), 0, 0, '', '' "
        "FROM generate_series(1, :cases) n"
    ),
    "INSERT INTO case_parties (id, case_id, person, kind) SELECT id, id, requester, 'REQUESTER' FROM cases",
    (
        "INSERT INTO tasks (id, case_id, element, name, kind, revision, role, area, subject, words, act, "
        "priority, due_at, departs_at, risk_rank, flagged, widened, added_roles, assignee, claimed_by, opened_at, closed_at, "
        "state, separate_from, tables_used, properties) "
        "SELECT 't' || n, 'c' || 1 + n % :cases, 'step', 'Step', 'userTask', 1, (CAST(:roles AS text[]))[1 + n % :n_roles], "
        "'A' || 1 + (n / :n_roles) % :areas, 'Journey ' || n, '', 'DECIDE', 50, "
        ":now + (n * 7919 % 400000) * interval '1 minute', "
        ":now + (n * 104729 % 400000) * interval '1 minute', 1 + n % 5, false, n % 100 = 0 OR n % 50 = 7, "
        "CASE WHEN n % 100 = 0 THEN (CAST(:roles AS text[]))[1 + (n / 100) % :n_roles] || ' ' ELSE '' END, "
        "CASE WHEN n % 9 = 0 THEN 'p' || n % 50000 END, CASE WHEN n % 11 = 0 THEN 'p' || n % 50000 END, "
        ":now - (n * 31 % 400000) * interval '1 minute', "
        "CASE WHEN n > :open THEN now() END, CASE WHEN n > :open THEN 'DONE' ELSE 'OPEN' END, '[]', '[]', '{}' "
        "FROM generate_series(1, CAST(:open + :closed AS bigint)) n"
    ),
    (
        "INSERT INTO task_candidates (id, task_id, role, since, why) "
        "SELECT 't' || n, 't' || n, (CAST(:roles AS text[]))[1 + (n / 100) % :n_roles], now(), 'Overdue' "
        "FROM generate_series(100, CAST(:open + :closed AS bigint), 100) n"
    ),
    (
        "INSERT INTO task_candidates (id, task_id, person, since, why) "
        "SELECT 'n' || n, 't' || n, 'p' || n % 50000, now(), '' FROM generate_series(7, CAST(:open + :closed AS bigint), 50) n"
    ),
    (
        "INSERT INTO tasks_put_off (person, task_id, until, since) "
        "SELECT 'p' || n % 50000, 't' || n, :now + interval '3 days', :now FROM generate_series(3, :open, 40) n"
    ),
    (
        "INSERT INTO decisions (id, case_id, element, act, conditions, actor_person, capacity, conflict_declared, decided_at, "
        "tables_used, answers, prev_hash, hash) "
        "SELECT id, id, 'earlier', 'RECOMMEND', '[]', 'p' || length(id), 'OWN', false, now(), '[]', '{}', '', '' FROM cases"
    ),
)


# The least that it takes to look into 100 queues: the 50 that are due first of each.
HEADS = text(
    "SELECT count(head.id), max(head.due_at) "
    "FROM unnest(CAST(:roles AS varchar[]), CAST(:areas AS varchar[])) AS queue (role, area) CROSS JOIN LATERAL ("
    "SELECT id, due_at FROM tasks WHERE state = 'OPEN' AND assignee IS NULL AND role = queue.role AND area = queue.area "
    "ORDER BY due_at, opened_at LIMIT 50) AS head"
)
# Nothing but work for the processor, which looks at no table.
NUMBERS = text("SELECT sum(number) FROM generate_series(1, 70000) AS number")
_SOME = (
    "SELECT id FROM tasks WHERE state = 'OPEN' AND assignee IS NULL AND role = ANY(CAST(:roles AS text[])) AND area = 'A3' "
    "ORDER BY due_at, id LIMIT 20 OFFSET 20 * :nth"
)
# What everybody who is measured has by name: in hand, assigned, put off.
OWN = (
    f"UPDATE tasks SET claimed_by = :person WHERE id IN ({_SOME})",
    f"UPDATE tasks SET assignee = :person WHERE id IN ({_SOME})",
    (
        "INSERT INTO tasks_put_off (person, task_id, until, since) "
        f"SELECT :person, id, :now + interval '3 days', :now FROM ({_SOME}) due"
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What a pass found.

    Attributes:
        times: For each round how many milliseconds the statements took.
        statements: How many there were in a round.
        worked: How many milliseconds the server worked for a round, on average.
    """

    times: list[float]
    statements: int
    worked: float


def main(waiting: int, closed: int) -> None:
    """Measure and print."""
    with server() as url:
        began = time.perf_counter()
        upgrade(url)
        database = Database(url)
        fill(database, waiting, closed)
        spare_collector()  # as the server does
        print(f"{waiting:,} open and {closed:,} closed tasks, made in {time.perf_counter() - began:.0f} s")
        report(database)
        database.dispose()


def report(database: Database) -> None:
    """Measure floors and pages in passes, and print them."""
    lines: dict[tuple[object, str, str], Callable[[Session], Any]] = {
        ("floor", "", "by ids"): lambda session: session.scalars(by_ids()).all(),
        ("floor", "", "heads"): lambda session: session.execute(HEADS, held_by_most()).all(),
        ("floor", "", "numbers"): lambda session: session.scalar(NUMBERS),
    }
    for queues, view, order in product(PEOPLE, VIEWS, ORDERS):
        lines[queues, view, order] = partial(page, queues=queues, view=view, order=order)
    measured: dict[tuple[object, str, str], list[Measured]] = {name: [] for name in lines}
    for number in range(1, PASSES + 1):
        print(f"pass {number} of {PASSES}", file=sys.stderr, flush=True)
        for name, ask in lines.items():
            measured[name].append(measure(database, ask))
    print(f"{'queues':>7} {'view':<6}{'order':<10}{'statements':>11}{'cpu ms':>9}{'p50 ms':>9}{'p99 ms':>9}{'quiet':>9}")
    for name, passes in measured.items():
        tell(name, passes)


def tell(name: tuple[object, str, str], passes: list[Measured]) -> None:
    """Print a line."""
    times = [each for one in passes for each in one.times]
    worked = statistics.mean(one.worked for one in passes)
    figures = (worked, statistics.median(times), nearly_all(times), min(nearly_all(one.times) for one in passes))
    said = "".join(f"{figure:>9.2f}" for figure in figures)
    print(f"{name[0]:>7} {name[1]:<6}{name[2]:<10}{passes[0].statements:>11}{said}", flush=True)


def nearly_all(times: list[float]) -> float:
    """Return what 99 of 100 do not exceed."""
    return statistics.quantiles(times, n=100)[-1]


def held_by_most() -> dict[str, Any]:
    """Give the queues of whoever has most."""
    roles, areas = PEOPLE[max(PEOPLE)]
    pairs = [(role, f"A{3 * place}") for role in ROLES[:roles] for place in range(1, areas + 1)]
    return {"roles": [role for role, _ in pairs], "areas": [area for _, area in pairs]}


@contextmanager
def server() -> Iterator[str]:
    """Start a server of our own, which ends with us."""
    programs = find_programs()
    if programs is None:
        sys.exit(f"PostgreSQL is missing on this machine. {WAY_OUT}")
    folder = Path(tempfile.mkdtemp(prefix="sc-pg-"))
    start_guarded(programs, folder, run=os.getpid(), buffers=BUFFERS)
    url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
    for _ in range(300):
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            break
        except psycopg.OperationalError:
            time.sleep(0.1)
    yield url


def fill(database: Database, waiting: int, closed: int) -> None:
    """Make the rows, and people who hold roles."""
    cases = max((waiting + closed) // 10, 1)
    given = {"areas": AREAS, "cases": cases, "open": waiting, "closed": closed, "now": NOW}
    given |= {"roles": list(ROLES), "n_roles": len(ROLES)}
    with database.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # rows refer to people who are not made
        connection.execute(text("DROP INDEX ix_tasks_words, ix_cases_words"))
        for statement in FILL:
            named = {name: value for name, value in given.items() if f":{name}" in statement}
            connection.execute(text(statement), named)
        for count, (roles, areas) in PEOPLE.items():
            add_person(connection, count, roles, areas)
        connection.execute(text("CREATE INDEX ix_tasks_words ON tasks USING gin (to_tsvector('simple', words))"))
        connection.execute(text("CREATE INDEX ix_cases_words ON cases USING gin (to_tsvector('simple', words))"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))  # so that the server does not write pages while it is measured


def add_person(connection: Any, count: int, roles: int, areas: int) -> None:
    """Add somebody with so many roles, each in so many areas."""
    statement = text(
        "INSERT INTO role_holdings (id, person, role, area, valid_from, capacity) "
        "SELECT md5(random()::text), :person, role, 'A' || 3 * n, :since, 'OWN' "
        "FROM unnest(CAST(:roles AS text[])) role, generate_series(1, :areas) n"
    )
    person = f"queues-{count}"
    held = {"person": person, "roles": list(ROLES[:roles]), "areas": areas, "since": NOW - timedelta(days=1)}
    connection.execute(statement, held)
    for place, act in enumerate(OWN):
        mine = {"person": person, "roles": list(ROLES[:roles]), "nth": place, "now": NOW}
        connection.execute(text(act), {name: value for name, value in mine.items() if f":{name}" in act})


def page(session: Session, *, queues: int, view: str, order: str) -> Any:
    """Read a page of the inbox of somebody with so many queues."""
    person = f"queues-{queues}"
    actor = Actor(person=person, account=person, name=person)
    return tasks.list_inbox(session, actor, now=NOW, view=view, order=order, limit=ROWS)


def by_ids() -> Any:
    """Read as many tasks as a page has, by their ids."""
    return select(Task).where(Task.id.in_([f"t{number}" for number in range(1, ROWS + 1)]))


def measure(database: Database, ask: Callable[[Session], Any]) -> Measured:
    """Ask for a page again and again."""
    spent: list[float] = []
    counted = 0
    asked_at = 0.0

    def before(_statement: str) -> None:
        nonlocal asked_at
        asked_at = time.perf_counter()

    def after(_statement: str) -> None:
        nonlocal counted
        spent[-1] += (time.perf_counter() - asked_at) * 1000
        counted += 1

    stop = watch_statements(database.reading_engine, before, after=after)
    began = 0.0
    for number in range(WARM_UP + ROUNDS):
        began = cpu_ms(database) if number == WARM_UP else began
        spent.append(0.0)
        counted = 0
        with database.reading() as session:
            ask(session)
    stop()
    worked = (cpu_ms(database) - began) / ROUNDS
    return Measured(times=spent[WARM_UP:], statements=counted, worked=worked)


def cpu_ms(database: Database) -> float:
    """Return how many milliseconds the process of the server behind our connection has worked, as Linux counts it."""
    with database.engine.connect() as connection:
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        connection.commit()
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sizes = [int(given) for given in sys.argv[1:3]]
    main(*sizes) if len(sizes) == 2 else main(100_000, 1_000_000)
