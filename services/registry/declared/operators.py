"""Air operators, and what is advised and allowed about them."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from services.models.travel import AirOperator, OperatorAdvice, OperatorApproval
from services.registry.reaches import AUDITOR, TO_ALL
from services.registry.shape import Column, Kind, Part, Register, everywhere, in_organisation, own

RATING_TITLES = {
    "SUITABLE": "Suitable",
    "SUITABLE_WITH_REMARKS": "Suitable with remarks",
    "INSUFFICIENT_INFORMATION": "Not enough is known",
    "NOT_RECOMMENDED": "Not recommended",
}
APPROVAL_TITLES = {"LISTED": "Listed", "ONCE": "For one trip", "BLANKET": "For a route and period"}
WRITTEN_SENTENCE = "Advice is asked for, given and followed in the process for it."

OPERATORS = Register(
    key="air-operators",
    family="travel",
    title="Air operators",
    about="Airlines and flight services that people travel with.",
    model=AirOperator,
    identity=("code",),
    label="name",
    order=("name",),
    columns=(
        Column("code", "Code", listed=True, searched=True, entered=True, required=True, longest=32),
        Column("name", "What it is called", listed=True, searched=True, edited=True, required=True, longest=120),
        Column("state", "State", listed=True, edited=True, longest=2, hint="The two letters of the country."),
    ),
    readers=TO_ALL,
    owners=everywhere("ARMO"),
    adding=True,
    parts=(Part("operator-advice", "operator"), Part("operator-approvals", "operator")),
)

ADVICE = Register(
    key="operator-advice",
    family="travel",
    title="Advice on air operators",
    about="What the aviation risk office advised; it advises, organisations decide.",
    model=OperatorAdvice,
    label="operator",
    order=("-given_on", "operator"),
    columns=(
        Column("operator", "Operator", listed=True, filtered=True, searched=True),
        Column("rating", "Rating", Kind.CHOICE, options=RATING_TITLES, listed=True, filtered=True),
        Column("given_on", "Given on", Kind.DATE, listed=True),
        Column("given_by", "Given by", Kind.PERSON, listed=True),
        Column("remarks", "Remarks", Kind.PROSE, searched=True),
    ),
    readers=(*everywhere("ARMO", "AVF", "SFP", "HSSD", "SECCO", "CSA", "DSSO", "SA", "DO", "DOAI"), *AUDITOR),
    process="aviation_advice",
    written_by=WRITTEN_SENTENCE,
)


def _is_for_all(_person: object) -> ColumnElement[bool]:
    """What is allowed to everybody may be known by everybody; what one organisation allows, by those who decide there."""
    return OperatorApproval.organisation.is_(None)


APPROVALS = Register(
    key="operator-approvals",
    family="travel",
    title="Allowed air operators",
    about="Which operators people may fly with: listed, for one trip, or for a route and period.",
    model=OperatorApproval,
    label="operator",
    order=("operator", "-valid_from"),
    columns=(
        Column("operator", "Operator", listed=True, filtered=True, searched=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, listed=True, filtered=True),
        Column("kind", "Kind", Kind.CHOICE, options=APPROVAL_TITLES, listed=True, filtered=True),
        Column("route", "Route", listed=True, searched=True),
        Column("valid_from", "From", Kind.DATE, listed=True),
        Column("valid_to", "To", Kind.DATE, listed=True),
    ),
    organisation="organisation",
    own=_is_for_all,
    valid_from="valid_from",
    valid_to="valid_to",
    readers=(*own(), *in_organisation("AVF", "SFP", "HSSD", "SECCO", "EXH"), *everywhere("ARMO"), *AUDITOR),
    process="aviation_advice",
    written_by=WRITTEN_SENTENCE,
)

REGISTERS = (OPERATORS, ADVICE, APPROVALS)
