"""Moving cases to another version from a terminal: what is said while it happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import click

from services import people
from services.cases import batches
from services.database import Database
from services.models.migrating import GONE, MOVED, REFUSED, WAITING
from webapp.context import system_clock
from workflows.errors import Problem


def read_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Read what takes the place of what, from texts such as "old=new"."""
    mapping = {}
    for pair in pairs:
        old, found, new = pair.partition("=")
        if not (old and found and new):
            raise click.BadParameter("Write OLD=NEW.", param_hint=f"--map {pair}")
        mapping[old.strip()] = new.strip()
    return mapping


def preview(
    database: Database, key: str, source: int, target: int, mapping: Mapping[str, str], *, by: str, renew_due: bool
) -> int:
    """Say what would become of every case. Answers how many could not be moved."""
    with database.reading() as session:
        plan = batches.plan_migration(session, key, source, target, mapping, now=system_clock(), renew_due=renew_due)
    for report in plan.reports:
        click.echo(f"{report.number}: {'would be moved' if report.state == MOVED else 'stays where it is'}")
        _say(report.said)
    click.echo(f"{plan.movable} of {len(plan.reports)} cases would be moved, {len(plan.refused)} would not. Nothing was changed.")
    return len(plan.refused)


def carry_out(
    database: Database, key: str, source: int, target: int, mapping: Mapping[str, str], *, by: str, renew_due: bool
) -> int:
    """Move the cases. Answers how many could not be moved."""
    now = system_clock()
    with database.transaction() as session:
        actor = people.SYSTEM if by == people.SYSTEM.person else people.actor_named(session, by)
        migration = batches.ask_migration(session, key, source, target, mapping, actor=actor, now=now, renew_due=renew_due)
        migration_id = migration.id
    batches.carry_on(database, migration_id, now)
    with database.reading() as session:
        counted = batches.count_cases(session, migration_id)
        refused = batches.list_refused(session, migration_id)
    for number, problems in refused:
        click.echo(f"{number} stays where it is")
        _say(problem for problem in problems if not problem.is_advice)
    waiting = f", {counted[WAITING]} wait for somebody who is at work on them" if counted[WAITING] else ""
    click.echo(f"{counted[MOVED]} cases moved, {counted[REFUSED]} not, {counted[GONE]} were over or there already{waiting}.")
    return counted[REFUSED]


def _say(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(f"  {'' if problem.is_advice else '! '}{problem}")
