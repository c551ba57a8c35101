"""Passwords are chosen by whoever they are for: by a link that is sent once, holds for a while, and opens nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial

import pytest
from sqlalchemy import delete, select, text

from services import account_links, accounts, jobs, people
from services.account_links import LinkOver
from services.accounts import AddressTaken, HasAccount, NoAccount
from services.database import Database
from services.mailers import MemoryMailer
from services.models.account_links import AccountLink
from services.models.people import Account, Person
from services.models.register_changes import RegisterChange
from services.outbox import MOST_ATTEMPTS, Letter
from services.people import FAILURES_PER_LOGIN, PasswordRefused, SignInRefused, TooManyAttempts
from services.registry import editing
from services.registry.errors import NotKept, OwnEntry
from services.registry.reading import find_register, find_row, read_entry
from tests.accounts import LOGIN, PASSWORD, add_account
from tests.databases import NOW
from workflows.errors import AnswersInvalid

KEY, OTHER_KEY = "of this installation", "of another one"
NEW, WHO = "five plain words right here", "lina.marchetti"
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
        accounts.set_active(session, session.get_one(Account, account), active=False, now=NOW)
    office.ask(INVITED, NOW + DAY)

    assert [mail["Subject"] for mail in office.mails(NOW + DAY)] == ["Your account is closed"]
    assert office.links() == 0
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


def test_an_account_has_one_person_and_one_address_however_it_is_written(office: Office) -> None:
    with office.database.transaction() as session:
        session.get_one(Person, "ben").email = " Ben.Starter@Example.org"
        session.add(Person(code="eve", name="Eve", email=LOGIN.upper(), organisation="UNEX", contract_type="INTL"))
    office.invite()
    assert office.choose(office.token()) == "ben"
    assert office.sign_in(INVITED, NEW) == "ben"

    with office.database.transaction() as session:
        session.get_one(Person, "ben").email = "another@example.org"
    for code in ("ben", "eve"):
        with pytest.raises(HasAccount), office.database.transaction() as session:
            accounts.open_account(session, session.get_one(Person, code), now=NOW)


def test_an_account_follows_the_address_of_its_person_and_both_addresses_are_told(office: Office) -> None:
    moved = "ben.mover@example.org"

    def move(address: str) -> None:
        with office.database.transaction() as session:
            account = session.scalars(select(Account).where(Account.person == "ben")).one()
            account.holder.email = address
            accounts.follow_address(session, account, now=NOW)

    office.invite()
    before = office.token()
    move(f" {moved.upper()}")
    mails = {str(mail["To"]): mail.get_content() for mail in office.mails()}
    assert sorted(mails) == [f"Ben Starter <{moved}>"] * 1 + [f"Ben Starter <{INVITED}>"]
    move(moved)
    assert office.mails() == [], "it has the address already"
    with pytest.raises(LinkOver):
        office.choose(before)
    office.ask(moved, NOW + DAY)
    office.choose(office.token(NOW + DAY), now=NOW + DAY)
    assert office.sign_in(moved, NEW) == "ben"
    with pytest.raises(SignInRefused):
        office.sign_in(INVITED, NEW)
    with pytest.raises(AddressTaken):
        move(LOGIN.upper())
    assert office.sign_in(moved, NEW) == "ben"


def test_a_link_on_its_way_goes_to_the_address_that_an_account_follows_and_an_old_one_nowhere(office: Office) -> None:
    def move(address: str, now: datetime) -> list[str]:
        with office.database.transaction() as session:
            account = session.scalars(select(Account).where(Account.person == "ben")).one()
            account.holder.email = address
            accounts.follow_address(session, account, now=now)
        return sorted(f"{mail['To']} {'link' if account_links.PATH in mail.get_content() else ''}" for mail in office.mails(now))

    office.invite()
    first = move("first@example.org", NOW)
    late = move("second@example.org", NOW + 9 * DAY)

    assert len([mail for mail in first if mail.startswith("Ben Starter <first@") and mail.endswith("link")]) == 1
    assert not [mail for mail in first if INVITED in mail and mail.endswith("link")]
    assert (len(late), [mail for mail in late if mail.endswith("link")], office.links()) == (2, [], 0)


def test_a_password_that_could_never_be_typed_again_is_refused(office: Office) -> None:
    office.invite()
    token = office.token()

    with pytest.raises(PasswordRefused):
        office.choose(token, "x" * 129)
    office.choose(token, "x" * 128)
    assert office.sign_in(INVITED, "x" * 128) == "ben"


def test_a_link_for_a_forgotten_password_holds_for_an_hour_and_is_not_mailed_after_it(office: Office) -> None:
    office.ask(LOGIN)
    token = office.token()
    with pytest.raises(LinkOver):
        office.choose(token, now=NOW + 60 * MINUTE)

    office.ask(LOGIN, NOW + DAY)
    assert office.mails(NOW + DAY + 60 * MINUTE) == []


def test_a_link_opens_nothing_once_its_account_is_closed_in_whatever_way(office: Office) -> None:
    account = office.invite()
    token = office.token()
    with office.database.transaction() as session:
        session.get_one(Account, account).active = False

    with pytest.raises(LinkOver):
        office.choose(token)
    with pytest.raises(NoAccount), office.database.reading() as session:
        accounts.find_by_login(session, "ben")


def test_a_mail_that_never_leaves_is_given_up_and_the_next_link_begins_anew(office: Office) -> None:
    office.invite()
    broken, later = Broken(), NOW
    for turn in range(MOST_ATTEMPTS + 3):
        later = NOW + turn * timedelta(hours=7)
        jobs.deliver(office.database, broken, later)
    assert broken.tried == MOST_ATTEMPTS

    office.ask(INVITED, later)
    jobs.deliver(office.database, broken, later)

    assert broken.tried == MOST_ATTEMPTS + 1
    assert len(office.mails(later + 2 * MINUTE)) == 1


def test_a_mail_that_leaves_late_does_not_count_for_a_newer_link(office: Office) -> None:
    office.ask(LOGIN)
    with office.database.transaction() as session:
        ((nonce, _),) = account_links.claim_due(session, NOW)
    office.ask(LOGIN, NOW + 6 * MINUTE)

    with office.database.transaction() as session:
        account_links.settle(session, nonce, None, now=NOW + 6 * MINUTE)

    assert office.choose(office.token(NOW + 6 * MINUTE), now=NOW + 7 * MINUTE) == "ada.reader"


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_two_workers_never_send_one_link_twice(office: Office) -> None:
    office.invite()

    with office.database.transaction() as first, office.database.transaction() as second:
        second.execute(text("SET LOCAL lock_timeout = '2s'"))
        claimed = [len(account_links.claim_due(session, NOW)) for session in (first, second)]

    assert claimed == [1, 0]


def test_whoever_asks_for_anothers_link_locks_nobody_out_and_the_mail_says_what_it_is_for(office: Office) -> None:
    for turn in range(FAILURES_PER_LOGIN):
        office.ask(LOGIN, NOW + turn * timedelta(seconds=1))
    with pytest.raises(TooManyAttempts):
        office.ask(LOGIN, NOW + MINUTE)

    assert office.sign_in(LOGIN, PASSWORD, NOW + MINUTE) == "ada.reader"
    (mail,) = office.mails(NOW + MINUTE)
    assert mail["Subject"] == "Choose a new password"


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


def test_an_account_is_closed_by_its_register_with_the_link_that_was_on_its_way(demo_accounts: Database) -> None:
    with demo_accounts.transaction() as session:
        actor = people.actor_named(session, "mika.tarn")
        session.add(Person(code="ada", name="Ada", email="ada@example.org", organisation="WIPO", contract_type="INTL"))
        session.flush()
        editing.add_entry(session, "accounts", {"person": "ada", "reason": "New colleague"}, actor=actor, now=NOW)
        register, reader = find_register(session, "accounts", actor=actor, now=NOW)
        seen = read_entry(session, register, "ada", reader=reader).fingerprint
        closed = {"active": "no", "reason": "Left"}
        assert editing.change_entry(session, "accounts", "ada", closed, fingerprint=seen, actor=actor, now=NOW)

    with demo_accounts.reading() as session:
        account = session.scalars(select(Account).where(Account.person == "ada")).one()
        assert (account.active, session.get(AccountLink, account.id)) == (False, None)


def test_an_address_is_changed_by_two_registers_and_nobody_names_one_for_an_account(demo_accounts: Database) -> None:
    def change(who: str, register: str, entry: str, **typed: str) -> bool:
        with demo_accounts.transaction() as session:
            actor = people.actor_named(session, who)
            found, reader = find_register(session, register, actor=actor, now=NOW)
            seen = read_entry(session, found, entry, reader=reader)
            kept = {
                name: "" if value is None else str(value)
                for name, value in find_row(session, found, entry, reader=reader).values.items()
            }
            kept |= {name: {"True": "yes", "False": "no"}.get(value, value) for name, value in kept.items()}
            raw = {**kept, "reason": "Married", **typed}
            return editing.change_entry(session, register, entry, raw, fingerprint=seen.fingerprint, actor=actor, now=NOW)

    def login() -> str:
        with demo_accounts.reading() as session:
            return session.scalars(select(Account.login).where(Account.person == WHO)).one()

    for wrong in ("lina", "lina@", "@b.example", "a b@c.example", "a@b@c.example", "<a@b.example>"):
        with pytest.raises(AnswersInvalid, match="is not an e-mail address"):
            change("greta.holm", "people", WHO, email=wrong)
    before = login()
    assert change("greta.holm", "people", WHO, email="Lina.New@Example.org")
    assert login() == before, "the register of people moves no account"
    for stranger in ("mika@elsewhere.example", before + "x"):
        with pytest.raises(AnswersInvalid, match="not the address that the register of people has"):
            change("mika.tarn", "accounts", WHO, login=stranger)
    assert change("mika.tarn", "accounts", WHO, login="")
    assert not change("mika.tarn", "accounts", WHO, login=""), "it has the address already"
    assert login() == "lina.new@example.org"

    assert change("mika.tarn", "people", WHO, email="lina.third@example.org")
    assert change("greta.holm", "people", WHO, post="Senior examiner")
    with pytest.raises(AnswersInvalid, match="yourself"):
        change("mika.tarn", "accounts", WHO, login="")
    assert login() == "lina.new@example.org"

    assert change("greta.holm", "people", WHO, email="mika.tarn@demo.example")
    with pytest.raises(AnswersInvalid, match="somebody else"):
        change("mika.tarn", "accounts", WHO, login="mika.tarn@demo.example")
    assert login() == "lina.new@example.org"
    with pytest.raises(OwnEntry):
        change("mika.tarn", "accounts", "mika.tarn", login="")


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_a_link_that_two_use_at_one_moment_is_used_once(office: Office) -> None:
    office.invite()
    token = office.token()
    said: list[str] = []

    def also() -> None:
        try:
            said.append(office.choose(token, "another five plain words"))
        except LinkOver:
            said.append("over")

    second = threading.Thread(target=also)
    with office.database.transaction() as session:
        account_links.choose_password(session, token, key=KEY, new=NEW, now=NOW)
        session.flush()
        second.start()
        second.join(1)  # it waits for the first
    second.join()

    assert said == ["over"]
    assert office.sign_in(INVITED, NEW) == "ben"


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_of_two_who_ask_for_a_link_at_one_moment_the_second_finds_the_first(office: Office) -> None:
    office.invite()
    with office.database.transaction() as session:
        session.execute(delete(AccountLink))
    asked: list[str] = []

    def also() -> None:
        with office.database.transaction() as session:
            account_links.request_link(session, INVITED, address="192.0.2.2", now=NOW)
        asked.append("answered")

    second = threading.Thread(target=also)
    with office.database.transaction() as session:
        account_links.request_link(session, INVITED, address="192.0.2.1", now=NOW)
        session.flush()
        second.start()
        second.join(1)  # it waits for the first
    second.join()

    assert asked == ["answered"]
    with office.database.reading() as session:
        assert len(session.scalars(select(AccountLink)).all()) == 1
