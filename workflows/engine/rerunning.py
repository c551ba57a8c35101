"""A case that is run once more from its record, all acts in one go and in memory: nobody looks at its tasks meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from workflows.engine.changes import Changes
from workflows.engine.run import Run

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from workflows.engine.changes import Host
    from workflows.engine.program import Program
    from workflows.engine.repairs import Order


class Rerun(Run):
    """A run that keeps its state between acts, and of its open tasks knows only where they are.

    What a task says to its person is left out: evaluating it takes longer than all the rest, and nothing depends on it.

    Attributes:
        lines: Of what the open tasks are, by token, as their diagram said when they opened: it may say something else now.
        path: The elements that were entered, in order.
    """

    def __init__(self, program: Program, *, host: Host, now: datetime) -> None:
        super().__init__(program, host=host, now=now)
        self.records = False
        self.lines: dict[str, str] = {}
        self.path: list[str] = []

    def note(self, kind: str, task: Task) -> None:
        """Remember which elements were entered; no other trail is kept."""
        if kind == "entered":
            self.path.append(task.task_spec.name)

    def open_task(self, task: Task) -> None:
        """Note that a task opened, and of what; its other facts are not asked for."""
        formula = task.task_spec.texts.get("line")
        value = None if formula is None else formula.to_json(self.visible(task), self.now)
        if value is not None and value != "":
            self.lines[task.id] = str(value)

    def next_act(self, now: datetime, orders: Mapping[str, Order] | None = None) -> None:
        """Begin another act at this moment."""
        self.now = now
        self.changes = Changes()
        self.steps = self.runs = 0
        self.orders, self.obeyed = orders or {}, set()

    def find_task(self, element: str, line: str | None, rank: int = 0) -> str | None:
        """Return the token of an open task by its element and line; None when there is no such task.

        Args:
            rank: Which of the tasks of the element it is if that one is of this line; otherwise it is the oldest of the line.
        """
        tasks = self.open_tasks_of(element)
        first = next((task for task in [*tasks[rank : rank + 1], *tasks] if self.lines.get(task.id) == line), None)
        return None if first is None else first.id

    def move_timers(self, moved: Iterable[Sequence[Any]]) -> None:
        """Put timers off as they were put off: from a moment to another, or by as much where the clock is another one.

        Args:
            moved: Element, moment before and after, and which of those of the element that were due at that moment.
        """
        for element, before, after, *rank in moved:
            by = datetime.fromisoformat(after) - datetime.fromisoformat(before)
            timers = self.timers_of(element)
            same = [wait for wait in timers if wait["due"] == before]
            meant = same[rank[0] : rank[0] + 1] if rank else []
            for wait in meant or same[:1] or timers[:1]:
                wait["due"] = (datetime.fromisoformat(wait["due"]) + by).isoformat()

    def tick_until(self, end: datetime) -> None:
        """Let everything happen at its moment that is due by another one."""
        while (due := self.wake_at) is not None and due <= end:
            self.next_act(max(due, self.now))
            if not self.tick():
                return


#: A timer fires a little after its moment: whoever looks after timers comes by once a minute.
ROUND = timedelta(minutes=2)
