"""A journey from its request to its end, with words that nobody else would write, and a look for them in all that is stored."""

from __future__ import annotations

import zlib
from datetime import timedelta
from typing import Any

from sqlalchemy import inspect, select

from services import attachments, cases, jobs, people, questions
from services.database import Database
from services.mailers import MemoryMailer
from services.models.cases import COMPLETED, OPEN, Task
from tests.services.travel.journeys import NOW, Journeys, request_to

TRAVELLER, DECIDER = "ana.lucero", "mei.okafor-lund"
CONTACT, PHONE, LODGING, PURPOSE = (
    "Zebulon Quillfeather",
    "+15559917733",
    "Hotel Xanthippe",
    "Counting ptarmigans with partners on site",
)
FILE_NAME, FILE_BYTES, ASKED, ANSWERED = "zanzibar-letter.pdf", b"%PDF-1.7 quixotic bytes", "Which gryphon?", "The wyvern one."
EMERGENCY, REASON = "Ottoline Vexley", "The road is quiet but the ford of Ixelles is far away."
STRINGS = (CONTACT, PHONE, LODGING, PURPOSE, FILE_NAME, "quixotic bytes", ASKED, ANSWERED, EMERGENCY, REASON)
#: Where the record may name what people wrote (docs/decisions/0040).
RECORD = {"decisions.answers", "decisions.conditions", "decisions.reason_text", "decisions.tables_used", "audit.payload"}


def travel(journeys: Journeys) -> str:
    """Somebody asks, is asked something, is cleared with a condition, travels and comes back; the id of the case."""
    case_id = _ask(journeys)
    _talk(journeys, case_id)
    briefing = [{"code": "C05", "must_acknowledge": True}]
    journeys.do(case_id, DECIDER, "stop_decide", decision="GRANT_COND", conditions=briefing, reason_text=REASON)
    journeys.do(case_id, TRAVELLER, "tsc_ack_conditions", acknowledged=True)
    journeys.send(case_id, "MSG_CHECKIN", {"kind": "ARRIVED", "stop": 1}, NOW + timedelta(days=19))
    for days in range(20, 90):
        jobs.run_once(journeys.database, MemoryMailer(), NOW + timedelta(days=days))
        if journeys.case(case_id).state == COMPLETED:
            return case_id
    raise AssertionError(journeys.case(case_id).state)


def _ask(journeys: Journeys) -> str:
    asked = request_to("XC-CAP", purpose_text=PURPOSE, emergency_name=EMERGENCY)
    asked["stops"][0] |= {"contact_name": CONTACT, "contact_phone": PHONE, "lodging_name": LODGING}
    with journeys.database.transaction() as session:
        actor = people.actor_named(session, TRAVELLER)
        file = attachments.keep_attachment(session, name=FILE_NAME, content=FILE_BYTES, actor=actor, now=NOW)
    with journeys.database.transaction() as session:
        answers = asked | {"attachments": [file.id]}
        return cases.start_case(session, "travel_clearance", actor=actor, answers=answers, now=NOW).id


def _talk(journeys: Journeys, case_id: str) -> None:
    with journeys.database.transaction() as session:
        task = session.scalars(
            select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == "stop_decide")
        ).one()
        asked = questions.ask_requester(session, task.id, text=ASKED, actor=people.actor_named(session, DECIDER), now=NOW)
    with journeys.database.transaction() as session:
        traveller = people.actor_named(session, TRAVELLER)
        questions.answer_question(session, asked.id, text=ANSWERED, actor=traveller, now=NOW)


def places_of(database: Database, words: tuple[str, ...]) -> set[str]:
    """Look through every column of every table; answers those in which any of the words stands, as "table.column"."""
    found = set()
    with database.engine.connect() as connection:
        for table in inspect(database.engine).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings().all()
            for row in rows:
                found |= {f"{table}.{column}" for column, value in row.items() if any(word in _text(value) for word in words)}
    return found


def _text(value: Any) -> str:
    if isinstance(value, (bytes, memoryview)):
        return _opened(bytes(value))
    return str(value) if not isinstance(value, str) else value.encode().decode("unicode_escape", "ignore") + value


def _opened(content: bytes) -> str:
    """States of the engine are compressed."""
    texts = [content.decode("latin-1")]
    for begin in range(min(len(content), 16)):
        try:
            texts.append(zlib.decompress(content[begin:]).decode("latin-1"))
            break
        except zlib.error:
            continue
    return "".join(texts)


def snapshot(database: Database) -> dict[str, list[str]]:
    """All rows of all tables, to compare; the sweep's own marks of what it did on a day are left out."""
    passing = {"daily_rounds", "whereabouts_nights", "sign_in_attempts"}
    with database.engine.connect() as connection:
        return {
            table: sorted(str(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'))
            for table in inspect(database.engine).get_table_names()
            if table not in passing
        }
