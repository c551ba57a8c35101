"""The assessments that the demo begins with."""

from __future__ import annotations

from sqlalchemy import select

from services.database import Database
from services.models.assessments import Assessment
from services.models.cases import OPEN, Case, Task
from services.registers import assessments as register
from tests.databases import NOW


def test_the_demo_shows_an_assessment_in_every_state(demo_database: Database) -> None:
    with demo_database.reading() as session:
        rows = session.execute(select(Assessment.area, Case.status).join(Case, Case.id == Assessment.case_id)).all()
        steps = select(Assessment.area, Task.element).join(Task, Task.case_id == Assessment.case_id).where(Task.state == OPEN)
        waiting = {tuple(row) for row in session.execute(steps)}

    assert sorted(map(tuple, rows)) == [
        ("XA-CAP", "WITH_SMT"),
        ("XA-NOR", "WITHDRAWN"),
        ("XB-HIG", "EXPIRED"),
        ("XC-SOU", "WITH_DO"),
        ("XD-ISL", "RETURNED"),
        ("XF-CAP", "WITH_DIRECTOR"),
        ("XH-CAP", "ENDORSED_WITH_OBSERVATIONS"),
        ("XJ-DEL", "DRAFT"),
        ("XK-NEW", "DRAFT"),
    ]
    assert {("XJ-DEL", "srm_avoidance"), ("XK-NEW", "srm_draft"), ("XD-ISL", "srm_fix"), ("XH-CAP", "srm_followup")} <= waiting


def test_what_was_in_force_stays_so_until_the_renewal_begins(demo_database: Database) -> None:
    with demo_database.reading() as session:
        now = register.find_in_force(session, "XH-CAP", NOW.date())
        later = register.find_latest(session, "XH-CAP")

    assert now is not None
    assert later is not None
    assert (now.number, later.number) == ("SRM-XH-CAP-2026-01", "SRM-XH-CAP-2026-02")
    assert now.valid_to is not None
    assert later.valid_from is not None
    assert (later.valid_from - now.valid_to).days == 1
