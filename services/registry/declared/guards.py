"""Contracts with vendors of guards: until when they last, how they were kept, and what happened meanwhile."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from services.models.guards import GuardContract, GuardIncident, GuardRating
from services.registry.reaches import AUDITOR, BY_ORGANISATION
from services.registry.shape import Column, Kind, Part, Register, in_area, in_organisation

CONTRACT_TITLES = {
    "PROPOSED": "Not confirmed",
    "IN_FORCE": "In force",
    "RENEWED": "Renewed",
    "ENDED": "Ended",
    "RAN_OUT": "Ran out",
    "TERMINATED": "Ended early",
    "DROPPED": "No contract came about",
}
FOLLOWS_TITLES = {"RENEW": "Renewed", "TENDER": "Tendered", "LET_END": "Nothing follows"}
RATING_TITLES = {"GOOD": "Good", "ACCEPTABLE": "Acceptable", "BAD": "Bad", "NOT_RATED": "Not rated"}
MANNED_TITLES = {"ALL": "Always manned", "MOST": "With few gaps", "FEW": "With many or long gaps"}
HANDLED_TITLES = {"NONE": "There were none", "WELL": "Well", "BADLY": "Not as they should"}
KEPT_TITLES = {"YES": "Kept", "PARTLY": "Kept in part", "NO": "Not kept"}
WRITTEN_SENTENCE = "It is entered, confirmed by somebody else and rated each month in the process for it."
_READERS = (*BY_ORGANISATION, *in_organisation("FIN"), *in_area("CSA", "DHSSS_DIR"), *AUDITOR)


def _of_contract(column: Any, contract: Any) -> ColumnElement[Any]:
    return select(column).where(GuardContract.number == contract).correlate_except(GuardContract).scalar_subquery()


CONTRACTS = Register(
    key="guard-contracts",
    family="places",
    title="Guard contracts",
    about="Contracts with vendors of guards: for which premises, with how many posts, until when, and what follows.",
    model=GuardContract,
    identity=("number",),
    label="vendor",
    order=("ends_on", "number"),
    columns=(
        Column("number", "Number", listed=True, searched=True),
        Column("premises", "Premises", listed=True, filtered=True, searched=True),
        Column("vendor", "Vendor", listed=True, searched=True),
        Column("contract_no", "Number of the contract", searched=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, filtered=True),
        Column("area", "Area", Kind.AREA, filtered=True),
        Column("posts", "Posts", Kind.NUMBER, listed=True),
        Column("weekly_hours", "Hours of guards in a week", Kind.NUMBER, listed=True),
        Column("posts_words", "Which posts, and when", Kind.PROSE),
        Column("starts_on", "From", Kind.DATE, listed=True),
        Column("ends_on", "Until", Kind.DATE, listed=True),
        Column("amount", "Amount in US dollars", Kind.NUMBER),
        Column("status", "Status", Kind.CHOICE, options=CONTRACT_TITLES, listed=True, filtered=True),
        Column("follows", "What follows", Kind.CHOICE, options=FOLLOWS_TITLES, listed=True, filtered=True),
        Column("previous", "Follows the contract", searched=True),
        Column("ended_on", "Ended on", Kind.DATE),
        Column("reasons", "Reasons", Kind.PROSE),
        Column("entered_by", "Entered by", Kind.PERSON),
        Column("confirmed_by", "Confirmed by", Kind.PERSON),
        Column("confirmed_at", "Confirmed", Kind.MOMENT),
        Column("case_id", "Case", Kind.CASE),
    ),
    area="area",
    organisation="organisation",
    case="case_id",
    valid_from="starts_on",
    valid_to="ends_on",
    readers=_READERS,
    process="guard_contract",
    written_by=WRITTEN_SENTENCE,
    parts=(Part("guard-ratings", "contract"), Part("guard-incidents", "contract")),
)

RATINGS = Register(
    key="guard-ratings",
    family="places",
    title="Ratings of guard contracts",
    about="How a contract with a vendor of guards was kept in each month, and what followed from a bad one.",
    model=GuardRating,
    identity=("contract", "until"),
    label="contract",
    order=("-until", "contract"),
    columns=(
        Column("contract", "Contract", listed=True, filtered=True, searched=True),
        Column("since", "From", Kind.DATE, listed=True),
        Column("until", "Until", Kind.DATE, listed=True),
        Column("rating", "Rating", Kind.CHOICE, options=RATING_TITLES, listed=True, filtered=True),
        Column("manned", "Posts", Kind.CHOICE, options=MANNED_TITLES, listed=True, filtered=True),
        Column("handled", "Incidents", Kind.CHOICE, options=HANDLED_TITLES),
        Column("kept", "What else was agreed", Kind.CHOICE, options=KEPT_TITLES),
        Column("reasons", "Reasons", Kind.PROSE),
        Column("follow_up", "What follows from it", Kind.PROSE, listed=True),
        Column("follow_up_on", "Until when", Kind.DATE),
        Column("rated_by", "Rated by", Kind.PERSON),
        Column("rated_at", "Rated", Kind.MOMENT),
    ),
    area=_of_contract(GuardContract.area, GuardRating.contract),
    organisation=_of_contract(GuardContract.organisation, GuardRating.contract),
    case=_of_contract(GuardContract.case_id, GuardRating.contract),
    readers=_READERS,
    process="guard_contract",
    written_by=WRITTEN_SENTENCE,
)

INCIDENTS = Register(
    key="guard-incidents",
    family="places",
    title="Incidents under guard contracts",
    about="Incidents that happened in premises while a contract guarded them, by their numbers in the register of incidents.",
    model=GuardIncident,
    identity=("contract", "incident"),
    label="incident",
    order=("-happened_at", "incident"),
    columns=(
        Column("contract", "Contract", listed=True, filtered=True, searched=True),
        Column("incident", "Incident", listed=True, searched=True),
        Column("happened_at", "Happened", Kind.MOMENT, listed=True),
        Column("linked_by", "Linked by", Kind.PERSON, listed=True),
        Column("linked_at", "Linked", Kind.MOMENT),
    ),
    area=_of_contract(GuardContract.area, GuardIncident.contract),
    organisation=_of_contract(GuardContract.organisation, GuardIncident.contract),
    case=_of_contract(GuardContract.case_id, GuardIncident.contract),
    readers=_READERS,
    process="guard_contract",
    written_by=WRITTEN_SENTENCE,
)

REGISTERS = (CONTRACTS, RATINGS, INCIDENTS)
