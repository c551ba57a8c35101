"""A draft is walked through in a world of its own, step by step, and the walk becomes a scenario of the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services import definitions, people, process_drafts, trials
from services.database import Database, upgrade
from services.errors import NotAllowed, StaleRevision
from services.models.cases import Case, Task
from services.models.process_drafts import ProcessDraft
from services.models.trials import Trial
from services.process_drafts import proving
from tests.databases import NOW
from tests.worlds import EMBEDDED, world_fixture

KEY = "delegation"
FOLDER = Path(__file__).resolve().parents[2] / "bpmn" / KEY
ABSENCE = {
    "kind": "ABSENCE",
    "on_behalf_of": "naledi.vanter",
    "delegate": "kofi.drummond",
    "valid_from": "2026-12-10T00:00:00Z",
    "valid_to": "2026-12-20T00:00:00Z",
    "reason": "Travel of the holder.",
}


def fill(url: str) -> None:
    from services import demo

    upgrade(url)
    database = Database(url, durable=False)
    with database.transaction() as session:
        demo.load_world(session, NOW)
    with database.transaction() as session:
        definitions.publish(session, definitions.read_folder(FOLDER), by="system", now=NOW)
        owner = people.actor_named(session, "pavel.eriksen")
        process_drafts.open_draft(session, KEY, actor=owner, now=NOW)
    database.dispose()


@dataclass
class World:
    """A draft of a process, and whoever owns it."""

    database: Database

    def change(self, act, *values, **more):
        with self.database.transaction() as session:
            return act(session, *values, now=NOW, **more)

    def draft(self, session) -> ProcessDraft:
        return session.scalars(select(ProcessDraft)).one()

    def owner(self, session) -> people.Actor:
        return people.actor_named(session, "pavel.eriksen")

    def begin(self) -> Trial:
        with self.database.transaction() as session:
            trials.begin_trial(session, self.draft(session), as_="paula.reyes", moment=NOW, actor=self.owner(session), now=NOW)
        trial = self.trial()
        self.change(trials.start_trial, trial.id, ABSENCE, revision=trial.revision)
        return self.trial()

    def trial(self) -> Trial:
        with self.database.reading() as session:
            return trials.find_trial(session, self.draft(session), actor=self.owner(session))

    def step(self, **step) -> None:
        trial = self.trial()
        self.change(trials.add_step, trial.id, step, revision=trial.revision)

    def package(self):
        with self.database.reading() as session:
            return process_drafts.package_of(session, self.draft(session))

    def told(self):
        return trials.open_told(self.package(), (), self.trial().story)


world = world_fixture("trials", fill, World, kinds=EMBEDDED)


def test_a_walk_goes_on_step_by_step_and_back_and_becomes_a_scenario(world):
    world.begin()
    with world.told() as told:
        assert look(told) == (NOW, "OPEN", ["doa_sign"], [])

    world.step(**{"as": "naledi.vanter", "do": "doa_sign", "answers": {"decision": "SIGN"}})
    with world.told() as told:
        assert look(told)[2] == ["doa_accept"]

    trial = world.trial()
    world.change(trials.drop_last, trial.id, revision=trial.revision)
    with world.told() as told:
        assert look(told)[2] == ["doa_sign"]

    world.step(**{"as": "naledi.vanter", "do": "doa_sign", "answers": {"decision": "SIGN"}})
    world.step(**{"as": "kofi.drummond", "do": "doa_accept", "answers": {"decision": "ACCEPT"}})
    world.step(advance="P20D")
    with world.told() as told:
        moment, state, _, letters = look(told)
    assert (moment, state) == (NOW + timedelta(days=20), "COMPLETED")
    assert letters

    with world.database.transaction() as session:
        draft, owner = world.draft(session), world.owner(session)
        story = trials.find_trial(session, draft, actor=owner).story
        trials.record_trial(
            session, draft, world.package(), (), story, name="my_absence", about="An absence: all of it.", actor=owner, now=NOW
        )
    package = world.package()
    recorded = package.scenarios["my_absence"]
    assert [next(iter(step)) for step in recorded["steps"]] == ["tasks", "as", "tasks", "as", "advance"]
    assert recorded["expect"]["outcome"] == "ENDED"
    assert "doa_register" in recorded["expect"]["path"]
    assert proving.run_one(world.database, package, "my_absence")["failures"] == []


def test_nothing_of_a_walk_is_in_the_real_database(world):
    world.begin()
    with world.told() as told, told.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_a_refused_act_says_what_the_product_says_and_leaves_the_walk_as_it_was(world):
    world.begin()
    with world.told() as told:
        with told.database.reading() as session:
            task = session.scalars(select(Task)).one()
        with pytest.raises(NotAllowed):
            trials.rehearse(told, task.id, actor="paula.reyes", answers={"decision": "SIGN"})
    with world.told() as told:
        assert look(told)[2] == ["doa_sign"]


def test_two_windows_of_one_walk_do_not_mix(world):
    trial = world.begin()
    world.step(advance="PT1H")

    with pytest.raises(StaleRevision):
        world.change(trials.add_step, trial.id, {"advance": "PT1H"}, revision=trial.revision)


def test_a_walk_can_begin_like_a_scenario(world):
    name = "tier_two_to_the_adviser"
    with world.database.transaction() as session:
        trials.take_scenario(session, world.draft(session), world.package(), name, actor=world.owner(session), now=NOW)

    with world.told() as told:
        assert look(told)[2] == ["doa_accept_role"]


def look(told):
    with told.database.reading() as session:
        case = session.get(Case, told.case_id)
        waiting = session.scalars(select(Task.element).where(Task.case_id == case.id, Task.state == "OPEN"))
        return told.now, case.state, list(waiting), told.letters
