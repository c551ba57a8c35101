"""A pasted itinerary beside the draft that it is to fill: what was understood, and the stops as answers of the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton
from flask import Flask, url_for
from flask_babel import get_locale
from sqlalchemy.orm import Session

from services import drafts
from services.itineraries import ORDERS, ProposedStop, Reading, read_itinerary
from services.itineraries.known import list_names
from services.people import Actor
from webapp.presenters.answers import Group, summarise
from webapp.presenters.requests import DraftPage
from webapp.presenters.steps import Step
from workflows.errors import AnswersInvalid, Problem
from workflows.forms.fields import Field, asked
from workflows.forms.leaves import is_blank

TEXT = "_itinerary"
ADD, REPLACE = "add", "replace"
_EXAMPLES = dict(zip(ORDERS, (date(2027, 4, 3), date(2027, 3, 4)), strict=True))


@dataclass(frozen=True, kw_only=True)
class PasteBox:
    """Where a text may be pasted on a part of a draft.

    Attributes:
        list: The name of the list that it fills.
        name: The name of its input.
        address: Where its button sends the form.
    """

    list: str
    address: str
    text: str
    problem: Problem | None = None
    name: str = TEXT

    @property
    def is_open(self) -> bool:
        """Whether there is something in it to look at."""
        return bool(self.text or self.problem)


@dataclass(frozen=True, kw_only=True)
class OrderChoice:
    """One way of reading a date such as 03/04."""

    value: str
    day: str


@dataclass(frozen=True, kw_only=True)
class ItineraryPage:
    """What was understood of a pasted text, before anything is filled in.

    Attributes:
        stops: The proposed stops in the words of the form.
        existing: How many stops the draft has that are not empty.
        may_add: Whether those and the proposed ones together are few enough.
        orders: How dates of figures may be meant; empty where the text has none that can mean two days.
    """

    page: DraftPage
    step: Step
    text: str
    order: str
    reading: Reading
    stops: list[Group]
    existing: int
    may_add: bool
    orders: Sequence[OrderChoice]


def init_itineraries(app: Flask) -> None:
    """Give templates `paste_box(page, step, text, problems)`."""
    app.jinja_env.globals["paste_box"] = find_box


def find_box(page: DraftPage, step: Step, text: str = "", problems: Sequence[Problem] = ()) -> PasteBox | None:
    """Find where a part of a draft takes an itinerary; None where its form does not say so."""
    field = _find_list(step)
    if field is None:
        return None
    address = url_for("itineraries.paste", draft_id=page.draft_id, number=step.number)
    problem = next((problem for problem in problems if problem.where == TEXT), None)
    return PasteBox(list=field.key, address=address, text=text, problem=problem)


def understand(session: Session, page: DraftPage, number: int, text: str, *, order: str, now: datetime) -> ItineraryPage:
    """Read a pasted text beside a draft; nothing is kept.

    Raises:
        NotFound: The draft has no such part.
        AnswersInvalid: There is no text, or the part takes none.
        ItineraryTooLong: The text is too long.
    """
    step = page.step(number)
    field = _find_list(step)
    if field is None or not text.strip():
        raise AnswersInvalid([Problem(where=TEXT, sentence="Paste the text of your itinerary first.")])
    order = order if order in ORDERS else ""
    reading = read_itinerary(text, list_names(session, today=now.date()), today=now.date(), order=order)
    proposed = _answers_of(reading, field, page, now)
    asking = replace(field, fields=tuple(each for each in field.fields if each.key in _KEYS))
    existing = len(_filled_rows(page.answers, field))
    return ItineraryPage(
        page=page,
        step=step,
        text=text,
        order=order,
        reading=reading,
        stops=summarise((asking,), {field.key: proposed}, scope=page.scope, now=now),
        existing=existing,
        may_add=existing + len(proposed) <= field.rows[1],
        orders=_list_orders() if reading.two_days or order else (),
    )


def take_stops(session: Session, seen: ItineraryPage, *, how: str, revision: int | None, actor: Actor, now: datetime) -> str:
    """Put the proposed stops into a draft, behind those that are there or in their place; say where on the page they begin.

    Raises:
        AnswersInvalid: Nothing was understood, or there would be more stops than the form takes.
        DraftChanged: Another window saved the draft meanwhile.
    """
    field = _find_list(seen.step)
    proposed = _answers_of(seen.reading, field, seen.page, now) if field else []
    if field is None or not proposed:
        raise AnswersInvalid(
            [Problem(where=TEXT, sentence="No stop was understood. Correct the text, or enter the stops yourself.")]
        )
    before = _filled_rows(seen.page.answers, field) if how == ADD else []
    if len(before) + len(proposed) > field.rows[1]:
        sentence = "There would be {count} stops, and the request takes {most} at most."
        facts = {"count": len(before) + len(proposed), "most": field.rows[1]}
        raise AnswersInvalid([Problem(where=TEXT, sentence=sentence, facts=facts)])
    answers = {**seen.page.answers, field.key: [*before, *proposed]}
    drafts.save_draft(
        session, seen.page.draft_id, actor=actor, answers=answers, now=now, step=str(seen.step.number), revision=revision
    )
    return f"{field.key}.{len(before)}"


def _find_list(step: Step) -> Field | None:
    return next((field for field in asked(step.fields) if field.kind == "dynamiclist" and field.paste == "itinerary"), None)


def _write_stop(stop: ProposedStop) -> dict[str, str]:
    return {
        "stop_type": stop.stop_type,
        "area": stop.area,
        "place": stop.place,
        "arrive_at": stop.arrive_at.isoformat(timespec="minutes") if stop.arrive_at else "",
        "depart_at": stop.depart_at.isoformat(timespec="minutes") if stop.depart_at else "",
        "transport_mode": stop.transport_mode,
        "operator": stop.operator,
        "flight_number": stop.flight_number,
    }


_KEYS = frozenset(_write_stop(ProposedStop(place="")))


def _answers_of(reading: Reading, field: Field, page: DraftPage, now: datetime) -> list[dict[str, str]]:
    """Write the stops as answers of the list: what it does not ask, or does not offer, is left out."""
    asked_here = {each.key: each for each in field.fields}
    return [
        {
            key: value
            for key, value in _write_stop(stop).items()
            if value and key in asked_here and _is_offered(asked_here[key], value, page.scope, now)
        }
        for stop in reading.stops[: field.rows[1]]
    ]


def _is_offered(field: Field, value: str, scope: Mapping[str, Any], now: datetime) -> bool:
    if field.choices is None:
        return True
    return value in {str(choice.value) for choice in field.choices.listed(scope, now) or ()}


def _filled_rows(answers: Mapping[str, Any], field: Field) -> list[Any]:
    """List the rows of a draft that somebody typed something into."""
    listed = answers.get(field.key)
    return [row for row in listed if _is_filled(row)] if isinstance(listed, list) else []


def _is_filled(row: Any) -> bool:
    return isinstance(row, Mapping) and any(not is_blank(value) and value not in (False, "false") for value in row.values())


def _list_orders() -> list[OrderChoice]:
    locale = get_locale()
    return [OrderChoice(value=order, day=str(format_skeleton("MMMMd", day, locale=locale))) for order, day in _EXAMPLES.items()]
