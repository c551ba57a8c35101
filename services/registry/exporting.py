"""Lists of registers as files: comma-separated text and worksheets. Nothing in a cell is ever a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.models.register_changes import EXPORTED, RegisterChange
from services.people import Actor
from services.registry.asking import Asked
from services.registry.errors import TooManyRows
from services.registry.names import names_in
from services.registry.queries import narrow, order_by, select_rows
from services.registry.reading import Listing, Row, count_rows, row_of
from services.registry.rights import Reader, is_readable
from services.registry.shape import Register

#: A worksheet of so many rows is written in a few seconds and some megabytes.
MOST_ROWS = 20_000
FORMATS = ("csv", "xlsx")
#: With these a spreadsheet begins a formula, whatever the file says of the cell.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")
_LONGEST_TITLE = 31
_BOM = "\ufeff"
Cell = str | int | float | bool | date | datetime | None


def list_for_export(session: Session, register: Register, asked: Asked, *, reader: Reader) -> Listing:
    """Return all rows of exactly the list that was asked for, with every column.

    Raises:
        TooManyRows: They are more than can be exported at once; a part of them would pass for the whole.
    """
    readable = is_readable(register, reader)
    conditions = [readable, *([] if asked.problems else narrow(register, asked))]
    found = 0 if asked.problems else count_rows(session, register, conditions, reader)
    if found > MOST_ROWS:
        raise TooManyRows(count=found, most=MOST_ROWS)
    rows: list[Row] = []
    if found:
        query = select_rows(register, register.columns).where(*conditions)
        query = query.order_by(*order_by(register, asked.sort)).limit(MOST_ROWS)
        rows = [row_of(register, register.columns, each) for each in session.execute(query, reader.values)]
    names = names_in(session, [(register.columns, [row.values for row in rows])], reader=reader)
    return Listing(
        register=register, asked=asked, columns=register.columns, rows=rows, found=found, total=found, names=names, may_add=False
    )


def note_export(session: Session, listing: Listing, *, form: str, actor: Actor, now: datetime) -> None:
    """Keep who took which list when."""
    said = {"format": form, "rows": listing.found, "query": listing.asked.query(page=None)}
    change = RegisterChange(register=listing.register.key, entry=None, act=EXPORTED, by=actor.person, at=now, after=said)
    session.add(change)


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows as text by RFC 4180, in UTF-8 with the mark by which spreadsheets know it."""
    file = io.StringIO(newline="")
    file.write(_BOM)
    writer = csv.writer(file)
    writer.writerow([_as_text(header) for header in headers])
    writer.writerows([_as_text(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def write_xlsx(title: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows as a worksheet: texts as texts, days and moments (in UTC) as such, the headings kept in sight."""
    # Imported at the first worksheet: few processes ever write one.
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NOT_IN_TITLES.sub(" ", title)[:_LONGEST_TITLE])
    sheet.freeze_panes = "A2"
    sheet.append([_as_cell(sheet, header) for header in headers])
    for row in rows:
        sheet.append([_as_cell(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _as_text(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return cell
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell


def _as_cell(sheet: Any, cell: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    if isinstance(cell, datetime):
        return cell.astimezone(UTC).replace(tzinfo=None)
    if isinstance(cell, str):
        text = WriteOnlyCell(sheet, value="")
        text.value = _UNWRITABLE.sub("", cell)
        # A text that begins like a formula would become one.
        text.data_type = "s"
        return text
    return cell
