"""Files from outside: where they belong, and single texts written into files."""

from __future__ import annotations

import tomllib

import pytest

from webapp.preparing import PROCESSES
from workflows.packages.bundles import BundleRefused, read_upload
from workflows.packages.rewriting import FileUnusual, read_texts, set_message, set_text


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("main.bpmn", "main.bpmn"),
        ("C:\\Users\\me\\D1.dmn", "D1.dmn"),
        ("F-1.form", "forms/F-1.form"),
        ("N-TSC-01.md", "messages/N-TSC-01.md"),
        ("README.md", "README.md"),
        ("process.toml", "process.toml"),
        ("fr.toml", "i18n/fr.toml"),
        ("late.yaml", "scenarios/late.yaml"),
    ],
)
def test_a_single_file_goes_where_it_belongs(name, place):
    assert read_upload(name, b"x") == {place: b"x"}


@pytest.mark.parametrize("name", ["xx.toml", "a.sh", "bpmn", ".bpmn", "<b>.bpmn", "a\x00.bpmn"])
def test_what_belongs_nowhere_is_refused(name):
    with pytest.raises(BundleRefused, match="no file like"):
        read_upload(name, b"x")


@pytest.mark.parametrize("file", sorted(PROCESSES.glob("*/i18n/fr.toml")), ids=lambda file: file.parent.parent.name)
def test_one_text_changes_and_no_other(file):
    content = file.read_bytes()
    before = read_texts(content)

    for (table, name), text in list(before.items())[:: max(1, len(before) // 8)]:
        changed = set_text(content, table, name, 'Neu “\\ "x"\nzwei')
        assert read_texts(changed) == {**before, (table, name): 'Neu “\\ "x"\nzwei'}
        assert set_text(changed, table, name, text) == content
        assert (table, name) not in read_texts(set_text(content, table, name, ""))


def test_a_text_comes_into_its_table_and_a_table_into_its_file():
    content = set_text(b'[process]\ntitle = "A"\n\n[elements]\na = "1"\n', "process", "about", "B")
    content = set_text(content, "options", "decision.GRANT", "Oui")

    assert tomllib.loads(content.decode())["options"] == {"decision.GRANT": "Oui"}
    assert content.startswith(b'[process]\ntitle = "A"\nabout = "B"\n\n[elements]')
    assert set_text(b"", "elements", "a", "x") == b'[elements]\na = "x"\n'


def test_a_file_that_is_written_otherwise_is_left_alone():
    with pytest.raises(FileUnusual):
        set_text(b'[elements]\na = """\nlong\n"""\n', "elements", "a", "x")


def test_a_notice_is_rewritten_in_one_language():
    content = b"kind: request\n\n# en\nHi {no}\n\nBody\n\n# fr\nSalut\n\nCorps\n"

    assert set_message(content, "fr", "Bonjour\nX: y", "Texte") == (
        b"kind: request\n\n# en\nHi {no}\n\nBody\n\n# fr\nBonjour X: y\n\nTexte\n"
    )
    assert set_message(content, "en", "Hi", "One\n\nTwo") == content.replace(b"Hi {no}\n\nBody", b"Hi\n\nOne\n\nTwo")
    assert set_message(content, "ar", "A", "B").endswith(b"Corps\n\n# ar\nA\n\nB\n")
