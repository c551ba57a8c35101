"""How a contract with a vendor of guards was kept in a month, and which incidents happened in its premises."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.models.guards import NOT_RATED, GuardContract, GuardIncident, GuardRating
from services.operations.catalogue import operation
from services.operations.guards import COORDINATOR, HEAD, tell
from services.operations.work import Work
from services.registers import guards as register

RATED, BAD, BAD_TEXT = "guard.rated", "BAD", "N-GRD-02"


@operation("guard.month")
def name_month(work: Work) -> dict[str, Any]:
    """Say about which days a rating speaks, and offer the incidents that are not linked yet."""
    row = register.get_contract(work.session, work.case.number)
    since, until = register.rated_time(row, work.now.date())
    offered = [
        {"value": one.number, "label": f"{one.number}, {one.happened_at:%Y-%m-%d}, {one.place or one.area}"}
        for one in register.list_incidents(work.session, row)
    ]
    return {"month": {"since": since.isoformat(), "until": until.isoformat()}, "offered": offered}


@operation("guard.rate")
def rate(work: Work, *, month: dict[str, str], said: dict[str, Any], incidents: list[str] | None) -> dict[str, Any]:
    """Keep the rating of a month, as not rated when nobody said, and link the incidents that were chosen.

    A bad one is told to the Security Coordinator. It answers with the newest rating, which the next card shows.
    """
    row = register.get_contract(work.session, work.case.number)
    rating = said.get("rating") or NOT_RATED
    is_rated = rating != NOT_RATED
    on = said.get("follow_up_on")
    work.session.add(
        GuardRating(
            contract=row.number,
            since=date.fromisoformat(month["since"]),
            until=date.fromisoformat(month["until"]),
            **{name: said.get(name) for name in ("manned", "handled", "kept", "reasons", "follow_up")},
            follow_up_on=date.fromisoformat(on[:10]) if on else None,
            rating=rating,
            rated_by=work.actor.person if is_rated else None,
            rated_at=work.now if is_rated else None,
        )
    )
    work.session.flush()
    _link(work, row, incidents or [])
    work.count(RATED, area=row.area, premises=row.premises, rating=rating)
    if rating == BAD:
        about = {"until": month["until"], "reasons": said["reasons"], "follow_up": said["follow_up"]}
        tell(work, row, BAD_TEXT, [HEAD, COORDINATOR], **about)
    last = register.last_rating(work.session, row.number)
    return {"last": _shown(last) if last else None}


def _link(work: Work, row: GuardContract, numbers: list[str]) -> None:
    known = {one.number: one for one in register.list_incidents(work.session, row)}
    for number in numbers:
        if number in known:
            at = known[number].happened_at
            linked = {"linked_by": work.actor.person, "linked_at": work.now}
            work.session.add(GuardIncident(contract=row.number, incident=number, happened_at=at, **linked))


def _shown(last: GuardRating) -> dict[str, Any]:
    due = last.follow_up_on
    return {"text": last.rating, "follow_up": last.follow_up, "follow_up_on": due.isoformat() if due else None}
