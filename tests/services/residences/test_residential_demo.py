"""The demo: schedules and claims in every state."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from services import audit
from services.database import Database
from services.demo.cases import read_stories
from services.models.cases import Case

KEYS = ("residential_measures", "residence_claim")


def test_every_residential_story_of_the_demo_is_told_to_its_end(demo_database: Database) -> None:
    stories = Counter(story["process"] for story in read_stories() if story["process"] in KEYS)
    assert stories == {"residential_measures": 6, "residence_claim": 15}

    with demo_database.reading() as session:
        found = session.scalars(select(Case).where(Case.process_key.in_(KEYS))).all()
        assert Counter(case.process_key for case in found) == stories
        assert {case.state for case in found} <= {"OPEN", "COMPLETED"}
        assert all(audit.verify_case(session, case) == [] for case in found)


def test_the_demo_shows_schedules_and_claims_on_every_desk(demo_database: Database) -> None:
    with demo_database.reading() as session:
        statuses = {key: set(session.scalars(select(Case.status).where(Case.process_key == key))) for key in KEYS}

    assert statuses["residential_measures"] == {"DRAFT", "IN_CONSULTATION", "WITH_SMT", "RETURNED", "WITH_DESK", "IN_FORCE"}
    assert statuses["residence_claim"] >= {"WAITING_SURVEY", "RETURNED", "WITH_DO", "VERIFYING", "CERTIFYING"}
    assert statuses["residence_claim"] >= {"PAID", "PREAPPROVED", "REJECTED", "WITHDRAWN"}
