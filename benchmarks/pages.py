"""What the pages cost that people open most, in CPU time: with the demo's data, in an application without a network.

The ratio is to the plainest page of the run, the one for signing in. "statements" are those of one page.

Run it with `python benchmarks/pages.py [rounds]`. The ratios count; the milliseconds are the machine's.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from services.database import Database  # noqa: E402  the path comes first
from services.models.people import Account  # noqa: E402
from tests.accounts import sign_in  # noqa: E402
from tests.databases import NOW, fill_demo  # noqa: E402
from tests.statements import watch_statements  # noqa: E402
from webapp.app import create_app  # noqa: E402
from webapp.serving import spare_collector  # noqa: E402
from webapp.settings import Settings  # noqa: E402

TRAVELLER, ADVISER, AUDITOR = "lina.marchetti", "naledi.vanter", "amina.sorel"
PLAINEST = "/sign-in"
#: Who opens which page; of a case only the beginning of its number: the first one that the reader's list of cases names.
PAGES = (
    (TRAVELLER, "/"),
    (TRAVELLER, "/cases/TSC"),
    (ADVISER, "/"),
    (ADVISER, "/inbox"),
    (ADVISER, "/cases"),
    (ADVISER, "/cases/TSC"),
    (ADVISER, "/cases/SRM"),
    (ADVISER, "/areas"),
    (ADVISER, "/indicators"),
    (ADVISER, "/oversight"),
    (ADVISER, "/registers/clearances"),
    (ADVISER, "/registers/incidents"),
    (AUDITOR, "/oversight"),
    (AUDITOR, "/indicators"),
    (AUDITOR, "/indicators/decision_hours"),
    (AUDITOR, "/registers/people"),
    (AUDITOR, "/retention"),
)
WARM_UP = 3


def main(rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="safeconduct-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'demo.db'}"
        fill_demo(url)
        database = Database(url)
        app = create_app(Settings(secret_key="of no use outside", database_url=url), database=database, clock=lambda: NOW)
        app.testing = True
        spare_collector()  # as the server does
        report(app, database, rounds)
        database.dispose()


def report(app: Any, database: Database, rounds: int) -> None:
    """Print a line for each page."""
    plainest, _ = measure(app.test_client(), PLAINEST, database, rounds)
    print(f"{'reader':<16}{'page':<28}{'statements':>11}{'CPU ms':>9}{'of the plainest':>17}")
    print(f"{'':<16}{PLAINEST:<28}{'':>11}{plainest:>9.2f}{1:>16.1f}x")
    for reader, address in PAGES:
        client = sign_in(app.test_client(), login_of(database, reader))
        median, statements = measure(client, find_address(client, address), database, rounds)
        print(f"{reader:<16}{address:<28}{statements:>11}{median:>9.2f}{median / plainest:>16.1f}x")


def find_address(client: Any, address: str) -> str:
    """Complete the address of a case."""
    found = re.search(rf'href="({address}-[^"]+)"', client.get("/cases").text) if address.startswith("/cases/") else None
    return found[1] if found else address


def login_of(database: Database, person: str) -> str:
    """Return how somebody signs in."""
    with database.reading() as session:
        return session.scalars(select(Account.login).where(Account.person == person)).one()


def measure(client: Any, address: str, database: Database, rounds: int) -> tuple[float, int]:
    """Return the median of the CPU milliseconds of a page, and how many statements one of them asks."""
    asked = 0

    def count(_statement: str) -> None:
        nonlocal asked
        asked += 1

    spent = []
    for number in range(rounds + WARM_UP):
        began = time.process_time()
        answer = client.get(address)
        spent.append((time.process_time() - began) * 1000)
        if answer.status_code != 200:
            sys.exit(f"{address} answers {answer.status_code}")
        if number == WARM_UP:
            stop = watch_statements(database, count)
            client.get(address)
            stop()
    return statistics.median(spent[WARM_UP:]), asked


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
