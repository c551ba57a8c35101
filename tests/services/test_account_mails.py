"""Whatever happens to an account its holder hears of, in their language, at each address, and nobody can switch that off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from services import account_links, accounts, contracts, jobs, people
from services.database import Database
from services.errors import NotAllowed
from services.mailers import MemoryMailer
from services.models.account_links import FORGOTTEN
from services.models.account_mails import AccountMail
from services.models.notices import NoticePreference
from services.models.people import Account, Person
from services.notices import common
from services.outbox import DEFAULT_ADDRESS, MOST_ATTEMPTS, Letter
from services.people import LOCALES, Actor, PasswordRefused
from tests.accounts import LOGIN, PASSWORD, add_account
from tests.databases import NOW

ADA = "ada.reader"
KEY, NEW = "of this installation", "five plain words right here"
TO_BOTH = [f"Ada Reader <{address}>" for address in (LOGIN, "ada@elsewhere.example")]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Office:
    """Somebody with an account, and what is mailed."""

    database: Database
    mailer: MemoryMailer
    account: str

    @property
    def actor(self) -> Actor:
        return Actor(person=ADA, account=self.account, name="Ada Reader")

    def change_password(self, old: str = PASSWORD, new: str = NEW) -> None:
        with self.database.transaction() as session:
            people.change_password(session, actor=self.actor, old=old, new=new, now=NOW)

    def set_active(self, *, active: bool) -> None:
        with self.database.transaction() as session:
            accounts.set_active(session, session.get_one(Account, self.account), active=active, now=NOW)

    def mails(self, now: datetime = NOW) -> list[EmailMessage]:
        before = len(self.mailer.letters)
        jobs.deliver(self.database, self.mailer, now)
        return [letter.as_mail("us@example.org") for letter in self.mailer.letters[before:]]

    def waiting(self) -> list[AccountMail]:
        with self.database.reading() as session:
            return list(session.scalars(select(AccountMail)))


@pytest.fixture(params=("sqlite", "postgresql"))
def office(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Office]:
    database = Database(copy_database(request.param, "empty"), durable=False)
    yield Office(database=database, mailer=MemoryMailer(), account=add_account(database, now=NOW, locale="fr"))
    database.dispose()


def test_a_changed_password_is_told_once_in_the_language_of_its_owner_and_gives_nothing_away(office: Office) -> None:
    office.change_password()

    (mail,) = office.mails()

    text = mail.get_content()
    assert (mail["To"], mail["Subject"]) == (f"Ada Reader <{LOGIN}>", "Votre mot de passe a été défini")
    assert f"{DEFAULT_ADDRESS}/forgotten" in text
    assert "1 déc" in text
    assert NEW not in text
    assert PASSWORD not in text
    assert account_links.PATH not in text
    assert (office.mails(NOW + DAY), office.waiting()) == ([], [])


def test_a_password_that_was_not_changed_is_not_told(office: Office) -> None:
    for old, new, refusal in (("not it", NEW, NotAllowed), (PASSWORD, "short", PasswordRefused)):
        with pytest.raises(refusal):
            office.change_password(old, new)

    assert office.mails() == []


def test_a_password_that_is_set_by_a_link_is_told(office: Office) -> None:
    with office.database.transaction() as session:
        link = account_links.make_link(session, session.get_one(Account, office.account), FORGOTTEN, now=NOW, is_mailed=False)
        token = account_links.seal(KEY, link.nonce)

    with office.database.transaction() as session:
        account_links.choose_password(session, token, key=KEY, new=NEW, now=NOW)

    assert [mail["Subject"] for mail in office.mails()] == ["Votre mot de passe a été défini"]


def test_who_switched_off_all_notices_is_told_all_the_same(office: Office) -> None:
    with office.database.transaction() as session:
        kinds = dict.fromkeys(("task", "reminder", "request", "decision", "substitution", "digest"), "OFF")
        session.add(
            NoticePreference(person=ADA, kinds=kinds, quiet_from="00:00", quiet_to="23:59", working_time=True, changed_at=NOW)
        )

    office.change_password()

    assert len(office.mails()) == 1


def test_an_account_that_is_closed_and_opened_is_told_each_time_and_not_when_nothing_changes(office: Office) -> None:
    office.set_active(active=True)
    assert office.mails() == []

    for active, subject in ((False, "Votre compte est fermé"), (True, "Votre compte est ouvert")):
        office.set_active(active=active)
        assert [mail["Subject"] for mail in office.mails()] == [subject]


def test_whoever_is_invited_hears_of_the_account_by_the_invitation_and_otherwise_by_a_mail_of_its_own(office: Office) -> None:
    ways = {"ben": {"is_mailed": True}, "eve": {"is_mailed": False}, "tom": {"active": False}}
    with office.database.transaction() as session:
        for code, way in ways.items():
            person = Person(code=code, name=code, email=f"{code}@example.org", organisation="UNEX", contract_type="INTL")
            session.add(person)
            session.flush()
            accounts.open_account(session, person, now=NOW, **way)

    told = {mail["To"]: mail["Subject"] for mail in office.mails()}

    assert told == {
        "ben <ben@example.org>": "Your account: choose a password",
        "eve <eve@example.org>": "Your account is open",
    }


def test_a_moved_address_is_told_at_the_old_one_and_the_new_one(office: Office) -> None:
    def move(**changes: str) -> list[str]:
        with office.database.transaction() as session:
            contracts.update_person(session, session.get_one(Person, ADA), changes, actor=office.actor, now=NOW)
        return sorted(mail["To"] for mail in office.mails())

    assert move(post="Clerk", email=LOGIN.upper()) == []
    assert move(email="ada@elsewhere.example") == TO_BOTH
    office.change_password()
    assert sorted(mail["To"] for mail in office.mails()) == TO_BOTH


class Broken:
    """A mail server that is down."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)
        raise OSError("no route")


def test_a_mail_that_cannot_leave_keeps_no_act_is_tried_again_and_given_up_in_the_end(office: Office) -> None:
    office.change_password()
    broken = Broken()

    jobs.deliver(office.database, broken, NOW)
    jobs.deliver(office.database, broken, NOW + MINUTE)

    with office.database.transaction() as session:
        assert people.sign_in(session, login=LOGIN, password=NEW, address="192.0.2.9", now=NOW).person == ADA
    assert len(broken.letters) == 1
    for day in range(1, MOST_ATTEMPTS + 3):
        jobs.deliver(office.database, broken, NOW + day * DAY)
    (given_up,) = office.waiting()
    assert len(broken.letters) == MOST_ATTEMPTS
    assert len({letter.message_id for letter in broken.letters}) == 1
    assert (given_up.error, given_up.given_up_at is not None) == ("no route", True)
    assert office.mails(NOW + 99 * DAY) == []


@pytest.mark.parametrize("code", ["MAIL-PASSWORD", "MAIL-OPENED", "MAIL-CLOSED", "MAIL-ADDRESS"])
def test_every_mail_says_who_when_and_what_to_do_in_every_language(code: str) -> None:
    said = {"name": "Ada", "login": "ada@x.example", "at": "12:34", "link": "https://x.example/forgotten"}

    texts = [common()[code].render(locale, said) for locale in LOCALES]

    assert len({subject for subject, _ in texts}) == len(LOCALES)
    assert all("Ada" in body and "12:34" in body and "Safeconduct" in body and "{" not in body for _, body in texts)
