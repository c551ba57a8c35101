"""Who gets in, who does not, and what a session is worth afterwards."""

from __future__ import annotations

import pytest

from tests.accounts import LOGIN, PASSWORD, add_account, sign_in, token_of
from tests.databases import NOW


@pytest.fixture
def account(sqlite_database):
    return add_account(sqlite_database, now=NOW)


def attempt(client, *, login=LOGIN, password=PASSWORD, **more):
    token = token_of(client.get("/sign-in").text)
    return client.post("/sign-in", data={"login": login, "password": password, "csrf_token": token, **more})


def test_a_person_signs_in_and_comes_to_the_page_they_wanted(client, account):
    answer = attempt(client, next="/profile")

    assert answer.status_code == 303
    assert answer.location == "/profile"
    assert "Ada Reader" in client.get("/profile").text


@pytest.mark.parametrize(("login", "password"), [(LOGIN, "wrong"), ("nobody@example.org", PASSWORD), ("", "")])
def test_wrong_login_and_wrong_password_look_alike(client, account, login, password):
    answer = attempt(client, login=login, password=password)

    assert answer.status_code == 422
    assert answer.text.count("The e-mail address or the password is not right.") == 2
    assert "<title>Error: Sign in" in answer.text


def test_what_was_typed_as_login_stays_and_the_password_does_not(client, account):
    page = attempt(client, password="a wrong password").text

    assert f'value="{LOGIN}"' in page
    assert "a wrong password" not in page


def test_after_ten_failures_even_the_right_password_has_to_wait(client, account, clock):
    for _ in range(10):
        attempt(client, password="wrong")

    assert attempt(client).status_code == 429

    clock.advance(minutes=16)
    assert attempt(client).status_code == 303


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t//evil", "javascript:alert(1)", "evil"]
)
def test_signing_in_never_leads_to_another_site(client, account, target):
    assert attempt(client, next=target).location == "/"


def test_signing_out_closes_the_pages(reader):
    token = token_of(reader.get("/profile").text)
    assert reader.post("/sign-out", data={"csrf_token": token}).status_code == 303

    assert reader.get("/profile").status_code == 302


def test_a_new_password_ends_all_other_sessions(app, reader):
    elsewhere = sign_in(app.test_client())
    token = token_of(reader.get("/profile").text)

    passwords = {"old_password": PASSWORD, "new_password": "another four plain words"}
    changed = reader.post("/profile/password", data={"csrf_token": token, **passwords})

    assert changed.status_code == 303
    assert reader.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("wrong", "another four plain words", "The current password is not right."),
        (PASSWORD, "short", "A password needs between 12 and 128 characters."),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(reader, old, new, sentence):
    token = token_of(reader.get("/profile").text)

    refused = reader.post("/profile/password", data={"csrf_token": token, "old_password": old, "new_password": new})

    assert refused.status_code == 422
    assert refused.text.count(sentence) == 2


def test_a_closed_account_is_out_at_once(reader, sqlite_database):
    with sqlite_database.transaction() as session:
        from services.models.people import Account

        session.query(Account).one().active = False

    assert reader.get("/profile").status_code == 302


def test_a_session_begins_anew_when_somebody_signs_in(client, account):
    before = client.get("/sign-in")
    old = before.headers["Set-Cookie"].partition(";")[0]
    attempt(client)

    assert client.get_cookie("safeconduct").value not in old
