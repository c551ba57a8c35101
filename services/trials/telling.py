"""Telling a walk in a world of its own, and keeping the told world for the next look.

What was told is kept in files of this program: they are a shortcut, and are made again from the story when they are not there.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from services import audit, bus, people, scenarios, tasks, timers
from services.database import Database
from services.models.cases import Case
from services.outbox import Letter
from workflows.errors import SafeconductError
from workflows.packages import Package
from workflows.scenarios import Scenario, read_scenario

KEPT_WORLDS = 24
#: What a walk keeps beside its story.
_OWN = "is_started"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A walk that was told: its world, the moment at which it stands, its case and the letters that were sent."""

    database: Database
    now: datetime
    case_id: str | None
    number: str | None
    letters: list[Letter]


def scenario_of(story: Mapping[str, Any]) -> Scenario:
    """Read a walk as the scenario that it is. Raises: ScenarioRefused."""
    return read_scenario({name: value for name, value in story.items() if name != _OWN}, name="trial")


@contextmanager
def open_bare(package: Package, others: Sequence[Package], story: Mapping[str, Any]) -> Iterator[Database]:
    """Open the world of a walk before anything has happened in it.

    Raises:
        PackageRefused: The draft cannot be published.
    """
    with scenarios.kept_worlds().open(scenario_of(story), package, others) as database:
        yield database


@contextmanager
def open_told(package: Package, others: Sequence[Package], story: Mapping[str, Any]) -> Iterator[Told]:
    """Open the world of a walk with everything told in it.

    Raises:
        SafeconductError: A step does not go through, with the sentence that the product has for it.
        PackageRefused: The draft cannot be published.
    """
    folder = scenarios.kept_worlds().folder / "told"
    folder.mkdir(exist_ok=True)
    places = _places(folder, package, others, story)
    if not places[-1].with_suffix(".json").exists():
        _tell_rest(places, package, others, story)
    with tempfile.TemporaryDirectory(prefix="look-", dir=folder) as own:
        copied = Path(own) / "world.db"
        shutil.copyfile(places[-1], copied)
        database = Database(f"sqlite:///{copied}", durable=False)
        try:
            yield _read(database, places[-1])
        finally:
            database.dispose()


def rehearse(told: Told, task_id: str, *, actor: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Complete a task in the copy of a told world, so that what refuses it says so in its own words; answers the step.

    Raises:
        SafeconductError: It is refused.
    """
    with told.database.transaction() as session:
        person = people.actor_named(session, actor)
        task = tasks.get_task(session, task_id, actor=person, now=told.now).task
        revision = session.get_one(Case, task.case_id).revision
        step = {"as": actor, "do": task.element, "answers": dict(answers), "area": task.area, "line": task.line}
        tasks.complete_task(session, task_id, actor=person, answers=answers, revision=revision, now=told.now)
    return {name: value for name, value in step.items() if value is not None}


def next_due(session: Session, now: datetime) -> datetime | None:
    """Return the next moment at which something happens by itself in a told world."""
    # The daily rounds come every night; who looks for the next deadline means the one of a step.
    return timers.next_due_at(session) or bus.next_due_at(session, now)


def _places(folder: Path, package: Package, others: Sequence[Package], story: Mapping[str, Any]) -> list[Path]:
    """Name the files in which the walk is kept after its start, after its first step, and so on."""
    steps = story.get("steps", [])
    beginning = {name: value for name, value in story.items() if name != "steps"}
    mark = audit.digest([[package.digest, *(each.digest for each in others)], beginning])
    places = [folder / f"{mark}.db"]
    for step in steps:
        mark = audit.digest([mark, step])
        places.append(folder / f"{mark}.db")
    return places


def _tell_rest(places: Sequence[Path], package: Package, others: Sequence[Package], story: Mapping[str, Any]) -> None:
    """Tell what is not told yet, from the last world that was kept on."""
    scenario = scenario_of(story)
    known = next((number for number in reversed(range(len(places))) if places[number].with_suffix(".json").exists()), None)
    with tempfile.TemporaryDirectory(prefix="telling-", dir=places[0].parent) as own:
        copied = Path(own) / "world.db"
        if known is None:
            with scenarios.kept_worlds().open(scenario, package, others) as fresh:
                fresh.dispose()
                shutil.copyfile(str(fresh.engine.url.database), copied)
        else:
            shutil.copyfile(places[known], copied)
        database = Database(f"sqlite:///{copied}", durable=False)
        try:
            told = _go_on(database, scenario, None if known is None else (known, _read(database, places[known])))
        finally:
            database.dispose()
        _keep(told, copied, places[-1])


def _go_on(database: Database, scenario: Scenario, known: tuple[int, Told] | None) -> scenarios.Story:
    story = scenarios.Story(database, scenario)
    try:
        if known is None:
            story.begin()
        else:
            told = known[1]
            story.now, story.case_id, story.number = told.now, told.case_id, told.number
            story.mailer.letters.extend(told.letters)
        for number, step in enumerate(scenario.steps[known[0] if known else 0 :], start=1):
            story.go_on(step, number)
    except scenarios.StepWrong as wrong:
        if isinstance(wrong.__cause__, SafeconductError) and not isinstance(wrong.__cause__, scenarios.StepWrong):
            raise wrong.__cause__ from wrong
        raise
    return story


def _keep(story: scenarios.Story, told: Path, place: Path) -> None:
    about = {"now": story.now.isoformat(), "case_id": story.case_id, "number": story.number}
    letters = [asdict(letter) for letter in story.mailer.letters]
    told.rename(place)
    place.with_suffix(".json").write_text(json.dumps({**about, "letters": letters}), encoding="utf-8")
    kept = sorted(place.parent.glob("*.json"), key=lambda file: file.stat().st_mtime)
    for old in kept[:-KEPT_WORLDS]:
        old.unlink(missing_ok=True)
        old.with_suffix(".db").unlink(missing_ok=True)


def _read(database: Database, place: Path) -> Told:
    said = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
    return Told(
        database=database,
        now=datetime.fromisoformat(said["now"]),
        case_id=said["case_id"],
        number=said["number"],
        letters=[Letter(**letter) for letter in said["letters"]],
    )
