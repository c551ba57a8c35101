"""The activities that trips serve, and how critical the organisations rate them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.areas import Area
from services.models.travel import Activity
from services.people import Actor
from services.registry.reaches import TO_ALL
from services.registry.shape import Column, Kind, Register, in_organisation
from workflows.errors import AnswersInvalid, Problem

CRITICALITY_TITLES = {
    "PC1": "PC1: lifesaving or ordered by the Secretary-General",
    "PC2": "PC2: high",
    "PC3": "PC3: medium",
    "PC4": "PC4: low",
}


def _keep_activity(
    session: Session, entry: Activity, changes: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime
) -> None:
    _fill_activity(session, entry, changes)


def _enter_activity(session: Session, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> Activity:
    activity = Activity(code=values["code"], organisation=values["organisation"])
    _fill_activity(session, activity, values)
    return activity


def _fill_activity(session: Session, activity: Activity, values: Mapping[str, Any]) -> None:
    named = values.get("areas", [])
    known = set(session.scalars(select(Area.code).where(Area.code.in_(named))))
    if unknown := [code for code in named if code not in known]:
        facts = {"codes": ", ".join(unknown)}
        sentence = "There is no area {codes}."
        raise AnswersInvalid([Problem(where="areas", sentence=sentence, way_out="Write one code in a line.", facts=facts)])
    for name, value in values.items():
        setattr(activity, name, value)


ACTIVITIES = Register(
    key="activities",
    family="travel",
    title="Rated activities",
    about="Activities of the organisations, how critical each is, and until when the rating counts.",
    model=Activity,
    identity=("code",),
    label="title",
    order=("organisation", "code"),
    columns=(
        Column("code", "Code", listed=True, searched=True, entered=True, required=True, longest=48),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True, entered=True, required=True),
        Column("title", "Activity", listed=True, searched=True, edited=True, required=True, longest=160),
        Column(
            "areas",
            "Areas",
            Kind.LIST,
            listed=True,
            edited=True,
            required=True,
            hint="One code in a line. An area stands for those inside it too.",
        ),
        Column(
            "pc_level",
            "Programme criticality",
            Kind.CHOICE,
            options=CRITICALITY_TITLES,
            listed=True,
            filtered=True,
            edited=True,
            required=True,
            hint="Requests go by this level, and not by what a traveller says.",
        ),
        Column("pc_valid_from", "Rating valid from", Kind.DATE, edited=True),
        Column("pc_valid_to", "Rating valid to", Kind.DATE, listed=True, edited=True, required=True),
    ),
    organisation="organisation",
    valid_from="pc_valid_from",
    valid_to="pc_valid_to",
    readers=TO_ALL,
    owners=in_organisation("SFP", "SECCO", "HSSD", "EXH"),
    adding=True,
    apply=_keep_activity,
    enter=_enter_activity,
)

REGISTERS = (ACTIVITIES,)
