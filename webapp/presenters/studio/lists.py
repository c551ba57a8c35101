"""Tables and forms as lists of fields, for the keyboard and for whoever sees no drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.models.process_drafts import DraftFile
from workflows.dmn.editing import Row, TableText, read_tables
from workflows.forms.editing import KINDS, FormSheet, Line


@dataclass(frozen=True, kw_only=True)
class RulesPage:
    """The decision tables of a file, one of them opened.

    Attributes:
        tables: Id and name of each.
        rows: What is stored, or what was typed.
    """

    name: str
    revision: int
    tables: list[tuple[str, str]]
    opened: TableText
    rows: list[Row]


@dataclass(frozen=True, kw_only=True)
class FieldsPage:
    """The components of a form, one of them opened."""

    name: str
    revision: int
    lines: list[Line]
    opened: Line | None
    kinds: tuple[str, ...]


def get_rules(file: DraftFile, decision: str | None, *, typed: list[Row] | None = None) -> RulesPage | None:
    """List the rules of a table; None where the file has no table."""
    found = read_tables(file.content)
    opened = next((each for each in found if each.decision == decision), found[0] if found else None)
    if opened is None:
        return None
    return RulesPage(
        name=file.name,
        revision=file.revision,
        tables=[(each.decision, each.name) for each in found],
        opened=opened,
        rows=typed if typed is not None else list(opened.rows),
    )


def read_rows(form: Mapping[str, str], table: TableText) -> list[Row]:
    """Read the rules as they were typed, in their order."""
    rows: list[Row] = []
    while f"rule.{len(rows)}.id" in form:
        lead = f"rule.{len(rows)}"
        rows.append(
            Row(
                id=form[f"{lead}.id"],
                inputs=tuple(form.get(f"{lead}.in.{column}", "") for column, _ in enumerate(table.inputs)),
                outputs=tuple(form.get(f"{lead}.out.{column}", "") for column, _ in enumerate(table.outputs)),
                about=form.get(f"{lead}.about", ""),
            )
        )
    return rows


def get_fields(file: DraftFile, path: str | None) -> FieldsPage:
    """List the components of a form.

    Raises:
        FormUnreadable: It is no form.
    """
    lines = FormSheet(file.content).lines()
    return FieldsPage(
        name=file.name,
        revision=file.revision,
        lines=lines,
        opened=next((each for each in lines if each.path == path), None),
        kinds=KINDS,
    )
