"""Whether exactly the tasks are open that a scenario says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.models.cases import Task
from services.tasks.cards import flags_of
from workflows.scenarios import TaskSeen


def compare_tasks(expected: Sequence[TaskSeen], found: Sequence[Task]) -> str:
    """Say how the open tasks differ from those that are expected; empty when they do not."""
    left = list(found)
    missing = []
    for seen in sorted(expected, key=lambda each: -_precision(each)):
        match = next((task for task in left if _fits(seen, task)), None)
        if match is None:
            missing.append(seen)
        else:
            left.remove(match)
    if not missing and not left:
        return ""
    said = [f"not open: {_expected(seen)}" for seen in missing] + [f"open, but not expected: {_found(task)}" for task in left]
    return "; ".join(said)


def _fits(seen: TaskSeen, task: Task) -> bool:
    pairs = (
        (seen.id, task.element),
        (seen.role, task.role),
        (seen.area, task.area),
        (seen.organisation, task.organisation),
        (seen.line, task.line),
        (seen.due, task.due_at),
        (None if seen.flags is None else list(seen.flags), flags_of(task.card)),
    )
    return all(wanted is None or wanted == actual for wanted, actual in pairs)


def _precision(seen: TaskSeen) -> int:
    """How much a scenario says of a task; what is said most exactly chooses first."""
    return sum(each is not None for each in (seen.role, seen.area, seen.organisation, seen.line, seen.due, seen.flags))


def _expected(seen: TaskSeen) -> str:
    said = {"role": seen.role, "area": seen.area, "organisation": seen.organisation, "line": seen.line, "due": seen.due}
    return _sentence(seen.id, {**said, "flags": seen.flags and list(seen.flags)})


def _found(task: Task) -> str:
    said = {"role": task.role, "area": task.area, "organisation": task.organisation, "line": task.line, "due": task.due_at}
    return _sentence(task.element, {**said, "flags": flags_of(task.card) or None})


def _sentence(name: str, said: Mapping[str, object]) -> str:
    facts = ", ".join(f"{key} {value}" for key, value in said.items() if value is not None)
    return f"{name} ({facts})" if facts else name
