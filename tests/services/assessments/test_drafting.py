"""Several authors write one draft, one after the other, and all of them count as drafters."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services import people, tasks
from services.errors import ClaimedByOther
from services.models.audit import Decision
from services.models.cases import TaskDraft
from tests.services.assessments.stories import Stories


@pytest.fixture
def draft_task(stories: Stories) -> str:
    """An open draft for Arvenia North."""
    case_id = stories.ask("naledi.vanter", "XA-NOR")
    with stories.database.reading() as session:
        return stories.task(session, case_id, "srm_draft").id


def save(stories: Stories, task_id: str, person: str, **raw: object) -> None:
    with stories.database.transaction() as session:
        tasks.save_draft(session, task_id, actor=people.actor_named(session, person), raw=raw, now=stories.now)


def release(stories: Stories, task_id: str, person: str) -> None:
    with stories.database.transaction() as session:
        tasks.release_task(session, task_id, actor=people.actor_named(session, person), now=stories.now)


def test_what_one_author_saved_the_next_one_goes_on_with(stories: Stories, draft_task: str) -> None:
    save(stories, draft_task, "naledi.vanter", frame={"summary": "First lines"})
    release(stories, draft_task, "naledi.vanter")

    with stories.database.reading() as session:
        view = tasks.get_task(session, draft_task, actor=people.actor_named(session, "kofi.drummond"), now=stories.now)
        assert view.draft == {"frame": {"summary": "First lines"}}

    save(stories, draft_task, "kofi.drummond", frame={"summary": "First lines, and more"})
    with stories.database.reading() as session:
        drafts = session.scalars(select(TaskDraft)).all()
        assert [draft.answers for draft in drafts] == [{"frame": {"summary": "First lines, and more"}}]


def test_nobody_overwrites_the_author_who_has_the_draft_in_hand(stories: Stories, draft_task: str) -> None:
    save(stories, draft_task, "naledi.vanter", frame={"summary": "Mine"})

    with pytest.raises(ClaimedByOther):
        save(stories, draft_task, "kofi.drummond", frame={"summary": "No, mine"})


def test_each_author_is_noted_once_as_one_who_drafted(stories: Stories, draft_task: str) -> None:
    for _ in range(2):
        save(stories, draft_task, "naledi.vanter", frame={})
    release(stories, draft_task, "naledi.vanter")
    save(stories, draft_task, "kofi.drummond", frame={})

    with stories.database.reading() as session:
        noted = session.execute(select(Decision.actor_person, Decision.act, Decision.element, Decision.task_id)).all()
    assert sorted(noted) == [("kofi.drummond", "DRAFT", "srm_draft", None), ("naledi.vanter", "DRAFT", "srm_draft", None)]
