"""The fixed list of status words, each with its icon and tone, so that colour never speaks alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from flask_babel import lazy_gettext

from services.audit import TAKE_BACK
from webapp.presenters.roles import say_office, say_roles
from webapp.speech import comma, gettext

Tone = Literal["waiting", "yours", "good", "bad", "closed"]


@dataclass(frozen=True, kw_only=True)
class Word:
    """A status as it is shown: an icon, a word and a tone."""

    text: str
    icon: str
    tone: Tone


_ICONS: dict[Tone, str] = {"waiting": "◷", "yours": "!", "good": "✓", "bad": "✕", "closed": "–"}

_STATUS: dict[str, tuple[object, Tone]] = {
    "DRAFT": (lazy_gettext("Draft"), "closed"),
    "AWAITING_TRAVELLER": (lazy_gettext("Waiting for the traveller"), "waiting"),
    "BLOCKED": (lazy_gettext("Waiting for the traveller"), "waiting"),
    "AWAITING_ORG": (lazy_gettext("Waiting for the organisation"), "waiting"),
    "IN_DECISION": (lazy_gettext("Waiting for a decision"), "waiting"),
    "ON_HOLD": (lazy_gettext("On hold"), "waiting"),
    "PARTIAL": (lazy_gettext("Cleared in part"), "waiting"),
    "CLEARED": (lazy_gettext("Cleared"), "good"),
    "CLEARED_WITH_CONDITIONS": (lazy_gettext("Cleared with conditions"), "good"),
    "REGISTERED": (lazy_gettext("Registered"), "good"),
    "NOT_REQUIRED": (lazy_gettext("No clearance needed"), "good"),
    "COMPLETED": (lazy_gettext("Completed"), "good"),
    "APPROVED": (lazy_gettext("Approved"), "good"),
    "ENDORSED": (lazy_gettext("Endorsed"), "good"),
    "GRANTED": (lazy_gettext("Cleared"), "good"),
    "GRANTED_COND": (lazy_gettext("Cleared with conditions"), "good"),
    "DENIED": (lazy_gettext("Refused"), "bad"),
    "REFUSED": (lazy_gettext("Refused"), "bad"),
    "REJECTED": (lazy_gettext("Refused"), "bad"),
    "REFUSED_BY_ORG": (lazy_gettext("Refused by the organisation"), "bad"),
    "NOT_CLEARED_NO_DECISION": (lazy_gettext("Not cleared: no decision was taken"), "bad"),
    "UNDECIDED": (lazy_gettext("Not cleared: no decision was taken"), "bad"),
    "NOT_COVERED": (lazy_gettext("Not covered"), "bad"),
    "REVOKED": (lazy_gettext("Revoked"), "bad"),
    "STOPPED_EVACUATION": (lazy_gettext("Stopped: evacuation"), "bad"),
    "BREACH": (lazy_gettext("Entered without clearance"), "bad"),
    "WITHDRAWN": (lazy_gettext("Withdrawn"), "closed"),
    "LAPSED": (lazy_gettext("Expired"), "closed"),
    "EXPIRED": (lazy_gettext("Expired"), "closed"),
    "CANCELLED": (lazy_gettext("Cancelled"), "closed"),
    "PENDING": (lazy_gettext("Waiting for a decision"), "waiting"),
    "HELD": (lazy_gettext("On hold"), "waiting"),
    "DEFERRED": (lazy_gettext("Deferred"), "waiting"),
    "RETURNED": (lazy_gettext("Sent back"), "waiting"),
    "RELEASED": (lazy_gettext("Released"), "closed"),
    "IN_AREA": (lazy_gettext("Arrived"), "good"),
    "LEFT": (lazy_gettext("Left the area"), "good"),
    "ENDORSED_WITH_OBSERVATIONS": (lazy_gettext("Endorsed with observations"), "good"),
    "SUPERSEDED": (lazy_gettext("Superseded"), "closed"),
    "IN_CONSULTATION": (lazy_gettext("Waiting for comments"), "waiting"),
    "WITH_SMT": (lazy_gettext("With the Security Management Team"), "waiting"),
    "WITH_DO": (lazy_gettext("With the Designated Official"), "waiting"),
    "WITH_DESK": (lazy_gettext("With headquarters"), "waiting"),
    "WITH_DIRECTOR": (lazy_gettext("With the director"), "waiting"),
    "WITH_USG": (lazy_gettext("With the Under-Secretary-General"), "waiting"),
    "IN_FORCE": (lazy_gettext("In force"), "good"),
    "RETURNED_CLOSED": (lazy_gettext("Closed without activity"), "closed"),
    "DESIGN": (lazy_gettext("Exercise being designed"), "waiting"),
    "EXERCISE_PLANNED": (lazy_gettext("Exercise planned"), "waiting"),
    "EXERCISE_RUNNING": (lazy_gettext("Exercise running"), "waiting"),
    "EVALUATION": (lazy_gettext("Being evaluated"), "waiting"),
    "REPORT": (lazy_gettext("Waiting for the report"), "waiting"),
    "SIGN_OFF": (lazy_gettext("Waiting for the sign-off"), "waiting"),
    "TESTED": (lazy_gettext("Tested and signed off"), "good"),
    "TESTED_CONDITIONAL": (lazy_gettext("Signed off on condition"), "good"),
    "UPDATED": (lazy_gettext("Updated"), "good"),
    "OVERDUE": (lazy_gettext("Overdue"), "bad"),
    "PAUSED": (lazy_gettext("Paused"), "waiting"),
    "JOINED": (lazy_gettext("Already being drafted"), "closed"),
    "PAID": (lazy_gettext("Paid"), "good"),
    "PREAPPROVED": (lazy_gettext("Approved in advance"), "good"),
    "WAITING_SURVEY": (lazy_gettext("Waiting for the survey"), "waiting"),
    "VERIFYING": (lazy_gettext("Being verified"), "waiting"),
    "CERTIFYING": (lazy_gettext("With finance"), "waiting"),
    "REPORTED": (lazy_gettext("Reported"), "waiting"),
    "TRIAGED": (lazy_gettext("Being recorded"), "waiting"),
    "RECORDED": (lazy_gettext("Waiting for endorsement"), "waiting"),
    "CLOSED": (lazy_gettext("Closed"), "closed"),
    "DUPLICATE": (lazy_gettext("Reported before"), "closed"),
    "NOT_SECURITY": (lazy_gettext("Not a security matter"), "closed"),
    "FALSE_ALARM": (lazy_gettext("False alarm"), "closed"),
    "ACTIVE": (lazy_gettext("Crisis active"), "bad"),
    "NOT_CONFIRMED": (lazy_gettext("Not confirmed"), "closed"),
    "PROPOSED": (lazy_gettext("Proposed"), "waiting"),
    "PEOPLE_RETURNED": (lazy_gettext("People have returned"), "good"),
    "APPLIED": (lazy_gettext("In force"), "good"),
    "LIFTED": (lazy_gettext("Lifted"), "good"),
    "REFUSED_BY_RULE": (lazy_gettext("Not possible by rule"), "bad"),
    "REQUESTED": (lazy_gettext("Requested"), "waiting"),
    "WITH_RISK_OFFICE": (lazy_gettext("With the aviation risk office"), "waiting"),
    "ADVISED": (lazy_gettext("Advice is there"), "waiting"),
    "USE": (lazy_gettext("May be used"), "good"),
    "USE_ONCE": (lazy_gettext("May be used once"), "good"),
    "BLANKET": (lazy_gettext("May be used on the route"), "good"),
    "AVOID": (lazy_gettext("Not to be used"), "bad"),
    "SUBMITTED": (lazy_gettext("Submitted"), "waiting"),
    "SIGNED": (lazy_gettext("Signed"), "good"),
    "STALE": (lazy_gettext("Stale, not signed again"), "bad"),
    "DECLINED": (lazy_gettext("Not accepted"), "closed"),
    "NOT_DELEGABLE": (lazy_gettext("Cannot be delegated"), "bad"),
    "ENDED": (lazy_gettext("Ended"), "closed"),
    "RUNNING": (lazy_gettext("Running"), "waiting"),
    "ALL_ACCOUNTED": (lazy_gettext("Everybody accounted for"), "good"),
    "SIGNED_OFF": (lazy_gettext("Signed off with people left"), "bad"),
    "EXERCISE": (lazy_gettext("Exercise over"), "good"),
    "POST_CHANGED": (lazy_gettext("Ended with the post"), "closed"),
    "TRAINING_RECORDED": (lazy_gettext("Training recorded"), "good"),
    "NOTED": (lazy_gettext("Followed up"), "closed"),
    "RATING": (lazy_gettext("Being rated"), "waiting"),
    "RATED": (lazy_gettext("Rated"), "good"),
    "NOT_RATED": (lazy_gettext("Nothing rated"), "closed"),
    "ON_THE_WAY": (lazy_gettext("On the way"), "waiting"),
    "DEPLOYED_IN_TIME": (lazy_gettext("Deployed in time"), "good"),
    "DEPLOYED_LATE": (lazy_gettext("Deployed late"), "bad"),
    "NOTIFIED": (lazy_gettext("Notified"), "waiting"),
    "COORDINATED": (lazy_gettext("Assessed and coordinated before the departure"), "good"),
    "ASSESSED_ONLY": (lazy_gettext("Left assessed, but not coordinated"), "bad"),
    "TOO_LATE": (lazy_gettext("Left before it was assessed"), "bad"),
    "SURVEYING": (lazy_gettext("Being surveyed"), "waiting"),
    "ACTIONS_OPEN": (lazy_gettext("Corrective actions open"), "waiting"),
    "DISMISSED": (lazy_gettext("Not confirmed"), "closed"),
    "WITH_ASSESSMENT": (lazy_gettext("Waiting for the assessment"), "waiting"),
    "NOT_ASSESSED": (lazy_gettext("No endorsed assessment"), "waiting"),
    "BEING_DRAWN_UP": (lazy_gettext("Requirements being drawn up"), "waiting"),
    "OFFICE_OPENED": (lazy_gettext("Duty station opened"), "good"),
    "OPENED": (lazy_gettext("Opened"), "good"),
    "PREPARING": (lazy_gettext("Being prepared"), "waiting"),
    "AUTHORISED": (lazy_gettext("Authorised"), "good"),
    "SUSPENDED": (lazy_gettext("Suspended"), "bad"),
    "EVENT_HELD": (lazy_gettext("Authorised and held"), "good"),
    "BARRED": (lazy_gettext("Ruled out by the level"), "bad"),
    "NOT_AUTHORISED": (lazy_gettext("Not authorised"), "bad"),
    "PLANNED": (lazy_gettext("Planned"), "waiting"),
    "MET": (lazy_gettext("Meeting held"), "waiting"),
    "PUBLISHED": (lazy_gettext("Published"), "good"),
    "OPEN": (lazy_gettext("Open"), "waiting"),
    "ASKED": (lazy_gettext("Asked"), "waiting"),
    "TEST_DUE": (lazy_gettext("Test due"), "waiting"),
    "TEST_HELD": (lazy_gettext("Test held"), "good"),
    "RETURNED_TOO_OFTEN": (lazy_gettext("Sent back too often"), "closed"),
    "SHARES_PROPOSED": (lazy_gettext("Shares with the organisations"), "waiting"),
    "SHARES_OPEN": (lazy_gettext("Shares not confirmed by all"), "waiting"),
    "SHARES_AGREED": (lazy_gettext("Shares agreed"), "good"),
    "SHARES_NOT_AGREED": (lazy_gettext("No agreement on the shares"), "bad"),
    "RENEWED": (lazy_gettext("Renewed"), "good"),
    "RAN_OUT": (lazy_gettext("Ran out"), "bad"),
    "TERMINATED": (lazy_gettext("Ended early"), "bad"),
    "DROPPED": (lazy_gettext("No contract came about"), "closed"),
    "NOMINATED": (lazy_gettext("Nominated"), "waiting"),
    "SHORTLISTED": (lazy_gettext("On the shortlist"), "waiting"),
    "NOT_SHORTLISTED": (lazy_gettext("Not on the shortlist"), "closed"),
    "RECOGNISED": (lazy_gettext("Recognised"), "good"),
    "NOT_RECOGNISED": (lazy_gettext("Not recognised"), "closed"),
}

_ACTS: dict[str, object] = {
    "GRANT": lazy_gettext("granted"),
    "GRANT_COND": lazy_gettext("granted with conditions"),
    "DENY": lazy_gettext("denied"),
    "RETURN": lazy_gettext("returned with a question"),
    "DEFER": lazy_gettext("deferred"),
    "APPROVE": lazy_gettext("approved"),
    "ENDORSE": lazy_gettext("endorsed"),
    "AUTHORISE": lazy_gettext("authorised it"),
    "APPROVE_PART": lazy_gettext("approved a part"),
    "SIGN_CONDITIONAL": lazy_gettext("signed with a condition"),
    "ACCEPT_RISK": lazy_gettext("accepted the risk"),
    "REFUSE": lazy_gettext("refused"),
    "REJECT": lazy_gettext("refused"),
    "RECOMMEND": lazy_gettext("recommended"),
    "RECOMMEND_COND": lazy_gettext("recommended with conditions"),
    "NOT_RECOMMEND": lazy_gettext("did not recommend"),
    "NEED_INFO": lazy_gettext("asked for more information"),
    "CONFIRM": lazy_gettext("confirmed"),
    "ANSWER": lazy_gettext("answered"),
    "REVOKE": lazy_gettext("revoked"),
    "SIGN": lazy_gettext("signed"),
    "WAIVE": lazy_gettext("waived"),
    "CERTIFY": lazy_gettext("certified"),
    "DECIDE": lazy_gettext("decided"),
    "LAPSE": lazy_gettext("noted: nobody decided in time"),
    "WITHDRAW": lazy_gettext("withdrew"),
    "ACKNOWLEDGE": lazy_gettext("confirmed the conditions"),
    "NO_ADVICE_IN_TIME": lazy_gettext("gave no advice in time"),
    "AMEND": lazy_gettext("changed the request"),
    "RECONSIDER": lazy_gettext("asked for reconsideration"),
    "DRAFT": lazy_gettext("drafted"),
    "CONTRIBUTED": lazy_gettext("worked on the draft"),
    "APPROVE_MODIFIED": lazy_gettext("approved with changes"),
    "ENDORSE_WITH_OBSERVATIONS": lazy_gettext("endorsed with observations"),
    "NOTE_SILENCE": lazy_gettext("noted that there was no answer in time"),
    "NO_COMMENT": lazy_gettext("noted: no comment in time"),
    "NO_POSITION": lazy_gettext("noted: no position in time"),
    "INFORM": lazy_gettext("reported"),
    "CHOOSE": lazy_gettext("chose"),
    "CORRECT": lazy_gettext("corrected"),
    "REVIEW": lazy_gettext("reviewed"),
    "COMMENT": lazy_gettext("commented"),
    "VERIFY": lazy_gettext("verified"),
    "TRIAGE": lazy_gettext("judged"),
    "REGISTER": lazy_gettext("recorded"),
    "ADVISE": lazy_gettext("advised"),
    "INCIDENT": lazy_gettext("found it to be an incident"),
    "ACTIVATE": lazy_gettext("activated the crisis arrangements"),
    "ADOPT": lazy_gettext("took up the proposal"),
    "ACCEPT": lazy_gettext("accepted"),
    "DECLINE": lazy_gettext("did not accept"),
    "APPOINT": lazy_gettext("appointed"),
    "TAKE_BACK": lazy_gettext("took the decision back"),
    "LOG": lazy_gettext("put a decision on record"),
    "CHASE": lazy_gettext("followed it up"),
    "CONTACT": lazy_gettext("tried to reach them"),
    "EVALUATE": lazy_gettext("evaluated"),
    "LOW": lazy_gettext("found the risk low"),
    "MEDIUM": lazy_gettext("found the risk medium"),
    "HIGH": lazy_gettext("found the risk high"),
    "VERY_HIGH": lazy_gettext("found the risk very high"),
    "TAKEN_ON": lazy_gettext("took it on"),
    "NOT_TAKEN_ON": lazy_gettext("did not take it on"),
    "ARRANGED": lazy_gettext("arranged it"),
    "NOT_ARRANGED": lazy_gettext("could not arrange all of it"),
    "DRAWN_UP": lazy_gettext("drew up the requirements"),
    "AGREE": lazy_gettext("agreed"),
    "REMARKS": lazy_gettext("made remarks"),
    "DISAGREE": lazy_gettext("sees it differently"),
    "SHORTLISTED": lazy_gettext("put it on the shortlist"),
    "NOT_SHORTLISTED": lazy_gettext("did not put it on the shortlist"),
    "RECOGNISED": lazy_gettext("recognised it"),
    "NOT_RECOGNISED": lazy_gettext("did not recognise it"),
    "GOOD": lazy_gettext("rated it good"),
    "ACCEPTABLE": lazy_gettext("rated it acceptable"),
    "BAD": lazy_gettext("rated it bad"),
    "RENEW": lazy_gettext("chose to renew it"),
    "TENDER": lazy_gettext("chose to tender it"),
    "LET_END": lazy_gettext("chose to let it end"),
    "DROP": lazy_gettext("said that no contract came about"),
    "FOR": lazy_gettext("recommended it"),
    "WITH": lazy_gettext("recommended with conditions"),
    "OBJECT": lazy_gettext("objected"),
    "DISMISS": lazy_gettext("did not confirm it"),
    "SPLIT": lazy_gettext("asked for several flights"),
    "AGAINST": lazy_gettext("recommended against it"),
    "AGAIN": lazy_gettext("asked for it again"),
    "GIVE_UP": lazy_gettext("gave it up"),
    "NO_ANSWER": lazy_gettext("noted: no answer in time"),
    "NEW_SHARES": lazy_gettext("had the shares worked out again"),
    "NOT_AGREED": lazy_gettext("closed it without agreement"),
}

_CAPACITIES: dict[str, object] = {
    "DELEGATED": lazy_gettext("by delegation"),
    "AD_INTERIM": lazy_gettext("ad interim"),
    "ESCALATED": lazy_gettext("after escalation"),
    "SYSTEM": lazy_gettext("automatic, under a standing rule"),
}


def word(text: str, tone: Tone) -> Word:
    """Make a status word with the icon of its tone."""
    return Word(text=text, icon=_ICONS[tone], tone=tone)


def say_status(
    status: str | None, *, state: str = "OPEN", waiting_roles: Iterable[str] = (), yours: bool = False, question: bool = False
) -> Word:
    """Say where a case stands, for the person who reads it.

    Args:
        status: The domain's word, e.g. `IN_DECISION`.
        state: OPEN, COMPLETED, CANCELLED or INCIDENT.
        waiting_roles: Whose open tasks the case waits for.
        yours: One of the open tasks is the reader's.
        question: The reader's open task is a question put back to them.
    """
    roles = list(waiting_roles)
    if state == "INCIDENT":
        return word(gettext("Stopped by error"), "bad")
    if state == "OPEN" and yours:
        return word(gettext("Question to you") if question else gettext("Waiting for you"), "yours")
    if state == "OPEN" and len(set(roles)) > 2:
        return word(gettext("Waiting for {count} roles").format(count=len(set(roles))), "waiting")
    if state == "OPEN" and roles:
        return word(gettext("Waiting for {role}").format(role=say_roles(roles)), "waiting")
    if state == "CANCELLED" and status not in _STATUS:
        return word(gettext("Cancelled"), "closed")
    text, tone = _STATUS.get(status or "", (None, "waiting" if state == "OPEN" else "closed"))
    unknown = (
        status.replace("_", " ").capitalize() if status else gettext("In progress") if state == "OPEN" else gettext("Closed")
    )
    return word(str(text or unknown), tone)


def say_act(act: str | None, outcome: str | None) -> str:
    """Say in the past tense what somebody did, by the outcome where there is one."""
    for code in (act, outcome) if act == TAKE_BACK else (outcome, act):
        if code and code in _ACTS:
            return str(_ACTS[code])
    return (outcome or act or gettext("completed the task")).replace("_", " ").lower()


def say_capacity(capacity: str | None) -> str:
    """Say in which capacity somebody acted; nothing when in their own."""
    return str(_CAPACITIES[capacity]) if capacity in _CAPACITIES else ""


def say_actor(name: str, role: str | None, capacity: str | None, *, for_name: str | None = None) -> str:
    """Say who acted, in whose place, in which role and capacity: "Petra Strand for Elif Tanaka, Security adviser, ad interim".

    Whoever acts in the own matter is said by name alone.
    """
    name = gettext("{person} for {absent}").format(person=name, absent=for_name) if for_name else name
    return comma().join(part for part in (name, say_office(role), say_capacity(capacity)) if part)
