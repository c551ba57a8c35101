"""Counsellors note whom they reached; nobody else sees who it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services import support
from services.errors import NotFound, OwnMatter
from services.models.base import new_id
from services.models.incidents import AffectedPerson
from services.support import ContactNoted, MomentImpossible, OutcomeUnknown
from tests.services.indicators.world import NOW, World, at, fill
from tests.worlds import BOTH, world_fixture

world = world_fixture("indicators", fill, World, kinds=BOTH)


def affected(world, person="counsellor"):
    with world.database.reading() as session:
        return {one.person: one for one in support.list_affected(session, actor=world.actor(person), now=NOW)}


def note(world, person, outcome, moment, by="counsellor"):
    with world.database.transaction() as session:
        return support.note_contact(session, person, outcome=outcome, at=moment, actor=world.actor(by), now=NOW)


def test_a_counsellor_lists_whom_to_reach_and_notes_it_once(world):
    found = affected(world)

    # The false alarm is out, the confined incident is in: it names this counsellor. fay, of a partner, is reached all the same.
    assert sorted(found) == ["anna", "ben", "cleo", "dan", "fay", "gus"]
    assert [one.person for one in found.values() if one.is_waiting] == ["fay", "dan"]
    assert found["ben"].reported_at == at("2026-11-01 00:00"), "the first report counts, not the correction"
    assert world.compute("K12").numerator == 3

    note(world, found["dan"].id, "REACHED", at("2026-11-03 00:00"))
    note(world, found["cleo"].id, "REACHED", at("2026-11-25 00:00"))

    value = world.compute("K12")
    # dan was reached in time; cleo, who had declined, took it up later and still counts.
    assert (value.numerator, value.denominator) == (4, 5)
    for person, outcome in (("dan", "DECLINED"), ("cleo", "DECLINED"), ("anna", "REACHED")):
        with pytest.raises(ContactNoted):
            note(world, found[person].id, outcome, NOW)


def test_nobody_else_learns_who_was_affected(world):
    dan = affected(world)["dan"].id
    for person in ("auditor", "official.xa", "usg.office", "stranger", "dan"):
        with pytest.raises(NotFound):
            affected(world, person)
        with pytest.raises(NotFound):
            note(world, dan, "REACHED", NOW, by=person)


def test_what_cannot_have_been_is_not_noted(world):
    dan = affected(world)["dan"]
    with pytest.raises(OutcomeUnknown):
        note(world, dan.id, "", NOW)
    for moment in (dan.reported_at - timedelta(minutes=1), NOW + timedelta(minutes=1)):
        with pytest.raises(MomentImpossible):
            note(world, dan.id, "REACHED", moment)
    with pytest.raises(NotFound):
        note(world, "nobody", "REACHED", NOW)
    own = AffectedPerson(id=new_id(), incident_id="I-3-1", person="counsellor", effect="THREATENED")
    world.add(own)
    with pytest.raises(OwnMatter):
        note(world, own.id, "REACHED", NOW)
