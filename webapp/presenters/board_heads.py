"""What stands on top of the board of an area: what holds there now, who decides, and how many there are of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import format_decimal
from markupsafe import Markup, escape

from services.locator import Board, Heads, Part
from services.registry.declared.areas import AREA_STATUS_TITLES, MODE_TITLES
from services.registry.reaches import RISK_TITLES
from webapp.presenters.board_asked import ORGANISATION, Narrowed
from webapp.presenters.facts import Fact
from webapp.presenters.oversight import say_authority
from webapp.presenters.roles import ROLE_NAMES, say_role
from webapp.speech import comma, gettext


@dataclass(frozen=True, kw_only=True)
class Head:
    """A number on top of the board: its name, and the list behind it where there is one."""

    name: str
    value: str
    address: str | None
    is_alarm: bool


def list_facts(board: Board) -> list[Fact]:
    """Say what holds in the area now, and who decides there."""
    state = board.scope.state
    if state is None:
        return [Fact(name=gettext("Status"), value=escape(gettext("Nothing is known about the area.")))]
    ceiling = gettext("no ceiling") if state.ceiling is None else format_decimal(state.ceiling)
    said = {
        gettext("Status"): gettext(AREA_STATUS_TITLES[state.status]),
        gettext("Security level"): format_decimal(state.security_level),
        gettext("Residual risk"): gettext(RISK_TITLES[state.residual_risk]),
        gettext("Clearances are granted"): gettext(MODE_TITLES[state.clearance_mode]),
        gettext("Ceiling"): ceiling,
        gettext("Check-in"): gettext("asked for") if state.checkin_required else gettext("not asked for"),
    }
    return [*(Fact(name=name, value=escape(value)) for name, value in said.items()), _say_deciders(board)]


def _say_deciders(board: Board) -> Fact:
    interim = gettext("{name} (ad interim)")
    officials = [interim.format(name=name) if stands_in else name for name, stands_in in board.deciders.officials]
    lines = [gettext("Designated Official: {names}").format(names=comma().join(officials) or gettext("nobody"))]
    for given, to, number in board.deciders.delegations:
        whom = say_role(to) if to in ROLE_NAMES else to
        lines.append(gettext("{what}: {whom}, delegation {number}").format(what=say_authority(given), whom=whom, number=number))
    state = board.scope.state
    if state is not None and state.clearance_mode == "AUTO" and board.deciders.order:
        lines.insert(0, gettext("By rule, under standing order {number}").format(number=board.deciders.order))
    return Fact(name=gettext("Who decides"), value=Markup("<br>").join(escape(line) for line in lines))


def list_heads(heads: Heads, code: str, narrowed: Narrowed) -> list[Head]:
    """Say the numbers of now, each with the list behind it."""
    chosen: dict[str, Any] = {ORGANISATION: narrowed.organisation}

    def head(name: str, value: int, part: Part | None = None, *, is_alarm: bool = False) -> Head:
        address = url_for("areas.part", area=code, part=part.value, **chosen) if part and value else None
        return Head(name=name, value=format_decimal(value), address=address, is_alarm=is_alarm and value > 0)

    return [
        head(gettext("Reported missing"), heads.missing, Part.ALARMS, is_alarm=True),
        head(gettext("Asking for help"), heads.help, Part.ALARMS, is_alarm=True),
        head(gettext("Check-in overdue"), heads.overdue, Part.ALARMS, is_alarm=True),
        head(gettext("Here"), heads.here, Part.HERE),
        head(gettext("Coming in 7 days"), heads.arriving, Part.ARRIVING),
        head(gettext("Leaving in 48 hours"), heads.leaving, Part.LEAVING),
        head(gettext("Waiting for a decision"), heads.waiting),
        head(gettext("Waiting for a place"), heads.place),
    ]
