"""Checking a draft: what its folder says about itself, and what only this organisation's people and processes can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import definitions
from services.authority.ways import is_current
from services.models.authority import RoleHolding
from services.models.process_drafts import ProcessDraft
from services.operations.catalogue import CATALOGUE
from services.process_drafts.storing import package_of
from services.roles import OWN_ROLES, ROLES
from workflows import packages
from workflows.diagrams.soundness import Soundness
from workflows.errors import PackageRefused, Problem

KEPT = 16
_checked: dict[tuple[str, int], Checked] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What was found in a draft.

    Attributes:
        findings: What keeps it from being published first, then what is advice.
        proved: Whether each of its processes comes to its end, by process id; nothing where the draft cannot be read.
        unstaffed: How many roles it names that nobody holds.
    """

    findings: tuple[Problem, ...]
    proved: Mapping[str, Soundness]
    unstaffed: int = 0

    @property
    def problems(self) -> list[Problem]:
        """What keeps the draft from being published."""
        return [each for each in self.findings if not each.is_advice]


def check(session: Session, draft: ProcessDraft, *, now: datetime) -> list[Problem]:
    """Return everything that is to be mended in a draft before it is published, and what is advice only."""
    return list(examine(session, draft, now=now).findings)


def examine(session: Session, draft: ProcessDraft, *, now: datetime) -> Checked:
    """Check a draft. What its files say is worked out once for each revision; who holds which role is asked every time."""
    place = (draft.id, draft.revision)
    made = _checked.get(place)
    if made is None:
        made = _checked[place] = _examine_files(session, draft)
        while len(_checked) > KEPT:
            _checked.pop(next(iter(_checked)), None)
    if not made.proved:
        return made
    staffing = tuple(_unstaffed(session, package_of(session, draft), now=now))
    ordered = sorted((*made.findings, *staffing), key=lambda each: each.is_advice)
    return Checked(findings=tuple(ordered), proved=made.proved, unstaffed=len(staffing))


def _examine_files(session: Session, draft: ProcessDraft) -> Checked:
    try:
        package = package_of(session, draft)
    except PackageRefused as refusal:
        return Checked(findings=tuple(refusal.problems), proved={})
    findings = [*packages.check_package(package, operations=CATALOGUE, roles=ROLES), *definitions.check_apart(package)]
    return Checked(findings=tuple(findings), proved=packages.prove_package(package))


def _unstaffed(session: Session, package: packages.Package, *, now: datetime) -> Iterator[Problem]:
    """Advise on roles of the process that nobody holds; what they are to do would wait for somebody to be named."""
    held = set(session.scalars(select(RoleHolding.role).where(is_current(RoleHolding, now)).distinct()))
    told: set[str] = set()
    for file, role, element, step in _asked_roles(package):
        if role in ROLES and role not in held and role not in OWN_ROLES and role not in told:
            told.add(role)
            yield Problem(
                where=f"{file}: {element}",
                sentence="Nobody holds the role {role}, so nobody could do “{step}”.",
                way_out="Have the role given to somebody before this is published, or name another role.",
                facts={"role": role, "step": step},
                is_advice=True,
            )


def _asked_roles(package: packages.Package) -> Iterator[tuple[str, str, str, str]]:
    """Yield (file, role, element, name) for every role that a step for people names."""
    for file, diagram in package.diagrams.items():
        for task in diagram.elements.values():
            if task.kind != "userTask" or task.assignee or task.candidate_users:
                continue
            named = task.candidate_groups if task.candidate_groups is not None else task.lane or ""
            if not named.strip().startswith("="):
                yield from ((file, role.strip(), task.id, task.name or task.id) for role in named.split(","))
