"""The texts of a draft in one language beside the English ones, those that are missing first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from services import process_drafts
from services.models.process_drafts import ProcessDraft
from services.process_drafts import Change, Translation
from webapp.i18n import NAMES, direction_of
from webapp.speech import gettext
from workflows.packages import LANGUAGES

ROWS = 60
_TABLES: Mapping[str, Any] = {
    "process": lazy_gettext("Process"),
    "elements": lazy_gettext("Steps"),
    "fields": lazy_gettext("Questions"),
    "options": lazy_gettext("Options"),
    "tables": lazy_gettext("Decision tables"),
    "columns": lazy_gettext("Columns of decision tables"),
    "values": lazy_gettext("Values in decision tables"),
    "texts": lazy_gettext("Words in tasks"),
    "messages": lazy_gettext("Notices"),
}


@dataclass(frozen=True, kw_only=True)
class TextRow:
    """A text and its translation.

    Attributes:
        field: Under which it is sent.
        stored: The translation as it is saved; `text` is what was typed, where that could not be.
    """

    field: str
    id: str
    table: str
    name: str
    written: str
    text: str
    stored: str
    is_missing: bool
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class LanguageLink:
    """A language, with how many texts it lacks."""

    code: str
    name: str
    address: str
    missing: int
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class TextsPage:
    """The texts of a draft in one language."""

    language: str
    language_name: str
    direction: str
    languages: list[LanguageLink]
    rows: list[TextRow]
    missing: int
    count: int
    shows_missing: bool
    page: int
    pages: int


def get_texts(
    session: Session,
    draft: ProcessDraft,
    language: str,
    *,
    shows_missing: bool,
    page: int,
    late: Collection[Change] = (),
) -> TextsPage:
    """List the texts of a draft, one page of them.

    Args:
        late: What somebody typed and could not be saved, because another changed the same text; shown first.

    Raises:
        PackageRefused: The draft cannot be read.
    """
    package = process_drafts.package_of(session, draft)
    listed = process_drafts.list_translations(package, language)
    typed = {(each.table, each.name): each.text for each in late}
    missing = sum(each.is_missing for each in listed)
    chosen = [each for each in listed if each.is_missing or not shows_missing or (each.table, each.name) in typed]
    chosen.sort(key=lambda each: ((each.table, each.name) not in typed, not each.is_missing))
    pages = max(1, -(-len(chosen) // ROWS))
    here = min(max(page, 1), pages)
    shown = chosen[(here - 1) * ROWS : here * ROWS]
    return TextsPage(
        language=language,
        language_name=NAMES[language],
        direction=direction_of(language),
        languages=[_link(draft, code, language, process_drafts.list_translations(package, code)) for code in LANGUAGES[1:]],
        rows=[_row(number, each, typed) for number, each in enumerate(shown)],
        missing=missing,
        count=len(listed),
        shows_missing=shows_missing,
        page=here,
        pages=pages,
    )


def read_changes(form: Mapping[str, str]) -> list[Change]:
    """Read which texts were changed in a form."""
    changes = []
    for field, was in form.items():
        if field.startswith("was:"):
            _, table, name = field.split(":", 2)
            text = form.get(f"text:{table}:{name}", was).replace("\r\n", "\n").strip()
            before = was.replace("\r\n", "\n")
            if text != before.strip():
                changes.append(Change(table=table, name=name, was=before, text=text))
    return changes


def _link(draft: ProcessDraft, code: str, current: str, listed: list[Translation]) -> LanguageLink:
    return LanguageLink(
        code=code,
        name=NAMES[code],
        address=url_for("studio.texts", draft_id=draft.id, language=code),
        missing=sum(each.is_missing for each in listed),
        is_current=code == current,
    )


def _row(number: int, each: Translation, typed: Mapping[tuple[str, str], str]) -> TextRow:
    place = (each.table, each.name)
    return TextRow(
        field=f"{each.table}:{each.name}",
        id=f"text-{number}",
        table=str(_TABLES.get(each.table, each.table)),
        name=each.name if each.table != "texts" else "",
        written=each.written or gettext("None"),
        text=typed.get(place, each.text),
        stored=each.text,
        is_missing=each.is_missing,
        is_late=place in typed,
    )
