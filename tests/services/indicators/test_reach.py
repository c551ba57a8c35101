"""Who sees which indicators, and how much of a list."""

from __future__ import annotations

import pytest

from services.errors import NotFound
from services.indicators import reach
from services.models.base import new_id
from services.models.confinements import CaseConfinement
from tests.services.indicators.world import NOW

PEOPLE = {"K3", "K10", "K11", "K13", "K15", "K16"}


@pytest.fixture
def shown(embedded_world):
    def scope(person, area=None, organisation=None):
        with embedded_world.database.reading() as session:
            found = reach.reach_of(session, embedded_world.actor(person), NOW)
            area, organisation, seen = reach.choose_scope(session, found, area=area, organisation=organisation)
        return area, organisation, {each.key for each in seen}

    return scope


def test_everybody_is_shown_the_widest_scope_that_is_theirs(shown):
    assert shown("auditor")[:2] == (None, None)
    assert len(shown("auditor")[2]) == 16
    assert len(shown("auditor", "XB-CAP")[2]) == 16
    area, organisation, keys = shown("official.xa")
    assert (area, organisation, len(keys)) == ("XA", None, 16)
    assert len(shown("official.xa", "XA-NOR")[2]) == 16
    assert shown("coordinator") == (None, "UNA", PEOPLE)
    assert shown("counsellor") == (None, None, {"K12"})
    assert shown("auditor", None, "UNB") == (None, "UNB", PEOPLE)


@pytest.mark.parametrize(
    ("person", "area", "organisation"),
    [
        ("stranger", None, None),
        ("official.xa", "XB", None),
        ("official.xa", "FIELD", None),
        ("official.xa", None, "UNA"),
        ("coordinator", "XA", None),
        ("coordinator", None, "UNB"),
        ("auditor", "XZ", None),
    ],
)
def test_what_is_not_theirs_answers_like_what_is_not_there(shown, person, area, organisation):
    with pytest.raises(NotFound):
        shown(person, area, organisation)


def test_entries_of_cases_that_a_reader_may_not_see_are_only_counted(world):
    def closed(key, person):
        members = world.compute(key).members
        with world.database.reading() as session:
            hidden = reach.closed_entries(session, members, actor=world.actor(person), now=NOW)
        return sorted(member.label for member in members if member.case_id in hidden)

    # A request for advice is a case: the auditor reads it, the official of another area does not.
    assert closed("K16", "auditor") == []
    assert closed("K16", "official.xa") == ["AV-1", "AV-1", "AV-2"]
    # A crisis is a matter of its area, unless few may know of it.
    assert closed("K8", "official.xa") == []
    row = {"case_id": "case-C-1", "person": "counsellor", "since": NOW, "why": "?"}
    world.add(CaseConfinement(id=new_id(), **row))
    assert closed("K8", "official.xa") == ["C-1"]
    assert closed("K8", "auditor") == ["C-1"]
    assert closed("K8", "counsellor") == []
