"""Signing in, and who acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services import people
from services.database import Database
from services.errors import NotAllowed, NotFound
from services.models.people import Account, SignInAttempt
from services.people import PasswordRefused, SignInRefused, TooManyAttempts

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LOGIN = "lina.marchetti@demo.example"
PASSWORD = "safeconduct-demo"


def try_to_sign_in(
    database: Database, *, login: str = LOGIN, password: str = PASSWORD, address: str = "192.0.2.1", now: datetime = NOW
) -> Account:
    with database.transaction() as session:
        return people.sign_in(session, login=login, password=password, address=address, now=now)


def count_attempts(database: Database) -> int:
    with database.reading() as session:
        return session.query(SignInAttempt).count()


def test_the_right_password_opens_the_account(demo_database: Database) -> None:
    account = try_to_sign_in(demo_database, login=" Lina.Marchetti@demo.example ")

    assert (account.person, account.get_id(), account.is_active) == ("lina.marchetti", account.id, True)
    assert (account.is_authenticated, account.is_anonymous) == (True, False)
    assert account.signed_in_at == NOW


@pytest.mark.parametrize(("login", "password"), [(LOGIN, "wrong"), ("nobody@demo.example", PASSWORD), (LOGIN, "")])
def test_a_wrong_password_and_an_unknown_login_look_alike_and_leave_a_trace(
    demo_database: Database, login: str, password: str
) -> None:
    with pytest.raises(SignInRefused):
        try_to_sign_in(demo_database, login=login, password=password)

    assert count_attempts(demo_database) == 1


def test_a_closed_account_is_refused_like_a_wrong_password(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        session.query(Account).filter_by(login=LOGIN).one().active = False

    with pytest.raises(SignInRefused):
        try_to_sign_in(demo_database)


def test_guessing_one_login_is_stopped_and_opens_again_later(demo_database: Database) -> None:
    remember_failures(demo_database, people.FAILURES_PER_LOGIN)

    with pytest.raises(TooManyAttempts):
        try_to_sign_in(demo_database)
    later = NOW + people.ATTEMPT_WINDOW
    assert try_to_sign_in(demo_database, now=later).person == "lina.marchetti"


def test_guessing_many_logins_from_one_address_is_stopped(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        session.add_all(
            SignInAttempt(login=f"{n:064}", address="192.0.2.1", at=NOW, succeeded=False)
            for n in range(people.FAILURES_PER_ADDRESS)
        )

    with pytest.raises(TooManyAttempts):
        try_to_sign_in(demo_database)
    assert try_to_sign_in(demo_database, address="192.0.2.2").person == "lina.marchetti"


def test_a_success_forgives_the_failures_before_it(demo_database: Database) -> None:
    remember_failures(demo_database, people.FAILURES_PER_LOGIN - 1)

    try_to_sign_in(demo_database, address="192.0.2.9")
    remember_failures(demo_database, people.FAILURES_PER_LOGIN - 1, at=NOW + timedelta(minutes=1))

    assert try_to_sign_in(demo_database, address="192.0.2.9", now=NOW + timedelta(minutes=2)).person == "lina.marchetti"


def remember_failures(database: Database, count: int, *, at: datetime = NOW) -> None:
    key = people._login_key(LOGIN)
    with database.transaction() as session:
        session.add_all(SignInAttempt(login=key, address=f"198.51.100.{n}", at=at, succeeded=False) for n in range(count))


def test_a_hash_of_older_strength_is_replaced_on_the_way(demo_database: Database) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with demo_database.transaction() as session:
        session.query(Account).filter_by(login=LOGIN).one().password_hash = weak

    try_to_sign_in(demo_database)

    with demo_database.reading() as session:
        assert session.query(Account).filter_by(login=LOGIN).one().password_hash != weak


def test_logins_are_not_kept_readable(demo_database: Database) -> None:
    with pytest.raises(SignInRefused):
        try_to_sign_in(demo_database, login="my-own-password")

    with demo_database.reading() as session:
        assert "my-own-password" not in {attempt.login for attempt in session.query(SignInAttempt)}


def test_old_attempts_are_forgotten(demo_database: Database) -> None:
    remember_failures(demo_database, 3)

    with demo_database.transaction() as session:
        people.forget_sign_in_attempts(session, now=NOW + timedelta(hours=2))

    assert count_attempts(demo_database) == 0


def test_the_actor_behind_an_account_is_the_person(demo_database: Database) -> None:
    with demo_database.reading() as session:
        actor = people.actor_named(session, "lina.marchetti")

        assert people.actor_for(session, actor.account) == actor
        assert actor.name == "Lina Marchetti"
        with pytest.raises(NotFound):
            people.actor_for(session, "nobody")
        with pytest.raises(NotFound):
            people.actor_named(session, "nobody")


def test_names_are_found_by_code(demo_database: Database) -> None:
    with demo_database.reading() as session:
        names = people.names_of(session, ["lina.marchetti", "system", "gone.away"])

    assert names == {"lina.marchetti": "Lina Marchetti", "system": "Safeconduct", "gone.away": "gone.away"}


def test_a_password_is_changed_by_whoever_knows_the_old_one(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        actor = people.actor_named(session, "lina.marchetti")
        people.change_password(session, actor=actor, old=PASSWORD, new="a longer one than before", now=NOW)

    assert try_to_sign_in(demo_database, password="a longer one than before").person == "lina.marchetti"
    with demo_database.transaction() as session, pytest.raises(NotAllowed):
        people.change_password(session, actor=actor, old=PASSWORD, new="whatever it may be", now=NOW)
    with demo_database.transaction() as session, pytest.raises(PasswordRefused):
        people.change_password(session, actor=actor, old="a longer one than before", new="short", now=NOW)


def test_the_language_is_one_of_six(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        actor = people.actor_named(session, "lina.marchetti")
        people.choose_locale(session, actor=actor, locale="ar")
        with pytest.raises(people.LocaleRefused):
            people.choose_locale(session, actor=actor, locale="xx")

    with demo_database.reading() as session:
        assert people.actor_named(session, "lina.marchetti").locale == "ar"


def test_an_appearance_that_there_is_not_follows_the_system(demo_database: Database) -> None:
    with demo_database.transaction() as session:
        actor = people.actor_named(session, "lina.marchetti")
        account = people.find_account(session, actor.account)
        assert account
        kept = []
        for wanted in ("dark", "light", "purple"):
            people.choose_appearance(session, actor=actor, wanted=wanted)
            kept.append(account.appearance)

    assert kept == ["dark", "light", "system"]
