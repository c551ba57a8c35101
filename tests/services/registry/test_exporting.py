"""Files: exactly the list, typed cells, no formula anywhere, and a record of who took it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from services.models.register_changes import RegisterChange
from services.registry import exporting
from services.registry.asking import read_asked
from services.registry.errors import TooManyRows
from services.registry.reading import find_register
from tests.services.leave import NOW
from tests.services.registry.records import AUDITOR, Records

DANGEROUS = ["=1+1", "+41 22", "-2", "@sum", "\tx", "\rx", "\nx"]
HEADERS = ["Name", "=Count", "Day", "When", "Empty"]
ROWS = [[text, 7, date(2026, 12, 1), datetime(2026, 12, 1, 9, 30, tzinfo=UTC), None] for text in (*DANGEROUS, 'a "quote", 中文')]


def test_a_text_file_is_quoted_marked_and_free_of_formulas() -> None:
    written = exporting.write_csv(HEADERS, ROWS)

    assert written.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in written
    header, *rows = csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))
    assert header == ["Name", "'=Count", "Day", "When", "Empty"]
    assert [row[0] for row in rows] == [*(f"'{text}" for text in DANGEROUS), 'a "quote", 中文']
    assert rows[0][1:] == ["7", "2026-12-01", "2026-12-01T09:30:00Z", ""]


def test_a_worksheet_has_typed_cells_and_texts_that_are_texts() -> None:
    sheet = load_workbook(
        io.BytesIO(exporting.write_xlsx("Roles: all/none [x]", HEADERS, [*ROWS, ["bell\x07", 1, None, None, None]]))
    ).active

    assert sheet.title == "Roles  all none  x "
    assert [cell.value for cell in sheet[1]] == HEADERS
    assert {cell.data_type for row in sheet.iter_rows(max_col=1) for cell in row} == {"s"}
    assert sheet["B1"].data_type == "s"
    assert sheet["A2"].value == "=1+1"
    assert [cell.value for cell in sheet[2][1:]] == [7, datetime(2026, 12, 1), datetime(2026, 12, 1, 9, 30), None]
    assert sheet["C2"].is_date
    assert sheet[sheet.max_row][0].value == "bell"


def test_an_export_is_the_list_as_it_was_narrowed_and_is_kept(records: Records) -> None:
    with records.database.transaction() as session:
        actor = records.actor(AUDITOR)
        register, reader = find_register(session, "residences", actor=actor, now=NOW)
        asked = read_asked(register, {"area": "XB", "sort": "-code", "page": "7"})
        listing = exporting.list_for_export(session, register, asked, reader=reader)
        exporting.note_export(session, listing, form="csv", actor=actor, now=NOW)

    assert [row.key for row in listing.rows] == ["RES-XB-CAP-02", "RES-XB-CAP-01"]
    assert set(listing.rows[0].values) == {column.attribute for column in register.columns}
    (kept,) = records.list(AUDITOR, "register-changes", act="EXPORTED").rows
    assert kept.values["by"] == AUDITOR
    with records.database.reading() as session:
        said = session.get_one(RegisterChange, int(kept.key)).after
    assert said == {"format": "csv", "rows": 2, "query": "area=XB&sort=-code"}


def test_a_list_that_is_too_long_is_refused_and_not_cut(embedded_records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 3)

    with embedded_records.database.reading() as session:
        register, reader = find_register(session, "areas", actor=embedded_records.actor(AUDITOR), now=NOW)
        with pytest.raises(TooManyRows) as refused:
            exporting.list_for_export(session, register, read_asked(register, {}), reader=reader)

    assert refused.value.facts == {"count": 34, "most": 3}
