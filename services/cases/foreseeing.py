"""What will happen to a request, found out by running it: the tables and diagrams of its process decide, and nothing is kept.

The case is really started, in a transaction that is undone. Whoever would have to agree first is taken to agree, so that it shows
who comes after them; the run ends where somebody decides, where the requester has to do something first, or with the case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services import authority, definitions, registers
from services.cases.loading import restore_run
from services.cases.starting import add_case, begin, ensure_may_start, read_start_answers
from services.errors import NotAllowed, OperationFailed
from services.models.cases import COMPLETED, DONE, Case, Task
from services.people import Actor
from services.progress import Act, store_run
from services.roles import OWN_ROLES
from workflows import engine, feel, forms
from workflows.errors import AnswersInvalid, Problem
from workflows.forms.agreeing import agreeing_answers
from workflows.forms.drafts import draft_answers
from workflows.packages import Package

#: How many times in a row somebody is taken to agree, and how many steps are told of.
MOST_ROUNDS = 6
MOST_STEPS = 40
#: What is decided is not guessed; whoever decides is where looking ahead ends.
DECIDING = frozenset({"DECIDE", "GRANT", "SIGN"})


@dataclass(frozen=True, kw_only=True, slots=True)
class StepAhead:
    """A step that somebody will have to take.

    Attributes:
        round: Steps of the same round happen side by side; those of the next begin when these are done.
        people: How many could act on it today.
        within: How long they have.
        is_own: It asks the requester or traveller.
    """

    element: str
    name: str
    role: str | None
    area: str | None
    line: str | None
    act: str | None
    round: int
    people: int
    within: timedelta | None
    is_own: bool
    card: Any
    why: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Foresight:
    """What will happen.

    Attributes:
        steps: In the order in which they come.
        ends: The word for the answer when it comes at once, without anybody; None otherwise.
        needed_by: By when the answer is needed, as the process says.
        send_before: To be answered in time although everybody takes as long as they may; None when nobody has a clock.
        is_whole: Whether everything that is asked was answered; without it this is a first look.
        refused: Why it could not be sent with these answers, although all are there.
    """

    version_id: str
    steps: list[StepAhead] = field(default_factory=list)
    ends: str | None = None
    needed_by: datetime | None = None
    send_before: datetime | None = None
    is_whole: bool = True
    refused: list[Problem] = field(default_factory=list)

    @property
    def is_late(self) -> bool:
        """Whether even the whole time that deciders have is longer than what is left."""
        clocks = [step for step in self.steps if step.within is not None and not step.is_own]
        return self.needed_by is not None and self.send_before is None and bool(clocks)


def foresee(session: Session, key: str, *, actor: Actor, answers: Mapping[str, Any], now: datetime) -> Foresight | None:
    """Find out what would happen if these answers were sent now; None when too little is known to tell.

    Args:
        session: Of a rehearsal: everything that this writes has to be undone.
        answers: What was typed into the start form so far, raw.

    Raises:
        NotPublished: There is no such process.
        NotYourRole: The actor may not start it.
    """
    version = definitions.current_version(session, key)
    ensure_may_start(session, version, actor=actor, now=now)
    package = definitions.get_package(session, version.id)
    values, is_whole = _read(session, package, answers, actor=actor, now=now)
    try:
        case = add_case(session, version, package, actor=actor, answers=values, now=now)
        run = begin(session, case, values, actor=actor, now=now)
        return _follow(session, case, run, package, values, actor=actor, now=now, is_whole=is_whole)
    except AnswersInvalid as refusal:
        return Foresight(version_id=version.id, refused=refusal.problems) if is_whole else None
    except (NotAllowed, OperationFailed, feel.FeelError):
        # The answers so far lead to a step that cannot be carried out with them; what is sent is checked as a whole.
        return None


def _read(
    session: Session, package: Package, answers: Mapping[str, Any], *, actor: Actor, now: datetime
) -> tuple[dict[str, Any], bool]:
    """Read the answers, or as many of them as can be understood."""
    try:
        return read_start_answers(session, package, answers, requester=actor.person, now=now), True
    except AnswersInvalid:
        name = package.manifest.start_form
        form = package.forms[name] if name else forms.EMPTY
        scope = {
            "options": registers.options_for(session, form, asker=authority.asker_of(session, actor.person, now), now=now),
            "requester": actor.person,
        }
        known = feel.to_json(draft_answers(form.fields, answers, scope))
        return {**form.default_answers({}), **{name: value for name, value in known.items() if value is not None}}, False


def _follow(
    session: Session,
    case: Case,
    run: engine.Run,
    package: Package,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    is_whole: bool,
) -> Foresight:
    steps: list[StepAhead] = []
    opened = store_run(session, case, run, Act(name="start", actor=actor, now=now))
    for number in range(MOST_ROUNDS):
        steps += [_step(session, task, number, now) for task in opened]
        agreed = [(task, answers) for task in opened if (answers := _agree(task, package)) is not None]
        if not agreed or len(steps) > MOST_STEPS:
            break
        opened = _complete(session, case, agreed, actor=actor, now=now)
    needed_by = _needed_by(package, {**values, "requester": actor.person}, now)
    spare = _spare_time(steps, needed_by, now)
    return Foresight(
        version_id=case.version_id,
        steps=steps[:MOST_STEPS],
        ends=(case.status or case.outcome) if case.state == COMPLETED or not steps else None,
        needed_by=needed_by,
        send_before=now + spare if spare is not None and spare > timedelta(0) else None,
        is_whole=is_whole,
    )


def _step(session: Session, task: Task, number: int, now: datetime) -> StepAhead:
    is_own = task.role in OWN_ROLES
    return StepAhead(
        element=task.element,
        name=task.name,
        role=task.role,
        area=task.area if task.line else None,
        line=task.line,
        act=task.act,
        round=number,
        people=0 if is_own else len(authority.candidates(session, task, now)),
        within=task.due_at - now if task.due_at else None,
        is_own=is_own,
        card=task.card,
        why=list(task.tables_used),
    )


def _agree(task: Task, package: Package) -> dict[str, Any] | None:
    """Say how somebody agrees in a step; None where looking ahead ends."""
    if task.role in OWN_ROLES or task.act in DECIDING or task.form is None:
        return None
    return agreeing_answers(package.forms[task.form])


def _complete(
    session: Session, case: Case, agreed: Sequence[tuple[Task, Mapping[str, Any]]], *, actor: Actor, now: datetime
) -> list[Task]:
    """Take steps as if those who have to take them agreed, and return those that open; none where the case cannot go on so."""
    run = restore_run(session, case, actor=actor, now=now)
    try:
        for task, answers in agreed:
            if task.id in run.open_tokens:
                run.complete(task.id, answers)
                task.state, task.closed_at = DONE, now
    except engine.StepFailed:
        return []
    return store_run(session, case, run, Act(name="complete", actor=actor, now=now))


def _needed_by(package: Package, known: Mapping[str, Any], now: datetime) -> datetime | None:
    text = package.manifest.needed_by
    if not text:
        return None
    value = feel.to_json(feel.parse(text.removeprefix("=")).evaluate(known, now=now))
    try:
        moment = datetime.fromisoformat(str(value).split("[")[0])
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _spare_time(steps: Sequence[StepAhead], needed_by: datetime | None, now: datetime) -> timedelta | None:
    """Work out how much time is left when every round takes as long as the slowest step of it may."""
    if needed_by is None:
        return None
    rounds: dict[int, timedelta] = {}
    for step in steps:
        if step.within is not None and not step.is_own:
            rounds[step.round] = max(step.within, rounds.get(step.round, timedelta(0)))
    return needed_by - now - sum(rounds.values(), timedelta(0)) if rounds else None
