"""A small invented world in which every indicator can be counted by hand. Today is 2026-12-01, 09:00 UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from services import indicators
from services.database import Database, upgrade
from services.models.areas import Area, AreaState, AreaWithin, Calendar
from services.models.assessments import Assessment, Measure
from services.models.audit import Decision
from services.models.authority import RoleHolding
from services.models.base import Base, new_id
from services.models.cases import Case, Task
from services.models.clearances import ClearanceLine, KpiEvent, Movement, Waiver
from services.models.confinements import CaseConfinement
from services.models.definitions import ProcessVersion
from services.models.duties import ToolAccess, ToolNeed, TrainingAssignment
from services.models.incidents import AffectedPerson, Crisis, Incident, SecurityPlan
from services.models.indicators import WhereaboutsNight
from services.models.organisations import Organisation
from services.models.people import Dependant, Person
from services.models.plans import DutyStation, Plan
from services.models.premises import AccessBreach, EntryCount, Premises, PremisesSurvey, SurveyAnswer
from services.models.residences import Occupant, Residence, Schedule
from services.models.support import Deployment, SupportContact, TravelNotification
from services.models.trainings import TrainingCourse, TrainingRecord
from services.people import Actor

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
TODAY = NOW.date()
QUARTER = "2026-Q4"  # from 1 October; up to today, 62 days
BEFORE = "2026-Q3"  # 1 July to 30 September, over


def at(text: str) -> datetime:
    """Read a moment such as "2026-10-05 12:00", UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass
class World:
    """The world and what tests ask of it."""

    database: Database

    def compute(self, key: str, **how: Any) -> indicators.Value:
        with self.database.reading() as session:
            return indicators.compute(session, key, **({"now": NOW} | how))

    def figure(self, key: str, **how: Any) -> indicators.Value:
        with self.database.reading() as session:
            return indicators.get_figure(key).count(session, indicators.ask(**({"now": NOW} | how)))

    def add(self, *rows: Base) -> None:
        with self.database.transaction() as session:
            session.add_all(rows)

    def actor(self, person: str) -> Actor:
        return Actor(person=person, account=f"account-{person}", name=person)


def fill(url: str) -> None:
    """Make the world."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        for make in (_places, _people, _premises, _support, _plans, _risk, _crises, _trainings, _nights, _processes):
            make(session)
    database.dispose()


def _add(session: Session, table: type[Base], *rows: dict[str, Any]) -> None:
    session.execute(insert(table), list(rows))


AREAS = {
    "HQ": (None, "GROUP"),
    "FIELD": (None, "GROUP"),
    "CH": ("HQ", "DESIGNATED"),
    "CH-GVA": ("CH", "HQ_MAIN"),
    "XA": ("FIELD", "DESIGNATED"),
    "XA-CAP": ("XA", "FIELD_CAPITAL"),
    "XA-NOR": ("XA", "FIELD_SUB"),
    "XB": ("FIELD", "DESIGNATED"),
    "XB-CAP": ("XB", "FIELD_CAPITAL"),
    "XB-OLD": ("XB", "FIELD_SUB"),  # in use until 2026-11-30
    "XC": ("FIELD", "DESIGNATED"),
    "XC-CAP": ("XC", "FIELD_CAPITAL"),
}


def _places(session: Session) -> None:
    _add(session, Calendar, {"code": "SAT-SUN", "weekend": [6, 7], "holidays": []})
    for code, (parent, kind) in AREAS.items():
        line = [code]
        while (above := AREAS[line[-1]][0]) is not None:
            line.append(above)
        row = {"code": code, "parent": parent, "name": {"en": code}, "kind": kind, "location_class": line[-1], "zone": "UTC"}
        _add(session, Area, {**row, "calendar": "SAT-SUN", "active_to": day("2026-11-30") if code == "XB-OLD" else None})
        _add(session, AreaWithin, *({"area": code, "ancestor": above} for above in line))
    session.flush()
    states = (("CH-GVA", 1, "LOW"), ("XA-CAP", 3, "MEDIUM"), ("XA-NOR", 4, "MEDIUM"), ("XB-CAP", 2, "HIGH"), ("XC-CAP", 2, "LOW"))
    for area, level, risk in states:
        _state(session, area, level, risk, "2026-01-01 00:00")
    # A change that was announced for tomorrow does not count yet.
    _state(session, "XC-CAP", 6, "HIGH", "2026-12-02 00:00")
    stations = (("CH-GVA", "HQ_MAIN"), ("XA-CAP", "FIELD_CAPITAL"), ("XA-NOR", "FIELD_SUB"), ("XB-CAP", "FIELD_CAPITAL"))
    for code, ds_type in stations:
        _station(session, code, ds_type)
    _station(session, "XC-CAP", "FIELD_CAPITAL", phase="CRISIS")
    _station(session, "XB-OLD", "FIELD_SUB", phase="CLOSED", closed_on=day("2026-12-01"))


def _state(session: Session, area: str, level: int, risk: str, since: str) -> None:
    row = {"id": new_id(), "area": area, "security_level": level, "residual_risk": risk, "valid_from": at(since)}
    _add(session, AreaState, {**row, "clearance_mode": "MANUAL", "created_by": "system", "created_at": NOW})


def _station(session: Session, code: str, ds_type: str, *, phase: str = "ESTABLISHED", closed_on: date | None = None) -> None:
    row = {"code": code, "name": {"en": code}, "area": code, "ds_type": ds_type, "phase": phase, "closed_on": closed_on}
    _add(session, DutyStation, {**row, "phase_since": day("2020-01-01"), "opened_on": day("2020-01-01")})


#: code: organisation, duty area, contract, until
PEOPLE = {
    "otto": ("UNA", "CH-GVA", "INTL", None),
    "anna": ("UNA", "XA-NOR", "INTL", None),
    "ben": ("UNA", "XA-NOR", "LOCAL", None),
    "cleo": ("UNB", "XB-CAP", "INTL", None),
    "dan": ("UNB", "XA-NOR", "INTL", "2026-11-30"),  # has left
    "eve": ("UNB", "XC-CAP", "INTL", None),
    "fay": ("RLG", "XA-NOR", "PARTNER", None),  # of a partner
    "anna.child": ("UNA", "XA-NOR", "VISITOR", None),
    "cleo.spouse": ("UNB", None, "VISITOR", None),
    "ben.former": ("UNA", "XA-NOR", "VISITOR", None),  # recognised until 2026-11-30
    "gus": ("UNA", "XA-CAP", "INTL", None),
}
ROLES = (
    ("usg.office", "USG_OFFICE", None, None),
    ("auditor", "AUD", None, None),
    ("official.xa", "DO", "XA", None),
    ("coordinator", "SECCO", None, "UNA"),
    ("counsellor", "COUN", None, None),
    ("gus", "CSA", "XA", None),
    ("otto", "CSA", "CH", None),
    ("stranger", "HR", None, "UNA"),
)


def _people(session: Session) -> None:
    _add(session, Organisation, *(_organisation(code) for code in ("UNA", "UNB", "RLG")))
    others = {person for person, *_ in ROLES} - PEOPLE.keys()
    known = PEOPLE | dict.fromkeys(sorted(others), ("UNA", None, "INTL", None))
    for code, (organisation, duty, contract, until) in known.items():
        row = {"code": code, "name": code.title(), "email": f"{code}@example.org", "organisation": organisation}
        until_on = day(until) if until else None
        _add(session, Person, {**row, "contract_type": contract, "duty_area": duty, "contract_to": until_on})
    for person, role, area, organisation in ROLES:
        row = {"id": new_id(), "person": person, "role": role, "area": area, "organisation": organisation}
        _add(session, RoleHolding, {**row, "valid_from": at("2026-01-01 00:00")})
    # A role that ended yesterday, and one that is held by delegation: neither brings a function.
    ended = {"id": new_id(), "person": "eve", "role": "CSA", "area": "XC", "valid_from": at("2026-01-01 00:00")}
    _add(session, RoleHolding, {**ended, "valid_to": at("2026-11-30 00:00")})
    family = (("anna", "anna.child", None), ("cleo", "cleo.spouse", None), ("ben", "ben.former", "2026-11-30"))
    for sponsor, person, until in family:
        row = {"id": new_id(), "sponsor": sponsor, "person": person, "relation": "OTHER", "birth_year": 2000}
        until_on = day(until) if until else None
        _add(session, Dependant, {**row, "recognised_from": day("2026-01-01"), "recognised_to": until_on})


def _organisation(code: str) -> dict[str, Any]:
    return {"code": code, "name": {"en": code}, "kind": "AGENCY", "unsms_member": code != "RLG"}


def _premises(session: Session) -> None:
    for code, area in (("GVA-1", "CH-GVA"), ("GVA-2", "CH-GVA"), ("GVA-3", "CH-GVA"), ("XA-1", "XA-CAP")):
        row = {"code": code, "name": {"en": code}, "area": area, "kind": "OFFICE", "organisations": [], "headcount": 10}
        _add(session, Premises, {**row, "valid_from": day("2020-01-01")})
    # GVA-1: surveyed on the first day that still counts on 1 December, and once before. GVA-2: one day too old. GVA-3: never.
    surveys = {
        ("GVA-1", "2025-12-01"): ((3, "YES"), (2, "NO"), (5, "NOT_APPLICABLE")),
        ("GVA-1", "2024-12-01"): ((3, "NO"), (2, "NO")),
        ("GVA-2", "2025-11-30"): ((4, "YES"),),
        ("XA-1", "2026-11-01"): ((9, "NO"),),
    }
    for (premises, on), answers in surveys.items():
        _add(session, PremisesSurvey, {"premises": premises, "surveyed_on": day(on)})
        for no, (weight, answer) in enumerate(answers, start=1):
            row = {"premises": premises, "surveyed_on": day(on), "no": no, "question": f"Question {no}"}
            _add(session, SurveyAnswer, {**row, "weight": weight, "answer": answer})
    breaches = (
        ("AB-1", "GVA-1", "UNAUTHORISED_ENTRY", "CONFIRMED", "2026-10-01 00:00"),  # the first moment of the quarter
        ("AB-2", "GVA-1", "UNAUTHORISED_ENTRY", "CONFIRMED", "2026-09-30 23:59"),  # the last one before
        ("AB-3", "XA-1", "UNAUTHORISED_ENTRY", "CONFIRMED", "2026-11-11 11:00"),
        ("AB-4", "XA-1", "STOPPED_AT_GATE", "CONFIRMED", "2026-11-12 11:00"),
        ("AB-5", "XA-1", "UNAUTHORISED_ENTRY", "REPORTED", "2026-11-13 11:00"),
        ("AB-6", "XA-1", "UNAUTHORISED_ENTRY", "DISMISSED", "2026-11-14 11:00"),
    )
    for number, premises, kind, status, moment in breaches:
        row = {"number": number, "premises": premises, "kind": kind, "status": status, "happened_at": at(moment), "what": "?"}
        _add(session, AccessBreach, row)
    counts = (("GVA-1", "2026-10-01", 30_000), ("XA-1", "2026-11-01", 10_000), ("GVA-1", "2026-09-01", 99_999))
    for premises, month, entries in counts:
        _add(session, EntryCount, {"premises": premises, "month": day(month), "entries": entries})


def _support(session: Session) -> None:
    def travel(number: str, departs: str, **moments: str) -> None:
        row = {
            "number": number,
            "official": "anna",
            "organisation": "UNA",
            "area": "XA-CAP",
            "notified_at": at("2026-09-01 08:00"),
        }
        read = dict.fromkeys(("assessed_at", "coordinated_at", "cancelled_at"))
        _add(session, TravelNotification, {**row, "departs_at": at(departs), **read, **{k: at(v) for k, v in moments.items()}})

    travel("TN-1", "2026-10-10 08:00", assessed_at="2026-10-01 08:00", coordinated_at="2026-10-09 08:00")
    travel("TN-2", "2026-10-11 08:00", assessed_at="2026-10-01 08:00", coordinated_at="2026-10-11 08:00")  # as they left
    travel("TN-3", "2026-10-12 08:00", coordinated_at="2026-10-09 08:00")
    travel("TN-4", "2026-10-13 08:00", cancelled_at="2026-10-02 08:00")
    travel("TN-5", "2026-10-14 08:00", assessed_at="2026-10-01 08:00", cancelled_at="2026-10-02 08:00")  # assessed before
    travel("TN-6", "2026-09-30 23:59", assessed_at="2026-09-01 09:00", coordinated_at="2026-09-02 08:00")  # the quarter before
    travel("TN-7", "2026-12-20 08:00")  # has not left

    def deploy(number: str, kind: str, area: str = "XA-CAP", **moments: str) -> None:
        read = dict.fromkeys(("approved_at", "refused_at", "arrived_at", "cancelled_at"))
        asked_at = at(moments.pop("asked_at", None) or moments.get("approved_at") or moments["refused_at"])
        row = {"number": number, "kind": kind, "area": area, "need": "?", "asked_at": asked_at}
        _add(session, Deployment, {**row, **read, **{k: at(v) for k, v in moments.items()}})

    deploy("DP-1", "EMERGING", approved_at="2026-10-01 00:00", arrived_at="2026-10-04 00:00")  # 72 h to the minute
    deploy("DP-2", "EMERGING", approved_at="2026-10-01 00:00", arrived_at="2026-10-04 00:01")
    deploy("DP-3", "EXPERTISE", "XB-CAP", approved_at="2026-10-05 00:00", arrived_at="2026-10-15 00:00")  # 240 h
    deploy("DP-4", "EXPERTISE", approved_at="2026-11-30 00:00")
    deploy("DP-5", "EMERGING", refused_at="2026-10-06 00:00")
    deploy("DP-6", "EMERGING", approved_at="2026-09-30 23:00", arrived_at="2026-10-01 05:00")  # the quarter before
    deploy("DP-7", "EMERGING", approved_at="2026-10-02 00:00", cancelled_at="2026-10-03 00:00")  # within the hours
    # Approved long after the request, and arrived soon after that.
    deploy("DP-8", "EMERGING", asked_at="2026-10-01 00:00", approved_at="2026-10-04 00:00", arrived_at="2026-10-04 12:00")
    # Cancelled when the hours were over.
    deploy("DP-9", "EXPERTISE", asked_at="2026-10-01 00:00", approved_at="2026-10-02 00:00", cancelled_at="2026-10-12 00:00")


def _plans(session: Session) -> None:
    def plan(station: str, plan_type: str, updated: str, tested: str, test_type: str = "TABLETOP", **more: Any) -> None:
        row = {"code": f"{station}-{plan_type[:4]}", "duty_station": station, "plan_type": plan_type, "name": {"en": plan_type}}
        kept = {"starts_on": day("2020-01-01"), "updated_on": day(updated), "tested_on": day(tested), "test_type": test_type}
        _add(session, Plan, {**row, **kept, "min_test": "TABLETOP", "test_months": 12, **more})

    # CH-GVA keeps all three; the evacuation plan was updated on the first day that still counts.
    plan("CH-GVA", "CRISIS", "2026-06-01", "2026-06-01")
    plan("CH-GVA", "EVACUATION", "2025-12-01", "2025-12-01", "DRILL")
    plan("CH-GVA", "CONTINGENCY", "2026-06-01", "2020-01-01", test_months=0)  # nothing is to be tested
    # XA-CAP: a test one day too old, a drill in the place of a table-top, and no contingency plan but one that was given up.
    plan("XA-CAP", "CRISIS", "2026-06-01", "2025-11-30")
    plan("XA-CAP", "EVACUATION", "2026-06-01", "2026-06-01", "TABLETOP", min_test="FUNCTIONAL")
    plan("XA-CAP", "CONTINGENCY", "2026-06-01", "2026-06-01", retired_on=day("2026-07-01"))
    for kind in ("CRISIS", "EVACUATION", "CONTINGENCY"):
        plan("XA-NOR", kind, "2026-06-01", "2026-06-01", "FUNCTIONAL")
        plan("XC-CAP", kind, "2026-06-01", "2026-06-01", "FUNCTIONAL")
    plan("XB-CAP", "CRISIS", "2025-11-30", "2026-06-01")
    plan("XB-CAP", "EVACUATION", "2026-06-01", "2026-06-01")
    plan("XB-CAP", "CONTINGENCY", "2026-06-01", "2026-06-01")

    def security_plan(area: str, version: int, status: str, since: str, until: str) -> None:
        row = {"id": new_id(), "number": f"SPL-{area}-V{version}", "area": area, "version": version, "status": status}
        dates = {"valid_from": day(since), "valid_to": day(until), "endorsed_at": at(f"{since} 09:00")}
        _add(session, SecurityPlan, {**row, **dates, "sections": {}})

    security_plan("XA", 1, "SUPERSEDED", "2025-06-01", "2026-05-31")
    security_plan("XA", 2, "ENDORSED", "2026-06-01", "2026-12-01")  # today is its last day
    security_plan("XB", 1, "STALE", "2026-06-01", "2027-05-31")
    security_plan("CH", 1, "ENDORSED", "2026-06-01", "2027-05-31")  # headquarters are out


def _risk(session: Session) -> None:
    def assess(number: str, area: str, status: str, since: str | None, until: str | None, **more: Any) -> None:
        row = {"number": number, "area": area, "status": status, "variant": "FULL", "trigger": "ANNUAL", "title": number}
        dates = {"valid_from": day(since) if since else None, "valid_to": day(until) if until else None}
        endorsed = {"approved_at": at("2026-01-01 00:00"), "endorsed_at": at("2026-01-05 00:00"), "superseded_by": None}
        moments = {"opened_at": at("2025-11-01 00:00"), "created_by": "system"}
        _add(session, Assessment, {**row, **dates, **endorsed, **moments, **more})

    assess("A-1", "XA-CAP", "ENDORSED", "2026-01-01", "2026-12-01")  # today is its last day
    assess("A-2", "XA-NOR", "ENDORSED_WITH_OBSERVATIONS", "2026-12-01", "2027-11-30")  # today is its first
    assess("A-3", "XB-CAP", "WITH_DESK", None, None, endorsed_at=None, approved_at=at("2026-11-20 00:00"))
    assess("A-4", "XC-CAP", "EXPIRED", "2025-12-01", "2026-11-30")  # over since yesterday
    assess("A-5", "CH-GVA", "ENDORSED", "2026-01-01", "2027-01-01")  # headquarters are out
    assess("A-6", "XA-NOR", "APPROVED", "2026-01-01", "2027-01-01", variant="AD_HOC", endorsed_at=None)
    assess("A-7", "XB-CAP", "SUPERSEDED", "2026-01-01", "2027-01-01")  # superseded, whatever its dates say
    assess("A-8", "XB-CAP", "REFUSED", None, None, endorsed_at=None)
    assess("A-9", "XB-CAP", "WITH_DO", None, None, endorsed_at=None, approved_at=None)
    for no, (due, state, settled) in enumerate(
        (("2026-11-30", "PLANNED", None), ("2026-12-01", "PLANNED", None), ("2026-06-01", "DONE", "2026-06-01")), start=1
    ):
        row = {
            "id": new_id(),
            "assessment": "A-1",
            "code": f"M{no}",
            "text": "?",
            "kind": "MITIGATE",
            "owner": "UNA",
            "lowers": [],
        }
        settled_on = day(settled) if settled else None
        _add(session, Measure, {**row, "due_on": day(due), "state": state, "settled_on": settled_on})

    def schedule(number: str, area: str, status: str, authority: str | None, since: str, until: str, **more: Any) -> None:
        row = {"number": number, "area": area, "version": 1, "status": status, "authority": authority}
        figures = {"residual_residential": "HIGH", "residence_count": 1, "yearly_total_cents": 100}
        moments = {"submitted_at": at("2026-01-01 00:00"), "approved_at": at("2026-01-02 00:00")}
        _add(session, Schedule, {**row, **figures, **moments, "valid_from": day(since), "valid_to": day(until), **more})

    schedule("S-1", "XA-CAP", "IN_FORCE", "DRO_DIR", "2026-01-01", "2026-12-31")
    schedule("S-2", "XA-NOR", "IN_FORCE", "USG", "2026-01-01", "2026-12-01")  # today is its last day
    schedule("S-3", "XB-CAP", "INTERIM", "DO_INTERIM", "2026-11-20", "2026-12-19")
    schedule("S-4", "XC-CAP", "EXPIRED", "DRO_DIR", "2025-11-02", "2026-11-01")  # the 30th and last day of grace
    schedule("S-5", "XB-OLD", "EXPIRED", "DRO_DIR", "2025-11-01", "2026-10-31")  # one day more
    # Thirty working days from Monday 19 October are over on Monday 30 November, from Tuesday on today.
    waiting = {"status": "SUBMITTED", "authority": None, "approved_at": None}
    for number, area, submitted in (("S-6", "XB-CAP", "2026-10-19 00:00"), ("S-7", "XA-CAP", "2026-10-21 00:00")):
        schedule(number, area, since="2027-01-01", until="2027-12-31", **(waiting | {"submitted_at": at(submitted)}))
    schedule("S-8", "XA-CAP", since="2027-01-01", until="2027-12-31", **(waiting | {"status": "RETURNED"}))


def _case(session: Session, number: str, **more: Any) -> str:
    row = {"id": f"case-{number}", "number": number, "process_key": "any", "version_id": "version", "requester": "anna"}
    moments = {
        "started_by": "anna",
        "started_at": at("2026-10-01 00:00"),
        "revision": 1,
        "state": "COMPLETED",
        "ended_at": NOW,
        "subject": "",
    }
    _add(session, Case, {**row, **moments, "area": None, "organisation": None, "audit_seq": 0, **more})
    return row["id"]


def _crises(session: Session) -> None:
    moments = {"manifest": {}, "bundle": b"", "published_at": NOW, "published_by": "system", "note": ""}
    _add(session, ProcessVersion, {"id": "version", "key": "any", "version": 1, "digest": "x", "title": "Any", **moments})
    crises = (
        ("C-1", "XA-CAP", "2026-10-01 00:00", "2026-10-01 02:00"),  # two hours to the minute
        ("C-2", "XA-CAP", "2026-10-02 00:00", "2026-10-02 02:01"),
        ("C-3", "XB-CAP", "2026-11-01 00:00", "2026-11-01 00:30"),
        ("C-4", "XB-CAP", "2026-09-30 22:00", "2026-09-30 23:59"),  # the quarter before
    )
    for number, area, confirmed, activated in crises:
        row = {
            "id": new_id(),
            "number": number,
            "case_id": _case(session, number),
            "area": area,
            "status": "CLOSED",
            "reason": "?",
        }
        when = {"reported_at": at(confirmed), "confirmed_at": at(confirmed), "activated_at": at(activated)}
        _add(session, Crisis, {**row, **when})
    _incidents(session)
    _advice(session)


def _incidents(session: Session) -> None:
    def incident(number: str, reported: str, *affected: str | None, version: int = 1, area: str = "XA-CAP", **more: Any) -> str:
        case_id = more.pop("case_id", None) or _case(session, f"{number}-{version}")
        row = {"id": f"{number}-{version}", "number": number, "version": version, "case_id": case_id, "area": area}
        said = {"what": "?", "reported_kind": "CRIME", "reported_by": "anna", "status": "CLOSED"}
        _add(session, Incident, {**row, **said, "happened_at": at(reported), "reported_at": at(reported), **more})
        for person in affected:
            name = None if person else "Somebody"
            one = {"id": new_id(), "incident_id": row["id"], "person": person, "name": name, "effect": "HARMED"}
            _add(session, AffectedPerson, one)
        return case_id

    # Staff: anna, ben (corrected once), cleo, dan. A name without a code and the partner's fay are no staff.
    incident("I-1", "2026-10-01 00:00", "anna", None, "fay")
    first = incident("I-2", "2026-11-01 00:00", "ben", status="SUPERSEDED")
    incident("I-2", "2026-11-05 00:00", "ben", "cleo", version=2, case_id=first)
    incident("I-3", "2026-11-02 00:00", "dan", area="XB-CAP")
    incident("I-4", "2026-11-03 00:00", "eve", status="FALSE_ALARM")
    confined = incident("I-5", "2026-11-10 00:00", "gus", confidential=True)
    row = {"id": new_id(), "case_id": confined, "person": "counsellor", "since": at("2026-11-10 00:00"), "why": "confidant"}
    _add(session, CaseConfinement, row)
    contacts = (
        ("I-1", "anna", "2026-10-04 00:00", None),  # 72 hours to the minute
        ("I-2", "ben", "2026-11-04 00:01", None),  # a minute more, counted from the first report
        ("I-2", "cleo", None, "2026-11-20 00:00"),  # declined
        ("I-5", "gus", "2026-11-10 10:00", None),
    )
    for number, person, reached, declined in contacts:
        moments = {"reached_at": at(reached) if reached else None, "declined_at": at(declined) if declined else None}
        noted = {"noted_by": "counsellor", "noted_at": NOW}
        _add(session, SupportContact, {"id": new_id(), "incident": number, "person": person, **moments, **noted})


def event(session: Session, name: str, case_id: str, moment: str, *, area: str | None = None, **facts: Any) -> None:
    """Note something that counts."""
    row = {"id": new_id(), "name": name, "case_id": case_id, "area": area, "at": at(moment), "facts": facts}
    _add(session, KpiEvent, row)


def _advice(session: Session) -> None:
    one = _case(session, "AV-1", organisation="UNA", area="CH-GVA")
    two = _case(session, "AV-2", organisation="UNB")
    three = _case(session, "AV-3", organisation="UNB")
    event(session, "avn.asked", one, "2026-10-01 00:00", hours=48)
    event(session, "avn.answered", one, "2026-10-01 10:00", hours=10.0, in_time=True)
    event(session, "avn.asked", one, "2026-10-05 00:00", hours=6)  # the same case once more
    event(session, "avn.answered", one, "2026-10-05 08:00", hours=8.0, in_time=False)
    event(session, "avn.asked", two, "2026-11-30 00:00", hours=48)  # not answered yet
    event(session, "avn.asked", three, "2026-09-30 00:00", hours=48)  # the quarter before
    event(session, "avn.answered", three, "2026-10-01 00:00", hours=24.0, in_time=True)


def _trainings(session: Session) -> None:
    for code in ("STRESS", "CISM", "BSAFE", "DOSMT"):
        _add(session, TrainingCourse, {"code": code, "name": code})

    def passed(person: str, course: str, issued: str, valid_to: str | None = None, *, revoked: bool = False) -> None:
        row = {"id": new_id(), "person": person, "course": course, "issued_on": day(issued), "revoked": revoked}
        _add(session, TrainingRecord, {**row, "valid_to": day(valid_to) if valid_to else None})

    passed("anna", "STRESS", "2026-01-01", "2026-12-01")  # today is its last day
    passed("ben", "STRESS", "2025-01-01", "2026-11-30")  # over since yesterday
    passed("cleo", "STRESS", "2026-12-02")  # from tomorrow on
    passed("anna.child", "STRESS", "2026-02-01", revoked=True)
    passed("cleo.spouse", "STRESS", "2026-02-01")
    passed("otto", "CISM", "2026-10-01")
    passed("otto", "CISM", "2025-01-01")  # twice, counted once
    passed("cleo", "CISM", "2026-09-30")  # the quarter before
    passed("eve", "CISM", "2026-11-01", revoked=True)
    passed("gus", "DOSMT", "2026-02-01", "2027-02-01")
    passed("anna", "BSAFE", "2020-01-01")
    passed("cleo", "BSAFE", "2020-01-01", "2026-11-30")

    def assign(person: str, course: str, audience: str, due: str, withdrawn: str | None = None, *, binding: bool = True) -> None:
        row = {"id": new_id(), "person": person, "course": course, "audience": audience, "assigned_on": day("2020-01-01")}
        row |= {"binding": binding}
        _add(session, TrainingAssignment, {**row, "due_on": day(due), "withdrawn_on": day(withdrawn) if withdrawn else None})

    assign("gus", "DOSMT", "MANAGERS", "2026-12-01")  # due today
    assign("anna", "BSAFE", "PERSONNEL", "2020-06-01")
    assign("cleo", "BSAFE", "PERSONNEL", "2020-06-01")  # passed once, valid no more
    assign("otto", "STRESS", "SECURITY", "2026-11-01")
    assign("otto", "DOSMT", "SECURITY", "2026-11-01", binding=False)  # recommended, so nobody counts it
    assign("ben", "BSAFE", "PERSONNEL", "2026-12-02")  # due tomorrow
    assign("eve", "BSAFE", "PERSONNEL", "2026-06-01", "2026-05-01")  # withdrawn
    assign("dan", "BSAFE", "PERSONNEL", "2026-06-01")  # has left
    for role, tool, until in (
        ("CSA", "SSIRS", None),
        ("CSA", "SRM", None),
        ("CSA", "OLD", "2026-11-30"),
        ("SECCO", "TRIP", None),
    ):
        row = {"id": new_id(), "role": role, "tool": tool, "valid_from": day("2026-01-01")}
        _add(session, ToolNeed, {**row, "valid_to": day(until) if until else None})
    access = (("gus", "SSIRS", None), ("gus", "SRM", "2026-12-01"), ("otto", "SSIRS", None), ("otto", "SRM", "2026-11-30"))
    for person, tool, until in access:
        row = {"id": new_id(), "person": person, "tool": tool, "valid_from": day("2026-01-01")}
        _add(session, ToolAccess, {**row, "valid_to": day(until) if until else None})


def _nights(session: Session) -> None:
    # First night: 2 of 2 stations; second: 1 of 3, for 18 of 19 people are less than 95 %; third, before the quarter: none.
    nights = (
        ("CH-GVA", "2026-10-01", 20, 19, 19),
        ("XA-CAP", "2026-10-01", 0, 0, 0),
        ("CH-GVA", "2026-10-02", 20, 20, 1),
        ("XA-CAP", "2026-10-02", 19, 18, 18),
        ("XB-CAP", "2026-10-02", 3, 2, 2),
        ("CH-GVA", "2026-09-30", 20, 0, 0),
    )
    for station, night, listed, located, signs in nights:
        row = {"duty_station": station, "night": day(night), "listed": listed, "located": located, "signs": signs}
        _add(session, WhereaboutsNight, {**row, "measured_at": NOW})
    # What tonight's measurement sees.
    _add(session, Residence, {"code": "R-1", "area": "XA-NOR", "kind": "HOUSE", "town": "?", "active_from": day("2026-01-01")})
    for person, until in (("anna", None), ("gus", "2026-11-30")):
        row = {"residence": "R-1", "person": person, "moved_in_on": day("2026-01-01")}
        _add(session, Occupant, {**row, "moved_out_on": day(until) if until else None})


def _processes(session: Session) -> None:
    case_id = _case(session, "T-1", area="XA-CAP", process_key="travel_clearance")
    stays = {"arrive_at": NOW - timedelta(days=1), "depart_at": NOW + timedelta(days=1)}
    lines = (("S1", "otto", 1, "IN_AREA"), ("S2", "eve", 2, "GRANTED"))
    for unit, person, tier, status in lines:
        row = {"id": new_id(), "case_id": case_id, "stop_key": unit, "unit_key": unit, "stop_no": 1, "person": person}
        facts = {"organisation": "UNA", "area": "XA-CAP", "travel_kind": "OFFICIAL", "stop_type": "DESTINATION", "tier": tier}
        filled = {"conditions": [], "facts": {}, "created_at": NOW, "changed_at": NOW, "status": status}
        _add(session, ClearanceLine, {**row, **facts, **stays, **filled})
    moved = {"id": new_id(), "person": "ben", "area": "XA-NOR", "kind": "ARRIVED", "recorded_by": "ben", "recorded_at": NOW}
    _add(session, Movement, {**moved, "at": NOW - timedelta(hours=23)})
    _add(session, Movement, {**moved, "id": new_id(), "person": "cleo", "area": "XB-CAP", "at": NOW - timedelta(hours=24)})
    # S1 was given back after 2 hours and decided after 4 more; S2 took 10 hours and was late. Of the eight hours before
    # the decision on S1 an answer was waited for in three, and in the last one, in which it had not come yet.
    decide = (
        ("t1", "S1", "2026-10-05 00:00", "2026-10-05 02:00", "2026-10-05 12:00", "RETURN", "OWN"),
        ("t2", "S1", "2026-10-08 20:00", "2026-10-09 04:00", "2026-10-09 12:00", "GRANT", "DELEGATED"),
        ("t3", "S2", "2026-10-05 00:00", "2026-10-05 10:00", "2026-10-05 08:00", "DENY", "OWN"),
    )
    for task, line, opened, closed, due, outcome, capacity in decide:
        row = {"id": task, "case_id": case_id, "element": "stop_decide", "name": "Decide", "kind": "user", "line": line}
        when = {"opened_at": at(opened), "closed_at": at(closed), "due_at": at(due), "state": "DONE"} | _pauses(task)
        filled = {"separate_from": [], "tables_used": [], "properties": {}, "revision": 1, "priority": 50, "subject": ""}
        _add(session, Task, {**row, **when, **filled})
        said = {"id": new_id(), "case_id": case_id, "task_id": task, "element": "stop_decide", "line": line, "act": "DECIDE"}
        who = {"actor_person": "gus", "capacity": capacity, "area": "XA-CAP", "decided_at": at(closed), "outcome": outcome}
        chain = {"prev_hash": "", "hash": task, "conditions": [], "tables_used": [], "answers": {}}
        _add(session, Decision, {**said, **who, **chain, "conflict_declared": task == "t3"})
    event(session, "tsc.decided", case_id, "2026-10-09 04:00", area="XA-CAP", tier=1, outcome="GRANT_COND")
    event(session, "tsc.decided", case_id, "2026-10-09 04:00", area="XA-CAP", tier=1, outcome="GRANT")
    event(session, "tsc.decided", case_id, "2026-10-05 10:00", area="XA-CAP", tier=2, outcome="DENY")
    event(session, "tsc.undecided", case_id, "2026-10-20 00:00", area="XA-CAP")
    event(session, "tsc.submitted", case_id, "2026-10-01 00:00", area="XA-CAP", late=True, travellers=1)
    event(session, "tsc.submitted", case_id, "2026-10-02 00:00", area="XA-CAP", late=False, travellers=1)
    event(session, "tsc.submitted", case_id, "2026-09-30 23:59", area="XA-CAP", late=True, travellers=1)
    for code in ("P-BSAFE", "P-BSAFE", "P-SSAFE"):
        event(session, "tsc.prereq_blocked", case_id, "2026-10-03 00:00", code=code)
    event(session, "tsc.revoked", case_id, "2026-10-03 00:00", area="XA-CAP", reason="INCIDENT")
    event(session, "srm.endorsed", case_id, "2026-10-03 00:00", area="XA-CAP", rounds=1)
    event(session, "srm.endorsed", case_id, "2026-10-04 00:00", area="XA-CAP", rounds=2)
    for code, status in (("P-SSAFE", "GRANTED"), ("P-LODGING", "ASKED")):
        row = {"id": new_id(), "case_id": case_id, "stop_key": "S1", "person": "otto", "code": code, "reason": "?"}
        _add(session, Waiver, {**row, "area": "XA-CAP", "status": status, "asked_at": at("2026-10-02 00:00")})
    risk = _case(session, "R-1", area="XA-CAP", process_key="risk_assessment")
    row = {"id": "t9", "case_id": risk, "element": "srm_desk", "name": "Desk", "kind": "user", "state": "DONE", "subject": ""}
    # Four and a half days, in one of which an answer was waited for.
    filled = {"separate_from": [], "tables_used": [], "properties": {}, "revision": 1, "priority": 50, "paused_s": 86_400}
    _add(session, Task, {**row, **filled, "opened_at": at("2026-09-30 00:00"), "closed_at": at("2026-10-04 12:00")})


def _pauses(task: str) -> dict[str, Any]:
    standing = {"held_from": at("2026-10-09 03:00"), "held_until": at("2026-10-14 03:00")}
    return {"paused_s": 3 * 3600, **standing} if task == "t2" else {"paused_s": 0, "held_from": None, "held_until": None}
