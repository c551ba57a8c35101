"""Moving running cases to another version: one, all of a version, beforehand only in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import func, select, text

from services import cases, definitions, jobs, people, tasks
from services.cases import batches, migrating, repairing
from services.database import Database
from services.errors import NotPublished, NotYourRole, RepairRefused, StaleRevision
from services.faults import FaultInjected, forget_passes
from services.mailers import MemoryMailer
from services.models import AuditEntry, ProcessVersion, TaskDraft
from services.models.migrating import MigratedCase, Migration
from services.people import SYSTEM
from tests.services.booking import ADMINISTRATOR, OWNER, publish_booking
from tests.services.booking import FOLDER as BOOKING
from tests.services.leave import FOLDER, NOW, REQUESTER, REVIEWER, STRANGER, Leave
from workflows import packages

HOUR = timedelta(hours=1)
DIAGRAM = "leave_main.bpmn"
PLACES = ("id", "attachedToRef", "sourceRef", "targetRef")
#: What the review is called in the second version.
RENAMED = {"review": "assess", "review_reminder": "assess_reminder", "review_lapsed": "assess_lapsed"}


def changed(*changes: tuple[str, str], form: str = "") -> packages.Package:
    """The leave process with its diagram changed."""
    files = dict(definitions.read_folder(FOLDER).files)
    diagram = files[DIAGRAM].decode()
    for old, new in changes:
        assert old in diagram, old
        diagram = diagram.replace(old, new)
    files[DIAGRAM] = diagram.encode()
    if form:
        files["forms/review.form"] = files["forms/review.form"].replace(b'"remarks"', form.encode())
    return packages.read_package("leave_request", files)


def renamed(*more: tuple[str, str]) -> packages.Package:
    """The second version: the review has another id, and lapses after four days instead of two."""
    pairs = [(f'{place}="{old}"', f'{place}="{new}"') for old, new in RENAMED.items() for place in PLACES]
    pairs += [(f">{old}<", f">{new}<") for old, new in RENAMED.items()]
    present = [pair for pair in pairs if pair[0] in (FOLDER / DIAGRAM).read_text()]
    return changed(
        *present, ("P2D", "P4D"), ('name="separate_from" value="review"', 'name="separate_from" value="assess"'), *more
    )


@dataclass(frozen=True, kw_only=True)
class Moving(Leave):
    """The leave process, and later versions of it."""

    versions: dict[int, str] = field(default_factory=dict)

    def publish(self, package: packages.Package) -> int:
        with self.database.transaction() as session:
            version = definitions.publish(session, package, by="system", now=NOW)
            self.versions[version.version] = version.id
            return version.version

    def move(self, case_id: str, to: int, *, by: str = OWNER, now=NOW, **more: Any) -> migrating.Report:
        mapping = more.pop("mapping", {})
        with self.database.transaction() as session:
            actor = people.actor_named(session, by)
            target = session.get_one(ProcessVersion, self.versions[to])
            return migrating.migrate_case(session, case_id, target, mapping, actor=actor, now=now, **more)

    def look(self, case_id: str, to: int, **more: Any) -> migrating.Report:
        """What would become of a case, asked in a transaction that cannot write."""
        with self.database.reading() as session:
            target = session.get_one(ProcessVersion, self.versions[to])
            mapping = more.pop("mapping", {})
            return migrating.migrate_case(session, case_id, target, mapping, actor=SYSTEM, now=NOW, dry_run=True, **more)

    def draft(self, case_id: str, **typed: Any) -> None:
        task = self.open_task(case_id)
        actor = self.actor(REVIEWER)
        with self.database.transaction() as session:
            tasks.save_draft(session, task.id, actor=actor, raw=typed, now=NOW)

    def claim(self, case_id: str) -> None:
        task = self.open_task(case_id)
        actor = self.actor(REVIEWER)
        with self.database.transaction() as session:
            tasks.claim_task(session, task.id, actor=actor, now=NOW)


@pytest.fixture
def moving(leave: Leave) -> Moving:
    return Moving(database=leave.database)


@pytest.fixture
def embedded_moving(embedded_leave: Leave) -> Moving:
    return Moving(database=embedded_leave.database)


def said(report: migrating.Report) -> list[str]:
    return [str(each) for each in report.said]


def dump(moving: Leave) -> list[Any]:
    tables = ("cases", "tasks", "task_candidates", "task_drafts", "audit", "case_incidents", "case_waits", "migrated_cases")
    with moving.database.reading() as session:
        return [sorted(map(str, session.execute(text(f"SELECT * FROM {table}")))) for table in tables]


def test_a_case_keeps_its_version_until_it_is_moved_and_goes_on_in_the_new_one(moving: Moving) -> None:
    case_id = moving.start()
    before = moving.open_task(case_id)
    moving.publish(renamed())

    report = moving.move(case_id, 2, mapping=RENAMED)

    assert report.state == "MOVED", said(report)
    task, case = moving.open_task(case_id), moving.case(case_id)
    assert (task.id, task.element, task.due_at, task.opened_at) == (before.id, "assess", before.due_at, before.opened_at)
    assert (case.version_id, case.revision) == (moving.versions[2], 2)
    assert case.wake_at == NOW + 4 * HOUR
    assert moving.problems() == []
    moving.review(case_id, revision=2)
    moving.approve(case_id)
    assert moving.case(case_id).state == "COMPLETED"
    assert moving.problems() == []


def test_the_audit_names_both_versions_and_the_way(moving: Moving) -> None:
    case_id = moving.start()
    old = moving.case(case_id).version_id
    moving.publish(renamed())

    moving.move(case_id, 2, mapping=RENAMED)

    with moving.database.reading() as session:
        entry = session.get_one(AuditEntry, (case_id, 2))
    assert (entry.act, entry.actor, entry.payload["mapping"]) == ("migrate", OWNER, RENAMED)
    assert entry.payload["from"] == {"id": old, "version": 1}
    assert entry.payload["to"] == {"id": moving.versions[2], "version": 2}


def test_timers_keep_their_moments_and_fire_in_the_new_version(moving: Moving) -> None:
    case_id = moving.start()
    moving.publish(renamed())
    jobs.run_once(moving.database, MemoryMailer(), NOW + 4 * HOUR)

    report = moving.move(case_id, 2, mapping=RENAMED, now=NOW + 5 * HOUR)

    assert "assess_lapsed: The timer 2 days stays due at 2026-12-03 09:00 UTC." in said(report)
    assert moving.case(case_id).wake_at == NOW + 48 * HOUR
    jobs.run_once(moving.database, MemoryMailer(), NOW + 48 * HOUR)
    assert moving.case(case_id).state == "COMPLETED"
    assert moving.problems(now=NOW + 48 * HOUR) == []


def test_drafts_and_claims_stay_with_whoever_has_them(moving: Moving) -> None:
    case_id = moving.start()
    moving.claim(case_id)
    moving.draft(case_id, advice="RECOMMEND", remarks="Well earned")
    moving.publish(changed(("4 hours", "Four hours"), form='"notes"'))

    looked = moving.look(case_id, 2)
    moving.move(case_id, 2)

    assert said(looked)[:5] == [
        "review: The task Review the request stays open.",
        "review: Yusra Ben-Halim keeps the task Review the request in hand.",
        "review: The task Review the request stays due at 2026-12-02 09:00 UTC.",
        "review: The draft of Yusra Ben-Halim for the task Review the request is kept.",
        "review: In the draft of Yusra Ben-Halim for the task Review the request, remarks is not asked any more.",
    ]
    assert moving.open_task(case_id).claimed_by == REVIEWER
    with moving.database.reading() as session:
        [draft] = session.scalars(select(TaskDraft))
    assert (draft.person, draft.answers["remarks"]) == (REVIEWER, "Well earned")


def test_whoever_has_the_old_form_open_is_asked_to_look_again(moving: Moving) -> None:
    case_id = moving.start()
    moving.publish(changed(("4 hours", "Four hours"), form='"notes"'))
    moving.move(case_id, 2)

    with pytest.raises(StaleRevision):
        moving.review(case_id, revision=1)
    moving.review(case_id, revision=2)


def test_a_task_that_others_do_in_the_new_version_leaves_the_hand_of_whoever_had_it(moving: Moving) -> None:
    case_id = moving.start()
    moving.claim(case_id)
    lane = "<bpmn:flowNodeRef>review</bpmn:flowNodeRef>"
    other = "<bpmn:flowNodeRef>approve</bpmn:flowNodeRef>"
    moving.publish(changed((lane, ""), (other, other + lane)))

    report = moving.move(case_id, 2)

    assert "review: The task Review the request goes from DSSO to CSA." in said(report)
    assert "review: Yusra Ben-Halim no longer has the task Review the request in hand." in said(report)
    task = moving.open_task(case_id)
    assert (task.role, task.claimed_by) == ("CSA", None)


def test_due_dates_are_worked_out_anew_when_that_is_asked(moving: Moving) -> None:
    first, second = moving.start(), moving.start()
    moving.publish(changed(("PT24H", "PT72H")))

    moving.move(first, 2, now=NOW + HOUR)
    report = moving.move(second, 2, now=NOW + HOUR, renew_due=True)

    assert moving.open_task(first).due_at == NOW + 24 * HOUR
    assert moving.open_task(second).due_at == NOW + 73 * HOUR
    assert "review: The task Review the request becomes due at 2026-12-04 10:00 UTC." in said(report)


def test_who_acted_under_an_old_id_is_kept_apart_from_later_steps(moving: Moving) -> None:
    open_before, open_after = moving.start(), moving.start()
    moving.review(open_before)
    moving.publish(renamed())

    for case_id in (open_before, open_after):
        moving.move(case_id, 2, mapping=RENAMED)
    moving.review(open_after, revision=2)

    for case_id in (open_before, open_after):
        assert moving.open_task(case_id).separate_from == ["assess", "review"]
    assert moving.case(open_before).former_ids["assess"] == ["review"]


def test_where_a_case_was_is_shown_in_the_diagram_of_its_new_version(moving: Moving) -> None:
    case_id = moving.start()
    moving.review(case_id)
    moving.publish(renamed())

    moving.move(case_id, 2, mapping=RENAMED)

    with moving.database.reading() as session:
        view = cases.read_case(session, case_id, actor=moving.actor(REQUESTER), now=NOW)
    assert (view.marks["assess"], view.marks["approve"], view.version.version) == ("done", "active", 2)
    assert "review" not in view.marks
    assert [event.act for event in view.history] == ["start", "complete", "migrate"]


def test_a_dry_run_says_what_would_happen_and_changes_nothing(moving: Moving) -> None:
    case_id = moving.start()
    moving.publish(renamed())
    before = dump(moving)

    good, bad = moving.look(case_id, 2, mapping=RENAMED), moving.look(case_id, 2)

    assert dump(moving) == before
    assert (good.state, bad.state) == ("MOVED", "REFUSED")
    assert [str(problem) for problem in bad.problems] == [
        "review: The case stands at Review the request, which is not there in the new version. Say which step takes its place."
    ]


def test_a_refused_case_stays_as_it_was(moving: Moving) -> None:
    case_id = moving.start()
    moving.publish(renamed())
    before = dump(moving)

    assert moving.move(case_id, 2).state == "REFUSED"

    assert dump(moving) == before
    moving.review(case_id)


def test_moving_twice_or_after_the_end_does_nothing_more(moving: Moving) -> None:
    moved, over = moving.start(), moving.start()
    with moving.database.transaction() as session:
        cases.withdraw(session, over, actor=moving.actor(REQUESTER), reason="Other plans", now=NOW)
    moving.publish(renamed())
    moving.move(moved, 2, mapping=RENAMED)
    before = dump(moving)

    assert [moving.move(case_id, 2, mapping=RENAMED).state for case_id in (moved, over)] == ["GONE", "GONE"]
    assert dump(moving) == before


def test_a_case_whose_state_cannot_be_read_is_refused(moving: Moving) -> None:
    case_id = moving.start()
    moving.publish(renamed())
    with moving.database.transaction() as session:
        session.execute(text("UPDATE cases SET engine_state = :rot"), {"rot": b"rot"})

    assert moving.move(case_id, 2, mapping=RENAMED).state == "REFUSED"


def test_a_case_is_not_moved_to_another_process(embedded_moving: Moving) -> None:
    case_id = embedded_moving.start()
    publish_booking(embedded_moving)
    with embedded_moving.database.reading() as session:
        embedded_moving.versions[9] = definitions.current_version(session, "booking").id

    with pytest.raises(RepairRefused):
        embedded_moving.move(case_id, 9)


def test_a_message_that_the_new_version_waits_for_finds_the_moved_case(moving: Moving) -> None:
    case_id = moving.start()
    moving.publish(changed(('name="MSG_WITHDRAW"', 'name="MSG_TAKE_BACK"')))
    moving.move(case_id, 2)
    number = moving.case(case_id).number

    with moving.database.transaction() as session:
        cases.send_message(session, "MSG_TAKE_BACK", number, {}, actor=SYSTEM, now=NOW)

    assert moving.case(case_id).state == "COMPLETED"
    assert moving.problems() == []


def test_a_case_that_was_put_aside_is_moved_to_a_version_that_mends_it(leave: Leave, monkeypatch: pytest.MonkeyPatch) -> None:
    booking = publish_booking(leave)
    booking.enter_operations(monkeypatch.setitem)
    booking.fail("try.remind")
    case_id = booking.start_booking()
    for moment in (1, 2, 3):
        jobs.fire_due_timers(booking.database, NOW + moment * HOUR)
    assert booking.case(case_id).state == "INCIDENT"
    files = dict(definitions.read_folder(BOOKING).files)
    diagram = files["booking_main.bpmn"].replace(b'"try.remind"', b'"try.move"').replace(b'"remind"', b'"nudge"')
    files["booking_main.bpmn"] = diagram.replace(b">remind<", b">nudge<")
    moving = Moving(database=booking.database)
    moving.publish(packages.read_package("booking", files))

    assert moving.move(case_id, 2, mapping={"remind": "nudge"}).state == "MOVED"

    incident = booking.incident(case_id)
    assert (booking.case(case_id).state, incident.element, incident.place) == ("INCIDENT", "nudge", "nudge")
    with booking.database.transaction() as session:
        repairing.retry_step(session, incident.id, actor=booking.actor(OWNER), now=NOW + 4 * HOUR)
    assert (booking.case(case_id).state, booking.incident(case_id).state) == ("OPEN", "CLOSED")
    assert booking.problems(now=NOW + 4 * HOUR) == []


# All of a version.


def plan(moving: Moving, mapping: dict[str, str], **more: Any) -> batches.Plan:
    with moving.database.reading() as session:
        return batches.plan_migration(session, "leave_request", 1, 2, mapping, now=NOW, **more)


def ask(moving: Moving, mapping: dict[str, str], *, by: str = ADMINISTRATOR, **more: Any) -> str:
    actor = moving.actor(by)
    with moving.database.transaction() as session:
        return batches.ask_migration(session, "leave_request", 1, 2, mapping, actor=actor, now=NOW, **more).id


def three_cases(moving: Moving) -> tuple[str, str, str]:
    """One at the review, one at the approval, one that is over; and the second version is published."""
    made = moving.start(), moving.start(), moving.start()
    moving.review(made[1])
    with moving.database.transaction() as session:
        cases.withdraw(session, made[2], actor=moving.actor(REQUESTER), reason="Other plans", now=NOW)
    moving.publish(renamed())
    return made


def test_a_plan_counts_the_running_cases_and_lists_what_is_against_them(moving: Moving) -> None:
    three_cases(moving)
    before = dump(moving)

    bad, good = plan(moving, {}), plan(moving, RENAMED)

    assert (len(bad.reports), bad.movable, [report.number for report in bad.refused]) == (2, 1, ["LV-2026-000001"])
    assert (good.movable, good.refused) == (2, [])
    assert dump(moving) == before


def test_all_running_cases_are_moved_and_the_rows_say_so(moving: Moving) -> None:
    first, second, over = three_cases(moving)
    migration_id = ask(moving, RENAMED)
    with moving.database.reading() as session:
        assert batches.count_cases(session, migration_id) == {"WAITING": 2}

    done = [batches.carry_on(moving.database, migration_id, NOW + HOUR) for _ in range(2)]

    assert done == [{"MOVED": 2}, {}]
    assert [moving.case(each).version_id == moving.versions[2] for each in (first, second, over)] == [True, True, False]
    with moving.database.reading() as session:
        assert session.get_one(Migration, migration_id).finished_at == NOW + HOUR
        assert batches.count_cases(session, migration_id) == {"MOVED": 2}
    assert moving.problems() == []


def test_a_case_that_moved_on_after_the_plan_is_looked_at_anew(moving: Moving) -> None:
    first, second, _ = three_cases(moving)
    assert plan(moving, RENAMED).movable == 2
    migration_id = ask(moving, RENAMED)
    moving.review(first)
    with moving.database.transaction() as session:
        cases.withdraw(session, second, actor=moving.actor(REQUESTER), reason="Other plans", now=NOW)

    batches.carry_on(moving.database, migration_id, NOW)

    with moving.database.reading() as session:
        assert batches.count_cases(session, migration_id) == {"MOVED": 1, "GONE": 1}
    assert moving.open_task(first).element == "approve"
    assert moving.problems() == []


def test_refused_cases_stay_and_are_listed_with_their_reasons(moving: Moving) -> None:
    first, second, _ = three_cases(moving)
    migration_id = ask(moving, {})

    assert batches.carry_on(moving.database, migration_id, NOW) == {"MOVED": 1, "REFUSED": 1}

    with moving.database.reading() as session:
        [(number, problems)] = batches.list_refused(session, migration_id)
    assert (number, [problem.where for problem in problems if not problem.is_advice]) == ("LV-2026-000001", ["review"])
    assert [moving.case(each).version_id == moving.versions[2] for each in (first, second)] == [False, True]


def test_a_migration_that_was_interrupted_goes_on_where_it_was(moving: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
    three_cases(moving)
    migration_id = ask(moving, RENAMED)
    forget_passes()
    monkeypatch.setenv("SC_FAULT", "migrate.before_case@2=raise")
    with pytest.raises(FaultInjected):
        batches.carry_on(moving.database, migration_id, NOW)
    monkeypatch.delenv("SC_FAULT")
    with moving.database.reading() as session:
        assert batches.count_cases(session, migration_id) == {"MOVED": 1, "WAITING": 1}

    jobs.run_once(moving.database, MemoryMailer(), NOW)

    with moving.database.reading() as session:
        assert batches.count_cases(session, migration_id) == {"MOVED": 2}
        moves = select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "migrate")
        assert session.scalar(moves) == 2, "each once"
        assert session.scalars(select(MigratedCase.at)).all() == [NOW, NOW]
    assert moving.problems() == []


def test_two_workers_at_once_move_every_case_once(moving: Moving) -> None:
    started = [moving.start() for _ in range(8)]
    moving.publish(renamed())
    migration_id = ask(moving, RENAMED)
    other = Database(moving.database.url)
    workers = [Thread(target=batches.carry_on, args=(database, migration_id, NOW)) for database in (moving.database, other)]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    other.dispose()
    batches.carry_on(moving.database, migration_id, NOW)

    with moving.database.reading() as session:
        assert batches.count_cases(session, migration_id) == {"MOVED": 8}
    assert [moving.case(each).revision for each in started] == [2] * 8
    assert moving.problems() == []


def test_only_those_who_look_after_the_process_ask_for_it(moving: Moving) -> None:
    three_cases(moving)

    for person in (REVIEWER, STRANGER, OWNER):  # the last one owns it for one organisation only
        with pytest.raises(NotYourRole):
            ask(moving, RENAMED, by=person)
    assert ask(moving, RENAMED, by=ADMINISTRATOR)


def test_a_mapping_that_names_what_is_not_there_is_refused_before_anything_happens(moving: Moving) -> None:
    three_cases(moving)

    with pytest.raises(batches.MappingRefused) as refused:
        plan(moving, {"reviewing": "assess"})
    assert [problem.where for problem in refused.value.problems] == ["reviewing"]
    with pytest.raises(NotPublished), moving.database.reading() as session:
        batches.plan_migration(session, "leave_request", 1, 7, {}, now=NOW)
