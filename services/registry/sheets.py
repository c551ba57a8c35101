"""Tables that people bring along: a file of a spreadsheet, comma-separated text, or what they copied; read as rows of texts."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from services.registry.asking import NO, YES
from services.registry.errors import SheetRefused

MOST_BYTES = 2_000_000
#: With the headings; each row is an entry that is checked and written.
MOST_ROWS = 501
MOST_COLUMNS = 60
LONGEST_CELL = 12_000
#: A page hands what it was brought on to the next, in a form of at most two megabytes.
MOST_TEXT = 1_000_000
_MOST_UNPACKED = 30_000_000
_MOST_MEMBERS = 500
_SEPARATORS = ("\t", ";", ",")
#: What our own export writes before a text that a spreadsheet would take for a formula.
_GUARDED = ("'=", "'+", "'-", "'@")
#: A file that is no worksheet fails in many ways; the parsers' errors are SyntaxErrors.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
)

Sheet = list[list[str]]


def read_sheet(content: bytes) -> Sheet:
    """Read a file: a worksheet (XLSX), or text whose cells are separated by commas, semicolons or tabs.

    Raises:
        SheetRefused: It is empty, too large, or neither of these.
    """
    if len(content) > MOST_BYTES:
        raise SheetRefused(
            sentence="This file is larger than {most} MB. Bring it in several parts.", most=MOST_BYTES // 1_000_000
        )
    return ensure_bounded(_read_worksheet(content) if content[:2] == b"PK" else _read_text(_decoded(content)))


def read_pasted(text: str) -> Sheet:
    """Read what was copied out of a spreadsheet, or typed with commas or semicolons. Raises: SheetRefused as `read_sheet`."""
    return ensure_bounded(_read_text(text))


def ensure_bounded(rows: Iterable[list[str]]) -> Sheet:
    """Return rows without the empty ones at their end. Raises: SheetRefused when there are too many, or none."""
    found = _take(iter(rows))
    while found and not any(found[-1]):
        found.pop()
    if not any(map(any, found)):
        raise SheetRefused(sentence="There is nothing in it. Choose a file with headings and rows, or paste them.")
    if len(found) > MOST_ROWS:
        raise SheetRefused(sentence="It has more than {most} rows. Bring it in several parts.", most=MOST_ROWS - 1)
    if max(map(len, found)) > MOST_COLUMNS:
        raise SheetRefused(
            sentence="It has more than {most} columns. Take the template, which has those that are read.", most=MOST_COLUMNS
        )
    if any(len(cell) > LONGEST_CELL for row in found for cell in row):
        raise SheetRefused(sentence="One of its cells is longer than {most} characters.", most=LONGEST_CELL)
    if sum(len(cell.encode()) for row in found for cell in row) > MOST_TEXT:
        raise SheetRefused(sentence="There is more text in it than can be taken at once. Bring it in several parts.")
    return found


def _take(rows: Iterator[list[str]]) -> Sheet:
    """Take as many rows as there may be, and the next that says something: behind empty ones it is too many, and not lost."""
    found = list(islice(rows, MOST_ROWS))
    return [*found, *islice(filter(any, rows), 1)]


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise SheetRefused(sentence="This is neither an Excel worksheet (.xlsx) nor a text in UTF-8. Save it as one of the two.")
    return text


def _read_text(text: str) -> Sheet:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=heading.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return _take([_plain(cell) for cell in row] for row in rows)
    except csv.Error:
        raise SheetRefused(
            sentence="A quotation mark in it opens a cell that is never closed. Correct it, or bring a worksheet."
        ) from None


def _read_worksheet(content: bytes) -> Sheet:
    # Imported at the first worksheet: few processes ever read one.
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
        # A zip is unpacked up to the sizes that it names itself.
        if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_UNPACKED:
            raise SheetRefused(sentence="This worksheet is too large when it is unpacked. Bring it in several parts.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size is not believed
            return _take([_as_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
        finally:
            book.close()
    except _BROKEN:
        raise SheetRefused(sentence="This worksheet cannot be read. Save it again as .xlsx, or as text with commas.") from None


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return YES if cell else NO
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return _plain(str(cell))


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:] if text.startswith(_GUARDED) else text
