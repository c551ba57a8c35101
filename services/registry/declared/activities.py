"""The activities that trips serve, and how critical each was found to be."""

from __future__ import annotations

from services.models.travel import Activity
from services.registry.reaches import TO_ALL
from services.registry.shape import Column, Kind, Register

CRITICALITY_TITLES = {
    "PC1": "PC1: lifesaving or ordered by the Secretary-General",
    "PC2": "PC2: high",
    "PC3": "PC3: medium",
    "PC4": "PC4: low",
}

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
        Column("code", "Code", listed=True, searched=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True),
        Column("title", "Activity", listed=True, searched=True),
        Column("areas", "Areas", Kind.LIST, listed=True),
        Column("pc_level", "Programme criticality", Kind.CHOICE, options=CRITICALITY_TITLES, listed=True, filtered=True),
        Column("pc_valid_from", "Rating valid from", Kind.DATE),
        Column("pc_valid_to", "Rating valid to", Kind.DATE, listed=True),
        Column("follows", "Follows"),
        Column("case_id", "Case", Kind.CASE),
    ),
    organisation="organisation",
    case="case_id",
    valid_from="pc_valid_from",
    valid_to="pc_valid_to",
    readers=TO_ALL,
    process="programme_criticality",
    written_by="It is rated, reviewed and approved in the process for it.",
)

REGISTERS = (ACTIVITIES,)
