"""The role codes and what kinds of roles there are."""

from __future__ import annotations

#: Code and name of every role a lane may name.
ROLES: dict[str, str] = {
    "TRV": "Traveller",
    "PREP": "Preparer on behalf",
    "SUP": "Supervisor",
    "HOA": "Head of organisation in the area",
    "HR": "Human resources",
    "FIN": "Finance certifier",
    "SFP": "Security focal point",
    "SECCO": "Security Coordinator",
    "HSSD": "Head, Safety and Security",
    "EXH": "Executive head",
    "AVF": "Aviation focal point",
    "DSSO": "Clearance officer",
    "SA": "Security adviser",
    "ASC": "Area security coordinator",
    "CSA": "Chief Security Adviser",
    "CELL": "Country security cell",
    "SMT": "Security Management Team",
    "SMTSEC": "Secretary of the Security Management Team",
    "RC": "Resident Coordinator or Special Representative",
    "DO": "Designated Official",
    "DOAI": "Designated Official ad interim",
    "DRO_DESK": "Desk officer, Division of Regional Operations",
    "DRO_DIR": "Director, Division of Regional Operations",
    "DHSSS_DIR": "Director, Headquarters Security and Safety Services",
    "USG": "Under-Secretary-General",
    "USG_OFFICE": "Office of the Under-Secretary-General",
    "EOSG": "Executive Office of the Secretary-General",
    "WDN": "Warden",
    "HGL": "Host government liaison",
    "PLO": "Plan owner",
    "EXC": "Exercise coordinator",
    "EVAL": "Evaluator",
    "PCU": "Protection coordination unit",
    "PCU_CHIEF": "Chief of the protection coordination unit",
    "COUN": "Counsellor",
    "ARMO": "Aviation risk office",
    "PRO": "Process owner",
    "ADM": "System administrator",
    "AUD": "Auditor",
}

#: Roles that a person has in the own case only; nobody is given them.
OWN_ROLES = ("TRV", "PREP")
#: Roles whose holdings are for areas: a task without an area is not for them, unless they hold the role everywhere.
AREA_ROLES = ("DSSO", "SA", "ASC", "CSA", "CELL", "SMT", "SMTSEC", "RC", "DO", "DOAI", "WDN", "HGL", "PLO", "EXC", "EVAL")
#: Roles whose holdings are for organisations.
ORGANISATION_ROLES = ("SUP", "HOA", "HR", "FIN", "SFP", "SECCO", "HSSD", "EXH", "AVF")
#: Roles that endorse for the organisation; a supervisor may act in them.
ENDORSING_ROLES = ("SUP", "HOA", "SFP", "EXH", "HR", "SECCO")
#: Where a decision goes when nobody of the role is left: the next alternate, then the director, then the Under-Secretary-General.
NEXT = {"DSSO": "DO", "ASC": "DO", "CSA": "DO", "DO": "DOAI", "DOAI": "DRO_DIR", "DRO_DIR": "USG", "DHSSS_DIR": "USG"}
ADMINISTRATOR, PROCESS_OWNER = "ADM", "PRO"
#: Roles that never act on a case, and whose holders take no other role meanwhile.
NEVER_ROLES = (ADMINISTRATOR, PROCESS_OWNER, "AUD")
#: Roles on the side of the process, which need to know who decides in their area.
PROCESS_SIDE_ROLES = ("DSSO", "SA", "ASC", "CSA", "DO", "DOAI", "DRO_DESK", "DRO_DIR", "DHSSS_DIR", "USG", "USG_OFFICE")
#: Roles that see the stops in their area, and roles that see all cases of their organisation.
AREA_SIGHT_ROLES = ("DSSO", "SA", "ASC", "CSA", "DO", "DOAI", "HOA", "DRO_DESK", "DRO_DIR", "DHSSS_DIR", "USG", "USG_OFFICE")
ORGANISATION_SIGHT_ROLES = ("SFP", "SECCO", "HSSD", "EXH")
