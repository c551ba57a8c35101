"""All cases of a world run again on their own version, from what was recorded of them."""

from __future__ import annotations

from sqlalchemy import select

from services import definitions, replays
from services.database import Database
from services.models.cases import Case
from workflows.replaying import compare, rerun


def find_unlike(database: Database) -> list[str]:
    """Say of which cases the path is another one when they run again, and where; those that are not over stop where they are."""
    with database.reading() as session:
        numbers = {row.id: row.number for row in session.execute(select(Case.id, Case.number).order_by(Case.id))}
        histories = zip(numbers.values(), replays.read_histories(session, list(numbers)), strict=True)
        return [said for number, history in histories if (said := _unlike(session, number, history))]


def _unlike(session, number: str, history: replays.History) -> str:
    if history.acts is None:
        return f"{number}: {history.why}"
    course = rerun(definitions.get_program(session, history.version_id), history.acts)
    found = compare(history.path, course)
    is_like = (found.now, found.before, course.failed) == (None, None, False)
    return "" if is_like else f"{number}: {found}"
