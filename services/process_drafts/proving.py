"""Rounds of trying a draft in the background, in slices: after a stop each goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import replays, scenarios
from services.database import Database
from services.errors import Busy, StaleRevision
from services.models.draft_evidence import DONE, REPLAY, RUNNING, DraftEvidence
from services.models.process_drafts import ProcessDraft
from services.process_drafts.coverage import find_passed
from services.process_drafts.evidence import list_running
from services.process_drafts.storing import package_of
from workflows import engine
from workflows.errors import PackageRefused, Refused, SafeconductError
from workflows.packages import Package
from workflows.scenarios import read_scenario

AT_ONCE = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class _Slice:
    """What a slice brings: how far the round is with it."""

    done: int
    total: int
    failed: int
    report: dict[str, Any]
    is_last: bool


def carry_on(database: Database, now: datetime) -> bool:
    """Carry on the oldest round by one slice. Answers whether there may be more to do."""
    with database.reading() as session:
        rounds = list_running(session)
        row = rounds[0] if rounds else None
        brought = _work(database, session, row) if row is not None else None
    if row is None:
        return False
    try:
        with database.transaction() as session:
            _store(session, row, brought, now)
    except (Busy, StaleRevision):
        return False  # somebody else is at it; the next round looks again
    return True


def _work(database: Database, session: Session, row: DraftEvidence) -> _Slice | None:
    """Do one slice; None when the files of the draft are others than those that the round is about."""
    draft = session.get(ProcessDraft, row.draft_id)
    try:
        package = None if draft is None else package_of(session, draft)
    except PackageRefused:
        package = None
    if package is None or package.digest != row.digest:
        return None
    return _replay_some(session, row, package) if row.kind == REPLAY else _run_next(database, row, package)


def _store(session: Session, row: DraftEvidence, brought: _Slice | None, now: datetime) -> None:
    stored = session.get_one(DraftEvidence, row.id)
    if stored.revision != row.revision or stored.state != RUNNING:
        return
    if brought is None:
        session.delete(stored)
        return
    stored.done, stored.total, stored.failed, stored.report = brought.done, brought.total, brought.failed, brought.report
    if brought.is_last:
        stored.state, stored.ended_at = DONE, now


# Finished cases.


def _replay_some(session: Session, row: DraftEvidence, package: Package) -> _Slice:
    until, key = row.started_at, package.key
    after = row.report.get("after")
    last = (datetime.fromisoformat(after[0]), str(after[1])) if after else None
    found = replays.list_finished(session, key, now=until, after=last, limit=AT_ONCE)
    sofar = replays.Replayed.of_json(row.report)
    total = row.total or replays.count_finished(session, key, now=until)
    try:
        program = replays.program_of(package)
        replays.replay(session, program, replays.read_histories(session, [case_id for _, case_id in found]), into=sofar)
    except (engine.ProgramRefused, SafeconductError) as error:
        return _Slice(done=row.done, total=total, failed=1, report={**sofar.as_json(), "refused": str(error)}, is_last=True)
    is_last = len(found) < AT_ONCE or sofar.cases >= total
    # Where it goes on is kept only until it is over: what is left names no case.
    place = {} if is_last else {"after": [found[-1][0].isoformat(), found[-1][1]]}
    return _Slice(
        done=sofar.cases, total=total, failed=sofar.differences.total(), report={**sofar.as_json(), **place}, is_last=is_last
    )


# Scenarios.


def _run_next(database: Database, row: DraftEvidence, package: Package) -> _Slice:
    todo = [name for name in row.report.get("todo", ()) if name in package.scenarios]
    results = {name: said for name, said in row.report.get("results", {}).items() if name in package.scenarios}
    if todo:
        results[todo[0]] = run_one(database, package, todo[0])
    left = todo[1:]
    failed = sum(bool(said["failures"]) for said in results.values())
    report = {"results": results, **({"todo": left} if left else {})}
    return _Slice(done=len(results), total=len(package.scenarios), failed=failed, report=report, is_last=not left)


def run_one(database: Database, package: Package, name: str) -> dict[str, Any]:
    """Run a scenario of a draft in a world of its own; answers what failed and what was passed."""
    try:
        scenario = read_scenario(package.scenarios[name], name=name)
        with database.reading() as session:
            others = scenarios.published_others(session, scenario)
        with scenarios.kept_worlds().open(scenario, package, others) as world:
            result = scenarios.run_scenario(world, scenario)
            with world.reading() as session:
                return {"failures": result.failures, "passed": find_passed(session, package)}
    except Refused as refusal:
        return {"failures": [_say(problem) for problem in refusal.problems if not problem.is_advice], "passed": []}
    except SafeconductError as error:
        return {"failures": [str(error)], "passed": []}


def _say(problem: Any) -> str:
    said = f"{problem.sentence} {problem.way_out}".strip().format(**(problem.facts or {}))
    return f"{problem.where}: {said}" if problem.where else said
