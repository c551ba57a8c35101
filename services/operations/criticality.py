"""Assessing how critical activities are: who rates what in an area, what is proposed, and what an approval writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services import authority
from services.errors import Declined, NotYourRole
from services.models.areas import Area, AreaWithin
from services.models.clearances import KpiEvent
from services.models.organisations import Organisation
from services.models.travel import Activity
from services.operations.catalogue import operation
from services.operations.work import Work
from services.people import SYSTEM
from services.registers import activities, areas
from services.registers.plans import add_months

#: Who may ask all organisations in an area by hand, and who one's own organisation alone.
OFFICES, OWN_OFFICES = ("RC", "DO", "DOAI", "CSA"), ("HOA", "SFP")
#: A rating counts for so long from its approval. Source: common programme criticality framework.
VALID_MONTHS = 12
#: So long before the first rating of an area ends, all of them are rated anew; and so soon nobody is asked a second time.
PLANNED_BEFORE, ASKED_AGAIN_AFTER = timedelta(days=60), timedelta(days=150)
HIGHEST = "PC1"
OPENED, APPROVED = "pc.opened", "pc.approved"
RATED = "SIG_ACTIVITY_RATED"
DAY = timedelta(days=1)


class NobodyToRate(Declined):
    """No organisation has a head in {area}, and none has a rated activity there."""


@operation("criticality.assessments_due")
def assessments_due(work: Work) -> dict[str, Any]:
    """List the designated areas in which a rating ends within 60 days, unless everybody there was asked already."""
    today = work.now.date()
    query = select(Activity).where(Activity.pc_valid_to >= today, Activity.pc_valid_to <= today + PLANNED_BEFORE)
    ending = sorted({str(area) for row in work.session.scalars(query) for area in row.areas})
    above = select(Area.code, Area.designated_area, Area.kind).where(Area.code.in_(ending))
    stations = {
        row.designated_area or row.code for row in work.session.execute(above) if row.designated_area or row.kind == "DESIGNATED"
    }
    asked = select(KpiEvent.area).where(KpiEvent.name == OPENED, KpiEvent.at > work.now - ASKED_AGAIN_AFTER)
    return {"due": [{"area": area} for area in sorted(stations - set(work.session.scalars(asked)))]}


@operation("criticality.open")
def open_assessment(work: Work, *, area: str, only: str | None) -> dict[str, Any]:
    """Say who rates in an area, what is rated there today, and who of other organisations looks at each list.

    Args:
        only: The organisation that is asked alone; by default all with a head or a rated activity there.

    Raises:
        NotYourRole: A person began it who holds none of the offices for the area, nor one of the organisation that is asked.
        NobodyToRate: There is nobody to ask.
    """
    if work.case.requester != SYSTEM.person and not _may_begin(work, area, only):
        raise NotYourRole
    name = areas.name_of(areas.get_area(work.session, area))
    rated = activities.list_rated(work.session, area, work.now.date())
    heads = _heads(work, area)
    asked = [only] if only else sorted({*heads, *(row.organisation for row in rated)})
    if not asked:
        raise NobodyToRate(area=name)
    known = select(Organisation).where(Organisation.code.in_(asked))
    names = {row.code: str(row.name.get("en", row.code)) for row in work.session.scalars(known)}
    work.case.subject = name
    work.case.organisation = None  # each list is one organisation's; a step without one is for whom it names alone
    work.set_status("RATING")
    if only is None:
        work.count(OPENED, area=area)
    return {
        "area_name": name,
        "areas_inside": _choices(work.session, area),
        "organisations": [
            {
                "code": code,
                "name": names.get(code, code),
                "rated": [_said(row) for row in rated if row.organisation == code],
                "peers": sorted(
                    {person for other, people in heads.items() if other != code for person in people} - {*heads.get(code, ())}
                ),
            }
            for code in asked
        ],
    }


@operation("criticality.propose")
def propose(
    work: Work, *, organisation: dict[str, Any], lines: list[dict[str, Any]] | None, levels: list[str] | None
) -> dict[str, Any]:
    """Put the list of an organisation together: what the table says of each activity, beside the rating that it renews."""
    known = {row["code"]: row for row in organisation["rated"]}
    found: list[dict[str, Any]] = []
    for number, (line, level) in enumerate(zip(lines or (), levels or (), strict=True), start=1):
        former = known.get(line.get("renews") or "")
        found.append(
            {
                "no": str(number),
                "renews": former["code"] if former else None,
                "former": former["level"] if former else None,
                "title": line.get("title") or (former["title"] if former else ""),
                "areas": sorted(line["areas"]),
                "about": line["about"],
                "contribution": line["contribution"],
                "likelihood": line["likelihood"],
                "reasons": line["reasons"],
                "ground": line.get("ground"),
                "level": level,
            }
        )
    return {"proposal": found}


@operation("criticality.certify")
def certify(work: Work, *, proposal: list[dict[str, Any]], certified: list[str] | None) -> dict[str, Any]:
    """Set what the executive head certified to PC1; what was not certified keeps the level that the table gave it."""
    chosen = set(certified or ())
    return {"proposal": [{**line, "level": HIGHEST} if line["ground"] and line["no"] in chosen else line for line in proposal]}


@operation("criticality.write")
def write(
    work: Work, *, area: str, organisation: dict[str, Any], proposal: list[dict[str, Any]], approved: list[str] | None
) -> dict[str, Any]:
    """Write what was approved into the register, for twelve months; a rating that is renewed ends the day before."""
    today = work.now.date()
    chosen = [line for line in proposal if approved is None or line["no"] in approved]
    written = []
    for line in chosen:
        renewed = _renewed_by(work, line)
        row = Activity(
            code=_next_code(work),
            organisation=organisation["code"],
            title=line["title"],
            areas=line["areas"],
            pc_level=line["level"],
            pc_valid_from=today,
            pc_valid_to=add_months(today, VALID_MONTHS) - DAY,
            follows=renewed[-1].code if renewed else line["renews"],
            case_id=work.case.id,
        )
        work.session.add(row)
        for former in renewed:
            _close(work, former, line["areas"])
        work.count(
            APPROVED, area=area, organisation=row.organisation, activity=row.code, level=row.pc_level, former=line["former"]
        )
        written.append({"code": row.code, "title": row.title, "level": row.pc_level, "valid_to": row.pc_valid_to.isoformat()})
    if written:
        work.tell_bus(RATED, area, {"organisation": organisation["code"], "activities": [row["code"] for row in written]})
    return {"written": written, "designated": [row["title"] for row in written if row["level"] == HIGHEST]}


@operation("criticality.conclude")
def conclude(work: Work) -> dict[str, Any]:
    """Say how an assessment came out, by what it has written: what nobody approved has no level."""
    found = work.session.scalars(select(Activity.code).where(Activity.case_id == work.case.id).limit(1)).first()
    outcome = "RATED" if found else "NOT_RATED"
    work.set_status(outcome)
    return {"outcome": outcome}


def _may_begin(work: Work, area: str, only: str | None) -> bool:
    asked = [(role, None) for role in OFFICES] + [(role, only) for role in OWN_OFFICES if only]
    held = (
        authority.people_in_role(work.session, role=role, area=area, organisation=organisation, now=work.now)
        for role, organisation in asked
    )
    return any(work.case.requester in people for people in held)


def _heads(work: Work, area: str) -> dict[str, list[str]]:
    """Return the heads of organisations in an area."""
    members = work.session.scalars(select(Organisation.code).where(Organisation.unsms_member).order_by(Organisation.code))
    found = {
        code: authority.people_in_role(work.session, role="HOA", area=area, organisation=code, now=work.now)
        for code in members.all()
    }
    return {code: people for code, people in found.items() if people}


def _choices(session: Session, area: str) -> list[dict[str, str]]:
    """Return where an activity may be rated: the area and all inside it."""
    query = select(Area).join(AreaWithin, AreaWithin.area == Area.code).where(AreaWithin.ancestor == area).order_by(Area.code)
    return [{"value": row.code, "label": f"{areas.name_of(row)} ({row.code})"} for row in session.scalars(query)]


def _said(row: Activity) -> dict[str, Any]:
    facts = {"code": row.code, "title": row.title, "areas": row.areas, "level": row.pc_level}
    return {**facts, "valid_to": row.pc_valid_to.isoformat()}


def _next_code(work: Work) -> str:
    """Name the next rating of the case: its number and a serial number."""
    count = select(func.count()).select_from(Activity).where(Activity.case_id == work.case.id)
    return f"{work.case.number}-{work.session.scalar(count) or 0:02d}"


def _renewed_by(work: Work, line: Mapping[str, Any]) -> list[Activity]:
    """Return the ratings that a line takes the place of: the one that it names, or what renewed that one meanwhile."""
    former = work.session.get(Activity, line["renews"]) if line["renews"] else None
    if former is None:
        return []
    rows = [former, *activities.successors_of(work.session, former)]
    inside = activities.areas_of(work.session, rows)
    wanted = set(work.session.scalars(select(AreaWithin.area).where(AreaWithin.ancestor.in_(line["areas"]))))
    today = work.now.date()
    return [row for row in rows if activities.is_in_force(row, today) and wanted & set(inside[row.code])]


def _close(work: Work, former: Activity, renewed: Collection[str]) -> None:
    """End a rating the day before; where it also counted elsewhere a further row goes on there, until the same day as before."""
    today, ends_on = work.now.date(), former.pc_valid_to
    begun = former.pc_valid_from or today - DAY
    former.pc_valid_to = max(begun, today - DAY)
    rest = _elsewhere(work.session, [str(area) for area in former.areas], renewed)
    if rest:
        kept = {"organisation": former.organisation, "title": former.title, "pc_level": former.pc_level}
        period = {"pc_valid_from": today, "pc_valid_to": ends_on}
        row = Activity(code=_next_code(work), areas=rest, follows=former.code, case_id=work.case.id, **kept, **period)
        work.session.add(row)


def _elsewhere(session: Session, former: Iterable[str], renewed: Collection[str]) -> list[str]:
    """Return the areas of a former rating that a renewed one leaves out; one that lies around both is taken apart."""
    within = select(AreaWithin.area, AreaWithin.ancestor)
    below = set(session.scalars(select(AreaWithin.area).where(AreaWithin.ancestor.in_(renewed))))
    around = set(session.scalars(select(AreaWithin.ancestor).where(AreaWithin.area.in_(renewed))))
    left: set[str] = set()
    for code in former:
        if code in below:
            continue
        if code not in around:
            left.add(code)
            continue
        left |= {row.area for row in session.execute(within.where(AreaWithin.ancestor == code))} - below - around
    return sorted(left)
