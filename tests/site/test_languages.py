"""Every page speaks the reader's language, and nothing that a person reads is left out of the catalogue."""

from __future__ import annotations

import pytest

from tests.accounts import token_of
from webapp import catalogues
from webapp.extraction import error_classes
from webapp.i18n import NAMES, OFFERED


@pytest.mark.parametrize("language", [language for language in OFFERED if language != "en"])
def test_an_offered_language_misses_no_message(language):
    missing = [f"{', '.join(place for place, _ in message.locations)}: {message.id}" for message in catalogues.missing(language)]

    assert not missing, "run `make translations`, then translate:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", [language for language in OFFERED if language != "en"])
def test_a_translation_names_the_same_facts_as_the_message(language):
    wrong = [
        f"{message.id} -> {message.string}"
        for message in catalogues.read(language)
        if message.id and message.string and names_in(message.id) != names_in(message.string)
    ]

    assert not wrong


def names_in(text):
    import re

    text = text if isinstance(text, str) else text[0]
    return set(re.findall(r"\{(\w+)[^}]*\}", text)) | set(re.findall(r"%\((\w+)\)", text))


def test_sentences_of_errors_and_problems_are_messages():
    collected = {message.id for message in catalogues.collect()}

    assert "You are not allowed to do this." in collected
    assert "{by} decided this at {at}: {outcome}. Your answers are kept as a draft." in collected
    assert "This form has no field called {name}." in collected
    assert {"SafeconductError", "AlreadyDecided", "AnswersInvalid"} <= error_classes()


def test_a_stranger_reads_the_language_of_the_browser(client):
    page = client.get("/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}).text

    assert '<html lang="zh" dir="ltr">' in page
    assert "登录" in page


def test_a_language_that_is_not_offered_falls_back(client):
    assert '<html lang="en" dir="ltr">' in client.get("/sign-in", headers={"Accept-Language": "nl"}).text


def test_the_switch_changes_the_language_and_comes_back(client):
    token = token_of(client.get("/sign-in", headers={"Accept-Language": "en"}).text)

    answer = client.post("/language", data={"locale": "zh", "next": "/sign-in?next=/profile", "csrf_token": token})

    assert answer.location == "/sign-in?next=/profile"
    assert '<html lang="zh"' in client.get("/sign-in", headers={"Accept-Language": "en"}).text


def test_the_language_of_a_person_is_kept_in_the_profile(app, reader):
    from tests.accounts import sign_in

    token = token_of(reader.get("/profile").text)
    reader.post("/language", data={"locale": "zh", "csrf_token": token})

    elsewhere = sign_in(app.test_client())

    assert '<html lang="zh"' in elsewhere.get("/profile").text


def test_an_unknown_language_changes_nothing(client):
    token = token_of(client.get("/sign-in").text)

    assert client.post("/language", data={"locale": "xx", "csrf_token": token}).status_code == 303
    assert '<html lang="en"' in client.get("/sign-in").text


def test_every_language_of_the_house_has_its_own_name():
    assert list(NAMES) == ["en", "fr", "es", "ru", "zh", "ar"]
    assert set(OFFERED) <= set(NAMES)
