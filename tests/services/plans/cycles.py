"""Cycles of plans for tests: opened, worked on and moved through time in few words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services import cases, definitions, demo, jobs, people, tasks
from services.database import Database, upgrade
from services.mailers import MemoryMailer
from services.models.cases import OPEN, Case, Task
from services.models.plans import PlanCycle
from services.people import SYSTEM
from services.posting import post_event

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
FOLDER = Path(__file__).resolve().parents[3] / "bpmn" / "crisis_plan"
POINTS = [
    *("contacts", "assembly", "routes", "roles", "comms", "stocks", "host"),
    *("disabilities", "families", "transport", "medical", "triggers", "visitors", "informed"),
]
#: Who is who in Arvenia and Cordavia.
PEOPLE = {
    "XA": {
        "csa": "naledi.vanter",
        "do": "ingrid.sollerman",
        "plo": "rasmus.ellery",
        "exc": "wilma.stroud",
        "smt": "dara.quill",
    },
    "XC": {"csa": "helga.brandvold", "do": "anwar.tessier", "plo": "yonas.petit", "exc": "leda.farahani", "smt": "tove.marchand"},
}


def fill_plans(url: str) -> None:
    """Load the world and publish the process."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        demo.load_world(session, NOW)
        definitions.publish(session, definitions.read_folder(FOLDER), by="system", now=NOW)
    database.dispose()


def design(**answers: Any) -> dict[str, Any]:
    """A filled-in design of an exercise."""
    filled = {
        "ex_type": "TABLETOP",
        "ex_name": "Exercise Lantern",
        "scenario_text": "A storm closes the airport and cuts the power.",
        "objectives": [{"text": f"Objective {number}", "critical": number == 1} for number in (1, 2, 3)],
        "starts_at": (NOW + 20 * DAY).isoformat(),
        "ends_at": (NOW + 20 * DAY + timedelta(hours=3)).isoformat(),
        "places": "Main building",
        "evaluators": [{"person": "otto.praveen"}],
        "participants": [{"person": "iris.calder"}],
        "safety_measures": "Radio contact with the medical post",
        "safety_officer": "kofi.drummond",
    }
    return filled | answers


class Cycles:
    """A database in which plans are kept up."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.mailer = MemoryMailer()

    def open(self, plan: str, now: datetime = NOW) -> str:
        """The Chief Security Adviser begins a cycle; the id of its case."""
        with self.database.transaction() as session:
            actor = people.actor_named(session, PEOPLE[plan[:2]]["csa"])
            answers = {"plan": plan, "start_reason": "ROUTINE"}
            return cases.start_case(session, "crisis_plan", actor=actor, answers=answers, now=now).id

    def do(self, case_id: str, person: str, element: str, now: datetime = NOW, **answers: Any) -> None:
        """Somebody completes a step; of several with this name, the own one."""
        with self.database.transaction() as session:
            case = session.get_one(Case, case_id)
            found = select(Task).where(Task.case_id == case_id, Task.state == OPEN, Task.element == element)
            mine = sorted(session.scalars(found), key=lambda task: task.assignee != person)
            actor = people.actor_named(session, person)
            tasks.complete_task(session, mine[0].id, actor=actor, answers=answers, revision=case.revision, now=now)

    def update(self, case_id: str, area: str, now: datetime = NOW) -> None:
        """The plan is reviewed and approved."""
        who, day = PEOPLE[area], now.date().isoformat()
        checklist = dict.fromkeys(POINTS, "YES")
        self.do(case_id, who["plo"], "cpt_update", now, change_kind="REVIEWED", checklist=checklist, contacts_verified_on=day)
        self.do(case_id, who["csa"], "cpt_review", now, decision="ACCEPT")
        if "cpt_smt_item" in self.open_steps(case_id):
            self.do(case_id, who["smt"], "cpt_smt_item", now, advice="RECOMMEND", met_on=day)
        self.do(case_id, who["do"], "cpt_plan_approve", now, decision="APPROVE")

    def plan_exercise(self, case_id: str, area: str, **answers: Any) -> None:
        """An exercise is designed and approved."""
        who = PEOPLE[area]
        filled = design(**answers)
        self.do(case_id, who["exc"], "cpt_ex_design", **filled)
        self.do(case_id, who["do"] if filled.get("no_notice") else who["csa"], "cpt_ex_approve", decision="APPROVE")

    def run(self, case_id: str, area: str) -> datetime:
        """The day comes and the exercise is held; when that was."""
        now = NOW + 20 * DAY + timedelta(hours=4)
        self.sweep(now)
        log = [{"at": "09:00", "kind": "START", "text": "Alarm"}]
        attendance = [{"organisation": "UNAH", "people": 30}]
        self.do(case_id, PEOPLE[area]["exc"], "cpt_ex_run", now, run_result="HELD", log=log, attendance=attendance)
        return now

    def mark(self, case_id: str, person: str, marks: str, now: datetime) -> None:
        """An evaluator marks the objectives: M for met, P for partly, N for not, O for not observed."""
        words = {"M": "MET", "P": "PARTLY", "N": "NOT_MET", "O": "NOT_OBSERVED"}
        rows = [{"no": number, "mark": words[mark], "evidence": "Seen at the gate"} for number, mark in enumerate(marks, start=1)]
        self.do(case_id, person, "cpt_evaluate", now, marks=rows)

    def report(self, case_id: str, area: str, now: datetime, *actions: tuple[str, str, str]) -> None:
        """The coordinator hands in the report with corrective actions: text, owner, priority."""
        rows = [dict(zip(("text", "owner", "priority"), action, strict=True)) for action in actions]
        summary = "The plan works in most parts; what did not work is listed with its owner."
        self.do(
            case_id,
            PEOPLE[area]["exc"],
            "cpt_aar",
            now,
            summary=summary,
            went_well="The alarm was heard.",
            findings=[],
            actions=rows,
            plan_change=False,
        )

    def tell(self, kind: str, area: str, now: datetime = NOW, **payload: Any) -> None:
        """Something happens in an area."""
        with self.database.transaction() as session:
            post_event(session, kind, area=area, payload=payload, by=SYSTEM.person, now=now)
        self.sweep(now)

    def sweep(self, now: datetime) -> None:
        """Everything that is due happens."""
        jobs.run_once(self.database, self.mailer, now)

    def open_steps(self, case_id: str) -> list[str]:
        """What waits for people in a case."""
        with self.database.reading() as session:
            found = select(Task.element).where(Task.case_id == case_id, Task.state == OPEN).order_by(Task.element)
            return list(session.scalars(found))

    def cycle(self, case_id: str) -> PlanCycle:
        """The cycle that a case carries out, as it stands."""
        with self.database.reading() as session:
            return session.scalars(select(PlanCycle).where(PlanCycle.case_id == case_id)).one()

    def running(self) -> dict[str, str]:
        """The open cycles: plan and case."""
        with self.database.reading() as session:
            found = select(PlanCycle.plan, PlanCycle.case_id).where(PlanCycle.closed_at.is_(None))
            return {row.plan: row.case_id for row in session.execute(found)}
