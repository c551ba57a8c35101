"""Writing a walk down as a scenario of the draft: with the tasks that were open before each step, and what came out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import process_drafts
from services.models.audit import AuditEntry
from services.models.cases import OPEN, Case, Task
from services.models.process_drafts import DraftFile, ProcessDraft
from services.people import Actor
from services.trials.telling import open_told
from workflows.errors import Refused
from workflows.packages import Package

_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,60}")


class NameUnfit(Refused):
    """Name the scenario with small letters, digits and underscores, such as “late_request”."""


def record_trial(
    session: Session,
    draft: ProcessDraft,
    package: Package,
    others: Sequence[Package],
    story: Mapping[str, Any],
    *,
    name: str,
    about: str,
    actor: Actor,
    now: datetime,
) -> DraftFile:
    """Write a walk into the draft as a scenario.

    Raises:
        NameUnfit: No file can have this name.
        FileRefused, SavedMeanwhile, DraftClosed: The file cannot be saved.
    """
    if not _NAME.fullmatch(name):
        raise NameUnfit([])
    mapping = _describe(package, others, story, about)
    text = "".join(_write(mapping))
    file = f"scenarios/{name}.yaml"
    return process_drafts.save_file(session, draft.id, file, text.encode(), revision=None, actor=actor, now=now)


def _describe(package: Package, others: Sequence[Package], story: Mapping[str, Any], about: str) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    for count, step in enumerate([*story["steps"], None]):
        with open_told(package, others, {**story, "steps": story["steps"][:count]}) as told, told.database.reading() as session:
            seen = _tasks(session, told.case_id)
            if step is None:
                expect = _expect(session, told.case_id)
        if seen:
            steps.append({"tasks": seen})
        if step is not None:
            steps.append(dict(step))
    kept = {name: story[name] for name in ("process", "also", "now", "world", "given", "start") if story.get(name)}
    return {"about": about, **kept, "steps": steps, "expect": expect}


def _write(mapping: Mapping[str, Any]) -> Iterator[str]:
    """Write YAML with a line for every step; JSON is how YAML writes a value in one line."""
    for name, value in mapping.items():
        if name in {"steps", "expect"} and value:
            yield f"{name}:\n"
            parts = [f"- {_inline(each)}" for each in value] if name == "steps" else _lines(value)
            yield from (f"{part}\n" for part in parts)
        else:
            yield f"{name}: {_inline(value)}\n"


def _lines(value: Mapping[str, Any]) -> list[str]:
    return [f"  {key}: {_inline(each)}" for key, each in value.items()]


def _inline(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _tasks(session: Session, case_id: str | None) -> list[dict[str, str]]:
    mine = select(Task).where(Task.case_id == case_id, Task.state == OPEN).order_by(Task.opened_at, Task.element, Task.id)
    seen = [{"id": task.element, "role": task.role, "area": task.area, "line": task.line} for task in session.scalars(mine)]
    return [{name: value for name, value in task.items() if value} for task in seen]


def _expect(session: Session, case_id: str | None) -> dict[str, Any]:
    case = session.get(Case, case_id) if case_id else None
    if case is None:
        return {}
    entries = session.scalars(select(AuditEntry).where(AuditEntry.case_id == case.id).order_by(AuditEntry.seq))
    path = [element for entry in entries for kind, element in entry.payload.get("trail", ()) if kind == "entered"]
    outcome = case.outcome or case.status
    return {"state": case.state.lower(), **({"outcome": outcome} if outcome else {}), "path": path}
