"""Contracts with vendors of guards: who enters and confirms one, when it counts, and how it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from services import authority
from services.errors import Declined, NotYourRole
from services.models.guards import (
    DROPPED,
    ENDED,
    IN_FORCE,
    LET_END,
    PROPOSED,
    RAN_OUT,
    RENEW,
    RENEWED,
    TERMINATED,
    GuardContract,
)
from services.models.people import Person
from services.models.premises import Premises
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.sending import record_sent
from services.operations.work import Work
from services.registers import guards as register
from services.registers import premises as places
from workflows.forms.rules import MomentText

#: The act of saying that a contract has ended early; it judges nothing.
INFORM = "INFORM"
HEAD, PAYER, COORDINATOR, EXECUTIVE = "HSSD", "FIN", "SECCO", "EXH"
#: What opens the case of the contract that follows.
NEXT = "MSG_GUARD_CONTRACT_NEXT"
IN_FORCE_TEXT, OVER_TEXT, RAN_OUT_TEXT = "N-GRD-01", "N-GRD-04", "N-GRD-05"
CONFIRMED, OVER = "guard.confirmed", "guard.over"
_AGREED = ("vendor", "contract_no", "posts", "weekly_hours", "posts_words", "amount")
_SAID_LATER = ("returned", "enter", "drop_reasons", "decision", "decision_reasons", "follows_now", "follows_reasons", "outcome")


class NotInPremises(Declined):
    """{organisation} does not work in {premises}. Choose premises of your organisation."""


class OverBefore(Declined):
    """The last day of this contract, {day}, is over. Send it back, so that it is entered as it is."""


@operation("guard.open")
def open_contract(work: Work, *, premises: str) -> dict[str, Any]:
    """Begin a contract for premises of the organisation of which whoever enters it heads the security service.

    Raises:
        NotYourRole: Whoever began it does not head one.
        NotInPremises: The organisation has nothing there.
    """
    person = work.session.get_one(Person, work.case.requester)
    organisation = person.organisation
    if person.code not in _holders(work, HEAD, organisation):
        raise NotYourRole
    place = places.get_premises(work.session, premises, work.now.date())
    if organisation not in place.organisations:
        raise NotInPremises(organisation=organisation, premises=places.name_of(place))
    return {**_begin(work, place, organisation), "previous": None}


@operation("guard.prepare")
def prepare_next(work: Work, *, previous: str, follows: str) -> dict[str, Any]:
    """Begin the contract that follows another: of the same vendor when renewed, of one not known yet when tendered."""
    before = register.get_contract(work.session, previous)
    place = work.session.get_one(Premises, before.premises)
    stays = {name: getattr(before, name) for name in _AGREED}
    if follows != RENEW:
        stays["vendor"] = None
    began = _begin(work, place, before.organisation)
    work.set_status(PROPOSED)
    return {
        **began,
        **stays,
        "contract_no": None,
        "premises": before.premises,
        "starts_on": register.over_at(before).date().isoformat(),
        "ends_on": None,
    }


def _begin(work: Work, place: Premises, organisation: str) -> dict[str, Any]:
    name = f"{places.name_of(place)} ({place.code})"
    work.case.area, work.case.organisation, work.case.subject = place.area, organisation, name
    known = {"premises_name": name, "organisation": organisation, "area": place.area}
    return {**known, "confirmer": PAYER, **dict.fromkeys(_SAID_LATER)}


@operation("guard.keep")
def keep(
    work: Work,
    *,
    premises: str,
    organisation: str,
    vendor: str,
    contract_no: str,
    posts: float,
    weekly_hours: float,
    posts_words: str,
    starts_on: str,
    ends_on: str,
    amount: float | None,
    previous: str | None,
) -> dict[str, Any]:
    """Keep a contract as it was entered, in the place of what came back, and say who confirms it."""
    row = work.session.get(GuardContract, work.case.number)
    if row is None:
        row = GuardContract(number=work.case.number, case_id=work.case.id, organisation=organisation, previous=previous)
        row.premises, row.area, row.status = premises, str(work.case.area), PROPOSED
        work.session.add(row)
    row.vendor, row.contract_no, row.posts_words = vendor, contract_no, posts_words
    row.posts, row.weekly_hours = int(posts), int(weekly_hours)
    row.amount = None if amount is None else int(amount)
    row.starts_on, row.ends_on = date.fromisoformat(starts_on[:10]), date.fromisoformat(ends_on[:10])
    row.entered_by = work.actor.person
    work.set_status(PROPOSED)
    payers = set(_holders(work, PAYER, organisation)) - {row.entered_by, work.case.requester}
    return {"confirmer": PAYER if payers else COORDINATOR, "decision": None, "decision_reasons": None}


@operation("guard.confirm")
def confirm(work: Work) -> dict[str, Any]:
    """Put a contract into force, and say when it is rated, when it is asked what follows, and when it is over.

    Raises:
        OverBefore: Its last day is over.
    """
    row = register.get_contract(work.session, work.case.number)
    if register.over_at(row) <= work.now:
        raise OverBefore(day=MomentText(row.ends_on.isoformat()))
    row.status, row.confirmed_by, row.confirmed_at = IN_FORCE, work.actor.person, work.now
    work.set_status(IN_FORCE)
    work.count(CONFIRMED, area=row.area, premises=row.premises)
    tell(work, row, IN_FORCE_TEXT, [HEAD, COORDINATOR])
    return {
        "ask_at": write_moment(max(register.ask_at(row), work.now)),
        "over_at": write_moment(register.over_at(row)),
        "ratings": register.rating_cycle(row, work.now),
        "last": dict.fromkeys(("text", "follow_up", "follow_up_on")),
    }


@operation("guard.drop")
def drop(work: Work, *, reasons: str) -> dict[str, Any]:
    """Put away what was entered, or was to be: no contract came about."""
    row = work.session.get(GuardContract, work.case.number)
    if row is not None:
        row.status, row.reasons = DROPPED, reasons
    work.set_status(DROPPED)
    return {"outcome": DROPPED}


@operation("guard.intend")
def intend(work: Work, *, follows: str, reasons: str) -> dict[str, Any]:
    """Keep what is to follow a contract; for one that is renewed or tendered the case of the next begins."""
    row = register.get_contract(work.session, work.case.number)
    row.follows, row.reasons = follows, reasons
    if follows != LET_END:
        work.tell_bus(NEXT, row.area, {"previous": row.number, "follows": follows})
    return {}


@operation("guard.settle")
def settle(work: Work) -> dict[str, Any]:
    """Say how a contract ended whose last day is over: renewed when the next was confirmed, ended when that was said.

    Else it ran out, whatever was intended, and the head of the organisation hears of it.
    """
    row = register.get_contract(work.session, work.case.number)
    followed = row.follows != LET_END and register.is_followed(work.session, row.number)
    outcome = RENEWED if followed else ENDED if row.follows == LET_END else RAN_OUT
    receivers = [HEAD, COORDINATOR, PAYER] + ([EXECUTIVE] if outcome == RAN_OUT else [])
    return _end(work, row, outcome, row.ends_on, receivers)


@operation("guard.terminate")
def terminate(work: Work, *, ended_on: str, reasons: str, sent_by: dict[str, Any] | None) -> dict[str, Any]:
    """Write that a contract ended before its last day, and why.

    Args:
        sent_by: In which capacity the head said so by a message; None for a step that was completed.
    """
    row = register.get_contract(work.session, work.case.number)
    if sent_by is not None:
        said = {"reason_text": reasons, "answers": {"ended_on": ended_on}}
        record_sent(work, sent_by, act=INFORM, outcome=TERMINATED, area=row.area, **said)
    row.reasons = reasons
    return _end(work, row, TERMINATED, date.fromisoformat(ended_on[:10]), [HEAD, COORDINATOR, PAYER, EXECUTIVE])


def _end(work: Work, row: GuardContract, outcome: str, on: date, receivers: list[str]) -> dict[str, Any]:
    row.status, row.ended_on = outcome, on
    work.set_status(outcome)
    work.count(OVER, area=row.area, premises=row.premises, outcome=outcome)
    facts = {"outcome": outcome, "reasons": row.reasons or "-"}
    tell(work, row, RAN_OUT_TEXT if outcome == RAN_OUT else OVER_TEXT, receivers, **facts)
    return {"outcome": outcome}


def tell(work: Work, row: GuardContract, code: str, receivers: list[str], **more: Any) -> None:
    """Tell officials of the organisation about a contract."""
    place = places.name_of(work.session.get_one(Premises, row.premises))
    days = {"starts": row.starts_on.isoformat(), "ends": (row.ended_on or row.ends_on).isoformat()}
    facts = {"no": row.number, "premises": place, "vendor": row.vendor, **days, **more}
    work.notify(code, receivers, facts=facts, organisation=row.organisation, area=row.area)


def _holders(work: Work, role: str, organisation: str) -> list[str]:
    return authority.people_in_role(work.session, role=role, organisation=organisation, now=work.now)
