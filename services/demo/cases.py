"""Cases that the demo begins with: started, acted on and moved through time by the services, as people would."""

from __future__ import annotations

import logging
import re
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import attachments, cases, definitions, people, tasks
from services.database import Database
from services.demo.drafting import fill_draft
from services.demo.reading import WORLD, read_world
from services.models.areas import Area
from services.models.cases import OPEN, Case, Task
from services.people import Actor
from services.registers.areas import facts_for_stay, find_advisory
from workflows.errors import SafeconductError

PROCESS = "travel_clearance"
_HOUR = timedelta(hours=1)
_ARRIVAL = 9
_FROM_NOW = re.compile(r"@([+-]\d{1,4})([dh])")
_EXAMPLE = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length 42>> stream
BT /F 18 Tf 40 45 Td (Demo example) Tj ET
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""
_log = logging.getLogger("safeconduct.demo")


def load_cases(database: Database, now: datetime) -> int:
    """Start the demo's cases, the oldest first, each as long before `now` as it says. Answers how many there are.

    Stories of processes that are not published are left out. One that cannot be told to its end, because the published process
    has changed since, stays where it is.
    """
    told = sorted(read_stories(), key=lambda story: -story["ago_h"])
    with database.reading() as session:
        known = {version.key for version in definitions.list_current_versions(session)}
    return sum(_tell(database, story, now) for story in told if story["process"] in known)


def read_stories() -> list[dict[str, Any]]:
    """Read the stories of all files of the world that are called so, such as cases.yaml and assessment_cases.yaml.

    A story says `process` (else it is a travel clearance), `as`, `ago_h`, what the request form brings, and `acts`. Texts such as
    "@+20d" and "@-3d" in it become dates that many days from now, "@+2h" moments. Each answer that `files` names is a file.
    """
    names = sorted(path.stem for path in WORLD.glob("*cases.yaml"))
    return [{"process": PROCESS, **story} for name in names for story in read_world((name,), 0)["cases"]]


def _tell(database: Database, story: dict[str, Any], now: datetime) -> bool:
    began = now - story["ago_h"] * _HOUR
    try:
        with database.transaction() as session:
            actor = people.actor_named(session, story["as"])
            answers = _answers(session, story, now, began) if "stops" in story else _dated(story.get("answers", {}), now)
            answers |= {name: [_keep_file(session, name, actor, began)] for name in story.get("files", ())}
            case = cases.start_case(session, story["process"], actor=actor, answers=answers, now=began)
        for act in story.get("acts", []):
            at = began + act["after_h"] * _HOUR
            _wait(database, case.id, at)
            _act(database, case.id, act, at, now)
        _wait(database, case.id, now)
    except SafeconductError:
        _log.exception("A demo case of %s could not be told", story["as"])
        return False
    return True


def _keep_file(session: Session, name: str, actor: Actor, now: datetime) -> str:
    """Keep a page that says that it is an example."""
    return attachments.keep_attachment(session, name=f"{name}.pdf", content=_EXAMPLE, actor=actor, now=now).id


def _dated(value: Any, now: datetime) -> Any:
    """Write dates and moments in the place of texts that count from now."""
    if isinstance(value, dict):
        return {name: _dated(inner, now) for name, inner in value.items()}
    if isinstance(value, list):
        return [_dated(inner, now) for inner in value]
    found = _FROM_NOW.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    count, unit = int(found[1]), found[2]
    return (now.date() + timedelta(days=count)).isoformat() if unit == "d" else (now + count * _HOUR).isoformat()


def _wait(database: Database, case_id: str, until: datetime) -> None:
    """Let the timers of a case fire, each at its moment, up to a moment."""
    while True:
        with database.transaction() as session:
            due = session.scalar(select(Case.wake_at).where(Case.id == case_id, Case.state == OPEN))
            if due is None or due > until:
                return
            cases.fire_timers(session, case_id, due)


def _act(database: Database, case_id: str, act: dict[str, Any], at: datetime, now: datetime) -> None:
    with database.transaction() as session:
        case = session.get_one(Case, case_id)
        if "send" in act:
            payload = _payload(case, _dated(act["payload"], now))
            cases.send_message(session, act["send"], case.number, payload, actor=people.SYSTEM, now=at)
            return
        task = _find_task(session, case, act)
        actor = people.actor_named(session, act["as"])
        answers = _dated(act.get("answers", {}), now)
        if "draft" in act:
            answers = fill_draft(session, task.id, actor=actor, now=at, changes=_dated(act["draft"], now))
        tasks.complete_task(session, task.id, actor=actor, answers=answers, revision=case.revision, now=at)


def _find_task(session: Session, case: Case, act: dict[str, Any]) -> Task:
    """Find the open task of an act: by its element, and by its line where there are several."""
    query = select(Task).where(Task.case_id == case.id, Task.state == OPEN, Task.element == act["do"])
    if "line" in act:
        query = query.where(Task.line == act["line"])
    task = session.scalars(query).first()
    if task is None:
        raise SafeconductError("There is no {element} open in {number}.", element=act["do"], number=case.number)
    return task


def _payload(case: Case, payload: dict[str, Any]) -> dict[str, Any]:
    """Complete a message: a stop is written by its number."""
    return {**payload, "stop": f"{case.number}-S{payload['stop']}"} if "stop" in payload else payload


def _answers(session: Session, story: dict[str, Any], now: datetime, began: datetime) -> dict[str, Any]:
    """Fill the request form of a story."""
    stops = [_stop(session, *stop, now=now, began=began) for stop in story["stops"]]
    advisories = {stop["area"]: find_advisory(session, stop["area"], began) for stop in stops}
    answers: dict[str, Any] = {
        "travel_kind": story.get("kind", "OFFICIAL"),
        "stops": stops,
        "mobile": "+41795550100",
        "second_email": "traveller@example.org",
        "emergency_name": "Alex Doe",
        "emergency_relation": "SIBLING",
        "emergency_phone": "+41225550100",
        "advisory_ack": [f"{area} {advisory.version}" for area, advisory in advisories.items() if advisory],
        "declaration": True,
    }
    if answers["travel_kind"] == "OFFICIAL":
        answers |= {
            "purpose_code": "MISSION",
            "purpose_text": "Work with the partners of the office on site",
        }
    named = story.get("travellers") or [f"traveller.{n:02}" for n in range(1, story.get("group", 0) + 1)]
    given = {
        "travellers": [{"person": code} for code in named],
        "on_behalf_of": story.get("on_behalf_of"),
        "activity_ref": story.get("activity"),
        "late_justification": story.get("late"),
        "waivers": story.get("waivers"),
    }
    return answers | {name: value for name, value in given.items() if value}


def _stop(
    session: Session,
    area: str,
    in_days: int,
    nights: int,
    further: dict[str, Any] | None = None,
    *,
    now: datetime,
    began: datetime,
) -> dict[str, Any]:
    """Fill a stop: a listed airline, cleared lodging where the area asks for it, and somebody who meets the traveller."""
    arrive_at = datetime.combine(now.date(), time(_ARRIVAL), now.tzinfo) + timedelta(days=in_days)
    there = facts_for_stay(session, area, arrive_at=max(arrive_at, began), now=began)
    town, _, _ = session.get_one(Area, area).name["en"].partition(",")
    stop = {
        "stop_type": "DESTINATION",
        "area": area,
        "place": town,
        "arrive_at": arrive_at.isoformat(),
        "depart_at": (arrive_at + timedelta(days=nights, hours=9)).isoformat(),
        "transport_mode": "AIR",
        "operator": "MERIDIAN",
        "flight_number": "ME214",
        "lodging_kind": "HOTEL",
        "contact_name": "Duty officer",
        "contact_phone": "+15550100",
    }
    if there.accom_required:
        stop["lodging_ref"] = f"{area}-01"
    return stop | (further or {})
