"""Recognition of good security practice: who is nominated, who judges it without a stake, and what the nominees are told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services import authority, people
from services.errors import Declined, NotYourRole
from services.models.cases import Task
from services.models.people import Person
from services.models.recognitions import Nominee, Recognition
from services.operations.catalogue import operation
from services.operations.confining import confine
from services.operations.work import Work
from services.separation import DECIDE, RECOMMEND, Fact, objection, read_facts

#: Somebody who is nominated: it is their own matter, of which they do not know before it is decided in their favour.
NOMINEE, LINE = "NOMINEE", "HIERARCHY"
#: Who may nominate, and who shortlists and decides: the first of each without a stake.
NOMINATORS = ("SUP", "HOA", "HSSD", "SECCO", "EXH", "CSA", "DO")
SHORTLISTERS, DECIDERS = ("SECCO", "HR", "USG_OFFICE"), ("EXH", "USG")
LETTER = "N-REC-01"
ENDED_TEXTS = {"RECOGNISED": "N-REC-02", "NOT_SHORTLISTED": "N-REC-03", "NOT_RECOGNISED": "N-REC-04"}
CONFINED_SENTENCE = "Nominees hear of it only when it is decided in their favour."
NOMINATED, ENDED = "recognition.nominated", "recognition.ended"


class OwnNomination(Declined):
    """Nobody nominates themselves. Choose others, or ask somebody else to nominate you."""


class FromElsewhere(Declined):
    """{name} belongs to another organisation, which recognises its own people."""


class NamedTwice(Declined):
    """{name} is named twice."""


class NobodyWithoutStake(Declined):
    """Nobody who decides on this is without a stake in it. Name fewer people."""


@operation("recognition.open")
def open_nomination(work: Work, *, kind: str, team: str | None, nominees: list[dict[str, Any]], done: str) -> dict[str, Any]:
    """Enter a nomination, name who shortlists it and who decides, and let nobody else know of it.

    Nobody judges a nomination of their own, their family's, their supervisor's or their staff's.

    Raises:
        NotYourRole: Whoever nominates leads nobody and heads nothing.
        OwnNomination, FromElsewhere, NamedTwice: The people cannot be nominated so.
        NobodyWithoutStake: Nobody is left to judge it.
    """
    nominator = work.session.get_one(Person, work.case.requester)
    if not {row.role for row in authority.roles_held(work.session, nominator.code, work.now)} & set(NOMINATORS):
        raise NotYourRole
    named = _read_nominees(work, nominator, [str(row["person"]) for row in nominees])
    work.session.add(
        Recognition(
            number=work.case.number,
            case_id=work.case.id,
            organisation=nominator.organisation,
            kind=kind,
            team=team if kind == "TEAM" else None,
            done=done,
            nominated_by=nominator.code,
            nominated_at=work.now,
        )
    )
    work.session.flush()
    for person in named:
        work.session.add(Nominee(recognition=work.case.number, person=person.code))
        work.party(person.code, NOMINEE)
        for other in people.line_of(work.session, person):
            work.party(other, LINE)
    work.session.flush()
    title = team if kind == "TEAM" and team else ", ".join(person.name for person in named)
    work.case.organisation, work.case.subject = nominator.organisation, title[:200]
    who = _choose(work, nominator, {person.code for person in named})
    confine(work, roles=[*who.values(), "AUD"], persons=[nominator.code], area=None, why=CONFINED_SENTENCE)
    work.set_status("NOMINATED")
    work.count(NOMINATED, nominees=len(named))
    later = dict.fromkeys(("shortlist", "shortlist_words", "decision", "decision_words", "letter", "outcome"))
    return {"title": title, "who": who, "organisation": nominator.organisation, "nominator_name": nominator.name, **later}


def _read_nominees(work: Work, nominator: Person, codes: list[str]) -> list[Person]:
    named = [work.session.get_one(Person, code) for code in codes]
    for person in named:
        if person.code == nominator.code:
            raise OwnNomination
        if person.organisation != nominator.organisation:
            raise FromElsewhere(name=person.name)
        if codes.count(person.code) > 1:
            raise NamedTwice(name=person.name)
    return named


def _choose(work: Work, nominator: Person, nominees: set[str]) -> dict[str, str]:
    """Name who shortlists and who decides: roles that no nominee holds, so that nobody learns of the own nomination."""
    facts = read_facts(work.session, case_id=work.case.id, area=None, now=work.now)

    def free(roles: tuple[str, ...], act: str) -> str:
        found = next((role for role in roles if _is_free(work, facts, nominator, nominees, role=role, act=act)), None)
        if found is None:
            raise NobodyWithoutStake
        return found

    return {"shortlister": free(SHORTLISTERS, RECOMMEND), "decider": free(DECIDERS, DECIDE)}


def _is_free(work: Work, facts: list[Fact], nominator: Person, nominees: set[str], *, role: str, act: str) -> bool:
    step = Task(case_id=work.case.id, role=role, act=act, area=None, line=None, separate_from=[])
    found = authority.acting(work.session, role=role, organisation=nominator.organisation, now=work.now)
    able = any(objection(person, way=way, task=step, facts=facts) is None for person, way in found)
    return able and not nominees & {person for person, _ in found}


@operation("recognition.shortlisted")
def shortlist(work: Work) -> dict[str, Any]:
    """Note that a nomination is on the shortlist."""
    work.set_status("SHORTLISTED")
    return {}


@operation("recognition.close")
def close(work: Work, *, outcome: str, words: str | None, letter: str | None) -> dict[str, Any]:
    """Write how a nomination ended, and tell the nominator; nominees get their letter, and hear of nothing else."""
    row = work.session.get_one(Recognition, work.case.number)
    row.outcome, row.ended_at = outcome, work.now
    row.decided_by = work.actor.person if outcome != "WITHDRAWN" else None
    work.set_status(outcome)
    work.count(ENDED, outcome=outcome)
    facts = {"no": row.number, "title": work.case.subject, "words": words or "-", "letter": letter or "-"}
    if outcome in ENDED_TEXTS:
        work.notify(ENDED_TEXTS[outcome], [row.nominated_by], facts=facts)
    return {"outcome": outcome}


@operation("recognition.letter")
def send_letter(work: Work, *, letter: str) -> dict[str, Any]:
    """Send the letter of recognition to everybody who was nominated."""
    row = work.session.get_one(Recognition, work.case.number)
    nominator = work.session.get_one(Person, row.nominated_by)
    about = {"letter": letter, "title": work.case.subject, "nominator": nominator.name, "done": row.done}
    nominees = work.session.scalars(select(Nominee.person).where(Nominee.recognition == row.number).order_by(Nominee.person))
    work.notify(LETTER, nominees, facts=about)
    return {}
