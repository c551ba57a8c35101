"""Running a finished case again on another version of its process, with the answers that were recorded, and comparing the paths.

Nothing is asked and nothing is written: what operations brought comes from the record of the case.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from workflows.engine import BusinessError, Call, Order, Program, ProgramRefused, StepFailed
from workflows.engine.rerunning import ROUND, Rerun
from workflows.errors import SafeconductError

BEGIN, COMPLETE, MESSAGE, SIGNAL, TIMER, MOVED = "begin", "complete", "message", "signal", "timer", "moved"
#: How a replay ends: on the same path; on another; before a step for which nothing was recorded; with a step that failed.
SAME, DIFFERENT, WAITING, FAILED = "SAME", "DIFFERENT", "WAITING", "FAILED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One act of a case as it was recorded.

    Attributes:
        name: The element of the task, the message, the signal, or the event that the case begins with.
        brought: The answers of the task, the payload of the message, or what the case knew at first.
        performed: Element, operation, line, result and error of each operation that was carried out.
        moved: Timers that were put off: element, moment before and after, and which of those that were due then.
        counted: The same of timers that the act armed and that count working days.
        rank: Which of the open tasks of its element the task was, the oldest being 0.
        overdue: Since when a timer was due without having fired: nobody had looked at the clock since.
        orders: What a repair wanted done differently, by place.
    """

    kind: str
    at: datetime
    name: str | None = None
    line: str | None = None
    brought: dict[str, Any] = field(default_factory=dict)
    performed: Sequence[Sequence[Any]] = ()
    moved: Sequence[Sequence[Any]] = ()
    counted: Sequence[Sequence[Any]] = ()
    rank: int = 0
    overdue: datetime | None = None
    orders: Mapping[str, Order] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """How a case went: the elements that it entered, and where it stood at the end.

    Attributes:
        at: The step before which it waits, or that failed; None when the case came to its end.
    """

    path: tuple[str, ...]
    at: str | None = None
    failed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What became of a case: where its path first is another one, and where it stopped.

    Attributes:
        now, before: The first element that is different, and the one that was there; None where the path ends.
        at: Where it waits or failed.
    """

    kind: str
    now: str | None = None
    before: str | None = None
    at: str | None = None


class NotRecorded(StepFailed):
    """Nothing was recorded for the step {element}."""


class Recorded:
    """Carries out operations from the record of a case."""

    def __init__(self, acts: Sequence[Act], silent: Collection[str]) -> None:
        """Keep what was brought, by element and line, in order."""
        self.silent = silent
        self.left: dict[tuple[str, str | None], deque[Sequence[Any]]] = {}
        self.others: dict[str, list[Sequence[Any]]] = {}
        for act in acts:
            for done in act.performed:
                self.left.setdefault((done[0], done[2]), deque()).append(done)
                self.others.setdefault(done[1], []).append(done)

    def perform(self, operation: str, inputs: dict[str, Any], call: Call) -> dict[str, Any]:
        """Answer what this step brought, or what another step brought that asked for the same operation.

        Raises:
            BusinessError: It ended so.
            NotRecorded: No step of the case asked for it.
        """
        found = self._find(operation, call)
        if found is None:
            if operation in self.silent:
                return {}
            raise NotRecorded(call.element, "")
        _, _, _, result, error = found
        if error:
            raise BusinessError(*error)
        return dict(result or {})

    def _find(self, operation: str, call: Call) -> Sequence[Any] | None:
        own = self.left.get((call.element, call.line))
        while own:
            done = own.popleft()
            if done[1] == operation:
                self.others[operation].remove(done)
                return done
        others = self.others.get(operation, [])
        same_line = [done for done in others if done[2] == call.line]
        return same_line[0] if same_line else None


def rerun(program: Program, acts: Sequence[Act], *, silent: Collection[str] = frozenset(), length: int | None = None) -> Course:
    """Run a case again from its record.

    Args:
        silent: Operations that answer nothing: a step that asks for one needs no record.
        length: Go only as far as until so many elements were entered.
    """
    return _Replay(program, acts, silent, length).go()


def compare(recorded: Sequence[str], course: Course) -> Difference:
    """Say where a course first leaves the recorded path, and where it stopped."""
    pairs = zip(_endless(recorded), _endless(course.path), range(max(len(recorded), len(course.path))), strict=False)
    before, now = next(((old, new) for old, new, _ in pairs if old != new), (None, None))
    if course.failed:
        return Difference(kind=FAILED, now=now, before=before, at=course.at)
    if course.at is not None:
        return Difference(kind=WAITING, now=now, before=before, at=course.at)
    return Difference(kind=SAME if before is None and now is None else DIFFERENT, now=now, before=before)


def common_length(recorded: Sequence[str], path: Sequence[str]) -> int:
    """Count the elements at the beginning that two paths have in common."""
    return next(
        (count for count, (old, new) in enumerate(zip(recorded, path, strict=False)) if old != new), min(len(recorded), len(path))
    )


def _endless(path: Sequence[str]) -> Iterator[str | None]:
    yield from path
    while True:
        yield None


class _Replay:
    """One case on its way through a program."""

    def __init__(self, program: Program, acts: Sequence[Act], silent: Collection[str], length: int | None) -> None:
        self.acts = acts
        self.length = length
        self.run = Rerun(program, host=Recorded(acts, silent), now=acts[0].at)
        self.unused: list[Act] = []

    def go(self) -> Course:
        try:
            for act in self.acts:
                if self.length is not None and len(self.run.path) >= self.length:
                    return Course(path=tuple(self.run.path[: self.length]))
                self._follow(act)
        except NotRecorded as missing:
            return self._stopped(missing.element)
        except StepFailed as error:
            return self._stopped(error.element, failed=True)
        except (ProgramRefused, SafeconductError, ArithmeticError, LookupError, TypeError, ValueError):
            return self._stopped(self.run.path[-1] if self.run.path else None, failed=True)
        waiting = self.run.waiting_elements
        return self._stopped(waiting[0] if waiting else None)

    def _stopped(self, at: str | None, *, failed: bool = False) -> Course:
        return Course(path=tuple(self.run.path), at=at, failed=failed)

    def _follow(self, act: Act) -> None:
        if act.kind != BEGIN:
            self._pass_time(act)
            self._use_answers()
        self.run.next_act(act.at, act.orders)
        self.run.move_timers(act.moved)
        self._do(act)
        if act.kind != COMPLETE:
            self.run.move_timers(act.counted)
        self._use_answers()

    def _pass_time(self, act: Act) -> None:
        """Let happen by itself what is due before an act, at its moment; but nothing while nobody looked at the clock."""
        end = act.at - ROUND
        if act.overdue is not None:
            end = min(end, act.overdue - timedelta.resolution)
        self.run.tick_until(end)

    def _do(self, act: Act) -> None:
        if act.kind == BEGIN:
            self.run.begin(act.brought, event=act.name)
        elif act.kind == COMPLETE:
            self.unused.append(act)
        elif act.kind == MESSAGE:
            self.run.send(act.name or "", act.line, act.brought)
        elif act.kind == SIGNAL:
            self.run.signal(act.name or "", act.brought)
        elif act.kind == TIMER:
            self.run.tick()

    def _use_answers(self) -> None:
        """Complete what is open and was answered by now, though it may have opened in another order."""
        while found := self._answered():
            act, token = found
            self.unused.remove(act)
            self.run.next_act(max(act.at, self.run.now), act.orders)
            self.run.complete(token, act.brought)
            self.run.move_timers(act.counted)

    def _answered(self) -> tuple[Act, str] | None:
        for act in self.unused:
            token = self.run.find_task(act.name or "", act.line, act.rank)
            if token is not None:
                return act, token
        return None
