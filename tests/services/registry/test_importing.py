"""Many entries at once: all of them or none, every problem of every row said, and the rules of a single entry for each."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import func, select

from services.models.organisations import Organisation
from services.models.people import Person
from services.models.register_changes import RegisterChange
from services.models.trainings import TrainingRecord
from services.registry import importing, sheets
from services.registry.errors import NotKept, RowsRefused, SheetRefused
from services.registry.exporting import write_csv, write_xlsx
from tests.services.leave import NOW
from tests.services.registry.records import ADMINISTRATOR, COLLEAGUE, PERSONNEL, TRAVELLER, Records

WHY = "From the personnel system"


def bring(records: Records, who: str, key: str, *rows: dict[str, str], reason: str = WHY) -> list[str]:
    lines = [importing.Line(number=number, raw=row) for number, row in enumerate(rows, start=2)]
    actor = records.actor(who)
    with records.database.transaction() as session:
        return importing.add_entries(session, key, lines, reason=reason, actor=actor, now=NOW)


def person(code: str, **more: str) -> dict[str, str]:
    said = {"code": code, "name": code.title(), "organisation": "WIPO", "contract_type": "INTL", "email": f"{code}@demo.example"}
    return {**said, "head_of_organisation": "no", "protected": "no", **more}


def count(records: Records, model: type) -> int:
    with records.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def said_of(refused: pytest.ExceptionInfo[RowsRefused]) -> list[tuple[int | None, str]]:
    return [((problem.facts or {}).get(importing.ROW), problem.where) for problem in refused.value.problems]


def test_each_row_becomes_an_entry_with_its_reason(records: Records) -> None:
    added = bring(records, PERSONNEL, "people", person("ada"), person("ben", supervisor="ada"))

    assert added == ["ada", "ben"]
    with records.database.reading() as session:
        assert session.get_one(Person, "ben").supervisor == "ada", "a row may name somebody of a row before it"
        kept = session.execute(select(RegisterChange.entry, RegisterChange.by, RegisterChange.reason)).all()
    assert [tuple(row) for row in kept] == [("ada", PERSONNEL, WHY), ("ben", PERSONNEL, WHY)]


def test_one_wrong_row_keeps_all_out_and_every_row_says_why(records: Records) -> None:
    before = count(records, Person)

    with pytest.raises(RowsRefused) as refused:
        wrong = person("ben", organisation="NOWHERE", contract_from="soon")
        bring(records, PERSONNEL, "people", person("ada"), person("ada"), wrong, person("cleo", name=""))

    assert said_of(refused) == [(3, ""), (4, "organisation"), (4, "contract_from"), (5, "name")]
    assert (count(records, Person), count(records, RegisterChange)) == (before, 0)


def test_nothing_is_brought_without_a_reason(embedded_records: Records) -> None:
    with pytest.raises(RowsRefused) as refused:
        bring(embedded_records, PERSONNEL, "people", person("ada"), reason=" ")

    assert said_of(refused) == [(None, "reason")]
    assert count(embedded_records, RegisterChange) == 0


def test_a_table_is_tried_out_without_a_trace(records: Records) -> None:
    before, actor = count(records, Person), records.actor(PERSONNEL)
    lines = [importing.Line(number=2, raw=person("ada"))]

    with records.database.rehearsal() as session:
        assert importing.add_entries(session, "people", lines, reason=WHY, actor=actor, now=NOW) == ["ada"]

    assert (count(records, Person), count(records, RegisterChange)) == (before, 0)


def test_nobody_brings_what_they_could_not_add(records: Records) -> None:
    training = {"person": COLLEAGUE, "course": "BSAFE", "issued_on": "2026-01-05"}
    before = count(records, TrainingRecord)

    with pytest.raises(NotKept):
        bring(records, TRAVELLER, "trainings", training)
    with pytest.raises(RowsRefused) as own:
        bring(records, PERSONNEL, "trainings", training, {**training, "person": PERSONNEL})
    with pytest.raises(RowsRefused) as course:
        bring(records, PERSONNEL, "trainings", {**training, "course": "NOPE"})

    assert (said_of(own), said_of(course)) == ([(3, "")], [(2, "course")])
    assert count(records, TrainingRecord) == before


def test_a_truth_that_is_neither_yes_nor_no_is_refused(embedded_records: Records) -> None:
    row = {"code": "NEW", "name.en": "New office", "kind": "AGENCY", "flight_cap": "5", "supervisor_step": "yes"}

    with pytest.raises(RowsRefused) as refused:
        bring(embedded_records, ADMINISTRATOR, "organisations", {**row, "unsms_member": "perhaps"})

    assert (2, "unsms_member") in said_of(refused)
    with embedded_records.database.reading() as session:
        assert session.get(Organisation, "NEW") is None


@pytest.mark.parametrize(
    "content",
    [
        "Code;Name\nA;Été\n".encode(),
        "Code,Name\r\nA,Été\r\n".encode("utf-8-sig"),
        "Code\tName\nA\tÉté\n".encode("utf-16"),
        '"Code","Name"\n"A","Été"\n\n\n'.encode(),
        write_csv(["Code", "Name"], [["A", "Été"]]),
        write_xlsx("Sheet", ["Code", "Name"], [["A", "Été"]]),
    ],
)
def test_files_are_read_as_spreadsheets_write_them(content: bytes) -> None:
    assert sheets.read_sheet(content) == [["Code", "Name"], ["A", "Été"]]


def test_what_an_export_guards_and_how_a_worksheet_keeps_values_is_undone() -> None:
    rows = [["=1+1", True, 3.0, NOW.date(), None, 2.5]]
    said = ["=1+1", "yes", "3", NOW.date().isoformat(), "", "2.5"]

    assert sheets.read_sheet(write_xlsx("Sheet", list("abcdef"), rows))[1] == said
    assert sheets.read_sheet(write_csv(["a"], [["=1+1"]]))[1] == ["=1+1"]


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"PK no zip",
        _bomb(),
        b"\x89PNG\x00\x00",
        b"Code\n\x80\x81",
        b'Code\n"open',
        b"Code\n" + b"A\n" * 501,
        b"," * 61,
        b"Code\n" + b"A" * 12_001,
        b"A" * 2_000_001,
        b"Code\n" + b"\n".join([b"A" * 11_000] * 100),
    ],
)
def test_what_is_no_table_or_too_large_a_one_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(SheetRefused) as refused:
        sheets.read_sheet(content)

    assert str(refused.value) != SheetRefused.__doc__
    assert "{" not in str(refused.value)
