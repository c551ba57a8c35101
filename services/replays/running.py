"""Running finished cases again on another program, and adding up what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from services import definitions
from services.replays.reading import UNRECORDED, History
from workflows import engine
from workflows.packages import Package
from workflows.replaying import SAME, Course, Difference, common_length, compare, rerun

#: Operations that only remind: a clock may run out in a replay that never ran out before, and nothing depends on it.
REMINDING = frozenset({"task.chase_open", "task.escalate"})
KEPT_PROGRAMS = 8
_programs: dict[str, engine.Program] = {}
KEPT_PROOFS = 20_000
#: How many elements of its path a case is known to enter again on its own version, one more when it also ends as it did.
_proven: dict[str, int] = {}


@dataclass(kw_only=True)
class Replayed:
    """What became of cases that were run again. It names elements and counts, and no case.

    Attributes:
        same: How many take the same path.
        unrecorded: How many cannot be run again.
        reasons: Why not, and how many for each reason.
        unlike: How many do not take their own path again on their own version, so that nothing can be said of them.
        differences: How many leave their path in which way.
    """

    same: int = 0
    unrecorded: int = 0
    unlike: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    differences: Counter[Difference] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """Write it down, the most frequent difference first."""
        groups = [
            {"kind": each.kind, "now": each.now, "before": each.before, "at": each.at, "cases": count}
            for each, count in sorted(self.differences.items(), key=lambda pair: (-pair[1], repr(pair[0])))
        ]
        counts = {"same": self.same, "unrecorded": self.unrecorded, "unlike": self.unlike}
        return {**counts, "reasons": dict(self.reasons), "groups": groups}

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> Replayed:
        """Read what was written down."""
        names = ("kind", "now", "before", "at")
        groups = {Difference(**{name: each[name] for name in names}): each["cases"] for each in said.get("groups", ())}
        counts = {name: said.get(name, 0) for name in ("same", "unrecorded", "unlike")}
        return cls(**counts, reasons=Counter(said.get("reasons", {})), differences=Counter(groups))

    @property
    def cases(self) -> int:
        """How many cases were looked at."""
        return self.same + self.unrecorded + self.unlike + self.differences.total()


def program_of(package: Package) -> engine.Program:
    """Compile a draft; the last few are kept, since a round comes back to the same one slice by slice. Raises: ProgramRefused."""
    made = _programs.get(package.digest)
    if made is None:
        made = engine.compile_program(package)
        while len(_programs) >= KEPT_PROGRAMS:
            _programs.pop(next(iter(_programs)), None)
        _programs[package.digest] = made
    return made


def replay(session: Session, program: engine.Program, histories: Sequence[History], *, into: Replayed) -> None:
    """Run cases again on a program and add up what became of them.

    A case that does not come out the same is run on its own version as well: only what comes out the same there differs because
    of the program, and not because its record says too little.
    """
    silent = _find_silent(histories)
    for history in histories:
        if history.acts is None:
            into.unrecorded += 1
            into.reasons[history.why or UNRECORDED] += 1
            continue
        course = rerun(program, history.acts, silent=silent)
        found = compare(history.path, course)
        if found.kind == SAME:
            into.same += 1
        elif _is_proven(session, history, course):
            into.differences[found] += 1
        else:
            into.unlike += 1


def _is_proven(session: Session, history: History, course: Course) -> bool:
    """Whether a case takes its own path again on its own version.

    For one that came to an end it is enough to go past the place where it differs: so far everything was the same, and what comes
    after follows from the draft. What is known is kept, since a finished case stays as it is and its owner asks again.
    """
    whole = len(history.path) + 1
    length = whole if course.at is not None else min(common_length(history.path, course.path) + 1, len(history.path))
    if _proven.get(history.case_id, 0) >= length:
        return True
    own, acts = definitions.get_program(session, history.version_id), history.acts or []
    if length == whole:
        is_same = compare(history.path, rerun(own, acts)).kind == SAME
    else:
        is_same = list(rerun(own, acts, length=length).path[:length]) == history.path[:length]
    if is_same:
        while len(_proven) >= KEPT_PROOFS:
            _proven.pop(next(iter(_proven)), None)
        _proven[history.case_id] = length
    return is_same


def _find_silent(histories: Iterable[History]) -> set[str]:
    """Find the operations that never answer anything: a step that asks for one of them needs no record."""
    silent: set[str] = set()
    answering: set[str] = set()
    for history in histories:
        for act in history.acts or ():
            for _, operation, _, result, error in act.performed:
                (answering if result or error else silent).add(operation)
    return (silent | REMINDING) - answering


def base_names(session: Session, key: str) -> dict[str, str]:
    """Return what the elements of the version in use are called, for those that a draft no longer has."""
    if not definitions.is_published(session, key):
        return {}
    package = definitions.get_package(session, definitions.current_version(session, key).id)
    return {name: element.name for diagram in package.diagrams.values() for name, element in diagram.elements.items()}
