"""Drafts of processes: who sees them, and that nobody overwrites what somebody else saved."""

from __future__ import annotations

import pytest

from services import process_drafts
from services.errors import DraftClosed, NotFound, SavedMeanwhile
from services.process_drafts import FileMissing, FileName, FileTooLarge, XmlUnfit
from tests.services.leave import NOW
from tests.services.process_drafts.studio import AUTHOR, CHANGED, KEY, SECOND, TRAVELLER, Studio


def test_a_draft_begins_as_what_is_published(studio: Studio) -> None:
    first, second = studio.begin(), studio.begin(by=SECOND)

    with studio.acting(AUTHOR) as (session, actor):
        listed = process_drafts.list_drafts(session, actor=actor, now=NOW)
        draft = process_drafts.get_draft(session, first, actor=actor, now=NOW)
        package, base = process_drafts.package_of(session, draft), process_drafts.base_package(session, draft)

    assert {each.id for each in listed} == {first, second}
    assert sorted(each.number for each in listed) == [1, 2]
    assert base is not None
    assert package.digest == base.digest


def test_whoever_does_not_look_after_the_process_finds_no_draft(embedded_studio: Studio) -> None:
    draft_id = embedded_studio.begin()

    with embedded_studio.acting(TRAVELLER) as (session, actor):
        assert process_drafts.list_drafts(session, actor=actor, now=NOW) == []
        with pytest.raises(NotFound):
            process_drafts.get_draft(session, draft_id, actor=actor, now=NOW)
        with pytest.raises(NotFound):
            process_drafts.save_file(session, draft_id, "README.md", CHANGED, revision=None, actor=actor, now=NOW)
        with pytest.raises(NotFound):
            process_drafts.open_draft(session, KEY, actor=actor, now=NOW)


def test_the_second_who_saves_the_same_file_is_told_who_was_first_and_changes_nothing(studio: Studio) -> None:
    draft_id = studio.begin()
    assert studio.save(draft_id, "README.md", CHANGED, revision=None) == 1
    assert studio.save(draft_id, "README.md", CHANGED + b"More.\n") == 2

    with pytest.raises(SavedMeanwhile) as refused:
        studio.save(draft_id, "README.md", b"Mine.\n", by=SECOND)
    with pytest.raises(SavedMeanwhile):
        studio.save(draft_id, "README.md", b"New, I thought.\n", revision=None, by=SECOND)

    assert refused.value.facts["by"] == "Pavel Eriksen"
    with studio.acting(SECOND) as (session, actor):
        draft = process_drafts.get_draft(session, draft_id, actor=actor, now=NOW)
        assert process_drafts.read_file(session, draft, "README.md").content == CHANGED + b"More.\n"
        copied = process_drafts.copy_draft(session, draft_id, actor=actor, now=NOW, changed={"README.md": b"Mine.\n"})
        assert process_drafts.read_file(session, copied, "README.md").content == b"Mine.\n"
        assert (draft.revision, copied.number) == (3, 2)


def test_two_who_save_different_files_are_not_in_each_others_way(studio: Studio) -> None:
    draft_id = studio.begin()

    studio.change(draft_id)
    studio.save(draft_id, "README.md", CHANGED, revision=None, by=SECOND)

    assert studio.draft(draft_id).revision == 3


def test_what_could_never_be_part_of_a_process_is_refused(embedded_studio: Studio) -> None:
    draft_id = embedded_studio.begin()
    entity = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'

    for name, content, refusal in (
        ("../../etc/passwd.md", b"x", FileName),
        ("/x.bpmn", b"<x/>", FileName),
        ("forms/../x.form", b"{}", FileName),
        ("x.py", b"import os", FileName),
        ("x.md", b"x" * 2_000_001, FileTooLarge),
        ("x.bpmn", entity, XmlUnfit),
        ("x.dmn", b"<x>", XmlUnfit),
        ("x.bpmn", b"<x>" * 300 + b"</x>" * 300, XmlUnfit),
    ):
        with pytest.raises(refusal):
            embedded_studio.save(draft_id, name, content, revision=None)
    assert embedded_studio.draft(draft_id).revision == 1


def test_a_bundle_takes_the_place_of_all_files_or_of_none(studio: Studio) -> None:
    draft_id = studio.begin()
    with studio.acting(AUTHOR) as (session, actor):
        draft = process_drafts.get_draft(session, draft_id, actor=actor, now=NOW)
        files = {"process.toml": process_drafts.files_of(session, draft)["process.toml"], "README.md": CHANGED}
        with pytest.raises(SavedMeanwhile):
            process_drafts.replace_files(session, draft_id, files, revision=7, actor=actor, now=NOW)
        process_drafts.replace_files(session, draft_id, files, revision=1, actor=actor, now=NOW)
        assert process_drafts.files_of(session, draft) == files
        with pytest.raises(FileMissing):
            process_drafts.remove_file(session, draft_id, "process.toml", revision=2, actor=actor, now=NOW)
        process_drafts.remove_file(session, draft_id, "README.md", revision=2, actor=actor, now=NOW)
        assert list(process_drafts.files_of(session, draft)) == ["process.toml"]


def test_a_draft_that_was_given_up_is_not_changed_any_more(embedded_studio: Studio) -> None:
    draft_id = embedded_studio.begin()
    with embedded_studio.acting(AUTHOR) as (session, actor):
        process_drafts.discard_draft(session, draft_id, actor=actor, now=NOW)

    with pytest.raises(DraftClosed):
        embedded_studio.save(draft_id, "README.md", CHANGED, revision=None)
    with embedded_studio.acting(AUTHOR) as (session, actor):
        assert process_drafts.list_drafts(session, actor=actor, now=NOW) == []
        with pytest.raises(DraftClosed):
            process_drafts.discard_draft(session, draft_id, actor=actor, now=NOW)
