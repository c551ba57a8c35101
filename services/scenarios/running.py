"""Telling one scenario, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import bus, cases, headcounts, jobs, people, tasks, timers
from services.database import Database
from services.errors import OperationFailed
from services.mailers import MemoryMailer
from services.models.cases import OPEN, Case, Task
from services.posting import post_event
from services.scenarios.checking import check_expectations
from services.scenarios.looking import compare_tasks
from services.scenarios.rows import set_row
from workflows.errors import SafeconductError
from workflows.scenarios import Advance, Answer, Change, Do, Happen, Look, Scenario, Send, Step

MOST_ROUNDS = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """How a scenario went.

    Attributes:
        failures: What was not as it should be, in sentences; empty when all was well.
        number: Of the case; None when it did not even start.
    """

    name: str
    failures: list[str] = field(default_factory=list)
    number: str | None = None

    @property
    def passed(self) -> bool:
        """Whether all was as expected."""
        return not self.failures


class StepWrong(SafeconductError):
    """A step did not go as the scenario says."""


class Complete(Protocol):
    """Completes a task for somebody who sends these answers now."""

    def __call__(
        self, session: Session, task: Task, answers: Mapping[str, Any], /, *, actor: people.Actor, now: datetime
    ) -> None:
        """Complete it."""


def complete(session: Session, task: Task, answers: Mapping[str, Any], /, *, actor: people.Actor, now: datetime) -> None:
    """Complete a task as its page does."""
    revision = session.get_one(Case, task.case_id).revision
    tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=revision, now=now)


def run_scenario(database: Database, scenario: Scenario, *, completing: Complete = complete) -> Result:
    """Tell a scenario in a world that holds its people and its published process.

    Args:
        completing: How the story completes its tasks; for tests that do more than that.
    """
    story = Story(database, scenario, completing=completing)
    try:
        story.tell()
    except StepWrong as wrong:
        return Result(name=scenario.name, failures=[str(wrong)], number=story.number)
    return Result(name=scenario.name, failures=story.check(), number=story.number)


class Story:
    """A scenario being told: where the clock stands, and which case it is about."""

    def __init__(self, database: Database, scenario: Scenario, *, completing: Complete = complete) -> None:
        """Begin before the start of the scenario."""
        self.database = database
        self.completing = completing
        self.scenario = scenario
        self.now = scenario.now
        self.mailer = MemoryMailer()
        self.case_id: str | None = None
        self.number: str | None = None
        self._acts: dict[type, Callable[[Any], None]] = {
            Look: self._look,
            Do: self._do,
            Advance: self._advance,
            Send: self._send,
            Change: self._change,
            Happen: self._happen,
            Answer: self._answer,
        }

    def tell(self) -> None:
        """Tell it from its start to its last step. Raises: StepWrong."""
        self.begin()
        for number, step in enumerate(self.scenario.steps, start=1):
            self.go_on(step, number)

    def begin(self) -> None:
        """Tell what is given and how the case starts. Raises: StepWrong."""
        self._change(self.scenario)
        with self._step("start", refused=self.scenario.start.refused):
            self._start()

    def go_on(self, step: Step, number: int) -> None:
        """Tell one step. Raises: StepWrong."""
        with self._step(f"step {number} ({_name(step)})", refused=getattr(step, "refused", None)):
            self._acts[type(step)](step)
        if not isinstance(step, Look):
            jobs.run_once(self.database, self.mailer, self.now)

    def _change(self, told: Change | Scenario) -> None:
        with self.database.transaction() as session:
            for given in told.given:
                set_row(session, given, now=self.now)

    def check(self) -> list[str]:
        """Say everything that did not come out as the scenario says."""
        if self.case_id is None:
            return []
        with self.database.reading() as session:
            return check_expectations(session, self.scenario.expect, self._case(session), self.mailer.letters, now=self.now)

    def _start(self) -> None:
        start = self.scenario.start
        if start.as_ is not None:
            with self.database.transaction() as session:
                actor = people.actor_named(session, start.as_)
                case = cases.start_case(session, self.scenario.process, actor=actor, answers=start.answers, now=self.now)
                self.case_id, self.number = case.id, case.number
        elif start.event is not None:
            self._happen(start.event)
        jobs.run_once(self.database, self.mailer, self.now)
        if start.as_ is None:
            self._find_started()

    def _find_started(self) -> None:
        """Find the case that started by itself."""
        with self.database.reading() as session:
            mine = select(Case).where(Case.process_key == self.scenario.process)
            case = session.scalars(mine.order_by(Case.number.desc()).limit(1)).first()
        if case is None:
            raise StepWrong("No case has started by that.")
        self.case_id, self.number = case.id, case.number

    def _happen(self, step: Happen) -> None:
        with self.database.transaction() as session:
            by = people.SYSTEM.person
            post_event(session, step.event, area=step.area, payload=step.payload, by=by, now=self.now)

    def _look(self, step: Look) -> None:
        with self.database.reading() as session:
            found = compare_tasks(step.tasks, self._tasks(session, Task.state == OPEN, process=step.process))
        if found:
            raise StepWrong(found)

    def _do(self, step: Do) -> None:
        with self.database.transaction() as session:
            actor = people.actor_named(session, step.as_)
            task = self._choose(session, step, actor)
            act = complete if step.refused is not None else self.completing
            act(session, task, step.answers, actor=actor, now=self.now)

    def _advance(self, step: Advance) -> None:
        target = self.now + step.by
        for _ in range(MOST_ROUNDS):
            with self.database.reading() as session:
                moments = (timers.next_due_at(session), bus.next_due_at(session, self.now))
            due = min((moment for moment in moments if moment is not None), default=None)
            if due is None or due > target:
                break
            self.now = max(self.now, due)
            jobs.run_once(self.database, self.mailer, self.now)
        else:
            raise StepWrong("The timers never come to an end.")
        self.now = target

    def _send(self, step: Send) -> None:
        with self.database.transaction() as session:
            key = step.key or self.number or ""
            actor = people.actor_named(session, step.as_) if step.as_ is not None else people.SYSTEM
            cases.send_message(session, step.message, key, step.payload, actor=actor, now=self.now)

    def _answer(self, step: Answer) -> None:
        with self.database.transaction() as session:
            actor = people.actor_named(session, step.as_)
            asked = headcounts.list_asked(session, actor=actor, now=self.now)
            found = [one.listed.id for one in asked if one.listed.person == (step.about or step.as_)]
            if not found:
                raise StepWrong(f"No head count asks {step.as_} about {step.about or step.as_}.")
            headcounts.answer(session, found[0], step.says, place=step.place, words=step.words, actor=actor, now=self.now)

    @contextmanager
    def _step(self, place: str, *, refused: str | None) -> Iterator[None]:
        """Turn whatever goes wrong in a step into a sentence; the refusal that the scenario asks for is right."""
        try:
            yield
        except StepWrong as wrong:
            raise StepWrong(f"{place}: {wrong}") from wrong
        except OperationFailed as error:
            if refused is None and self.scenario.expect.state == "incident" and self.case_id is not None:
                self._put_aside(error)
            elif not _is_called(error, refused):
                raise StepWrong(f"{place}: {_describe(error)}") from error
        except SafeconductError as error:
            if not _is_called(error, refused):
                raise StepWrong(f"{place}: {_describe(error)}") from error
        else:
            if refused is not None:
                raise StepWrong(f"{place}: it should have been refused with {refused}, but it went through.")

    def _put_aside(self, error: OperationFailed) -> None:
        with self.database.transaction() as session:
            cases.open_incident(session, self._case(session).id, cause=str(error), now=self.now)

    def _choose(self, session: Session, step: Do, actor: people.Actor) -> Task:
        found = self._tasks(session, Task.element == step.do, process=step.process)
        found = [task for task in found if step.area in {None, task.area} and step.line in {None, task.line}]
        for task in found:
            if task.state == OPEN and (len(found) == 1 or self._may_act(session, task, actor)):
                return task
        if step.refused is not None and found:
            return next((task for task in found if task.state == OPEN), found[-1])
        still = ", ".join(task.element for task in self._tasks(session, Task.state == OPEN, process=step.process)) or "none"
        raise StepWrong(f"There is no open task {step.do} for {step.as_}. Open are: {still}.")

    def _may_act(self, session: Session, task: Task, actor: people.Actor) -> bool:
        try:
            return tasks.get_task(session, task.id, actor=actor, now=self.now).may_act
        except SafeconductError:
            return False

    def _tasks(self, session: Session, condition: Any, *, process: str | None) -> list[Task]:
        """Return tasks of the story's case, or of all cases of another process."""
        theirs = select(Case.id).where(Case.process_key == process)
        mine = select(Task).where(Task.case_id == self.case_id if process is None else Task.case_id.in_(theirs), condition)
        return list(session.scalars(mine.order_by(Task.opened_at, Task.area, Task.line, Task.id)))

    def _case(self, session: Session) -> Case:
        return session.get_one(Case, self.case_id)


def _is_called(error: SafeconductError, refused: str | None) -> bool:
    return refused is not None and refused in {kind.__name__ for kind in type(error).__mro__}


def _describe(error: SafeconductError) -> str:
    return f"{type(error).__name__}: {error}"


def _name(step: Step) -> str:
    name = next((value for each in ("do", "message", "event", "says") if (value := getattr(step, each, None))), None)
    return f"{type(step).__name__.lower()} {name}" if name else type(step).__name__.lower()
