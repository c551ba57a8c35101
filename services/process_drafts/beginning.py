"""Beginning a process that there is not yet: from a building block, from another process, or from a diagram drawn elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from services import definitions
from services.errors import FileRefused, NotFound
from services.models.definitions import ProcessVersion
from services.models.process_drafts import ProcessDraft
from services.people import Actor
from services.process_drafts.keeping import create_draft, may_own
from workflows.diagrams import Diagram, read_diagram
from workflows.errors import AnswersInvalid, Problem
from workflows.packages.blocks import FOUR_EYES, read_block, renamed, write_manifest

#: What a new process can begin as, beside a diagram of one's own: a block, and processes of the house.
BLOCKS = (FOUR_EYES,)
COPIES = ("risk_assessment", "crisis_plan")
DIAGRAM = "diagram"
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
_PREFIX = re.compile(r"[A-Z]{2,8}")
_LONGEST_TITLE = 120


class DiagramMissing(FileRefused):
    """Choose the diagram that the process begins as: a file that ends in .bpmn."""


def begin_process(
    session: Session,
    key: str,
    *,
    title: str,
    prefix: str,
    source: str,
    diagram: tuple[str, bytes] | None = None,
    actor: Actor,
    now: datetime,
) -> ProcessDraft:
    """Begin a draft of a new process.

    Args:
        key: The name of its folder and in addresses.
        prefix: Its cases are numbered with it.
        source: One of BLOCKS or COPIES, or DIAGRAM.
        diagram: Name and content of the diagram that it begins as.

    Raises:
        NotFound: The actor looks after no process.
        AnswersInvalid: Key, title, prefix or source cannot be so; with a problem for each.
        FileRefused, DiagramRefused: The diagram cannot be taken.
    """
    if not may_own(session, None, actor=actor, now=now):
        raise NotFound
    problems = [*_problems_of_names(session, key, title, prefix)]
    if source not in {*BLOCKS, *COPIES, DIAGRAM}:
        problems.append(Problem(where="source", sentence="Choose what the process begins as."))
    if problems:
        raise AnswersInvalid(problems)
    if source == DIAGRAM:
        files = _files_of_diagram(diagram, title=title, prefix=prefix)
    elif source in BLOCKS:
        files = read_block(source, key, title=title, prefix=prefix)
    else:
        files = renamed(_published(session, source), key, title=title, prefix=prefix)
    return create_draft(session, key, files, actor=actor, now=now)


def _problems_of_names(session: Session, key: str, title: str, prefix: str) -> list[Problem]:
    found = []
    if not title.strip() or len(title) > _LONGEST_TITLE:
        found.append(Problem(where="title", sentence="Give the process a title of at most 120 letters."))
    if not _KEY.fullmatch(key):
        sentence = "The key must be small letters, digits and underscores, and begin with a letter."
        found.append(Problem(where="key", sentence=sentence))
    elif definitions.is_published(session, key) or _is_drafted(session, key):
        found.append(Problem(where="key", sentence="There is a process with the key {key} already.", facts={"key": key}))
    if not _PREFIX.fullmatch(prefix):
        found.append(Problem(where="prefix", sentence="The number prefix must be two to eight capital letters."))
    elif prefix in _prefixes(session):
        sentence = "Another process numbers its cases with {prefix} already."
        found.append(Problem(where="prefix", sentence=sentence, facts={"prefix": prefix}))
    return found


def _is_drafted(session: Session, key: str) -> bool:
    return session.scalar(select(ProcessDraft.id).where(ProcessDraft.process_key == key).limit(1)) is not None


def _prefixes(session: Session) -> set[str]:
    return {str(version.manifest.get("number_prefix")) for version in definitions.list_current_versions(session)}


def _published(session: Session, key: str) -> Mapping[str, bytes]:
    current = definitions.current_version(session, key)
    version = session.get_one(ProcessVersion, current.id, options=[undefer(ProcessVersion.bundle)], populate_existing=True)
    return definitions.unpack(version.bundle)


def _files_of_diagram(diagram: tuple[str, bytes] | None, *, title: str, prefix: str) -> dict[str, bytes]:
    if diagram is None or not diagram[1]:
        raise DiagramMissing
    read = read_diagram(diagram[1], name=diagram[0])
    return {"main.bpmn": diagram[1], "process.toml": write_manifest(title=title, main=_main(read), prefix=prefix)}


def _main(diagram: Diagram) -> str:
    """Name the process that a case would run: the first that can, else the first that is drawn."""
    able = (each.id for each in diagram.processes.values() if each.executable)
    return next(able, next(iter(diagram.processes)))
