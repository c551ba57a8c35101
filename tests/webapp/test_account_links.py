"""Choosing a password at the browser, and the commands that open the first way in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from lxml import html
from sqlalchemy import select

from services import account_links, people
from services.models.account_links import AccountLink
from services.models.areas import Area
from services.models.definitions import ProcessVersion
from services.models.people import Account
from tests.accounts import LOGIN, PASSWORD, add_account, sign_in, token_of
from tests.databases import NOW
from tests.pages import flaws_of
from webapp.cli import main
from webapp.settings import read_settings

NEW = "five plain words right here"
MAIL = "smtp://mail.example.org"


@pytest.fixture
def account(sqlite_database):
    return add_account(sqlite_database, now=NOW)


@pytest.fixture
def browser(make_app, sqlite_database, account):
    return make_app(sqlite_database, mail=MAIL).test_client()


def ask(browser, login=LOGIN):
    return browser.post("/forgotten", data={"login": login, "csrf_token": token_of(browser.get("/forgotten").text)})


def address_of(browser, database, account):
    with database.reading() as session:
        nonce = session.get_one(AccountLink, account).nonce
    return account_links.PATH + account_links.seal(browser.application.config["SECRET_KEY"], nonce)


def choose(browser, address, new=NEW, again=NEW):
    return browser.post(address, data={"new_password": new, "again": again, "csrf_token": token_of(browser.get(address).text)})


def test_whoever_forgot_the_password_is_in_with_a_new_one(browser, sqlite_database, account):
    assert 'href="/forgotten"' in browser.get("/sign-in").text
    sent = ask(browser)
    address = address_of(browser, sqlite_database, account)
    shown = [browser.get(address) for _ in range(2)]  # a mail program may open it first

    assert [flaws_of(page.text) for page in (browser.get("/forgotten"), sent, *shown)] == [[], [], [], []]
    assert (sent.status_code, [page.status_code for page in shown]) == (200, [200, 200])
    answer = choose(browser, address)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Ada Reader" in browser.get("/profile").text
    with sqlite_database.transaction() as session:
        assert people.sign_in(session, login=LOGIN, password=NEW, address="x", now=NOW).person == "ada.reader"


def test_the_answer_is_the_same_for_an_address_that_nobody_has(browser):
    known, unknown = (ask(browser, login).text.replace(login, "") for login in (LOGIN, "nobody@example.org"))

    assert re.sub(r'value="[^"]{20,}"', "", known) == re.sub(r'value="[^"]{20,}"', "", unknown)
    assert ask(browser, " ").status_code == 422


def test_what_does_not_do_as_a_password_is_said_and_the_link_stays(browser, sqlite_database, account):
    ask(browser)
    address = address_of(browser, sqlite_database, account)

    short, other = choose(browser, address, "short", "short"), choose(browser, address, NEW, "something else here")

    assert (short.status_code, other.status_code) == (422, 422)
    assert "A password needs between 12 and 128 characters." in short.text
    assert "The two do not agree." in other.text
    assert NEW not in other.text
    assert choose(browser, address).status_code == 303


def test_a_link_that_is_over_says_so_and_shows_the_way_to_another(browser, sqlite_database, account, clock):
    ask(browser)
    address = address_of(browser, sqlite_database, account)
    clock.now += timedelta(hours=2)

    for gone in (address, account_links.PATH + "x", account_links.PATH + "é" * 96):
        answer = browser.get(gone)
        assert (answer.status_code, flaws_of(answer.text)) == (410, [])
        assert 'href="/forgotten"' in answer.text
    token = token_of(browser.get("/sign-in").text)
    assert browser.post(address, data={"new_password": NEW, "again": NEW, "csrf_token": token}).status_code == 410


def test_a_new_password_ends_the_sessions_of_before(browser, make_app, sqlite_database, account):
    other = sign_in(make_app(sqlite_database).test_client())
    assert other.get("/profile").status_code == 200
    ask(browser)

    choose(browser, address_of(browser, sqlite_database, account))

    assert other.get("/profile").status_code == 302


def test_without_mail_the_way_is_an_administrator(make_app, sqlite_database):
    page = make_app(sqlite_database).test_client().get("/forgotten").text

    assert flaws_of(page) == []
    assert "Ask an administrator for a link" in page
    assert not html.document_fromstring(page).xpath("//input[@name='login']")


@pytest.fixture
def run(sqlite_database, monkeypatch):
    monkeypatch.setenv("SAFECONDUCT_DATABASE_URL", sqlite_database.url)
    monkeypatch.setenv("SAFECONDUCT_ADDRESS", "https://clear.example.org")
    return lambda *words: CliRunner().invoke(main, words)


def test_an_installation_begins_with_its_first_administrator(run, make_app, sqlite_database):
    said = ("begin", "--name", "Ada Lund", "--email", "Ada.Lund@example.org", "--organisation", "unex")

    first = run(*said, "--organisation-name", "UN Example", "--zone", "Africa/Nairobi", "--locale", "es")
    second = run(*said, "--organisation-name", "UN Example")

    assert (first.exit_code, second.exit_code) == (0, 1)
    assert "There are people in this database already." in second.output
    page = sign_in(make_app(sqlite_database).test_client(), "ada.lund@example.org").get("/registers").text
    steps = html.document_fromstring(page).xpath("//ol//a/@href")
    assert (flaws_of(page), steps) == ([], [f"/registers/{key}" for key in ("areas", "people", "role-holdings", "accounts")])
    key = read_settings().secret_key
    token = re.search(r"https://clear\.example\.org/account/(\S+)", first.output)[1]
    with sqlite_database.transaction() as session:
        assert account_links.open_link(session, token, key=key, now=NOW - timedelta(days=365)).sent_at is not None
        account = session.scalars(select(Account)).one()
        assert (account.person, account.login, account.locale) == ("ada.lund", "ada.lund@example.org", "es")
        assert {area.zone for area in session.scalars(select(Area))} == {"Africa/Nairobi"}
        assert "travel_clearance" in session.scalars(select(ProcessVersion.key)).all()


def test_the_first_administrator_is_called_as_was_asked(run, sqlite_database):
    said = ("begin", "--name", "Ada Lund", "--email", "ada.lund@example.org", "--organisation", "UNEX", "--code", "Chief")

    assert run(*said, "--organisation-name", "UN Example").exit_code == 0
    with sqlite_database.reading() as session:
        assert session.scalars(select(Account.person)).all() == ["chief"]


@pytest.mark.parametrize(("option", "value"), [("--zone", "Nowhere/Land"), ("--email", "ada"), ("--locale", "de")])
def test_what_cannot_be_is_said_before_anything_begins(run, sqlite_database, option, value):
    given = {"--name": "Ada", "--email": "a@example.org", "--organisation": "UNEX", "--organisation-name": "UN", option: value}

    answer = run("begin", *(word for pair in given.items() for word in pair))

    assert answer.exit_code == 2
    with sqlite_database.reading() as session:
        assert session.scalars(select(Account)).all() == []


def test_whoever_is_locked_out_gets_a_link_handed_over(run, sqlite_database, account):
    by_login, by_person = run("account", "link", LOGIN), run("account", "link", "ada.reader")

    assert run("account", "link", "nobody").output == "There is no account of nobody with which anybody may sign in.\n"
    token = by_person.output.strip().rpartition("/")[2]
    assert by_login.output != by_person.output
    with sqlite_database.transaction() as session:
        assert (
            account_links.choose_password(
                session, token, key=read_settings().secret_key, new=PASSWORD, now=NOW - timedelta(days=365)
            ).person
            == "ada.reader"
        )


def test_whoever_asks_too_often_is_told_to_wait_whatever_logins_are_tried(browser):
    token = token_of(browser.get("/forgotten").text)
    answers = [browser.post("/forgotten", data={"login": f"x{turn}@example.org", "csrf_token": token}) for turn in range(51)]

    assert [answer.status_code for answer in answers] == [200] * 50 + [429]
    assert "Wait 15 minutes" in answers[-1].text
    assert html.document_fromstring(answers[-1].text).xpath("//input[@name='login']")
    assert flaws_of(answers[-1].text) == []


def test_a_link_that_is_handed_over_holds_for_an_hour_and_no_mail_brings_it_too(run, sqlite_database, account):
    assert run("account", "link", LOGIN).exit_code == 0
    with sqlite_database.transaction() as session:
        link = session.get_one(AccountLink, account)
        assert (link.expires_at - link.made_at, link.sent_at) == (timedelta(hours=1), link.made_at)
        session.get_one(Account, account).active = False

    assert run("account", "link", LOGIN).output == f"There is no account of {LOGIN} with which anybody may sign in.\n"
