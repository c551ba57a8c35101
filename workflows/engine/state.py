"""The stored state of a case: its tokens, variables and traces, and nothing of its diagram.

An ordered JSON text of our own, compressed. SpiffWorkflow's serializer writes the whole specification with every state,
stores data as differences that depend on the order of keys, and restores with an engine that runs Python; none of that is
used.
"""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workflows.engine.consistency import ensure_consistent
from workflows.engine.errors import StateRefused
from workflows.engine.run import Run
from workflows.engine.scopes import Scopes
from workflows.engine.tokens import new_id, packed, unpacked
from workflows.json_text import write_json

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.engine.changes import Host
    from workflows.engine.program import Program
    from workflows.engine.tokens import CaseWorkflow, SubprocessWorkflow

FORMAT = 1
MOST_BYTES = 50_000_000


def save(run: Run) -> bytes:
    """Write the state of a case that waits or has ended. Raises: StepFailed when something in it would wait for nobody."""
    ensure_consistent(run)
    state = {
        "format": FORMAT,
        "main": run.program.main,
        "completed": run.workflow.completed,
        "ended": run.ended,
        "workflows": [_write_workflow(workflow) for workflow in run.workflow.workflows()],
        "scopes": run.scopes.by_key,
        "traces": run.traces,
    }
    return _pack(write_json(state))


def restore(program: Program, stored: bytes, *, host: Host, now: datetime) -> Run:
    """Read a stored state back.

    Raises:
        StateRefused: It is damaged, of another format, or names elements that this version of the process does not have.
    """
    try:
        return read(program, unpack(stored), host=host, now=now)
    except (zlib.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise StateRefused(cause=f"{type(error).__name__}: {error}") from error


def renew(stored: bytes, token: str) -> tuple[bytes, str]:
    """Give one token of a stored state another id, wherever the state names it; answers the state and the new id.

    A step that was done under its old id and is open again is another step to everybody who keeps records of it.

    Raises:
        StateRefused: The state is damaged, or has no such token.
    """
    try:
        text = zlib.decompress(stored)
    except (zlib.error, ValueError) as error:
        raise StateRefused(cause=f"{type(error).__name__}: {error}") from error
    new = new_id()
    again = text.replace(packed(token).encode(), packed(new).encode()).replace(token.encode(), new.encode())
    if len(token) != len(new) or again == text:
        raise StateRefused(cause="it has no such token")
    return _pack(again), new


def unpack(stored: bytes) -> dict[str, Any]:
    """Read the JSON of a stored state. Raises: StateRefused when it is of another format; zlib.error, ValueError, KeyError."""
    unpacker = zlib.decompressobj()
    state: dict[str, Any] = json.loads(unpacker.decompress(stored, MOST_BYTES))
    if state["format"] != FORMAT:
        raise StateRefused(cause=f"it is of format {state['format']}, not {FORMAT}")
    return state


def read(program: Program, state: dict[str, Any], *, host: Host, now: datetime) -> Run:
    """Bring the JSON of a state to life. Raises: KeyError where it names what the program does not have."""
    case, *subprocesses = state["workflows"]
    run = Run(program, host=host, now=now, root_id=case["root"])
    run.scopes = Scopes(state["scopes"])
    run.traces = state["traces"]
    run.ended = state["ended"]
    run.workflow.completed = state["completed"]
    _read_tokens(run.workflow, case)
    waiting = list(subprocesses)
    while waiting:
        later = [entry for entry in waiting if not _read_subprocess(run.workflow, entry)]
        if len(later) == len(waiting):
            raise StateRefused(cause="a subprocess in it belongs to no token")
        waiting = later
    run.open_before = frozenset(run.open_tokens)
    return run


def _pack(text: bytes) -> bytes:
    packer = zlib.compressobj(level=1, memLevel=7)  # a state is small: clearing larger tables would cost more than packing it
    return packer.compress(text) + packer.flush()


def _read_subprocess(top: CaseWorkflow, entry: dict[str, Any]) -> bool:
    parent = top.find_token(unpacked(entry["parent"]))
    if parent is None:
        return False
    workflow = top.create_subprocess(parent, entry["spec"], entry["root"])
    _read_tokens(workflow, entry)
    return True


def _write_workflow(workflow: CaseWorkflow | SubprocessWorkflow) -> dict[str, Any]:
    entry: dict[str, Any] = {"spec": workflow.spec.name, "root": workflow.task_tree.id}
    if workflow.parent_task is not None:
        entry["parent"] = packed(workflow.parent_task.id)
    if workflow.undoable:
        entry["undoable"] = workflow.undoable
    entry["tokens"] = [_write_token(task) for task in workflow.tokens()]
    return entry


def _write_token(task: Task) -> list[Any]:
    token: list[Any] = [packed(task.id), task.task_spec.name, task.state]
    if task.internal_data:
        token.append(task.internal_data)
    return token


def _read_tokens(workflow: CaseWorkflow | SubprocessWorkflow, entry: dict[str, Any]) -> None:
    workflow.undoable = entry.get("undoable", [])
    specs = workflow.spec.task_specs
    for token_id, name, state, *facts in entry["tokens"]:
        task = workflow.token(specs[name], state=state, token=unpacked(token_id))
        if facts:
            task.internal_data = facts[0]
