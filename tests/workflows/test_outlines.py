"""Changing the rules of tables and the components of forms as lists of texts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from workflows.dmn import editing as tables
from workflows.dmn import read_model
from workflows.forms import editing as forms
from workflows.forms import read_form

PROCESSES = Path(__file__).resolve().parents[2] / "bpmn"
TABLE = PROCESSES / "delegation" / "D9.1_what_may_be_given_to_whom.dmn"
FORM = PROCESSES / "delegation" / "forms" / "F-DOA-01.form"


@pytest.mark.parametrize("path", sorted(PROCESSES.rglob("*.dmn")), ids=lambda path: path.stem)
def test_a_table_that_is_written_unchanged_is_the_same_to_the_byte(path: Path) -> None:
    data = path.read_bytes()

    for table in tables.read_tables(data):
        assert tables.write_rows(data, table.decision, table.rows) == data


@pytest.mark.parametrize("path", sorted(PROCESSES.rglob("*.form")), ids=lambda path: path.stem)
def test_a_form_whose_components_are_said_as_they_are_stays_as_it_is(path: Path) -> None:
    data = path.read_bytes()
    sheet = forms.FormSheet(data)

    for line in sheet.lines():
        said = {"label": line.label, "key": line.key, "hint": line.hint, "options": line.options}
        sheet.describe(line.path, **said, required=bool(line.required))

    assert sheet.write() == data


def test_rules_are_changed_added_moved_and_taken_out() -> None:
    data = TABLE.read_bytes()
    [table] = tables.read_tables(data)
    first, second, *others = table.rows
    changed = replace(first, outputs=("false", *first.outputs[1:]), about="No longer.")
    rows = [second, *tables.add_row([changed], 0), *others[:-1]]

    [written] = tables.read_tables(tables.write_rows(data, table.decision, rows))

    assert [row.id for row in written.rows] == [second.id, first.id, written.rows[2].id, *(row.id for row in others[:-1])]
    assert len({row.id for row in written.rows}) == len(written.rows)
    assert written.rows[1] == changed
    assert set(written.rows[2].inputs) == {"-"}
    assert written.rows[2].outputs == changed.outputs
    model = read_model(tables.write_rows(data, table.decision, rows), name="x.dmn")
    assert list(model.decisions) == [table.decision]
    with pytest.raises(KeyError):
        tables.write_rows(data, "nothing", rows)


def test_components_are_said_added_moved_and_taken_out() -> None:
    sheet = forms.FormSheet(FORM.read_bytes())
    kind = next(line for line in sheet.lines() if line.key == "kind")
    sheet.describe(kind.path, label="What?", key="kind", hint="One of two", options="ABSENCE = Away\nOTHER\n\n", required=False)
    at = sheet.add(kind.path, kind="select", key="why", label="Why?")
    moved = sheet.move(at, forms.EARLIER)

    lines = {line.key: line for line in sheet.lines() if line.key}
    assert (lines["kind"].label, lines["kind"].hint, lines["kind"].required) == ("What?", "One of two", False)
    assert lines["kind"].options == "ABSENCE = Away\nOTHER = OTHER"
    assert lines["why"].path == moved
    form = read_form(sheet.write(), name="x.form")
    assert "why" in json.dumps([field.key for group in form.fields for field in group.fields])
    sheet.remove(moved)
    assert "why" not in {line.key for line in sheet.lines()}


@pytest.mark.parametrize("path", ["9", "-1", "0.99", "x", "0.0.0"])
def test_a_component_that_is_gone_is_said(path: str) -> None:
    with pytest.raises(forms.ComponentGone):
        forms.FormSheet(FORM.read_bytes()).remove(path)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"components": 3}', b"\xff"])
def test_what_is_no_form_is_refused(data: bytes) -> None:
    with pytest.raises(forms.FormUnreadable):
        forms.FormSheet(data)
