"""A draft becomes a version: what has to be shown first, the second owner, the day, and the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services import cases, definitions, jobs, process_drafts
from services.errors import DraftClosed, NotFound, OwnMatter
from services.mailers import MemoryMailer
from services.models.process_drafts import PUBLISHED, SENT, WORKED_ON
from services.process_drafts import looking, publishing
from tests.services.leave import ANSWERS, NOW
from tests.services.process_drafts.studio import AUTHOR, CHANGED, KEY, SECOND, TRAVELLER, Studio
from workflows.errors import AnswersInvalid, PackageRefused


def ready(studio: Studio) -> str:
    draft_id = studio.begin()
    studio.change(draft_id)
    studio.prove(draft_id)
    return draft_id


def test_a_second_owner_puts_a_draft_into_use_and_running_cases_keep_theirs(studio: Studio) -> None:
    with studio.acting(TRAVELLER) as (session, actor):
        running = cases.start_case(session, KEY, actor=actor, answers=ANSWERS, now=NOW).version_id
    draft_id = ready(studio)

    case_id = studio.send(draft_id)

    assert (studio.draft(draft_id).state, studio.in_use()) == (SENT, 1)
    with pytest.raises(DraftClosed):
        studio.save(draft_id, "README.md", CHANGED, revision=None, by=SECOND)
    with pytest.raises(OwnMatter):
        studio.decide(case_id, by=AUTHOR, decision="APPROVE")
    studio.decide(case_id, decision="APPROVE")
    assert (studio.draft(draft_id).state, studio.in_use()) == (PUBLISHED, 2)
    assert (studio.case(case_id).outcome, studio.case(case_id).state) == ("PUBLISHED", "COMPLETED")
    with studio.acting(TRAVELLER) as (session, actor):
        begun = cases.start_case(session, KEY, actor=actor, answers=ANSWERS, now=NOW).version_id
    assert begun != running


def test_what_is_missing_keeps_a_draft_from_being_sent(studio: Studio) -> None:
    same, untried, failing = studio.begin(), studio.begin(), studio.begin()
    studio.prove(same)
    studio.change(untried)
    studio.change(failing)
    studio.prove(failing, failed=1)
    broken = ready(studio)
    studio.save(broken, "leave_main.bpmn", b"<definitions/>")

    for draft_id in (same, untried, failing, broken):
        with pytest.raises(publishing.NotReady):
            studio.send(draft_id)
        assert studio.draft(draft_id).state == WORKED_ON


def test_what_was_tried_counts_for_exactly_these_files(embedded_studio: Studio) -> None:
    draft_id = ready(embedded_studio)
    embedded_studio.save(draft_id, "README.md", CHANGED, revision=None)

    with pytest.raises(publishing.NotReady):
        embedded_studio.send(draft_id)


def test_everybody_who_worked_on_a_draft_is_kept_from_approving_it(embedded_studio: Studio) -> None:
    draft_id = embedded_studio.begin()
    embedded_studio.save(draft_id, "README.md", CHANGED, revision=None, by=SECOND)
    embedded_studio.save(draft_id, "README.md", CHANGED * 2, by=SECOND)
    embedded_studio.change(draft_id)
    embedded_studio.prove(draft_id)

    case_id = embedded_studio.send(draft_id)

    with pytest.raises(OwnMatter):
        embedded_studio.decide(case_id, by=SECOND, decision="APPROVE")


def test_it_waits_for_its_day_and_silence_approves_nothing(studio: Studio) -> None:
    draft_id = ready(studio)
    case_id = studio.send(draft_id, at=NOW + timedelta(days=3))

    jobs.run_once(studio.database, MemoryMailer(), NOW + timedelta(days=400))
    assert (studio.in_use(), studio.task(case_id).element) == (1, "pd_review")

    studio.decide(case_id, now=NOW + timedelta(days=1), decision="APPROVE")
    assert studio.in_use() == 1
    jobs.run_once(studio.database, MemoryMailer(), NOW + timedelta(days=3, minutes=1))
    assert studio.in_use() == 2


def test_it_comes_back_to_be_mended_is_sent_once_more_and_refused(studio: Studio) -> None:
    draft_id = ready(studio)
    case_id = studio.send(draft_id)

    with pytest.raises(AnswersInvalid):
        studio.decide(case_id, decision="RETURN")
    studio.decide(case_id, decision="RETURN", remarks="The label is too long.")
    assert (studio.draft(draft_id).state, studio.task(case_id).element) == (WORKED_ON, "pd_edit")
    studio.save(draft_id, "README.md", CHANGED, revision=None)
    studio.decide(case_id, by=AUTHOR, decision="SEND")
    assert studio.task(case_id).element == "pd_edit", "what was tried was tried with other files"
    studio.prove(draft_id)
    studio.decide(case_id, by=AUTHOR, decision="SEND")
    studio.decide(case_id, decision="REFUSE", remarks="Nobody needs it.")

    assert (studio.case(case_id).outcome, studio.draft(draft_id).state, studio.in_use()) == ("REFUSED", WORKED_ON, 1)


def test_another_version_that_came_first_brings_the_review_back(studio: Studio) -> None:
    first, second = ready(studio), studio.begin(by=SECOND)
    case_id = studio.send(first, at=NOW + timedelta(days=3))
    studio.decide(case_id, decision="APPROVE")
    with studio.acting(SECOND) as (session, actor):
        draft = process_drafts.get_draft(session, second, actor=actor, now=NOW)
        process_drafts.save_file(session, second, "README.md", CHANGED, revision=None, actor=actor, now=NOW)
        definitions.publish(session, process_drafts.package_of(session, draft), by=SECOND, now=NOW)

    jobs.run_once(studio.database, MemoryMailer(), NOW + timedelta(days=3, minutes=1))

    assert (studio.in_use(), studio.task(case_id).element) == (2, "pd_review")
    studio.decide(case_id, now=NOW + timedelta(days=4), decision="APPROVE")
    assert studio.in_use() == 3


def test_withdrawing_leaves_everything_as_it_was(studio: Studio) -> None:
    draft_id = ready(studio)
    case_id = studio.send(draft_id)
    with studio.acting(AUTHOR) as (session, actor):
        cases.withdraw(session, case_id, actor=actor, now=NOW, reason="Not needed")

    assert (studio.case(case_id).outcome, studio.draft(draft_id).state, studio.in_use()) == ("WITHDRAWN", WORKED_ON, 1)


def test_an_old_version_comes_into_use_at_once_and_is_looked_at_afterwards(studio: Studio) -> None:
    studio.decide(studio.send(ready(studio)), decision="APPROVE")
    with studio.acting(AUTHOR) as (session, actor):
        case_id = publishing.roll_back(session, KEY, 1, note="It sends everything to nobody.", actor=actor, now=NOW).id

    with studio.database.reading() as session:
        releases = [(each.number, each.version.version, each.released_by) for each in definitions.list_releases(session, KEY)]
        assert len(definitions.list_versions(session, KEY)) == 2
        listed = {each.key: each.version for each in definitions.list_current_versions(session)}
    assert (studio.in_use(), listed[KEY]) == (1, 1)
    assert releases == [(3, 1, AUTHOR), (2, 2, AUTHOR), (1, 1, "system")]
    with pytest.raises(OwnMatter):
        studio.decide(case_id, by=AUTHOR, decision="AGREE")
    studio.decide(case_id, decision="OBJECT", remarks="A draft would have done.")
    assert studio.case(case_id).state == "COMPLETED"


def test_only_an_owner_sends_or_goes_back(embedded_studio: Studio) -> None:
    draft_id = ready(embedded_studio)

    with pytest.raises(NotFound):
        embedded_studio.send(draft_id, by=TRAVELLER)
    with embedded_studio.acting(TRAVELLER) as (session, actor), pytest.raises(NotFound):
        publishing.roll_back(session, KEY, 1, note="Please.", actor=actor, now=NOW)
    with embedded_studio.acting(AUTHOR) as (session, actor), pytest.raises(publishing.InUseAlready):
        publishing.roll_back(session, KEY, 1, note="Please.", actor=actor, now=NOW)


def test_the_look_counts_what_speaks_for_a_draft(embedded_studio: Studio) -> None:
    draft_id = ready(embedded_studio)

    with embedded_studio.database.reading() as session:
        found = looking.find_look(session, embedded_studio.draft(draft_id), now=NOW)

    assert found.ready
    assert (found.base, found.in_use, found.problems, found.unproved) == (1, 1, 0, 0)
    assert found.differences == 1
    assert found.passed == found.scenarios > 0


def test_owners_draw_no_step_of_their_own_into_a_process_of_others(embedded_studio: Studio) -> None:
    draft_id = embedded_studio.begin()
    with embedded_studio.acting(AUTHOR) as (session, actor):
        draft = process_drafts.get_draft(session, draft_id, actor=actor, now=NOW)
        diagram = process_drafts.read_file(session, draft, "leave_main.bpmn")
        content = diagram.content.replace(b'name="DSSO"', b'name="PRO"')
        assert content != diagram.content
        process_drafts.save_file(session, draft_id, diagram.name, content, revision=1, actor=actor, now=NOW)
        found = [str(each) for each in process_drafts.check(session, draft, now=NOW)]
        with pytest.raises(PackageRefused):
            definitions.publish(session, process_drafts.package_of(session, draft), by=AUTHOR, now=NOW)

    assert any("whose holders see no cases" in each for each in found)
