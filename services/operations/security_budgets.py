"""Drawing up the security budget of an area for a year: what is proposed, who is asked, and what they say."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete, select

from services import authority
from services.errors import Declined, NotYourRole
from services.models.areas import Area
from services.models.organisations import Organisation
from services.models.security_budgets import SecurityBudget, SecurityBudgetLine
from services.operations.catalogue import operation
from services.operations.residences_measures import cents
from services.operations.teams import describe_team
from services.operations.work import Work
from services.people import SYSTEM
from services.registers import areas
from services.registers import security_budgets as register
from workflows.forms.rules import MomentText

#: Who may begin a budget by hand, and who speaks for an organisation.
OFFICES, SPEAKERS = ("CSA", "DO", "DOAI"), ("SFP", "HOA")
#: From this day on the budgets of the year after are drawn up.
DRAWN_UP_FROM = (9, 1)
OPENED, ENDED = "lcs.opened", "lcs.ended"
#: What the case learns only on its way.
_SAID_LATER = (
    *("has_budget", "none_reasons", "total", "team", "smt", "endorsement", "do_reasons", "approval", "desk_reasons"),
    *("return_reasons", "round", "round_reasons", "outcome", "said"),
)
_EMPTY = ("comments", "consulted", "contacts", "preview", "shares", "answers", "unsettled", "corrections")


class AgreedAlready(Declined):
    """The organisations have agreed on the budget of {area} for {year} already: {number}."""


class NoTeam(Declined):
    """Nobody belongs to the Security Management Team of {area}, so it cannot consider a budget."""


class NobodyShares(Declined):
    """No organisation has people there on {on}, so nobody could share the budget. Choose another day, or name the heads."""


@operation("security_budget.due")
def budgets_due(work: Work) -> dict[str, Any]:
    """List the designated areas whose next budget is due: they agreed on one this year, or measures cost money each year."""
    today = work.now.date()
    if (today.month, today.day) < DRAWN_UP_FROM:
        return {"due": []}
    begun = select(SecurityBudget.area).where(SecurityBudget.year == today.year + 1)
    query = select(Area.code).where(Area.kind == "DESIGNATED", Area.code.not_in(begun)).order_by(Area.code)
    due = [area for area in work.session.scalars(query) if _is_due(work, area, today)]
    return {"due": [{"area": area, "year": today.year + 1} for area in due]}


def _is_due(work: Work, area: str, today: date) -> bool:
    known = register.find_agreed(work.session, area, today.year) or register.list_yearly_measures(work.session, area, today)
    return bool(known) and bool(describe_team(work, area)["count"])


@operation("security_budget.open")
def open_budget(work: Work, *, area: str, year: float) -> dict[str, Any]:
    """Begin the budget of an area for a year, with the measures that cost something each year as its first lines.

    Raises:
        NotYourRole: A person began it who holds none of the offices for the area.
        AgreedAlready, NoTeam: There is one already; or nobody could consider it.
    """
    if work.case.requester != SYSTEM.person and not _may_begin(work, area):
        raise NotYourRole
    name, whole_year = areas.name_of(areas.get_area(work.session, area)), int(year)
    agreed = register.find_agreed(work.session, area, whole_year)
    if agreed is not None:
        raise AgreedAlready(area=name, year=whole_year, number=agreed.number)
    if not describe_team(work, area)["count"]:
        raise NoTeam(area=name)
    work.session.add(
        SecurityBudget(number=work.case.number, case_id=work.case.id, area=area, year=whole_year, opened_at=work.now)
    )
    work.case.subject = f"{name}, {whole_year}"
    work.case.organisation = None  # people of several organisations are asked
    work.set_status("DRAFT")
    work.count(OPENED, area=area, year=whole_year)
    measures = register.list_yearly_measures(work.session, area, work.now.date())
    codes = [f"{row.assessment} {row.code}" for row in measures]
    return {
        "area_name": name,
        "year": whole_year,
        "currency": "USD",
        "census_on": work.now.date().isoformat(),
        "offered": [
            {"value": code, "label": f"{row.text} ({row.owner}, {code})"} for code, row in zip(codes, measures, strict=True)
        ],
        "lines": [
            {"kind": "MEASURE", "text": row.text, "measure": code, "amount": row.yearly_cost}
            for code, row in zip(codes, measures, strict=True)
        ],
        "returns": 0,
        "version": 0,
        **dict.fromkeys(_SAID_LATER),
        **{name: [] for name in _EMPTY},
    }


def _may_begin(work: Work, area: str) -> bool:
    held = (authority.people_in_role(work.session, role=role, area=area, now=work.now) for role in OFFICES)
    return any(work.case.requester in people for people in held)


@operation("security_budget.keep")
def keep_lines(work: Work, *, area: str, lines: list[dict[str, Any]] | None, currency: str, census_on: str) -> dict[str, Any]:
    """Keep the lines as they were drafted, and say which organisations are asked, with what each would carry as things stand.

    Raises:
        NobodyShares: No organisation has people in the area on the census date.
    """
    budget = work.session.get_one(SecurityBudget, work.case.number)
    day = date.fromisoformat(census_on[:10])
    heads = register.count_heads(work.session, area, day)
    if not heads:
        raise NobodyShares(on=MomentText(day.isoformat()))
    rows = [{**row, "cents": cents(row["amount"])} for row in lines or ()]
    budget.currency, budget.census_on = currency, day
    budget.total_cents = sum(row["cents"] for row in rows)
    _write_lines(work, rows)
    amounts = register.apportion(budget.total_cents, heads)
    consulted = [speakers_of(work, area, code) for code in heads]
    work.set_status("IN_CONSULTATION")
    return {
        "lines": [{**row, "said": say_money(currency, row["cents"])} for row in rows],
        "total": say_money(currency, budget.total_cents),
        "consulted": [
            {**one, "heads": heads[one["organisation"]], "amount": say_money(currency, amounts[one["organisation"]])}
            for one in consulted
        ],
        "contacts": sorted({person for one in consulted for person in one["people"]}),
        **dict.fromkeys(("smt", "endorsement", "do_reasons", "approval", "desk_reasons")),
    }


def _write_lines(work: Work, rows: list[dict[str, Any]]) -> None:
    number = work.case.number
    work.session.execute(delete(SecurityBudgetLine).where(SecurityBudgetLine.budget == number))
    for no, row in enumerate(rows, start=1):
        measure = row.get("measure") if row["kind"] == "MEASURE" else None
        kept = {"kind": row["kind"], "text": row["text"], "measure": measure, "amount_cents": row["cents"]}
        work.session.add(SecurityBudgetLine(budget=number, no=no, **kept))


def speakers_of(work: Work, area: str, organisation: str) -> dict[str, Any]:
    """Say who speaks for an organisation in an area: its focal points and heads, apart from the Designated Official."""
    officials = set(authority.people_in_role(work.session, role="DO", area=area, now=work.now))
    able = {
        role: set(authority.people_in_role(work.session, role=role, area=area, organisation=organisation, now=work.now))
        - officials
        for role in SPEAKERS
    }
    roles = [role for role, people in able.items() if people]
    row = work.session.get(Organisation, organisation)
    return {
        "organisation": organisation,
        "name": str(row.name.get("en", organisation)) if row is not None else organisation,
        "roles": roles or [SPEAKERS[0]],  # a step that nobody can take is seen as such; it is not left out
        "people": sorted({person for people in able.values() for person in people}),
    }


def say_money(currency: str, amount_cents: int) -> str:
    """Write an amount with its currency: "USD 1200.50"."""
    return f"{currency} {amount_cents // 100}.{amount_cents % 100:02}"


@operation("security_budget.weigh")
def weigh(work: Work, *, area: str, consulted: list[dict[str, Any]], remarks: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Put together what the organisations said; who said nothing in time is recorded so, and has not consented."""
    said = {row["organisation"]: row for row in remarks or () if row.get("comment")}
    comments = []
    for one in consulted:
        row = said.get(one["organisation"], {})
        if not row:
            work.record_decision(act="COMMENT", outcome="NO_COMMENT", line=one["organisation"], area=area)
        comments.append({"organisation": one["organisation"], "comment": row.get("comment"), "text": row.get("text")})
    work.set_status("WITH_SMT")
    return {"comments": comments, "team": describe_team(work, area)}


@operation("security_budget.send_back")
def send_back(work: Work, *, returns: float, by: str, reasons: str | None) -> dict[str, Any]:
    """Count one more time that the budget came back, and keep why."""
    work.set_status("DRAFT")
    work.count("lcs.sent_back", area=work.case.area, by=by)
    return {"returns": int(returns) + 1, "return_reasons": reasons}
