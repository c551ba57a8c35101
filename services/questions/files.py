"""Files that come with an answer: read by those who read the answer, and by nobody else who sees the case."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from services import attachments
from services.models.attachments import Attachment
from services.models.cases import Case
from services.models.questions import Question, QuestionFile
from services.people import Actor
from services.questions.reading import get_question
from workflows.errors import AnswersInvalid, Problem
from workflows.forms import Field, FileLimits
from workflows.forms.attachments import check_files
from workflows.forms.leaves import WrongAnswer

#: What may come with an answer: the same as with a request.
FILES = Field(
    kind="filepicker",
    id="files",
    key="files",
    label="Files",
    files=FileLimits(accept=(".pdf", ".jpg", ".jpeg", ".png"), most_files=5, most_bytes=attachments.MOST_BYTES),
)


def add_files(
    session: Session, question: Question, case: Case, ids: Collection[str], *, actor: Actor, now: datetime
) -> list[dict[str, str]]:
    """Give files to an answer. Returns what the audit keeps: their hashes, and no names, which not everybody may read.

    Raises:
        AnswersInvalid: They are too many, of another kind, or not the actor's.
    """
    if not ids:
        return []
    try:
        known = attachments.references_for(session, ids, person=actor.person)
        references = check_files(FILES, list(ids), known)
    except WrongAnswer as wrong:
        raise AnswersInvalid([Problem(where=FILES.key, sentence=wrong.sentence, facts=wrong.facts)]) from wrong
    kept = attachments.attach(session, case, {FILES.key: references}, now=now)
    session.add_all(QuestionFile(attachment_id=each["file"], question_id=question.id) for each in kept)
    return [{"file": each["file"], "sha256": each["sha256"]} for each in kept]


def open_file(session: Session, attachment_id: str, *, actor: Actor, now: datetime) -> Attachment:
    """Return a file with its content, whether it came with the answers of a form or with the answer to a question.

    Raises:
        NotFound: There is no such file for this person.
    """
    came_with = session.get(QuestionFile, attachment_id)
    if came_with is None:
        return attachments.get_attachment(session, attachment_id, actor=actor, now=now)
    get_question(session, came_with.question_id, actor=actor, now=now)
    return session.get_one(Attachment, attachment_id)
