"""Sentences about single checks: what each asks, and what stands for or against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from services.authority import Finding
from webapp.presenters.moments import show_date, show_moment
from webapp.presenters.roles import say_role
from webapp.presenters.words import say_act
from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What sentences about a task speak of.

    Attributes:
        reader: Who reads.
        person: Whom it is about.
        names, areas: Names by code.
        area: Where the task is.
    """

    reader: str
    person: str
    names: Mapping[str, str]
    areas: Mapping[str, str]
    area: str | None
    may_read_names: bool
    now: datetime

    def name(self, code: str | None) -> str:
        """Name a person; somebody whom the reader need not know is somebody."""
        if code in {self.reader, self.person} or self.may_read_names:
            return self.names.get(code or "", code or "")
        return gettext("somebody else")

    def area_name(self, code: str | None) -> str:
        """Name an area; none stands for all of them."""
        return self.areas.get(code, code) if code else ""

    def place(self) -> str:
        """Name where the task is."""
        return self.area_name(self.area) or gettext("the organisation")


#: What each check asks, and what is said when it lets the person through and nothing more is known.
_ASKED: dict[str, tuple[Any, Any]] = {
    "S10": (lazy_gettext("Is the step still open?"), lazy_gettext("Nobody has acted on it yet.")),
    "CONFINED": (
        lazy_gettext("Does the case name the person?"),
        lazy_gettext("It is kept among few for now, and names this person."),
    ),
    "S9": (
        lazy_gettext("Does the person act on cases at all?"),
        lazy_gettext("Neither administrator nor process owner nor auditor."),
    ),
    "NAME": (lazy_gettext("Is the step for this person by name?"), lazy_gettext("The step names the person.")),
    "ROLE": (lazy_gettext("Is the role held?"), lazy_gettext("Held.")),
    "SCOPE": (lazy_gettext("Is it held for this place and organisation?"), lazy_gettext("It covers them.")),
    "PERIOD": (lazy_gettext("Is it held now?"), lazy_gettext("It is held today.")),
    "DELEGATION": (lazy_gettext("Does the delegation count?"), lazy_gettext("Accepted, not revoked, inside its dates.")),
    "S6": (lazy_gettext("Has the step gone up?"), lazy_gettext("It went up; whoever could act before still can.")),
    "S7": (lazy_gettext("Is there no declared conflict of interest?"), lazy_gettext("None was declared.")),
    "S1": (lazy_gettext("Is it somebody else's matter?"), lazy_gettext("No part in the matter.")),
    "S2": (lazy_gettext("Is no relative, supervisor or staff member concerned?"), lazy_gettext("None that is known.")),
    "S5": (lazy_gettext("Is nobody concerned in whose place the decision would be?"), lazy_gettext("Nobody.")),
    "S3": (lazy_gettext("Did others take the steps before?"), lazy_gettext("No step before that stands against it.")),
    "S4": (lazy_gettext("Is it the same role as in earlier steps?"), lazy_gettext("No act in another role.")),
    "FREE": (lazy_gettext("Is nobody else working on it?"), lazy_gettext("The person has it in hand.")),
}
_RELATIONS: dict[str, Any] = {
    "TRAVELLER": lazy_gettext("travellers do not decide on their own journey (rule {rule})"),
    "REQUESTER": lazy_gettext("whoever made the request does not decide on it (rule {rule})"),
    "PREPARER": lazy_gettext("whoever prepared the request does not decide on it (rule {rule})"),
    "CLAIMANT": lazy_gettext("claimants do not decide on their own claim (rule {rule})"),
    "SPONSOR": lazy_gettext("sponsors do not decide on the matters of their dependants (rule {rule})"),
    "DRAFTER": lazy_gettext("whoever drafted it does not approve it (rule {rule})"),
    "DELEGATOR": lazy_gettext("whoever gives the authority does not decide on it (rule {rule})"),
    "DELEGATE": lazy_gettext("whoever is to be given the authority does not decide on it (rule {rule})"),
    "SENT": lazy_gettext("whoever is to be sent does not decide on it (rule {rule})"),
    "NOMINEE": lazy_gettext("whoever is nominated does not decide on it (rule {rule})"),
    "FAMILY": lazy_gettext("relatives of those concerned do not decide (rule {rule})"),
    "HIERARCHY": lazy_gettext("neither the supervisor nor the staff of those concerned decide (rule {rule})"),
    "SUPERVISOR": lazy_gettext("supervisors may endorse, but not decide (rule {rule})"),
    "ENDORSER": lazy_gettext("whoever endorses does not decide (rule {rule})"),
    "EVALUATED": lazy_gettext("nobody judges what is evaluated of their own (rule {rule})"),
}
_FAULTS: dict[str, Any] = {
    "UNACCEPTED": lazy_gettext("delegation {number} was not accepted"),
    "REVOKED": lazy_gettext("delegation {number} was revoked"),
    "OVER": lazy_gettext("delegation {number} is over"),
    "LATER": lazy_gettext("delegation {number} has not begun"),
    "NOT_IN_POST": lazy_gettext("delegation {number} goes further than what its giver holds today"),
}


def say_check(finding: Finding, ground: Ground) -> tuple[str, Markup]:
    """Say what a check asks, and what it found."""
    title, through = _ASKED[finding.check]
    if finding.holds is None:
        return str(title), escape(gettext("The step asks about one's own matter; nothing is judged in it."))
    if finding.holds:
        return str(title), _say_detail(finding, ground) or escape(str(through))
    return str(title), _sentence(say_reason(finding, ground))


def _sentence(clause: Markup) -> Markup:
    text = str(clause)
    return Markup("{}.").format(Markup(text[:1].upper() + text[1:]))  # noqa: S704 - it was escaped before


def _say_detail(finding: Finding, ground: Ground) -> Markup:
    """Say what a check that lets the person through rests on."""
    facts = finding.facts
    if finding.check == "ROLE":
        instead = facts.get("holder") not in {None, ground.person}
        frame = gettext("{role}, held by {holder}, who is away") if instead else "{role}"
        return escape(frame).format(role=say_role(facts.get("role")), holder=ground.name(facts.get("holder")))
    if finding.check == "SCOPE" and (facts.get("area") or facts.get("organisation")):
        return _places([facts], ground)
    if finding.check == "PERIOD" and facts.get("valid_from"):
        since = escape(gettext("since {date}")).format(date=show_date(facts["valid_from"]))
        return (
            since
            if facts.get("valid_to") is None
            else Markup("{} – {}").format(show_date(facts["valid_from"]), show_date(facts["valid_to"]))
        )
    if finding.check == "DELEGATION":
        number = Markup("<bdi>{}</bdi>").format(facts.get("number"))
        return escape(gettext("Number {number}: accepted, not revoked, inside its dates.")).format(number=number)
    return Markup("")


def _places(places: Iterable[Mapping[str, Any]], ground: Ground) -> Markup:
    parts = []
    for each in places:
        named = [part for part in (ground.area_name(each.get("area")), each.get("organisation")) if part]
        parts.append(Markup(" · ").join(Markup("<bdi>{}</bdi>").format(part) for part in named) or escape(gettext("everywhere")))
    return Markup(", ").join(dict.fromkeys(parts))


def say_reason(finding: Finding, ground: Ground) -> Markup:
    """Say, as a clause, why a check does not let the person through."""
    return _REASONS[finding.check](finding.facts, ground)


def _was_quicker(facts: Mapping[str, Any], ground: Ground) -> Markup:
    if "by" not in facts:
        return escape(gettext("the case has moved on without this step"))
    did, when = say_act(facts["act"], facts["outcome"]), show_moment(facts["at"], now=ground.now)
    return escape(gettext("{name} {did} first, {when} (rule S10)")).format(name=ground.name(facts["by"]), did=did, when=when)


def _no_name(facts: Mapping[str, Any], ground: Ground) -> Markup:
    if facts.get("assignee"):
        return escape(gettext("the step is for {name} by name")).format(name=ground.name(facts["assignee"]))
    if facts.get("role"):
        return escape(gettext("the step is for those whom the case is about"))
    return escape(gettext("the step names other persons"))


def _no_role(facts: Mapping[str, Any], ground: Ground) -> Markup:
    roles = gettext(" or ").join(say_role(role) for role in facts.get("roles", ()))
    return escape(gettext("it is for the role {roles}, which is not held")).format(roles=roles)


def _no_scope(facts: Mapping[str, Any], ground: Ground) -> Markup:
    said = escape(gettext("the role is held for {places}, not for {place}"))
    return said.format(places=_places(facts["places"], ground), place=ground.place())


def _no_period(facts: Mapping[str, Any], ground: Ground) -> Markup:
    if facts["period"] == "LATER":
        return escape(gettext("the role is held only from {date} on")).format(date=show_date(facts["valid_from"]))
    return escape(gettext("the role was held until {date}")).format(date=show_date(facts["valid_to"]))


def _no_delegation(facts: Mapping[str, Any], ground: Ground) -> Markup:
    number = Markup("<bdi>{}</bdi>").format(facts["number"])
    return escape(str(_FAULTS.get(facts["fault"], _FAULTS["NOT_IN_POST"]))).format(number=number)


def _concerned(rule: str) -> Callable[[Mapping[str, Any], Ground], Markup]:
    def say(facts: Mapping[str, Any], ground: Ground) -> Markup:
        said = (str(_RELATIONS.get(relation, _RELATIONS["REQUESTER"])).format(rule=rule) for relation in facts["relations"])
        return escape("; ".join(said))

    return say


def _in_place(facts: Mapping[str, Any], ground: Ground) -> Markup:
    if facts["in_place_of"] == "OFFICIAL":
        return escape(gettext("it concerns the Designated Official, in whose place nobody decides on it (rule S5)"))
    said = escape(gettext("it concerns {name}, in whose place the decision would be (rule S5)"))
    return said.format(name=ground.name(facts["holder"]))


def _acted_before(facts: Mapping[str, Any], ground: Ground) -> Markup:
    acts = gettext(" and ").join(dict.fromkeys(say_act(act, None) for act in facts["acts"]))
    return escape(gettext("whoever {acts} before on the same matter does not take this step (rule S3)")).format(acts=acts)


def _other_role(facts: Mapping[str, Any], ground: Ground) -> Markup:
    said = escape(gettext("one person acts in one role on a case, and the first act here was as {role} (rule S4)"))
    return said.format(role=say_role(facts["role"]))


def _taken(facts: Mapping[str, Any], ground: Ground) -> Markup:
    return escape(gettext("{name} is working on it")).format(name=ground.name(facts["by"]))


_REASONS: dict[str, Callable[[Mapping[str, Any], Ground], Markup]] = {
    "S10": _was_quicker,
    "CONFINED": lambda facts, ground: escape(gettext("the case is kept among few for now")),  # noqa: ARG005
    "S9": lambda facts, ground: escape(gettext("administrators, process owners and auditors act on no case (rule S9)")),  # noqa: ARG005
    "NAME": _no_name,
    "ROLE": _no_role,
    "SCOPE": _no_scope,
    "PERIOD": _no_period,
    "DELEGATION": _no_delegation,
    "S7": lambda facts, ground: escape(gettext("a conflict of interest was declared (rule S7)")),  # noqa: ARG005
    "S1": _concerned("S1"),
    "S2": _concerned("S2"),
    "S5": _in_place,
    "S3": _acted_before,
    "S4": _other_role,
    "FREE": _taken,
}
