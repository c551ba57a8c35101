"""Passwords are chosen by whoever they are for: by a link that is sent once, holds for a while, and opens nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial

import pytest
from sqlalchemy import select

from services import account_links, accounts, jobs, people
from services.account_links import LinkOver
from services.database import Database
from services.mailers import MemoryMailer
from services.models.account_links import AccountLink
from services.models.people import Account, Person
from services.models.register_changes import RegisterChange
from services.outbox import Letter
from services.people import FAILURES_PER_LOGIN, PasswordRefused, SignInRefused, TooManyAttempts
from services.registry import editing
from services.registry.errors import NotKept, OwnEntry
from tests.accounts import LOGIN, PASSWORD, add_account
from tests.databases import NOW
from workflows.errors import AnswersInvalid

KEY, OTHER_KEY = "of this installation", "of another one"
NEW = "five plain words right here"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
INVITED = "ben.starter@example.org"


@dataclass(frozen=True, kw_only=True)
class Office:
    """Somebody who signs in, and somebody who is to."""

    database: Database
    mailer: MemoryMailer

    def invite(self, now: datetime = NOW, **more: bool) -> str:
        with self.database.transaction() as session:
            return accounts.open_account(session, session.get_one(Person, "ben"), now=now, **more).id

    def ask(self, login: str, now: datetime = NOW, address: str = "192.0.2.1") -> None:
        with self.database.transaction() as session:
            account_links.request_link(session, login, address=address, now=now)

    def mails(self, now: datetime = NOW) -> list[EmailMessage]:
        """What leaves by now, as it leaves."""
        before = len(self.mailer.letters)
        jobs.deliver(self.database, self.mailer, now)
        return [
            letter.as_mail("us@example.org", seal=partial(account_links.seal, KEY)) for letter in self.mailer.letters[before:]
        ]

    def token(self, now: datetime = NOW) -> str:
        """What the newest mail brings."""
        text = self.mails(now)[-1].get_content()
        return text.partition(account_links.PATH)[2].split()[0]

    def choose(self, token: str, new: str = NEW, *, key: str = KEY, now: datetime = NOW) -> str:
        with self.database.transaction() as session:
            return account_links.choose_password(session, token, key=key, new=new, now=now).person

    def sign_in(self, login: str, password: str, now: datetime = NOW) -> str:
        with self.database.transaction() as session:
            return people.sign_in(session, login=login, password=password, address="192.0.2.9", now=now).person

    def links(self) -> int:
        with self.database.reading() as session:
            return len(session.scalars(select(AccountLink)).all())


@pytest.fixture(params=("sqlite", "postgresql"))
def office(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Office]:
    database = Database(copy_database(request.param, "empty"), durable=False)
    add_account(database, now=NOW)
    with database.transaction() as session:
        session.add(Person(code="ben", name="Ben Starter", email=INVITED, organisation="UNEX", contract_type="INTL"))
    yield Office(database=database, mailer=MemoryMailer())
    database.dispose()


def test_whoever_is_invited_chooses_the_password_once(office: Office) -> None:
    office.invite()
    with pytest.raises(SignInRefused):
        office.sign_in(INVITED, "")
    token = office.token()

    with pytest.raises(PasswordRefused):
        office.choose(token, "too short")
    assert office.choose(token) == "ben"
    assert office.sign_in(INVITED, NEW) == "ben"
    with pytest.raises(LinkOver):
        office.choose(token, "and once more with this")
    assert office.links() == 0


def test_the_mail_goes_once_in_the_language_of_the_account_and_keeps_no_secret_behind(office: Office) -> None:
    account = office.invite()
    with office.database.transaction() as session:
        session.get_one(Account, account).locale = "fr"

    (mail,) = office.mails()

    assert mail["To"] == f"Ben Starter <{INVITED}>"
    assert mail["Subject"].startswith("Votre compte")
    assert office.mails(NOW + DAY) == []
    with office.database.reading() as session:
        link = session.get_one(AccountLink, account)
    kept = [str(getattr(link, column.key)) for column in AccountLink.__table__.columns]
    token = mail.get_content().partition(account_links.PATH)[2].split()[0]
    assert token.startswith(link.nonce)
    assert not any(token in value for value in kept)
    for forged in (link.nonce, "", token[:-1], token + "0", account_links.seal(OTHER_KEY, link.nonce)):
        with pytest.raises(LinkOver):
            office.choose(forged)


@pytest.mark.parametrize(("late", "holds"), [(7 * DAY - MINUTE, True), (7 * DAY, False)])
def test_an_invitation_holds_for_seven_days(office: Office, late: timedelta, holds: bool) -> None:
    office.invite()
    token = office.token()

    if holds:
        assert office.choose(token, now=NOW + late) == "ben"
    else:
        with pytest.raises(LinkOver):
            office.choose(token, now=NOW + late)


def test_whoever_forgot_the_password_gets_a_link_and_the_old_one_holds_until_then(office: Office) -> None:
    office.ask(f" {LOGIN.upper()} ")
    token = office.token()

    assert office.sign_in(LOGIN, PASSWORD) == "ada.reader"
    office.choose(token, now=NOW + 59 * MINUTE)
    with pytest.raises(SignInRefused):
        office.sign_in(LOGIN, PASSWORD)
    assert office.sign_in(LOGIN, NEW) == "ada.reader"


def test_nobody_learns_who_has_an_account_and_asking_has_an_end(office: Office) -> None:
    for turn in range(FAILURES_PER_LOGIN):
        office.ask("nobody@example.org", NOW + turn * timedelta(seconds=1))

    with pytest.raises(TooManyAttempts):
        office.ask("nobody@example.org", NOW + MINUTE)
    assert (office.links(), office.mails()) == (0, [])
    assert office.sign_in(LOGIN, PASSWORD) == "ada.reader", "asking for another's link locks nobody out"


def test_asking_again_at_once_sends_no_second_mail_and_later_only_the_newest_link_holds(office: Office) -> None:
    office.ask(LOGIN)
    first = office.token()
    office.ask(LOGIN, NOW + MINUTE)
    assert office.mails(NOW + MINUTE) == []

    office.ask(LOGIN, NOW + 6 * MINUTE)
    second = office.token(NOW + 6 * MINUTE)

    with pytest.raises(LinkOver):
        office.choose(first, now=NOW + 7 * MINUTE)
    assert office.choose(second, now=NOW + 7 * MINUTE) == "ada.reader"


def test_an_invitation_is_not_cut_short_by_a_stranger_who_asks(office: Office) -> None:
    office.invite()
    office.mails()
    office.ask(INVITED, NOW + DAY)
    token = office.token(NOW + DAY)

    assert office.choose(token, now=NOW + 6 * DAY) == "ben"


def test_a_closed_account_has_no_way_in(office: Office) -> None:
    account = office.invite()
    token = office.token()
    with office.database.transaction() as session:
        accounts.set_active(session, session.get_one(Account, account), active=False)
    office.ask(INVITED, NOW + DAY)

    assert (office.links(), office.mails(NOW + DAY)) == (0, [])
    with pytest.raises(LinkOver):
        office.choose(token)


class Broken:
    """A mail server that is down."""

    def __init__(self) -> None:
        self.tried = 0

    def send(self, letter: Letter) -> None:
        self.tried += 1
        raise OSError("no route")


def test_a_mail_that_cannot_leave_is_tried_again_and_no_other_waits_for_it(office: Office) -> None:
    account = office.invite()
    broken = Broken()

    jobs.deliver(office.database, broken, NOW)
    jobs.deliver(office.database, broken, NOW + MINUTE)

    assert broken.tried == 1
    with office.database.reading() as session:
        assert session.get_one(AccountLink, account).error == "no route"
    assert len(office.mails(NOW + 2 * MINUTE)) == 1


def test_a_worker_that_dies_while_sending_leaves_the_mail_to_the_next(office: Office) -> None:
    office.invite()
    with office.database.transaction() as session:
        assert len(account_links.claim_due(session, NOW)) == 1
    assert office.mails(NOW) == []

    assert len(office.mails(NOW + 3 * MINUTE)) == 1


@pytest.fixture
def demo_accounts(copy_database: Callable[[str, str], str]) -> Iterator[Database]:
    database = Database(copy_database("sqlite", "demo"), durable=False)
    yield database
    database.dispose()


def test_administrators_open_and_close_accounts_with_a_reason_and_never_their_own(demo_accounts: Database) -> None:
    def keep(who: str, act: Callable[..., object], *args: object, **more: object) -> object:
        with demo_accounts.transaction() as session:
            return act(session, "accounts", *args, actor=people.actor_named(session, who), now=NOW, **more)

    with demo_accounts.transaction() as session:
        for code in ("ada", "ben"):
            session.add(Person(code=code, name=code, email=f"{code}@example.org", organisation="WIPO", contract_type="INTL"))
    assert keep("mika.tarn", editing.add_entry, {"person": "ada", "reason": "New colleague"}) == "ada"
    assert keep("mika.tarn", editing.add_entry, {"person": "ben", "active": "no", "reason": "From next month"}) == "ben"
    with demo_accounts.reading() as session:
        links = select(Account.person).join(AccountLink, AccountLink.account == Account.id)
        assert session.scalars(links).all() == ["ada"], "who may not sign in gets no link"
    with pytest.raises(AnswersInvalid):
        keep("mika.tarn", editing.add_entry, {"person": "ada", "reason": "Once more"})
    for who, person, error in (("mika.tarn", "mika.tarn", OwnEntry), ("amina.sorel", "ada", NotKept)):
        with pytest.raises(error):
            keep(who, editing.change_entry, person, {"active": "no", "reason": "Left"}, fingerprint="")

    with demo_accounts.reading() as session:
        account = session.scalars(select(Account).where(Account.person == "ada")).one()
        change = session.scalars(select(RegisterChange).where(RegisterChange.entry == "ada")).one()
    assert (account.login, account.active, change.by, change.reason) == ("ada@example.org", True, "mika.tarn", "New colleague")
