"""Areas as they begin: where they lie, and what holds there until it is decided otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.areas import Area, AreaState, AreaWithin, Calendar
from services.people import Actor
from workflows.errors import AnswersInvalid, Problem

GROUP, DESIGNATED = "GROUP", "DESIGNATED"
LEVELS = range(1, 7)
_CODE = re.compile(r"[A-Z]{2}(-[A-Z]{2,8})*")
_CODE_SENTENCE = "An area has a code such as XA-NOR: parts of capital letters with a hyphen between them, and two letters first."
_TAKEN_SENTENCE = "There is an area with this code already."
_GROUP_SENTENCE = "Groups of areas are not added here."
_PLACE_SENTENCE = (
    "A designated area lies in a group of areas; any other area lies in a designated area, or in another one inside it."
)
_ZONE_SENTENCE = "There is no such time zone. Write it like Africa/Nairobi."
_CALENDAR_SENTENCE = "There is no such calendar. Write its code as the register of calendars has it."
_LEVEL_SENTENCE = "Security levels are 1 to 6."
_STATE_SENTENCE = "Say which level and which risk count there from now on."


def enter_area(session: Session, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> Area:
    """Enter an area, with all that it lies in.

    Where clearances are given, a first state begins at once: open, by a decider, and assessed by nobody yet.

    Args:
        values: By attribute, as they were typed: `code`, `name`, `kind`, `parent`; perhaps `zone` and `calendar` (else those of
            the parent), `security_level`, `residual_risk`, `contact`, `active_from`, `active_to`.

    Raises:
        AnswersInvalid: They do not fit together, or to the areas that are there.
    """
    parent = session.get_one(Area, values["parent"])
    if problems := [Problem(where=where, sentence=sentence) for where, sentence in _problems_of(session, values, parent)]:
        raise AnswersInvalid(problems)
    area = _make(values, parent)
    session.add(area)
    session.flush()  # what follows refers to it
    above = session.scalars(select(AreaWithin.ancestor).where(AreaWithin.area == parent.code))
    session.add_all([AreaWithin(area=area.code, ancestor=code) for code in (area.code, *above)])
    if area.kind != DESIGNATED:
        session.add(_begin_state(area, values, actor=actor, reason=reason, now=now))
    return area


def _problems_of(session: Session, values: Mapping[str, Any], parent: Area) -> list[tuple[str, str]]:
    """Say what does not fit: the attribute, and a sentence."""
    code, kind, level = values["code"], values["kind"], values.get("security_level")
    is_place = kind not in {GROUP, DESIGNATED}
    calendar = values.get("calendar")
    found = {
        ("code", _CODE_SENTENCE): not _CODE.fullmatch(code),
        ("code", _TAKEN_SENTENCE): session.get(Area, code) is not None,
        ("kind", _GROUP_SENTENCE): kind == GROUP,
        ("parent", _PLACE_SENTENCE): kind != GROUP and (parent.kind == GROUP) is is_place,
        ("zone", _ZONE_SENTENCE): values.get("zone", parent.zone) not in available_timezones(),
        ("calendar", _CALENDAR_SENTENCE): calendar is not None and session.get(Calendar, calendar) is None,
        ("security_level", _STATE_SENTENCE): is_place and level is None,
        ("security_level", _LEVEL_SENTENCE): level is not None and level not in LEVELS,
        ("residual_risk", _STATE_SENTENCE): is_place and values.get("residual_risk") is None,
    }
    return [place for place, is_wrong in found.items() if is_wrong]


def _make(values: Mapping[str, Any], parent: Area) -> Area:
    return Area(
        code=values["code"],
        parent=parent.code,
        designated_area=parent.code if parent.kind == DESIGNATED else parent.designated_area,
        name=values["name"],
        kind=values["kind"],
        location_class=parent.location_class,
        zone=values.get("zone", parent.zone),
        calendar=values.get("calendar", parent.calendar),
        country_code=values["code"][:2],
        contact=values.get("contact"),
        active_from=values.get("active_from"),
        active_to=values.get("active_to"),
    )


def _begin_state(area: Area, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> AreaState:
    return AreaState(
        area=area.code,
        valid_from=now,
        security_level=values["security_level"],
        residual_risk=values["residual_risk"],
        clearance_mode="MANUAL",
        reason=reason[:500],
        created_by=actor.person,
        created_at=now,
    )
