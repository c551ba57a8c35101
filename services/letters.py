"""Letters of recognition: what is said of whom, and who wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import audit, cases, people
from services.cases import CaseView
from services.errors import NotFound
from services.models.audit import Decision
from services.models.cases import Case
from services.models.organisations import Organisation
from services.models.recognitions import RECOGNISED, Nominee, Recognition
from services.people import Actor
from services.separation import DECIDE


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A letter of recognition.

    Attributes:
        organisation: Its name, by language.
        team: What the recognised call themselves; None for a person alone.
        recognised: Their names, in order.
        words: What the letter says, as it was written.
        decided: The decision that it rests on.
        decider, absent: The names of who took it, and of who was away.
    """

    number: str
    organisation: Mapping[str, str]
    team: str | None
    recognised: Sequence[str]
    words: str
    done: str
    nominator: str
    decided: Decision
    decider: str
    absent: str | None


def has_letter(view: CaseView) -> bool:
    """Say whether a case led to a letter that its reader may open."""
    return view.sight.areas is None and view.case.status == RECOGNISED and bool(view.variables.get("letter"))


def get_letter(session: Session, number: str, *, actor: Actor, now: datetime) -> Letter:
    """Return a letter to somebody who may see the whole recognition.

    Raises:
        NotFound: There is none with this number, or it is not the actor's to see.
    """
    row = session.get(Recognition, number)
    if row is None or row.case_id is None:
        raise NotFound
    view = cases.read_case(session, row.case_id, actor=actor, now=now)
    decided = _find_decision(session, view.case)
    if decided is None or not has_letter(view):
        raise NotFound
    query = select(Nominee.person).where(Nominee.recognition == number)
    recognised = session.scalars(query).all()
    names = people.names_of(session, {*recognised, row.nominated_by, decided.actor_person, *filter(None, [decided.acted_for])})
    return Letter(
        number=number,
        organisation=session.get_one(Organisation, row.organisation).name,
        team=row.team,
        recognised=sorted(names[code] for code in recognised),
        words=str(view.variables["letter"]),
        done=row.done,
        nominator=names[row.nominated_by],
        decided=decided,
        decider=names[decided.actor_person],
        absent=names.get(decided.acted_for or ""),
    )


def _find_decision(session: Session, case: Case) -> Decision | None:
    found = select(Decision).where(
        Decision.case_id == case.id, Decision.act == DECIDE, Decision.outcome == RECOGNISED, audit.is_standing()
    )
    return session.scalars(found.order_by(Decision.decided_at.desc()).limit(1)).first()
