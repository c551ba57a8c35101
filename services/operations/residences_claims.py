"""Claims for measures at a residence: entering them, the facts that the tables ask about, sorting them by their routes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services import people
from services.models.people import Person
from services.models.residences import ClaimLine, Residence
from services.operations.catalogue import operation
from services.operations.residences_measures import cents
from services.operations.work import Work
from services.registers import areas, residences, schedules

CLAIM = "CLAIM"
#: Contracts as the table calls them.
COVERED, NOT_COVERED = "INTL", "LOCAL"
MONTHS_OF_YEAR = 12


@operation("residence.open")
def open_claim(
    work: Work, *, requester: str, residence: str, kind: str, lines: list[dict[str, Any]], individual_risk: bool | None
) -> dict[str, Any]:
    """Enter a claim: whom it concerns, its lines, and the bills that they are about.

    A claim that rests on a threat to one person is nobody's business but theirs who decide it: the organisation does not see it.
    """
    home = residences.get_residence(work.session, residence)
    claimant = work.session.get_one(Person, requester)
    work.party(requester, "CLAIMANT")
    for other in people.line_of(work.session, claimant):
        work.party(other, "HIERARCHY")
    work.case.area = home.area
    work.case.organisation = None if individual_risk else claimant.organisation
    work.case.subject = "Residential measures" if individual_risk else f"Residential measures: {claimant.name}, {residence}"
    work.set_status("SUBMITTED")
    numbered = [_numbered(work, no, line, kind) for no, line in enumerate(lines, start=1)]
    for line in numbered:
        _write_line(work, home, claimant, line)
    return {
        "area": home.area,
        "area_name": areas.name_of(areas.get_area(work.session, home.area)),
        "claimant": requester,
        "claimant_name": claimant.name,
        "claimant_organisation": claimant.organisation,
        "residence_text": f"{residence} ({home.kind.lower()}, {home.town})",
        "individual_risk": bool(individual_risk),
        "lines": numbered,
        "approvals": [],
        "declined": [],
        "exception_step": "DO",
        "verified": False,
        "shortfall_accepted": False,
        "schedule_changed": False,
        "round": 0,
    }


def _numbered(work: Work, no: int, line: dict[str, Any], kind: str) -> dict[str, Any]:
    recurring = line["cost_kind"] == schedules.RECURRING
    invoice_no = " ".join(str(line.get("invoice_no") or "").upper().split()) or None
    return {
        **line,
        "no": no,
        "invoice_no": invoice_no if kind == CLAIM else None,
        "invoice_on": (line.get("invoice_on") or work.now.date().isoformat())[:10],
        "period_from": (line.get("period_from") or line.get("invoice_on") or "")[:10] or None if recurring else None,
        "months": int(line.get("months") or 1) if recurring else 1,
        "has_receipt": bool(line.get("has_receipt") or line.get("files")),
        "currency": line.get("currency") or "USD",
    }


def _write_line(work: Work, home: Residence, claimant: Person, line: dict[str, Any]) -> None:
    row = work.session.get(ClaimLine, (work.case.id, line["no"]))
    if row is None:
        row = ClaimLine(case_id=work.case.id, line_no=line["no"], residence=home.code, person=claimant.code)
        work.session.add(row)
    row.measure = line["measure"]
    row.cost_kind = line["cost_kind"]
    row.invoice_no = line["invoice_no"]
    row.invoice_on = date.fromisoformat(line["invoice_on"])
    row.period_from = date.fromisoformat(line["period_from"]) if line["period_from"] else None
    row.months = line["months"]
    row.amount_cents = cents(line["amount"])
    row.status, row.changed_at = "OPEN", work.now
    if row.invoice_no:
        residences.enter_invoice(
            work.session,
            residence=home.code,
            measure=row.measure,
            invoice_no=row.invoice_no,
            invoice_on=row.invoice_on,
            amount_cents=row.amount_cents * row.months,
        )


@operation("residence.correct")
def correct(
    work: Work, *, residence: str, claimant: str, kind: str, lines: list[dict[str, Any]], corrections: list[dict[str, Any]] | None
) -> dict[str, Any]:
    """Take over what the claimant added or corrected; who verified before has to look again."""
    by_no = {
        int(row["no"]): {name: value for name, value in row.items() if value not in (None, "", [])} for row in corrections or []
    }
    home, person = residences.get_residence(work.session, residence), work.session.get_one(Person, claimant)
    changed = [_numbered(work, line["no"], {**line, **by_no.get(line["no"], {})}, kind) for line in lines]
    for line in changed:
        if line["no"] in by_no:
            _write_line(work, home, person, line)
    return {"lines": changed, "verified": False}


@operation("residence.facts")
def find_facts(
    work: Work,
    *,
    residence: str,
    claimant: str,
    kind: str,
    lines: list[dict[str, Any]],
    landlord_provides: list[str] | None,
    individual_risk: bool,
    approvals: list[dict[str, Any]],
    round: float | None,  # noqa: A002 - the name that the diagram gives it
) -> dict[str, Any]:
    """Read for each line what the tables D3.3 and D3.5 and the formula D3.4 ask about."""
    home, person = residences.get_residence(work.session, residence), work.session.get_one(Person, claimant)
    caps = {int(row["no"]): row.get("cap") for row in approvals}
    facts = [
        _facts_of(work, home, person, line, kind=kind, provided=landlord_provides or [], cap=caps.get(line["no"]))
        | {"individual_risk": individual_risk}
        for line in lines
    ]
    return {"line_facts": facts, "round": int(round or 0) + 1, "schedule_changed": False}


def _facts_of(
    work: Work, home: Residence, person: Person, line: dict[str, Any], *, kind: str, provided: Sequence[str], cap: float | None
) -> dict[str, Any]:
    days = _days_of(line)
    living = residences.occupants_on(work.session, home.code, days[-1])
    cover = schedules.find_cover(work.session, home, line["measure"], days)
    promised = residences.find_preapproval(
        work.session, person=person.code, residence=home.code, measure=line["measure"], on=days[0]
    )
    includes_local = cover is not None and cover.line.includes_local
    entitled = [one for one in living if includes_local or residences.is_international(one)]
    sharers = max(len(entitled), 1)
    limit = cap if cap is not None else _cap(cover, promised, sharers)
    amount = float(line["amount"])
    return {
        "no": line["no"],
        "measure": line["measure"],
        "name": _name_of(line["measure"], cover),
        "duty_station_match": person.duty_area == home.area and person.code in {one.code for one in living},
        "contract": COVERED if includes_local or residences.is_international(person) else NOT_COVERED,
        "measure_in_schedule": cover is not None or promised is not None,
        "schedule": cover.schedule.number if cover is not None else None,
        "landlord_provides": line["measure"] in provided,
        "survey_state": residences.state_of_survey(
            work.session, home.code, occupants=[one.code for one in _living_now(work, home)], on=work.now.date()
        ),
        "cohabitant_claimed": residences.is_paid_already(work.session, home.code, line["measure"], line["invoice_no"]),
        "cost_kind": line["cost_kind"] if cover is None else cover.line.cost_kind,
        "sharers": sharers,
        "backdated_days": (work.case.started_at.date() - days[-1]).days,
        "within_cap": limit is None or amount <= limit,
        "receipts_ok": kind != CLAIM or (line["has_receipt"] and line["invoice_no"] is not None),
        "reinstall_within_24m": line["cost_kind"] == "ONE_OFF"
        and residences.is_reinstalled(
            work.session, person=person.code, measure=line["measure"], residence=home.code, on=days[-1]
        ),
        "cap": limit if limit is not None else amount,
        "amount": amount,
        "months": line["months"],
        "rest": _rest(work, home, line),
    }


def _name_of(measure: str, cover: schedules.Cover | None) -> str:
    return cover.line.name if cover is not None else schedules.CATALOGUE_NAMES.get(measure, measure)


def _living_now(work: Work, home: Residence) -> list[Person]:
    return residences.occupants_on(work.session, home.code, work.now.date())


def _days_of(line: dict[str, Any]) -> list[date]:
    """Return the days for which a line must be allowed: that of the bill, or the first of every month that it is for."""
    if not line["period_from"]:
        return [date.fromisoformat(line["invoice_on"])]
    first = date.fromisoformat(line["period_from"])
    return [_months_later(first, number) for number in range(line["months"])]


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, MONTHS_OF_YEAR)
    first = date(day.year + year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _cap(cover: schedules.Cover | None, promised: ClaimLine | None, sharers: int) -> float | None:
    """Return what is paid at most for the whole residence; None when nothing says so."""
    if cover is not None:
        persons = sharers if cover.line.share_rule == "PER_PERSON" else 1
        return cover.line.cap_cents * persons / 100
    return promised.amount_cents / 100 if promised is not None else None


def _rest(work: Work, home: Residence, line: dict[str, Any]) -> float:
    """Return what is left of the bill to be paid back to anybody."""
    invoice = residences.find_invoice(work.session, home.code, line["measure"], line["invoice_no"])
    if invoice is None:
        return float(line["amount"]) * int(line["months"])
    return (invoice.amount_cents - invoice.paid_cents) / 100


@operation("residence.sort")
def sort_lines(
    work: Work, *, routed: list[dict[str, Any]], approvals: list[dict[str, Any]], declined: list[dict[str, Any]]
) -> dict[str, Any]:
    """Enter what the tables say of each line, and list the lines by what they wait for."""
    approved = {int(row["no"]) for row in approvals}
    refused = {int(row["no"]): row.get("reason") for row in declined}
    found: dict[str, list[int]] = {name: [] for name in ("survey", "returned", "exception", "do", "payable", "capped")}
    rejected = []
    for row in routed:
        no, route = int(row["no"]), row["route"]
        line = work.session.get_one(ClaimLine, (work.case.id, no))
        line.decision, line.route, line.changed_at = row["decision"], route, work.now
        reason = refused.get(no) or (row["eligibility_note"] if row["decision"] == "NOT_ELIGIBLE" else row["note"])
        line.reason = (reason or "")[:500] or None
        if no in refused or route == "REJECT":
            line.status = "REJECTED"
            rejected.append({"no": no, "measure": line.measure, "reason": reason})
            continue
        line.status = "OPEN"
        name = {"SURVEY": "survey", "RETURN": "returned", "DO_THEN_DRO": "exception", "DO": "do"}.get(route)
        if name is None or (name in {"exception", "do"} and no in approved):
            found["payable"].append(no)
            found["capped"] += [no] if row["within_cap"] is not True else []
        else:
            found[name].append(no)
    if found["exception"] or found["do"]:
        work.set_status("WITH_DO")
    waiting = sum(len(found[name]) for name in ("survey", "returned", "exception", "do", "payable"))
    texts = "; ".join(f"{row['measure']}: {row['reason']}" for row in rejected)
    return {"plan": {**found, "rejected": rejected, "open": waiting, "rejected_text": texts, "route": _worst(routed)}}


def _worst(routed: Sequence[dict[str, Any]]) -> str:
    ranks = ("CERTIFY", "CERTIFY_CAPPED", "DO", "DO_THEN_DRO", "RETURN", "SURVEY", "REJECT")
    live = [row["route"] for row in routed if row["route"] != "REJECT"]
    return max(live, key=ranks.index) if live else "REJECT"
