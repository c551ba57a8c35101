"""Who comes to a special event: the parts of the accreditation list, and whom the security service admits."""

from __future__ import annotations

from datetime import date
from typing import Any

from services import definitions
from services.models.special_events import EventAccreditation
from services.operations.catalogue import operation
from services.operations.special_events_lines import read_lines, unfit
from services.operations.work import Work
from services.registers import special_events as register

#: So many people can be listed for one event.
MOST = 500
ADMITTED, REFUSED = "ADMITTED", "REFUSED"


@operation("special_event.list_people")
def list_people(work: Work, *, rows: list[dict[str, Any]] | None, pasted: str | None) -> dict[str, Any]:
    """Enter a part of the list; those of it wait to be screened.

    Args:
        rows: As the form has them; without days somebody comes for the whole event.
        pasted: A line for each person: name; organisation; kind, as the form calls it in any language.

    Raises:
        AnswersInvalid: A line cannot be read, or there would be more than 500 names; nothing is entered.
    """
    event = register.get_event(work.session, work.case.number)
    texts = definitions.get_package(work.session, work.version_id).texts
    named = [*(rows or ()), *read_lines(pasted or "", texts)]
    known = len(register.list_accreditations(work.session, event.number))
    if known + len(named) > MOST:
        sentence = "An event has {most} names at most, and {count} are listed or named here."
        raise unfit(sentence, "List the others for another event.", most=MOST, count=known + len(named))
    first, last = event.starts_at.date(), event.ends_at.date()
    added = [
        EventAccreditation(
            event=event.number,
            no=no,
            case_id=work.case.id,
            listed_by=event.organiser,
            name=row["name"],
            organisation=row["organisation"],
            kind=row["kind"],
            first_on=_day(row.get("first_on")) or first,
            last_on=_day(row.get("last_on")) or last,
        )
        for no, row in enumerate(named, start=known + 1)
    ]
    work.session.add_all(added)
    work.set_status("PREPARING")
    return {
        "listed": known + len(added),
        "pending": [{"no": str(one.no), "who": f"{one.name}, {one.organisation}", "what": one.kind} for one in added],
        **dict.fromkeys(("people", "pasted", "refused")),
    }


@operation("special_event.screen")
def screen(work: Work, *, refused: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Write whom of those who wait the security service does not admit, with the reasons, and that it admits the others."""
    event = register.get_event(work.session, work.case.number)
    reasons = {str(row["no"]): row["why"] for row in refused or ()}
    everybody = register.list_accreditations(work.session, event.number)
    for one in everybody:
        if one.verdict is None:
            one.reason = reasons.get(str(one.no))
            one.verdict = ADMITTED if one.reason is None else REFUSED
            one.screened_at, one.screened_by = work.now, work.actor.person
    return {"pending": [], "refused": None, "barred_names": sum(one.verdict == REFUSED for one in everybody)}


def _day(text: Any) -> date | None:
    return date.fromisoformat(str(text)) if text else None
