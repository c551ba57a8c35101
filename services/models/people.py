"""People: who they are, how they sign in, and who is family."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship, validates

from services.models.areas import Area
from services.models.base import Base, UtcDateTime, new_id
from services.models.words import words_of

#: How a contract maps to the person types that the tables speak of.
PERSON_TYPES = {
    "INTL": "STAFF",
    "LOCAL": "STAFF",
    "CONSULTANT": "CONSULTANT",
    "UNV": "UNV",
    "INTERN": "INTERN",
    "VISITOR": "VISITOR",
    "PARTNER": "PARTNER",
}


def _words_of_name(context: Any) -> str:
    """Say what a search compares of a person who is entered with many others at once."""
    return words_of(context.get_current_parameters()["name"])


class Person(Base):
    """A person known to the organisations; minimal data only."""

    __tablename__ = "people"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text, default=_words_of_name)
    email: Mapped[str] = mapped_column(String(254))
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"), index=True)
    unit: Mapped[str | None] = mapped_column(String(64))
    post: Mapped[str | None] = mapped_column(String(64))
    contract_type: Mapped[str] = mapped_column(String(16))
    contract_from: Mapped[date | None] = mapped_column(Date)
    contract_to: Mapped[date | None] = mapped_column(Date)
    duty_area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    supervisor: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    grade: Mapped[str | None] = mapped_column(String(16))
    mobile: Mapped[str | None] = mapped_column(String(20))
    head_of_organisation: Mapped[bool] = mapped_column(Boolean, default=False)
    protected: Mapped[bool] = mapped_column(Boolean, default=False)

    @validates("name")
    def _keep_words(self, _name: str, name: str) -> str:
        """Keep what a search compares beside the name."""
        self.words = words_of(name)
        return name

    @property
    def person_type(self) -> str:
        """What the tables call this kind of person."""
        return PERSON_TYPES.get(self.contract_type, "VISITOR")


class Account(Base):
    """How a person signs in. Offers what flask-login asks of a user, without knowing flask-login.

    `zone` is the time zone of the person's duty station. `end_told` is the end of the contract of which administrators were told.
    """

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"), unique=True)
    login: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(8), default="en")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    keys: Mapped[bool] = mapped_column(Boolean, default=True)  # Whether single letters act on pages.
    appearance: Mapped[str] = mapped_column(String(8), default="system")  # As services.people.APPEARANCES.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_told: Mapped[date | None] = mapped_column(Date)

    holder: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    zone: Mapped[str | None] = column_property(
        select(Area.zone).join(Person, Person.duty_area == Area.code).where(Person.code == person).scalar_subquery()
    )

    @property
    def is_active(self) -> bool:
        """Whether the account may be used."""
        return self.active

    @property
    def is_authenticated(self) -> bool:
        """An account that was loaded belongs to somebody who signed in."""
        return True

    @property
    def is_anonymous(self) -> bool:
        """An account is never anonymous."""
        return False

    def get_id(self) -> str:
        """Return what the session remembers."""
        return self.id


class FamilyLink(Base):
    """Two persons of one family who both work here: feeds the conflict check. Kept once, read in both directions."""

    __tablename__ = "family_links"

    person_a: Mapped[str] = mapped_column(ForeignKey("people.code"), primary_key=True)
    person_b: Mapped[str] = mapped_column(ForeignKey("people.code"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(16))


class Dependant(Base):
    """A recognised family member who travels under a sponsor's entitlement."""

    __tablename__ = "dependants"
    __table_args__ = (UniqueConstraint("sponsor", "person"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    sponsor: Mapped[str] = mapped_column(ForeignKey("people.code"), index=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"), index=True)
    relation: Mapped[str] = mapped_column(String(16))
    birth_year: Mapped[int] = mapped_column(Integer)
    recognised_from: Mapped[date] = mapped_column(Date)
    recognised_to: Mapped[date | None] = mapped_column(Date)


class SignInAttempt(Base):
    """One try to sign in; counted to slow down guessing, by login and by address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_login_at", "login", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    succeeded: Mapped[bool] = mapped_column(Boolean)
