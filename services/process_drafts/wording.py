"""Translating a draft, text by text: two people can work on one language, as long as they do not change the same text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.errors import NotFound
from services.models.process_drafts import DraftFile, ProcessDraft
from services.people import Actor
from services.process_drafts.files import read_file, save_file
from services.process_drafts.keeping import get_draft
from services.process_drafts.storing import ensure_open
from workflows.packages import LANGUAGES, Package
from workflows.packages.findings import Findings
from workflows.packages.messages import read_message
from workflows.packages.rewriting import read_texts, set_message, set_text
from workflows.packages.wording import wordings

MESSAGES = "messages"
SUBJECT, BODY = "subject", "body"
WRITTEN = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class Translation:
    """A text of a draft with its translation into one language.

    Attributes:
        table: A table of i18n, or MESSAGES; then the name is the code of the notice and SUBJECT or BODY.
        text: The translation; empty where there is none yet.
    """

    table: str
    name: str
    written: str
    text: str
    is_required: bool = True

    @property
    def is_missing(self) -> bool:
        """Whether the language lacks a text that it has to have."""
        return self.is_required and not self.text


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What somebody wrote in the place of what they saw."""

    table: str
    name: str
    was: str
    text: str


def list_translations(package: Package, language: str) -> list[Translation]:
    """List everything that people read of a process, with its translation into a language; notices last."""
    found = [
        Translation(
            table=each.table,
            name=next((name for name in each.names if _kept(package, language, each.table, name)), each.names[0]),
            written=package.find_text(WRITTEN, each.table, *each.names) or each.written,
            text=package.find_text(language, each.table, *each.names) or "",
            is_required=each.is_required,
        )
        for each in wordings(package)
    ]
    for code, message in package.messages.items():
        english, translated = (message.texts.get(each, ("", "")) for each in (WRITTEN, language))
        for place, part in enumerate((SUBJECT, BODY)):
            found.append(Translation(table=MESSAGES, name=f"{code}.{part}", written=english[place], text=translated[place]))
    return found


def save_translations(
    session: Session, draft_id: str, language: str, changes: Iterable[Change], *, actor: Actor, now: datetime
) -> list[Change]:
    """Write translations into the files of a draft.

    Returns:
        What was not written, because somebody changed the same text meanwhile.

    Raises:
        NotFound: There is no such draft for the actor, or no such language or text.
        DraftClosed, FileRefused, SavedMeanwhile: As for saving a file.
        FileUnusual: The file is written in a way in which single texts cannot be changed.
    """
    draft = get_draft(session, draft_id, actor=actor, now=now)
    ensure_open(draft)
    if language not in LANGUAGES or language == WRITTEN:
        raise NotFound
    late: list[Change] = []
    texts: list[Change] = []
    notices: dict[str, list[Change]] = {}
    for change in changes:
        if change.table == MESSAGES:
            notices.setdefault(change.name.rpartition(".")[0], []).append(change)
        else:
            texts.append(change)
    if texts:
        late += _save_texts(session, draft, language, texts, actor=actor, now=now)
    for code, parts in notices.items():
        late += _save_notice(session, draft, language, code, parts, actor=actor, now=now)
    return late


def _save_texts(
    session: Session, draft: ProcessDraft, language: str, changes: list[Change], *, actor: Actor, now: datetime
) -> list[Change]:
    name = f"i18n/{language}.toml"
    file = _find_file(session, draft, name)
    content = file.content if file is not None else b""
    stored = read_texts(content)
    late = []
    for change in changes:
        if stored.get((change.table, change.name), "") != change.was:
            late.append(change)
        else:
            content = set_text(content, change.table, change.name, change.text)
    if content and (file is None or content != file.content):
        revision = file.revision if file is not None else None
        save_file(session, draft.id, name, content, revision=revision, actor=actor, now=now)
    return late


def _save_notice(
    session: Session, draft: ProcessDraft, language: str, code: str, changes: list[Change], *, actor: Actor, now: datetime
) -> list[Change]:
    name = f"{MESSAGES}/{code}.md"
    file = read_file(session, draft, name)
    message = read_message(name, file.content, Findings(problems=[]))
    if message is None:
        raise NotFound
    subject, body = message.texts.get(language, ("", ""))
    said = {SUBJECT: subject, BODY: body}
    late = [each for each in changes if said[each.name.rpartition(".")[2]] != each.was]
    for each in changes:
        if each not in late:
            said[each.name.rpartition(".")[2]] = each.text
    if said != {SUBJECT: subject, BODY: body}:
        content = set_message(file.content, language, said[SUBJECT], said[BODY])
        save_file(session, draft.id, name, content, revision=file.revision, actor=actor, now=now)
    return late


def _find_file(session: Session, draft: ProcessDraft, name: str) -> DraftFile | None:
    try:
        return read_file(session, draft, name)
    except NotFound:
        return None


def _kept(package: Package, language: str, table: str, name: str) -> bool:
    return bool(package.find_text(language, table, name))
