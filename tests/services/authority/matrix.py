"""The matrix of task × relation × way: people are made up for every cell, and nobody with a stake may get through.

Everything is done inside a savepoint that is rolled back, so that the story in which the task stands goes on untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services import audit, authority, tasks
from services.errors import NotAllowed, NotFound
from services.models.audit import Decision
from services.models.authority import Absence, Delegation, RoleHolding
from services.models.base import new_id
from services.models.cases import OPEN, Case, CaseParty, Task, TaskCandidate
from services.models.confinements import CaseConfinement
from services.models.people import Dependant, FamilyLink
from services.people import Actor
from services.roles import ENDORSING_ROLES, NEVER_ROLES
from services.separation import IN_PLACE_OF_DO, PRINCIPALS, RELATED
from tests.services.authority.cells import Cell, Rows
from workflows.errors import AnswersInvalid

#: Acts that judge: whoever has a stake takes none of them.
JUDGING = ("DECIDE", "APPROVE", "ENDORSE", "VERIFY", "CERTIFY", "RECOMMEND", "EVALUATE", "ADVISE", "TRIAGE")
#: Acts by which somebody prepares what another judges.
PREPARING = ("DRAFT", "REGISTER", "CORRECT")
UNRELATED = "unrelated"
CONCERNED, GIVER, AWAY = "matrix.concerned", "matrix.giver", "matrix.away"
BESIDE = "EOSG"
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """One task, with everybody who is made up around it.

    Attributes:
        prepared: The elements of the process at which somebody prepares, with their acts.
        allowed: Those of them that do not stand against this task.
        turn: Shifts which cells are also tried by claiming and completing, so that all pairs come round.
    """

    session: Session
    task: Task
    now: datetime
    prepared: Mapping[str, str] = field(default_factory=dict)
    allowed: Collection[str] = ()
    turn: int = 0

    def faults(self) -> list[str]:
        """Say every way through, and every way that is closed to somebody without a stake."""
        found = []
        for part in (self._crowd, self._official, self._assigned):
            savepoint = self.session.begin_nested()
            self._lift_confinement()
            found += list(part())
            savepoint.rollback()
            self.session.expire_all()
        return [f"{self.task.element}: {fault}" for fault in found]

    def _lift_confinement(self) -> None:
        """Let everybody know of the case: a confinement keeps strangers out by itself, and what is asked here are stakes."""
        standing = update(CaseConfinement).where(CaseConfinement.case_id == self.task.case_id)
        self.session.execute(standing.values(lifted_at=self.now))

    # ---------------------------------------------------------------- the parts

    def _crowd(self) -> Iterator[str]:
        """Everybody at once: each relation by each way, beside whoever is there anyway."""
        before = {one.person for one in authority.candidates(self.session, self.task, self.now)}
        cells = [Cell(way=way, relation=relation) for way in self._ways() for relation in (UNRELATED, *self._relations(way))]
        self._make(cells)
        yield from self._check(cells, {one.person for one in authority.candidates(self.session, self.task, self.now)} - before)

    def _official(self) -> Iterator[str]:
        """The one named on the task, or the Designated Official of the area, is concerned: nobody acts in the place of either."""
        if self.task.assignee is not None:
            cell = Cell(way="substitute", relation="official")
            self._make([cell])
            self._now(CaseParty, case_id=self.task.case_id, person=self.task.assignee, kind="TRAVELLER", line=None)
            if self._may(cell):
                yield f"{cell.person} acts in the place of somebody who is concerned"
        if self.task.area is None or self.task.act != "DECIDE":
            return
        cells = [Cell(way=way, relation="official") for way in self._ways()]
        self._make(cells)
        self._now(RoleHolding, person=CONCERNED, role="DO", area=self.task.area, valid_from=self.now - DAY)
        able = {one.person for one in authority.candidates(self.session, self.task, self.now)}
        in_place = set(self._roles()) & set(IN_PLACE_OF_DO)
        for cell in cells:
            way_is_up = cell.way == "escalated"
            if self.task.role in in_place and not way_is_up and cell.person in able:
                yield f"{cell.person} decides in the place of the official who is concerned"

    def _assigned(self) -> Iterator[str]:
        """By name on the task: one after the other, because a task has one name."""
        for number, relation in enumerate((UNRELATED, *self._relations("assigned"))):
            if relation != UNRELATED and (number + self.turn) % 4:
                continue
            cell = Cell(way="assigned", relation=relation)
            savepoint = self.session.begin_nested()
            self._make([cell])
            self.task.assignee = cell.person
            self.session.flush()
            able = {one.person for one in authority.candidates(self.session, self.task, self.now)}
            yield from self._check([cell], able & {cell.person})
            savepoint.rollback()

    def _now(self, model: Any, **columns: Any) -> None:
        self.session.add(model(id=new_id(), **columns))
        self.session.flush()

    # ---------------------------------------------------------------- checking

    def _check(self, cells: list[Cell], able: set[str]) -> Iterator[str]:
        relations = list(dict.fromkeys(cell.relation for cell in cells))
        ways = list(dict.fromkeys(cell.way for cell in cells))
        before = self._stored()
        for cell in cells:
            may = cell.relation == UNRELATED or cell.relation in self._harmless()
            if (cell.person in able) is not may:
                yield f"{cell.person} {'is no candidate' if may else 'is a candidate'}"
            place = relations.index(cell.relation) + ways.index(cell.way) + self.turn
            if place % 2 and self._may(cell) is not may:
                yield f"{cell.person} {'may not act' if may else 'may act'}"
            tried = place % (2 * len(ways)) == 0
            if tried or cell.relation == UNRELATED:
                yield from self._try(cell, before, may=may)

    def _may(self, cell: Cell) -> bool:
        try:
            authority.capacity_for(self.session, cell.actor, self.task, self.now)
        except NotAllowed:
            return False
        return True

    def _try(self, cell: Cell, before: tuple[Any, ...], *, may: bool) -> Iterator[str]:
        """See whether the inbox shows the task, then take it, then complete it."""
        shown = authority.visible_tasks(cell.actor, self.now).where(Task.id == self.task.id)
        if (self.session.scalar(shown.with_only_columns(Task.id)) is not None) is not may:
            yield f"{cell.person} {'does not see it' if may else 'sees it'} in the inbox"
        for act in (tasks.claim_task,) if may else (tasks.claim_task, _complete):
            savepoint = self.session.begin_nested()
            yield from self._refused(cell, act, may=may)
            if not may and self._stored() != before:
                yield f"{cell.person} changed something"
            savepoint.rollback()

    def _refused(self, cell: Cell, act: Callable[..., Any], *, may: bool) -> Iterator[str]:
        try:
            act(self.session, self.task.id, actor=cell.actor, now=self.now)
        except (NotAllowed, NotFound) as refusal:
            if may:
                yield f"{cell.person} cannot take it: {refusal}"
        except AnswersInvalid:
            yield f"{cell.person} is only asked to fill in the form"
        else:
            if not may:
                yield f"{cell.person} gets through {act.__name__}"

    def _stored(self) -> tuple[Any, ...]:
        task, case = self.task, self.session.get_one(Case, self.task.case_id)
        decisions = self.session.scalar(select(func.count()).where(Decision.case_id == task.case_id))
        return (task.state, task.claimed_by, case.revision, case.audit_seq, decisions)

    # ---------------------------------------------------------------- who there is

    def _roles(self) -> list[str]:
        return authority.asked_roles(self.session, self.task)

    def _ways(self) -> list[str]:
        stand_in = [] if self.task.role in NEVER_ROLES else ["substitute"]
        named = stand_in if self.task.assignee is not None else ["own", "delegated", *stand_in]
        return [*named, "escalated", "named"]

    def _relations(self, way: str) -> list[str]:
        endorses = self.task.role in ENDORSING_ROLES and way != "escalated"
        parties = (*PRINCIPALS, *RELATED, *(() if endorses else ("SUPERVISOR",)))
        acts = [] if self.task.act == "RECOMMEND" else {"RECOMMEND", "ENDORSE", "DECIDE"} - {self.task.act}
        elements = dict.fromkeys((*self.task.separate_from, *self.prepared))
        return [
            *(f"party.{kind}" for kind in parties),
            *(f"tie.{kind}" for kind in ("sibling", "sibling_of", "sponsor", "dependant")),
            *(f"role.{role}" for role in NEVER_ROLES),
            *(f"act.{act}" for act in sorted(acts)),
            *(f"at.{element}" for element in elements if element != self.task.element),
            *("declared", "other_role"),
            *(["holder"] if way in {"delegated", "substitute"} and self.task.assignee is None else []),
        ]

    def _harmless(self) -> set[str]:
        """What stands against nobody here: another matter, and the role of a step that is for process owners alone."""
        own = {f"role.{self.task.role}"} if self.task.role in NEVER_ROLES else set()
        return own | {f"at.{element}" for element in self.allowed if element not in self.task.separate_from}

    def _make(self, cells: list[Cell]) -> None:
        """Add the people of the cells, with their ways to the task and their relations to the matter, all in one go."""
        rows = Rows()
        for code in (CONCERNED, GIVER, AWAY):
            rows.person(code)
        self._party(rows, CONCERNED, "TRAVELLER")
        if self.task.assignee is None:
            self._hold(rows, GIVER)
            self._hold(rows, AWAY)
        if any(cell.way == "escalated" for cell in cells):
            rows.add(TaskCandidate, task_id=self.task.id, role=BESIDE, person=None, since=self.now, why="Overdue")
        for cell in cells:
            rows.person(cell.person)
            self._come(rows, cell)
            self._relate(rows, cell)
        self.task.widened = any(cell.way in {"escalated", "named"} for cell in cells)  # as rows that come one by one tell it
        rows.write(self.session)

    def _hold(self, rows: Rows, person: str, **columns: Any) -> None:
        scope = {"area": self.task.area, "organisation": self.task.organisation, "role": self.task.role}
        rest = {"valid_to": None, "capacity": "OWN", "delegation_id": None}
        rows.add(RoleHolding, person=person, valid_from=self.now - DAY, **(scope | rest | columns))

    def _come(self, rows: Rows, cell: Cell) -> None:
        """Lead somebody to the task; in the relation "holder" whoever gave the power or is away is concerned."""
        person, period = cell.person, {"valid_from": self.now - DAY, "valid_to": self.now + DAY}
        other = f"{person}-of" if cell.relation == "holder" else None
        if other is not None:
            rows.person(other)
            self._hold(rows, other)
            self._party(rows, other, "TRAVELLER")
        match cell.way:
            case "own":
                self._hold(rows, person)
            case "delegated":
                number = new_id()
                scope = {"area": self.task.area, "organisation": self.task.organisation}
                given = {
                    "delegator": other or GIVER,
                    "delegate": person,
                    "authority": "ORG_ENDORSE",
                    "accepted_at": self.now - DAY,
                }
                rows.add(Delegation, number=number, **given, **scope, **period)
                self._hold(rows, person, capacity="DELEGATED", delegation_id=number)
            case "substitute":
                rows.add(Absence, person=other or self.task.assignee or AWAY, substitute=person, **period)
            case "escalated":
                self._hold(rows, person, role=BESIDE, area=None, organisation=None)
            case "named":
                named = {"role": None, "person": person, "since": self.now + DAY, "why": "Asked"}
                rows.add(TaskCandidate, task_id=self.task.id, **named)

    def _relate(self, rows: Rows, cell: Cell) -> None:
        kind, _, what = cell.relation.partition(".")
        if kind in {"tie", "act", "at", "role", "party"}:
            getattr(self, f"_relate_by_{kind}")(rows, cell.person, what)
        elif kind == "declared":
            self._act(cell.person, "DECLARE_CONFLICT", "elsewhere", conflict_declared=True)
        elif kind == "other_role":
            self._act(cell.person, self.task.act or "DECIDE", "elsewhere", actor_role="HGL", line="another line")

    def _relate_by_tie(self, rows: Rows, person: str, what: str) -> None:
        family = {"birth_year": 1990, "recognised_from": self.now.date()}
        match what:
            case "sibling":
                rows.add(FamilyLink, person_a=person, person_b=CONCERNED, kind="SIBLING")
            case "sibling_of":
                rows.add(FamilyLink, person_a=CONCERNED, person_b=person, kind="SIBLING")
            case "sponsor":
                rows.add(Dependant, sponsor=person, person=CONCERNED, relation="CHILD", **family)
            case "dependant":
                rows.add(Dependant, sponsor=CONCERNED, person=person, relation="SPOUSE", **family)

    def _relate_by_act(self, rows: Rows, person: str, act: str) -> None:
        self._act(person, act, "elsewhere", line=self.task.line)

    def _relate_by_at(self, rows: Rows, person: str, element: str) -> None:
        self._act(person, self.prepared.get(element, "CONFIRM"), element)

    def _relate_by_role(self, rows: Rows, person: str, role: str) -> None:
        self._hold(rows, person, role=role, area=None, organisation=None)

    def _relate_by_party(self, rows: Rows, person: str, kind: str) -> None:
        self._party(rows, person, kind)

    def _act(self, person: str, act: str, element: str, **columns: Any) -> None:
        case = self.session.get_one(Case, self.task.case_id)
        values = {"line": None, "capacity": "OWN", "decided_at": self.now, "actor_role": self.task.role} | columns
        audit.record_decision(self.session, case, actor_person=person, act=act, element=element, **values)

    def _party(self, rows: Rows, person: str, kind: str) -> None:
        rows.add(CaseParty, case_id=self.task.case_id, person=person, kind=kind, line=None)


def _complete(session: Session, task_id: str, *, actor: Actor, now: datetime) -> None:
    revision = session.scalar(
        select(Case.revision).join(Task, Task.case_id == Case.id).where(Task.id == task_id, Task.state == OPEN)
    )
    tasks.complete_task(session, task_id, actor=actor, answers={}, revision=revision or 0, now=now)
