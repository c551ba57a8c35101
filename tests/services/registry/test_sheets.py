"""What a table holds is read whole, or refused with the limit that it passes: no row, sheet or value is lost without a word."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from services.registry import sheets
from services.registry.errors import SheetRefused
from services.registry.exporting import write_csv, write_xlsx


def worksheet(*named: tuple[str, list[list[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in named:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rewritten(content: bytes, old: str, new: str) -> bytes:
    """The same worksheet with a piece of its first sheet written otherwise."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            target.writestr(name, text)
    return file.getvalue()


def archive(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members:
            written.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (("A" * 99 + "\n").encode("utf-16") * 10_000, "larger than 2 MB"),
        (archive(("xl/worksheets/sheet1.xml", b"0" * 30_000_001)), "too large when it is unpacked"),
        (archive(*((f"{number}", b"") for number in range(501))), "too large when it is unpacked"),
        (archive(("readme.txt", b"No worksheet")), "This worksheet cannot be read"),
        (b"A" + b",A" * 60, "more than 60 columns"),
        (b"A\n" * 502, "more than 500 rows"),
        (b"A\n" * 501 + b"\n" * 40 + b"Late\n", "more than 500 rows"),
        (worksheet(("Rows", [["A"]] * 501 + [[None]] * 40 + [["Late"]])), "more than 500 rows"),
        (b"Code\n" + b"A" * 12_001, "longer than 12000 characters"),
        (("\u9879" * 10_000 + "\n").encode() * 34, "more text in it"),
        (b" \n;;\n", "There is nothing in it"),
    ],
)
def test_each_limit_is_the_one_that_is_named(content: bytes, said: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        sheets.read_sheet(content)

    assert said in str(refused.value)


@pytest.mark.parametrize(
    "rows",
    [[["A"] * 60], [["A"]] * 501, [["Code"], ["A" * 12_000]], [["A"]] * 501 + [[""]] * 9_000],
)
def test_what_reaches_a_limit_is_taken(rows: list[list[str]]) -> None:
    said = [row for row in rows if any(row)]

    assert sheets.read_sheet(write_csv(rows[0], rows[1:])) == said
    assert sheets.read_sheet(worksheet(("Rows", [[cell or None for cell in row] for row in rows]))) == said


def test_a_worksheet_is_read_as_long_as_it_is_and_not_as_it_says() -> None:
    content = worksheet(("Rows", [["Code", "Name"], ["A", "Ada"], ["B", "Ben"]]))

    assert len(sheets.read_sheet(rewritten(content, 'ref="A1:B3"', 'ref="A1:A1"'))) == 3
    assert sheets.read_sheet(rewritten(content, 'ref="A1:B3"', 'ref="A1:A1"'))[2] == ["B", "Ben"]


def test_a_formula_is_read_as_what_it_came_to() -> None:
    content = rewritten(worksheet(("Rows", [["Cap"], [7]])), "<v>7</v>", "<f>3+4</f><v>7</v>")

    assert sheets.read_sheet(content) == [["Cap"], ["7"]]


def test_the_first_sheet_is_read_and_its_moments_keep_their_clock() -> None:
    content = worksheet(("Rows", [["From"], [datetime(2026, 12, 1, 9, 30)]]), ("Notes", [["Nothing here"]]))

    assert sheets.read_sheet(content) == [["From"], ["2026-12-01T09:30"]]
    assert sheets.read_sheet(write_xlsx("Rows", ["From"], [[datetime(2026, 12, 1, 9, 30, tzinfo=UTC)]]))[1] == [
        "2026-12-01T09:30"
    ]


def test_whatever_an_export_guards_comes_back_as_it_was() -> None:
    rows = [["=1+1"], ["+41 22"], ["-2"], ["@sum"], ["'quoted'"]]

    assert sheets.read_sheet(write_csv(["Text"], rows))[1:] == rows


def test_what_separates_cells_is_seen_in_the_headings() -> None:
    assert sheets.read_pasted("Code;Name\nA;Lund, Ada, Ms, PhD\n") == [["Code", "Name"], ["A", "Lund, Ada, Ms, PhD"]]
