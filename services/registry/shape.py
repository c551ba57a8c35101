"""What a register is: a declaration of its columns, of who reads and who keeps it. It does nothing by itself.

Titles, sentences and the words of choices are English texts that are also the keys of their translations: they are collected from
the calls of `Column`, `Register` and `Part`, and from constants whose names end with `_TITLES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from services.people import Actor


class Kind(StrEnum):
    """What stands in a column; it says how a value is shown, filtered, sorted, typed in and exported."""

    TEXT = "text"
    PROSE = "prose"
    EMAIL = "email"
    NUMBER = "number"
    CENTS = "cents"  # Whole cents of US dollars, shown as dollars.
    YES_NO = "yes_no"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    PERSON = "person"
    AREA = "area"
    ORGANISATION = "organisation"
    ROLE = "role"
    CASE = "case"  # The id of a case; its number is shown.
    NAME = "name"  # A text per language.
    REGISTER = "register"  # The key of a register; its title is shown.
    LIST = "list"  # Words, one per line where they are typed in.


class Reach(StrEnum):
    """Which rows a role opens: all, those of the areas or organisations it is held for, one's own, or those of visible cases."""

    ALL = "all"
    AREA = "area"
    ORGANISATION = "organisation"
    OWN = "own"
    CASE = "case"


#: Stands for a role in `readers` and `owners`: everybody who is signed in.
ANYBODY = "*"


@dataclass(frozen=True, slots=True)
class Right:
    """A role and how far it reaches."""

    role: str
    reach: Reach


def everywhere(*roles: str) -> tuple[Right, ...]:
    """Let roles reach all rows."""
    return tuple(Right(role, Reach.ALL) for role in roles)


def in_area(*roles: str) -> tuple[Right, ...]:
    """Let roles reach the rows of the areas that they are held for, and of the areas inside them."""
    return tuple(Right(role, Reach.AREA) for role in roles)


def in_organisation(*roles: str) -> tuple[Right, ...]:
    """Let roles reach the rows of the organisations that they are held for."""
    return tuple(Right(role, Reach.ORGANISATION) for role in roles)


def own(role: str = ANYBODY) -> tuple[Right, ...]:
    """Let everybody, or a role, reach the rows about themselves."""
    return (Right(role, Reach.OWN),)


def of_visible_cases(role: str = ANYBODY) -> tuple[Right, ...]:
    """Let everybody, or a role, reach the rows of the cases (and of the parts of itineraries) that they may see."""
    return (Right(role, Reach.CASE),)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register.

    Attributes:
        attribute: The attribute of the model; with `value` only a name of its own.
        title: What it is called.
        options: Of a choice: the words of its codes.
        listed: It stands in the list; everything else is on the page of the entry. Exports have all columns.
        filtered: The list may be narrowed by it. Areas include those inside them.
        searched: The search looks into it; texts only (text, prose, email, name, person).
        edited: An owner may change it.
        entered: An owner may set it when adding an entry, and not afterwards.
        required: It may not be left empty.
        value: An SQL expression instead of an attribute; `services.authority.ways.NOW` stands for the moment.
        longest: Most characters of a text that is typed in.
        hint: A sentence that helps whoever fills it in.
    """

    attribute: str
    title: str
    kind: Kind = Kind.TEXT
    options: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    listed: bool = field(default=False, kw_only=True)
    filtered: bool = field(default=False, kw_only=True)
    searched: bool = field(default=False, kw_only=True)
    edited: bool = field(default=False, kw_only=True)
    entered: bool = field(default=False, kw_only=True)
    required: bool = field(default=False, kw_only=True)
    value: ColumnElement[Any] | None = field(default=None, kw_only=True)
    longest: int = field(default=500, kw_only=True)
    hint: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of another register that belong to an entry, shown on its page.

    Attributes:
        register: The key of the other register.
        attribute: Its column that names the entry; it has to be one that the list may be narrowed by.
    """

    register: str
    attribute: str


class Apply(Protocol):
    """Carries out a change through a domain function, so that its rules and the events that follow stay in one place."""

    def __call__(
        self, session: Session, entry: Any, changes: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime
    ) -> None:
        """Change the entry. `changes` holds the new values of the attributes that differ."""


class Enter(Protocol):
    """Adds an entry through a domain function."""

    def __call__(self, session: Session, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> Any:
        """Return the new entry, added to the session."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Register:
    """A register as it is declared: /registers/<key> is its list, /registers/<key>/<entry> the page of one entry.

    Attributes:
        key: Its name in addresses.
        family: The heading under which it is listed: a key of `FAMILY_TITLES`.
        about: One sentence: what it holds.
        model: The mapped class of its rows.
        identity: The attributes that name an entry in addresses, joined by `~`.
        label: The attribute that names an entry for a person; by default the first of the identity.
        order: Attributes that the list is sorted by at first, each with "-" before it when the greatest come first.
        area, organisation, person: What says where a row belongs: an attribute, or an SQL expression.
        shared_by: Rows of several organisations, where an attribute does not say it: a function of the codes of organisations.
        own: Rows about oneself, where an attribute does not say it: a function of what stands for the person's code.
        case: What gives the id of the case that a row comes from: an attribute, or an SQL expression. Rows of confined cases are
            not there for others.
        part_of_case: The attribute with the area of the row in an itinerary: whoever sees only that part sees this row.
        valid_from, valid_to: Attributes with the first and last moment, or day, at which a row holds.
        only: A further condition on what anybody sees; `PERSON` and `NOW` of `services.authority.ways` stand for the reader and
            the moment.
        readers: Who reads it, and how far.
        owners: Who may change and add entries, and how far. Nobody: it is written by processes.
        process: The process that writes it; the page links to where it is started.
        written_by: A sentence that says who or what writes it, where no owner does.
        not_own: Nobody changes or adds entries about themselves.
        adding: Owners may add entries.
        apply, enter: The domain functions of changes and additions; without them the row itself is written.
        parts: Other registers whose rows belong to an entry.
    """

    key: str
    family: str
    title: str
    about: str
    model: type[Any]
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ("id",)
    label: str = ""
    order: tuple[str, ...] = ()
    area: str | ColumnElement[Any] | None = None
    organisation: str | ColumnElement[Any] | None = None
    person: str | ColumnElement[Any] | None = None
    shared_by: Callable[[Sequence[str]], ColumnElement[bool]] | None = None
    own: Callable[[Any], ColumnElement[bool]] | None = None
    case: str | ColumnElement[Any] | None = None
    part_of_case: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    only: Callable[[], ColumnElement[bool]] | None = None
    readers: tuple[Right, ...] = ()
    owners: tuple[Right, ...] = ()
    process: str | None = None
    written_by: str = ""
    not_own: bool = False
    adding: bool = False
    apply: Apply | None = None
    enter: Enter | None = None
    parts: tuple[Part, ...] = ()

    def column(self, attribute: str) -> Column | None:
        """Return a column by its attribute."""
        return next((column for column in self.columns if column.attribute == attribute), None)


#: The headings of the page of all registers, in their order.
FAMILY_TITLES = {
    "places": "Places",
    "travel": "Travel and clearances",
    "risk": "Risk, measures and residences",
    "plans": "Plans and exercises",
    "incidents": "Incidents and crises",
    "people": "People and organisations",
    "authority": "Who holds which authority",
    "indicators": "What indicators are made of",
    "records": "Records of the registers",
}
