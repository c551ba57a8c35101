"""Moving all running cases of a version to another one: what would happen, and doing it, case by case.

The rows say how far it is. Each case has a transaction of its own, in which it is looked at anew; whoever stops in the middle
goes on where it was, any number of times.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session, joinedload

from services import definitions
from services.cases.caretaking import ensure_looks_after
from services.cases.migrating import Report, migrate_case
from services.database import Database
from services.errors import Busy, NotFound, NotPublished, StaleRevision
from services.faults import fault
from services.models.base import new_id
from services.models.cases import Case
from services.models.definitions import ProcessVersion
from services.models.migrating import MOVED, REFUSED, WAITING, MigratedCase, Migration
from services.people import SYSTEM, Actor
from workflows import engine
from workflows.errors import Problem, Refused

AT_ONCE = 100
_log = logging.getLogger("safeconduct.migrations")


class MappingRefused(Refused):
    """This is no way from the one version to the other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What would become of all running cases of a version.

    Attributes:
        reports: Of every case, in the order of their numbers.
    """

    source: ProcessVersion
    target: ProcessVersion
    reports: list[Report]

    @property
    def movable(self) -> int:
        """How many would be moved."""
        return sum(report.state == MOVED for report in self.reports)

    @property
    def refused(self) -> list[Report]:
        """Those that would not."""
        return [report for report in self.reports if report.state == REFUSED]


def plan_migration(
    session: Session,
    key: str,
    from_version: int,
    to_version: int,
    mapping: Mapping[str, str],
    *,
    now: datetime,
    renew_due: bool = False,
) -> Plan:
    """Say what would become of every running case of a version; changes nothing.

    Raises:
        NotPublished: There is no such version.
        MappingRefused: The mapping names what is not there.
    """
    source, target = _versions(session, key, from_version, to_version)
    ensure_mapping(session, source, target, mapping)
    reports = []
    for case_id in session.scalars(_running(source).order_by(Case.number)).all():
        reports.append(migrate_case(session, case_id, target, mapping, actor=SYSTEM, now=now, dry_run=True, renew_due=renew_due))
        for each in list(session):  # a hundred thousand cases do not fit into memory
            if not isinstance(each, ProcessVersion):
                session.expunge(each)
    return Plan(source=source, target=target, reports=reports)


def ask_migration(
    session: Session,
    key: str,
    from_version: int,
    to_version: int,
    mapping: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    renew_due: bool = False,
) -> Migration:
    """Ask for all running cases of a version to be moved; they are, one by one, when `carry_on` is called or a job comes round.

    Raises:
        NotPublished: There is no such version.
        NotYourRole: The actor does not look after this process.
        MappingRefused: The mapping names what is not there.
    """
    source, target = _versions(session, key, from_version, to_version)
    ensure_looks_after(session, target, actor=actor, now=now)
    ensure_mapping(session, source, target, mapping)
    migration = Migration(
        id=new_id(),
        process_key=key,
        from_version_id=source.id,
        to_version_id=target.id,
        mapping=dict(mapping),
        renew_due=renew_due,
        asked_by=actor.person,
        asked_at=now,
    )
    session.add(migration)
    rows = _running(source).add_columns(literal(migration.id), literal(WAITING))
    session.execute(insert(MigratedCase).from_select(["case_id", "migration_id", "state"], rows))
    return migration


def ask_way_back(session: Session, migration_id: str, *, actor: Actor, now: datetime) -> Migration:
    """Ask for the cases that a migration moved to be moved back, as far as they still run. Those that began since stay.

    Raises:
        NotFound: There is no such migration, or it is not over.
        NotYourRole: The actor does not look after this process.
    """
    done = session.get(Migration, migration_id)
    if done is None or done.finished_at is None:
        raise NotFound
    ensure_looks_after(session, session.get_one(ProcessVersion, done.to_version_id), actor=actor, now=now)
    back = Migration(
        id=new_id(),
        process_key=done.process_key,
        from_version_id=done.to_version_id,
        to_version_id=done.from_version_id,
        mapping={new: old for old, new in done.mapping.items()},
        renew_due=False,
        asked_by=actor.person,
        asked_at=now,
    )
    session.add(back)
    still = _running(session.get_one(ProcessVersion, done.to_version_id))
    moved = select(MigratedCase.case_id).where(MigratedCase.migration_id == done.id, MigratedCase.state == MOVED)
    rows = still.where(Case.id.in_(moved)).add_columns(literal(back.id), literal(WAITING))
    session.execute(insert(MigratedCase).from_select(["case_id", "migration_id", "state"], rows))
    return back


def list_migrations(session: Session, key: str, *, limit: int = 20) -> list[Migration]:
    """Return the migrations of a process with their versions, the newest first."""
    chosen = select(Migration).where(Migration.process_key == key).order_by(Migration.asked_at.desc(), Migration.id)
    versions = joinedload(Migration.from_version), joinedload(Migration.to_version)
    return list(session.scalars(chosen.options(*versions).limit(limit)))


def carry_on(database: Database, migration_id: str, now: datetime) -> Counter[str]:
    """Move the cases that still wait, each in a transaction of its own. Answers how many came to what in this round."""
    done: Counter[str] = Counter()
    mine = select(MigratedCase.case_id).where(MigratedCase.migration_id == migration_id, MigratedCase.state == WAITING)
    last = ""
    while True:
        with database.reading() as session:
            after = mine.where(MigratedCase.case_id > last).order_by(MigratedCase.case_id)
            waiting = session.scalars(after.limit(AT_ONCE)).all()
        if not waiting:
            break
        for case_id in waiting:
            fault("migrate.before_case")
            done[_move(database, migration_id, case_id, now)] += 1
        last = waiting[-1]
    if not done[WAITING]:
        with database.transaction() as session:
            migration = session.get_one(Migration, migration_id)
            migration.finished_at = migration.finished_at or now
    return done


def carry_on_all(database: Database, now: datetime) -> int:
    """Go on with every migration that is not finished. Answers how many cases were moved."""
    with database.reading() as session:
        unfinished = select(Migration.id).where(Migration.finished_at.is_(None)).order_by(Migration.asked_at)
        waiting = session.scalars(unfinished).all()
    return sum(carry_on(database, migration_id, now)[MOVED] for migration_id in waiting)


def count_cases(session: Session, migration_id: str) -> Counter[str]:
    """Say how far a migration is: how many of its cases are in which state."""
    counted = select(MigratedCase.state, func.count()).where(MigratedCase.migration_id == migration_id)
    return Counter({row[0]: row[1] for row in session.execute(counted.group_by(MigratedCase.state))})


def list_refused(session: Session, migration_id: str) -> list[tuple[str, list[Problem]]]:
    """List the cases that could not be moved, with what was said of them."""
    chosen = select(Case.number, MigratedCase.said).join(Case, Case.id == MigratedCase.case_id)
    refused = chosen.where(MigratedCase.migration_id == migration_id, MigratedCase.state == REFUSED)
    return [(row[0], [Problem(**said) for said in row[1] or ()]) for row in session.execute(refused.order_by(Case.number))]


def ensure_mapping(session: Session, source: ProcessVersion, target: ProcessVersion, mapping: Mapping[str, str]) -> None:
    """Raise unless everything that a mapping names is there."""
    old, new = (definitions.get_program(session, version.id) for version in (source, target))
    if problems := engine.check_mapping(old, new, mapping):
        raise MappingRefused(problems)


def _move(database: Database, migration_id: str, case_id: str, now: datetime) -> str:
    try:
        with database.transaction() as session:
            return _move_one(session, migration_id, case_id, now)
    except (Busy, StaleRevision):
        return WAITING  # somebody is at it; the next round looks again
    except Exception as error:  # noqa: BLE001  one case must not keep the others waiting
        _log.exception("The case %s could not be moved", case_id)
        sentence = "The program made an error ({kind})."
        said = [Problem(where="", sentence=sentence, facts={"kind": type(error).__name__})]
        with database.transaction() as session:
            _note(session, migration_id, case_id, REFUSED, said, now)
        return REFUSED


def _move_one(session: Session, migration_id: str, case_id: str, now: datetime) -> str:
    found = (
        select(MigratedCase, Migration, ProcessVersion)
        .join(Migration, Migration.id == MigratedCase.migration_id)
        .join(ProcessVersion, ProcessVersion.id == Migration.to_version_id)
        .where(MigratedCase.migration_id == migration_id, MigratedCase.case_id == case_id)
        .with_for_update(of=MigratedCase)  # of two workers the second finds it done
    )
    row, migration, target = session.execute(found).one()
    if row.state != WAITING:
        return row.state
    asker = Actor(person=migration.asked_by, account="", name=migration.asked_by)
    report = migrate_case(session, case_id, target, migration.mapping, actor=asker, now=now, renew_due=migration.renew_due)
    _note(session, migration_id, case_id, report.state, report.said, now)
    return report.state


def _note(session: Session, migration_id: str, case_id: str, state: str, said: list[Problem], now: datetime) -> None:
    row = session.get_one(MigratedCase, (migration_id, case_id))
    row.state, row.at, row.said = state, now, [_as_json(each) for each in said]


def _as_json(problem: Problem) -> dict[str, Any]:
    return {
        "where": problem.where,
        "sentence": problem.sentence,
        "way_out": problem.way_out,
        "facts": problem.facts,
        "is_advice": problem.is_advice,
    }


def _versions(session: Session, key: str, from_version: int, to_version: int) -> tuple[ProcessVersion, ProcessVersion]:
    chosen = select(ProcessVersion).where(ProcessVersion.key == key, ProcessVersion.version.in_({from_version, to_version}))
    found = {version.version: version for version in session.scalars(chosen)}
    if from_version not in found or to_version not in found:
        raise NotPublished
    return found[from_version], found[to_version]


def _running(version: ProcessVersion) -> Any:
    return select(Case.id).where(Case.version_id == version.id, Case.ended_at.is_(None))
