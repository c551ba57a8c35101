"""Who surveys, verifies, decides and certifies a claim, so that nobody does it for themselves, their family or their own line."""

from __future__ import annotations

from typing import Any

from services import authority
from services.models.cases import Task
from services.operations.catalogue import operation
from services.operations.standing import CLAIM_VERIFY, find_standing_roles
from services.operations.work import Work
from services.registers import areas
from services.separation import Fact, objection, read_facts

#: The organisation whose certifiers help out where an organisation has none left.
POOL = "UNDSS"


@operation("residence.people")
def find_people(work: Work, *, area: str, claimant: str, organisation: str) -> dict[str, Any]:
    """Name the roles that act on a claim, moved on where the claimant holds them or nobody without a stake is left.

    The Designated Official's own claim goes to the director, the Chief Security Adviser's to the desk, a certifier's to another
    certifier; at headquarters the director is that of their own division. Where the adviser has given the verification of claims
    to the advisers below, it is theirs first.
    """
    facts = read_facts(work.session, case_id=work.case.id, area=area, now=work.now)

    def able(role: str, act: str, scope: str | None = None) -> bool:
        return bool(_able(work, facts, role=role, act=act, area=area, organisation=scope))

    director = "DHSSS_DIR" if areas.get_area(work.session, area).location_class == "HQ" else "DRO_DIR"
    own = _roles_of(work, claimant, area)
    given = "SA" in find_standing_roles(work, area, (CLAIM_VERIFY,))
    verifiers = [] if "CSA" in own else [role for role in (("SA", "CSA") if given else ("CSA", "SA")) if able(role, "VERIFY")]
    surveyors = [role for role in ("SA", "CSA") if able(role, "REVIEW")]
    deciders = [] if "DO" in own else [role for role in ("DO", "DOAI") if able(role, "DECIDE")]
    pool = organisation if able("FIN", "CERTIFY", organisation) or not able("FIN", "CERTIFY", POOL) else POOL
    return {
        "who": {
            "surveyors": surveyors[:1] or ["DRO_DESK"],
            "verifiers": verifiers or ["DRO_DESK"],
            "decider": deciders[0] if deciders else director,
            "director": director if able(director, "DECIDE") else "USG",
            "certifier_organisation": pool,
        }
    }


def _roles_of(work: Work, person: str, area: str) -> set[str]:
    """Return which of the deciding roles of an area somebody holds."""
    return {
        role
        for role in ("CSA", "DO")
        if any(
            code == person and way.holder == person
            for code, way in authority.acting(work.session, role=role, area=area, now=work.now)
        )
    }


def _able(work: Work, facts: list[Fact], *, role: str, act: str, area: str, organisation: str | None) -> list[str]:
    step = Task(case_id=work.case.id, role=role, act=act, area=area, line=None, separate_from=[])
    found = authority.acting(work.session, role=role, area=area, organisation=organisation, now=work.now)
    return [person for person, way in found if objection(person, way=way, task=step, facts=facts) is None]
