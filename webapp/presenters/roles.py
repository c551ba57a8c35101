"""Names of the roles, as a person says them."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext

from services.roles import OWN_ROLES
from webapp.speech import gettext

ROLE_NAMES = {
    "TRV": lazy_gettext("Traveller"),
    "PREP": lazy_gettext("Preparer"),
    "SUP": lazy_gettext("Supervisor"),
    "HOA": lazy_gettext("Head of organisation in the area"),
    "HR": lazy_gettext("Human Resources"),
    "FIN": lazy_gettext("Finance certifier"),
    "SFP": lazy_gettext("Security Focal Point"),
    "SECCO": lazy_gettext("Security Coordinator"),
    "HSSD": lazy_gettext("Head, Safety and Security"),
    "DG": lazy_gettext("Director General"),
    "EXH": lazy_gettext("Executive Head"),
    "AVF": lazy_gettext("Aviation Focal Point"),
    "DSSO": lazy_gettext("UNDSS clearance officer"),
    "SA": lazy_gettext("Security Adviser"),
    "ASC": lazy_gettext("Area Security Coordinator"),
    "CSA": lazy_gettext("Chief Security Adviser"),
    "CELL": lazy_gettext("Country security cell"),
    "SMT": lazy_gettext("Security Management Team"),
    "SMTSEC": lazy_gettext("Secretary of the Security Management Team"),
    "RC": lazy_gettext("Resident Coordinator or Special Representative"),
    "DO": lazy_gettext("Designated Official"),
    "DOAI": lazy_gettext("Designated Official ad interim"),
    "DRO_DESK": lazy_gettext("Regional Operations desk"),
    "DRO_DIR": lazy_gettext("Director, Regional Operations"),
    "DHSSS_DIR": lazy_gettext("Director, Headquarters Security and Safety Services"),
    "USG": lazy_gettext("Under-Secretary-General for Safety and Security"),
    "USG_OFFICE": lazy_gettext("Office of the Under-Secretary-General"),
    "EOSG": lazy_gettext("Executive Office of the Secretary-General"),
    "WDN": lazy_gettext("Warden"),
    "HGL": lazy_gettext("Host government liaison"),
    "PLO": lazy_gettext("Plan owner"),
    "EXC": lazy_gettext("Exercise coordinator"),
    "EVAL": lazy_gettext("Evaluator"),
    "PCU": lazy_gettext("Protection Coordination Unit"),
    "PCU_CHIEF": lazy_gettext("Chief, Protection Coordination Unit"),
    "COUN": lazy_gettext("Counsellor"),
    "ARMO": lazy_gettext("Aviation risk office"),
    "PRO": lazy_gettext("Process owner"),
    "ADM": lazy_gettext("System administrator"),
    "AUD": lazy_gettext("Auditor"),
}


def say_role(code: str | None) -> str:
    """Say a role; a code that has no name yet is said as it is."""
    return str(ROLE_NAMES.get(code, code)) if code else gettext("the system")


def say_office(code: str | None) -> str:
    """Say the role in which a person who is named acts; empty in the own matter, where the role is no office."""
    return say_role(code) if code and code not in OWN_ROLES else ""


def say_holder(code: str | None) -> str:
    """Say who has a step that names nobody: a role, or those whose matter it is."""
    return gettext("Those whom it is about") if code in OWN_ROLES else say_role(code)


def say_roles(codes: Iterable[str]) -> str:
    """Say several roles as one phrase, each once."""
    own = gettext("those whom it is about")
    return gettext(" and ").join(dict.fromkeys(own if code in OWN_ROLES else say_role(code) for code in codes))
