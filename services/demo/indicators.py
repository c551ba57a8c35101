"""What the indicators of the demo are counted from where no process writes it, and the quarter that was reported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import people
from services.demo.reading import add_rows, moment_of, read_world, start_of_world
from services.indicators import freezing, quarter_of
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.duties import ToolAccess, ToolNeed, TrainingAssignment
from services.models.incidents import AffectedPerson, Incident
from services.models.indicators import WhereaboutsNight
from services.models.people import Dependant, Person
from services.models.premises import AccessBreach, EntryCount, Premises, PremisesSurvey, SurveyAnswer
from services.models.support import Deployment, SupportContact, TravelNotification
from services.models.trainings import TrainingCourse, TrainingRecord

REPORTER, COUNSELLOR = "marco.delgado", "noor.castellanos"
_ANSWERS = {"y": "YES", "n": "NO", "-": "NOT_APPLICABLE"}
_DAY = timedelta(days=1)


def load_indicators(session: Session, now: datetime, *, days_later: int = 0) -> None:
    """Add premises, breaches, notifications, deployments, trainings, tools and nights."""
    world = read_world(("indicators",), days_later)
    beginning = start_of_world(days_later)
    _load_family(session, world, beginning)
    _load_premises(session, world)
    _load_support(session, world)
    _load_trainings(session, world)
    _load_tools(session, world, beginning)
    add_rows(session, WhereaboutsNight, _nights(world, now))


def _load_family(session: Session, world: dict[str, Any], beginning: datetime) -> None:
    for code, (name, sponsor, relation, born) in world["dependants"].items():
        of = session.get_one(Person, sponsor)
        row = {"code": code, "name": name, "email": f"{code}@demo.example", "organisation": of.organisation}
        add_rows(session, Person, [{**row, "contract_type": "VISITOR", "duty_area": of.duty_area}])
        recognised = {"recognised_from": beginning.date(), "relation": relation, "birth_year": born}
        add_rows(session, Dependant, [{"id": new_id(), "sponsor": sponsor, "person": code, **recognised}])


def _load_premises(session: Session, world: dict[str, Any]) -> None:
    names = ("area", "name", "kind", "headcount", "organisations", "valid_from")
    rows = [{"code": code, **dict(zip(names, row, strict=True))} for code, row in world["premises"].items()]
    add_rows(session, Premises, ({**row, "name": {"en": row["name"]}} for row in rows))
    for premises, on, surveyor, answers in world["surveys"]:
        add_rows(session, PremisesSurvey, [{"premises": premises, "surveyed_on": on, "surveyor": surveyor}])
        asked = zip(world["survey_questions"], answers, strict=True)
        add_rows(
            session,
            SurveyAnswer,
            (
                {
                    "premises": premises,
                    "surveyed_on": on,
                    "no": no,
                    "question": question,
                    "weight": weight,
                    "answer": _ANSWERS[answer],
                }
                for no, ((weight, question), answer) in enumerate(asked, start=1)
            ),
        )
    # Months begin on their first day, also where the world was moved by some days.
    months = sorted({day.replace(day=1) for day in world["entry_months"]})
    counted = world["entries"].items()
    add_rows(session, EntryCount, ({"premises": code, "month": on, "entries": count} for on in months for code, count in counted))
    breaches = ("premises", "kind", "status", "happened_at", "what")
    add_rows(session, AccessBreach, (_numbered(number, breaches, row) for number, row in world["breaches"].items()))


def _load_support(session: Session, world: dict[str, Any]) -> None:
    moments = ("departs_at", "assessed_at", "coordinated_at", "cancelled_at")
    for number, row in world["notifications"].items():
        told = _numbered(number, ("official", "area", *moments, "risk"), row)
        organisation = session.get_one(Person, told["official"]).organisation
        notified_at = told["departs_at"] - 14 * _DAY
        add_rows(session, TravelNotification, [{**told, "organisation": organisation, "notified_at": notified_at}])
    names = ("area", "kind", "need", "asked_at", "approved_at", "refused_at", "arrived_at")
    add_rows(session, Deployment, (_numbered(number, names, row) for number, row in world["deployments"].items()))


def _numbered(number: str, names: tuple[str, ...], row: list[Any]) -> dict[str, Any]:
    """Make a row of a numbered list; a day becomes its ninth hour."""
    said = dict(zip(names, row, strict=True))
    return {"number": number} | {
        name: moment_of(value) + timedelta(hours=9) if isinstance(value, date) else value for name, value in said.items()
    }


def _load_trainings(session: Session, world: dict[str, Any]) -> None:
    courses = world["more_courses"].items()
    add_rows(
        session, TrainingCourse, ({"code": code, "name": name, "validity_months": months} for code, (name, months) in courses)
    )
    names = ("person", "course", "issued_on", "valid_to")
    add_rows(session, TrainingRecord, ({"id": new_id(), **dict(zip(names, row, strict=True))} for row in world["passed"]))
    assigned = (
        {"id": new_id(), "person": person, "course": course, "audience": audience, "assigned_on": on, "due_on": due}
        for audience, course, on, due, persons in world["assignments"]
        for person in persons
    )
    add_rows(session, TrainingAssignment, assigned)


def _load_tools(session: Session, world: dict[str, Any], beginning: datetime) -> None:
    since = {"valid_from": beginning.date()}
    needs = [(role, tool) for role, tools in world["tools"].items() for tool in tools]
    add_rows(session, ToolNeed, ({"id": new_id(), "role": role, "tool": tool, **since} for role, tool in needs))
    held = session.execute(select(RoleHolding.person, RoleHolding.role).where(RoleHolding.role.in_(world["tools"]))).all()
    given = sorted({(row.person, tool) for row in held for tool in world["tools"][row.role]})
    access = ((person, tool) for person, tool in given if tool not in world["no_tools"].get(person, ()))
    add_rows(session, ToolAccess, ({"id": new_id(), "person": person, "tool": tool, **since} for person, tool in access))


def _nights(world: dict[str, Any], now: datetime) -> Iterator[dict[str, Any]]:
    """Make the nights up to yesterday; the system measures tonight itself."""
    night: date = world["nights_from"]
    number = 0
    while night < now.date():
        number += 1
        for station, (listed, located, signs, weak) in world["nights"].items():
            known = located * 9 // 10 if weak and number % weak == 0 else located
            measured_at = datetime.combine(night, time(1), now.tzinfo)
            yield {
                "duty_station": station,
                "night": night,
                "listed": listed,
                "located": known,
                "signs": min(signs, known),
                "measured_at": measured_at,
            }
        night += _DAY


def load_contacts(session: Session) -> None:
    """Let a counsellor reach most of those whom the incidents of the demo affected: soon, late, not at all, and one declined."""
    affected = (
        select(Incident.number, Incident.reported_at, AffectedPerson.person)
        .join(AffectedPerson, AffectedPerson.incident_id == Incident.id)
        .where(AffectedPerson.person.is_not(None))
        .order_by(Incident.number, AffectedPerson.person)
    )
    hours = (5, 80, None, 20, 40)
    for place, row in enumerate(session.execute(affected).all()):
        after = hours[place % len(hours)]
        if after is None:
            continue
        moment = row.reported_at + timedelta(hours=after)
        outcome = {"reached_at": None, "declined_at": moment} if place == len(hours) - 2 else {"reached_at": moment}
        noted = {"noted_by": COUNSELLOR, "noted_at": moment}
        add_rows(session, SupportContact, [{"id": new_id(), "incident": row.number, "person": row.person, **outcome, **noted}])


def freeze_last_quarter(session: Session, now: datetime) -> None:
    """Report the quarter before."""
    freezing.freeze(session, quarter_of(now.date()).previous(), actor=people.actor_named(session, REPORTER), now=now)
