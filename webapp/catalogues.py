"""The message catalogues: collect what people read, bring the languages up to date, compile them (`make translations`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from webapp.i18n import NAMES, OFFERED
from webapp.setup.terminal import say

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "webapp" / "translations"
JINJA = {"extensions": "jinja2.ext.do", "trimmed": "true", "silent": "false"}
CORE = [("setup/**.py", "ignore"), ("**.py", "webapp.extraction:extract_sentences")]
WEB = [("setup/**.py", "ignore"), ("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
HEADER = "# Messages of Safeconduct.\n"
UNSTABLE = (
    b'"Report-Msgid-Bugs-To',
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Generated-By',
)


def collect() -> Catalog:
    """Collect every message of code and pages."""
    catalogue = Catalog(project="Safeconduct", version="1", charset="utf-8", fuzzy=False)
    for folder in ("workflows", "services"):
        _add(catalogue, folder, CORE, {})
    _add(catalogue, "webapp", WEB, {"templates/**.html": JINJA})
    _add(catalogue, "webapp", CORE, {})
    return catalogue


def _add(catalogue: Catalog, folder: str, methods: list[tuple[str, str]], options: dict[str, dict[str, str]]) -> None:
    found = extract_from_dir(ROOT / folder, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",))
    for name, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        # Without line numbers a catalogue changes only when a message does.
        catalogue.add(message, None, [(f"{folder}/{name}", 0)], auto_comments=comments, context=context)


def path_of(language: str) -> Path:
    """Name the catalogue of a language."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Read the catalogue of a language; one that does not exist yet is empty."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Safeconduct", version="1", header_comment=HEADER, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="messages")


def missing(language: str, template: Catalog) -> Iterator[Message]:
    """Yield those of the messages that have no translation in a language yet."""
    known = read(language)
    for message in template:
        if message.id:
            own = known.get(message.id, message.context)
            if own is None or own.fuzzy or not own.string or (isinstance(own.string, tuple) and not all(own.string)):
                yield message


def update() -> None:
    """Bring all catalogues up to date: new messages come in empty, those that no longer exist go."""
    template = collect()
    for language in NAMES:
        if language == "en" or (language not in OFFERED and not path_of(language).exists()):
            continue
        catalogue = read(language)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_bytes(_written(catalogue))
        say(f"{language}: {sum(1 for _ in missing(language, template))} of {len(template)} messages have no translation yet")


def _written(catalogue: Catalog) -> bytes:
    """Write a catalogue without what changes by itself: dates, tools, line numbers, addresses that nobody reads."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=130, sort_output=True, include_lineno=False)
    return b"".join(line for line in buffer.getvalue().splitlines(keepends=True) if not line.startswith(UNSTABLE))


def compile_all() -> None:
    """Compile every catalogue into what gettext reads."""
    for path in sorted(FOLDER.rglob("messages.po")):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=path.parent.parent.name, domain="messages")
        with path.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()
    if sys.argv[1] == "update":
        compile_all()
