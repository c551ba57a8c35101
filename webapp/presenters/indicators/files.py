"""Indicators as rows of a file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from services.indicators import INDICATORS, Part, Unit, board
from services.indicators.board import Board, Shown
from services.indicators.scopes import Chosen
from services.people import Actor
from services.registry.exporting import Cell
from webapp.presenters.indicators.figures import say_counting, say_part, say_why, told
from webapp.speech import gettext

Rows = list[list[Cell]]
Table = tuple[list[str], Rows]


def list_board(session: Session, chosen: Chosen, *, actor: Actor, now: datetime) -> tuple[str, Table]:
    """List all figures of a period and scope with their companions. Answers the period too."""
    found = board.read_board(session, chosen, actor=actor, now=now)
    headers = [
        gettext("Indicator"),
        gettext("Title"),
        gettext("Companion figure"),
        gettext("Period"),
        gettext("As of"),
        gettext("Area"),
        gettext("Organisation"),
        gettext("Value"),
        gettext("Unit"),
        gettext("Numerator"),
        gettext("Denominator"),
        gettext("Target"),
        gettext("Period before"),
        gettext("Version"),
    ]
    rows = [row for shown in found.shown.values() for row in _rows(found, shown)]
    return found.scope.asked.period.key, (headers, rows)


def _rows(found: Board, shown: Shown) -> list[list[Cell]]:
    asked, frozen = found.scope.asked, found.scope.frozen
    target = INDICATORS[shown.key].target if shown.key in INDICATORS else None

    def row(part: Part | None) -> list[Cell]:
        figure = shown if part is None else part
        return [
            shown.key,
            str(told(shown.key).title),
            "" if part is None else say_part(shown.key, part),
            asked.period.key,
            asked.on,
            asked.area or "",
            asked.organisation or "",
            gettext("n/a") if figure.value is None else float(figure.value),
            _unit(figure.unit),
            figure.numerator,
            figure.denominator,
            target if part is None else None,
            float(shown.before) if part is None and shown.before is not None else None,
            frozen.version if frozen is not None else None,
        ]

    return [row(None), *(row(part) for part in shown.parts)]


def _unit(unit: Unit) -> str:
    return {Unit.PERCENT: "%", Unit.HOURS: gettext("hours"), Unit.DAYS: gettext("days")}.get(unit, "")


def list_entries(session: Session, key: str, chosen: Chosen, *, actor: Actor, now: datetime) -> tuple[str, Table]:
    """List the entries behind one figure, with the reasons. Answers the period too."""
    sheet = board.read_list(session, key, chosen, actor=actor, now=now)
    headers = [
        gettext("Register"),
        gettext("Entry"),
        gettext("Counts"),
        gettext("Numerator"),
        gettext("Denominator"),
        gettext("Why"),
    ]
    rows: list[list[Cell]] = []
    for member in sheet.members:
        closed = sheet.is_closed(member)
        why = [] if closed and not member.is_secret else [str(say_why(one).striptags()) for one in member.why]
        rows.append(
            [
                "" if closed else member.register,
                gettext("An entry that you may not see") if closed else member.label,
                say_counting(member),
                member.numerator,
                member.denominator,
                " ".join(why),
            ]
        )
    return sheet.scope.asked.period.key, (headers, rows)
