"""Every page speaks the reader's language, and nothing that a person reads is left out of the catalogue."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from services import notices, oversight
from services.definitions import process_folders, read_folder
from services.roles import ROLES
from tests.accounts import token_of
from webapp import catalogues
from webapp.extraction import error_classes
from webapp.i18n import NAMES, OFFERED
from webapp.preparing import PROCESSES
from workflows.packages.wording import wordings

OTHERS = [language for language in OFFERED if language != "en"]
NOTICES = Path(__file__).resolve().parents[2] / "services" / "notices" / "messages"
#: Messages that may read like the English one in languages of Latin letters: names, codes, signs, and words that are spelt alike.
SAME = re.compile(r"[^a-z]*|Safeconduct|BSAFE|CSV|PDF|TRIP|SHA-256")
WORDS = re.compile(r"[^\W\d_]{2,}")
#: A text of code that begins and ends as a sentence does, and names of variables that hold what goes wrong inside of a program.
SENTENCE = re.compile(r"[A-Z“{].* .*[.?!]|[A-Z“{].*: \{\w+\}")
TECHNICAL = {"message", "reason"}
FACTS = re.compile(r"\{(\w*)[^}]*\}|%\((\w+)\)[sd]")


def test_an_offered_language_misses_no_message():
    template = catalogues.collect()

    missing = [
        f"{language}, {', '.join(place for place, _ in message.locations)}: {message.id}"
        for language in OTHERS
        for message in catalogues.missing(language, template)
    ]
    assert not missing, "run `make translations`, then translate:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_as_whole_as_its_message(language):
    catalogue = catalogues.read(language)

    wrong = [
        f"{message.id} -> {message.string}: {flaw}" for message in catalogue for flaw in flaws_of_message(message, catalogue)
    ]

    assert not wrong, "\n".join(wrong)


def flaws_of_message(message, catalogue):
    """Say what a translation lacks: a form for a number, a fact, the space at an end."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    if not message.id or not any(forms):
        return
    if isinstance(message.id, tuple):
        if len(forms) != catalogue.num_plurals or not all(forms):
            yield f"it needs {catalogue.num_plurals} forms"
        # A form for one or for two may say the number in a word.
        if any(not facts_in(form) <= facts_in(message.id[1]) for form in forms) or facts_in(forms[-1]) != facts_in(message.id[1]):
            yield "other facts"
        return
    if facts_in(message.id) != facts_in(message.string):
        yield "other facts"
    # Chinese has no spaces between words.
    if str(catalogue.locale) != "zh" and ends_of(message.id) != ends_of(message.string):
        yield "other spaces at its ends"


def facts_in(text):
    return {"".join(found) for found in FACTS.findall(text)}


def ends_of(text):
    return text[:1].isspace(), text[-1:].isspace()


@pytest.mark.parametrize("language", ["ru", "zh", "ar"])
def test_no_message_is_left_in_english(language):
    """In languages with letters of their own a translation that has none of them was forgotten."""
    same = [
        message.id
        for message in catalogues.read(language)
        if message.id and message.string == message.id and not SAME.fullmatch(FACTS.sub("", message.id))
    ]

    assert same == []


@pytest.mark.parametrize("language", ["fr", "es"])
def test_hardly_a_sentence_reads_like_the_english_one(language):
    """Single words may be spelt alike; sentences are not."""
    same = [
        message.id
        for message in catalogues.read(language)
        if isinstance(message.id, str) and message.string == message.id and len(WORDS.findall(FACTS.sub("", message.id))) > 3
    ]

    assert same == []


def test_notices_that_all_processes_have_are_written_in_every_language():
    for code, message in notices.common().items():
        assert set(message.texts) == set(OFFERED), code
        assert {language for language in OFFERED if message.mentioned(language) != message.mentioned("en")} == set(), code
    assert len(notices.common()) >= len(list(NOTICES.glob("N-ALL-*.md"))) > 0


def test_duties_are_said_in_every_language():
    for duty in oversight.read_duties():
        assert set(duty.said) == set(OFFERED), duty.key
        assert len(set(duty.said.values())) == len(OFFERED), f"{duty.key} is said alike in two languages"


@pytest.mark.parametrize("folder", [folder.name for folder in process_folders(PROCESSES)])
def test_pieces_of_sentences_of_a_process_keep_the_spaces_at_their_ends(folder):
    texts = read_folder(PROCESSES / folder).texts

    assert set(texts) >= set(OTHERS)
    for language in OTHERS:
        pieces = texts[language].get("texts", {})
        # Chinese has no spaces between words, and French a narrow one before its signs.
        wrong = [piece for piece, said in pieces.items() if language != "zh" and differs_at_ends(piece, said)]
        assert wrong == [], language


@pytest.mark.parametrize("folder", [folder.name for folder in process_folders(PROCESSES)])
def test_no_sentence_of_a_process_is_left_in_english(folder):
    package = read_folder(PROCESSES / folder)

    for language in OTHERS:
        spoken = {(table, name): text for table, texts in package.texts[language].items() for name, text in texts.items()}
        written = {(each.table, name): each.written for each in wordings(package) for name in each.names}
        left = [text for place, text in spoken.items() if written.get(place) == text and len(text.split()) > 3]
        assert left == [], language


@pytest.mark.parametrize("folder", [folder.name for folder in process_folders(PROCESSES)])
def test_what_decision_tables_compare_with_has_words_in_every_language(folder):
    """A role has its name already; whatever else stands in a row is read by somebody who asks why."""
    package = read_folder(PROCESSES / folder)
    asked = [each for each in wordings(package) if each.table == "values" and each.written not in ROLES]

    for language in OFFERED:
        assert [each.names for each in asked if not package.find_text(language, each.table, *each.names)] == [], language


@pytest.mark.parametrize("folder", [folder.name for folder in process_folders(PROCESSES)])
def test_decision_tables_and_their_columns_are_named_in_words(folder):
    package = read_folder(PROCESSES / folder)
    named = [each for each in wordings(package) if each.table in {"tables", "columns"}]

    assert [each.names for each in named if "_" in each.written] == []
    assert [each.names for each in named if package.find_text("en", each.table, *each.names) != each.written] == []


def differs_at_ends(piece, said):
    return bool(piece.strip()) and any(one and not other for one, other in zip(ends_of(piece), ends_of(said), strict=True))


@pytest.mark.parametrize("layer", ["workflows", "services"])
def test_whatever_reads_like_a_sentence_is_a_message(layer):
    """The layers below the web cannot say gettext; this finds the sentences that the rule of names does not reach."""
    known = {message.id for message in catalogues.collect()}
    files = [path for path in sorted((catalogues.ROOT / layer).rglob("*.py")) if "demo" not in path.parts]

    found = {f"{path.name}, line {line}: {text}": text for path in files for line, text in sentences_of(path)}

    assert len(found) > 100
    assert [place for place, text in found.items() if text not in known] == [], "keep it under a name with sentence or way_out"


def sentences_of(path):
    """Find whole sentences, but those of docstrings and of failures that only a person who repairs the program reads."""
    tree = ast.parse(path.read_bytes())
    nodes = list(ast.walk(tree))
    technical = {node.value for node in nodes if isinstance(node, ast.Expr)}
    technical |= {node.value for node in nodes if isinstance(node, ast.keyword) and node.arg == "cause"}
    technical |= {node.value for node in nodes if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in TECHNICAL}
    technical |= {piece for node in nodes if isinstance(node, ast.JoinedStr) for piece in node.values}
    texts = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in technical]
    return [(text.lineno, text.value) for text in texts if SENTENCE.fullmatch(text.value)]


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
    assert list(OFFERED) == list(NAMES)
