"""Roles that several registers are read by alike, and words that several have in common."""

from __future__ import annotations

from services.registry.shape import ANYBODY, Reach, Right, everywhere, in_area, in_organisation
from services.roles import AREA_SIGHT_ROLES, ORGANISATION_SIGHT_ROLES

#: Everybody who is signed in reads everything.
TO_ALL = (Right(ANYBODY, Reach.ALL),)
#: Whoever answers for security in an area, and headquarters.
BY_AREA = in_area(*AREA_SIGHT_ROLES)
#: The bodies of an area that advise on its risks and plans.
BY_BODIES = in_area("SMT", "SMTSEC", "CELL")
#: Whoever answers for security in an organisation.
BY_ORGANISATION = in_organisation(*ORGANISATION_SIGHT_ROLES)
AUDITOR = everywhere("AUD")
ADMINISTRATOR = everywhere("ADM")

RISK_TITLES = {
    "LOW": "Low",
    "MEDIUM": "Medium",
    "HIGH": "High",
    "VERY_HIGH": "Very high",
    "UNACCEPTABLE": "Unacceptable",
}
