"""Finished cases are run again on a draft with their recorded answers, and scenarios of a draft say what they pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from services import definitions, demo, jobs, people, process_drafts
from services.database import Database, upgrade
from services.mailers import MemoryMailer
from services.models.audit import AuditEntry
from services.models.cases import Case
from services.models.draft_evidence import DraftEvidence
from services.models.process_drafts import ProcessDraft
from services.process_drafts import evidence, proving
from services.process_drafts.coverage import cover
from services.scenarios import Story, find_scenarios
from tests.databases import NOW
from tests.worlds import BOTH, EMBEDDED, world_fixture

KEY = "delegation"
FOLDER = Path(__file__).resolve().parents[2] / "bpmn" / KEY
DIAGRAM = "doa_main.bpmn"
LATER = NOW + timedelta(days=30)
#: One that is refused at once, one that its person gives up, and one that is signed, accepted and ends on its day.
TOLD = ("withdrawn_before_acceptance.yaml", "never_delegable.yaml", "absence_entered_by_somebody_else.yaml")
SCENARIO = (FOLDER / "scenarios" / TOLD[2]).read_bytes()
#: A flow that is never taken, in the place of one that always is.
REFUSING = (
    'sourceRef="gw_result" targetRef="doa_register"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
    "=false</bpmn:conditionExpression></bpmn:sequenceFlow>"
)


def fill(url: str) -> None:
    upgrade(url)
    database = Database(url, durable=False)
    stories = {scenario.name: scenario for scenario in find_scenarios(FOLDER)}
    with database.transaction() as session:
        demo.load_world(session, NOW)
    with database.transaction() as session:
        definitions.publish(session, definitions.read_folder(FOLDER), by="system", now=NOW)
    for name in TOLD:
        Story(database, stories[name]).tell()
    database.dispose()


@dataclass
class World:
    """Finished cases, and drafts of their process."""

    database: Database
    mailer: MemoryMailer = field(default_factory=MemoryMailer)

    def draft(self, *changes: tuple[str, str], more: dict[str, bytes] | None = None, left_out: tuple[str, ...] = ()) -> str:
        with self.database.transaction() as session:
            actor = people.actor_named(session, "pavel.eriksen")
            files = definitions.read_folder(FOLDER).files
            drawn = files[DIAGRAM].decode()
            for old, new in changes:
                assert old in drawn
                drawn = drawn.replace(old, new)
            kept = {name: content for name, content in files.items() if name not in left_out}
            made = process_drafts.create_draft(
                session, KEY, {**kept, DIAGRAM: drawn.encode(), **(more or {})}, actor=actor, now=LATER
            )
            return made.id

    def ask(self, draft_id: str, kind: str, **only: Any) -> None:
        with self.database.transaction() as session:
            actor = people.actor_named(session, "pavel.eriksen")
            evidence.ask_evidence(session, session.get_one(ProcessDraft, draft_id), kind, actor=actor, now=LATER, **only)

    def find(self, draft_id: str, kind: str):
        with self.database.reading() as session:
            return evidence.find_evidence(session, session.get_one(ProcessDraft, draft_id), kind)

    def replay(self, draft_id: str) -> dict[str, Any]:
        self.ask(draft_id, evidence.REPLAY)
        jobs.try_drafts(self.database, lambda: LATER, lambda: True)
        found = self.find(draft_id, evidence.REPLAY)
        assert (found.state, found.done, found.total) == ("DONE", 3, 3)
        assert found.failed == sum(group["cases"] for group in found.report["groups"])
        return found.report


world = world_fixture("replays", fill, World, kinds=EMBEDDED)
both = world_fixture("replays", fill, World, kinds=BOTH)


def test_cases_take_the_same_path_on_a_draft_that_changes_nothing(both):
    before = count_rows(both)

    report = both.replay(both.draft())

    assert report == {"same": 3, "unrecorded": 0, "unlike": 0, "reasons": {}, "groups": []}
    assert count_rows(both) == before


def test_cases_differ_on_a_draft_exactly_where_it_was_changed(world):
    turned = world.replay(world.draft(("=not(is_own)", "=is_own")))
    assert turned["same"] == 1
    assert ways(turned) == {("DIFFERENT", "doa_sign", "doa_check", None, 1), ("DIFFERENT", "doa_check", "doa_sign", None, 1)}

    without_signing = world.replay(world.draft(('targetRef="doa_sign"', 'targetRef="doa_check"')))
    assert ways(without_signing) == {("DIFFERENT", "doa_check", "doa_sign", None, 1)}
    assert without_signing["same"] == 2


def test_a_case_waits_where_nobody_has_answered_yet(world):
    report = world.replay(world.draft(("=delegate = null", "=delegate != null")))

    assert ("WAITING", "doa_accept_role", "doa_accept", "doa_accept_role", 1) in ways(report)
    assert report["same"] == 1


def test_a_case_fails_where_the_draft_cannot_go_on(world):
    broken = 'default="f_gw_result__doa_register"'
    report = world.replay(world.draft((broken, ""), ('sourceRef="gw_result" targetRef="doa_register" />', REFUSING)))

    assert [(each["kind"], each["at"]) for each in report["groups"]] == [("FAILED", "gw_result")]


def test_what_was_recorded_before_is_counted_and_not_guessed(world):
    with world.database.transaction() as session:
        session.execute(text("DROP TRIGGER audit_no_update"))
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "complete").limit(1)).one()
        entry.payload = {name: value for name, value in entry.payload.items() if name != "performed"}

    report = world.replay(world.draft(("=not(is_own)", "=is_own")))

    assert (report["unrecorded"], report["reasons"], report["same"]) == (1, {"UNRECORDED": 1}, 1)


def test_a_report_names_no_case_and_nothing_that_one_holds(world):
    report = str(world.replay(world.draft(("=not(is_own)", "=is_own"))))

    with world.database.reading() as session:
        known = [
            value for case in session.scalars(select(Case)) for value in (case.id, case.number, case.subject, case.requester)
        ]
    assert [value for value in known if value in report] == []


def test_scenarios_run_one_by_one_and_hold_for_these_files_alone(world):
    wrong = SCENARIO.replace(b"outcome: ENDED", b"outcome: NOT_DELEGABLE")
    names = [each.name for each in find_scenarios(FOLDER)]
    draft_id = world.draft(left_out=tuple(f"scenarios/{name}" for name in names[1:]), more={"scenarios/wrong.yaml": wrong})

    world.ask(draft_id, evidence.SCENARIOS)
    assert proving.carry_on(world.database, LATER)
    found = world.find(draft_id, evidence.SCENARIOS)
    assert (found.state, found.done, found.total) == ("RUNNING", 1, 2)
    jobs.try_drafts(world.database, lambda: LATER, lambda: True)

    found = world.find(draft_id, evidence.SCENARIOS)
    assert (found.state, found.done, found.total, found.failed) == ("DONE", 2, 2, 1)
    results = found.report["results"]
    assert results[names[0].removesuffix(".yaml")]["failures"] == []
    assert results["wrong"]["failures"] == ["The outcome is ENDED, not NOT_DELEGABLE."]

    package = definitions.read_folder(FOLDER)
    coverage = cover(package, results["wrong"]["passed"])
    assert "doa_sign" not in coverage.elements
    assert "doa_refused" in coverage.elements
    assert {"f_gw_delegable__doa_refused", "f_gw_own__doa_check"} <= set(coverage.flows)
    assert "f_gw_own__doa_sign" not in coverage.flows
    assert 0 < coverage.share < 100

    with world.database.transaction() as session:
        actor = people.actor_named(session, "pavel.eriksen")
        process_drafts.save_file(session, draft_id, "README.md", b"Changed.", revision=1, actor=actor, now=LATER)
    assert world.find(draft_id, evidence.SCENARIOS) is None


def test_one_scenario_can_be_run_alone_and_leaves_what_the_others_gave(world):
    names = [each.name.removesuffix(".yaml") for each in find_scenarios(FOLDER)]
    draft_id = world.draft(left_out=tuple(f"scenarios/{name}.yaml" for name in names[2:]))
    for name in names[:2]:
        world.ask(draft_id, evidence.SCENARIOS, only=[name])
        jobs.try_drafts(world.database, lambda: LATER, lambda: True)

    found = world.find(draft_id, evidence.SCENARIOS)
    assert (found.state, sorted(found.report["results"]), found.done, found.failed) == ("DONE", names[:2], 2, 0)


def test_a_round_about_files_that_were_changed_meanwhile_is_given_up(world):
    draft_id = world.draft()
    world.ask(draft_id, evidence.REPLAY)
    with world.database.transaction() as session:
        actor = people.actor_named(session, "pavel.eriksen")
        process_drafts.save_file(session, draft_id, "README.md", b"Changed.", revision=1, actor=actor, now=LATER)

    jobs.try_drafts(world.database, lambda: LATER, lambda: True)

    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(DraftEvidence)) == 0


def ways(report):
    return {(each["kind"], each["now"], each["before"], each["at"], each["cases"]) for each in report["groups"]}


def count_rows(world):
    with world.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in (Case, AuditEntry)]
