"""What differs between the decision tables of two versions, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml import etree

from workflows.comparing.differences import ADDED, CHANGED, REMOVED, Difference, kind_of, pairs, shown
from workflows.packages import Package
from workflows.xml import read_xml


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    """A decision as it is written: its columns, its rows of cells, or its formula."""

    name: str
    policy: str = ""
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    formula: str = ""


def compare_tables(old: Package, new: Package) -> Iterator[Difference]:
    """Say what differs in the decision tables of two packages."""
    was, is_now = (dict(_tables(package)) for package in (old, new))
    for (file, decision), before, after in pairs(was, is_now):
        if before is None or after is None:
            sentence = "The table {table} is new." if before is None else "The table {table} is gone."
            yield _difference(file, decision, kind_of(before, after), sentence, table=(after or before or _Table(name="")).name)
        elif before != after:
            yield from _compare(file, decision, before, after)


def _compare(file: str, decision: str, old: _Table, new: _Table) -> Iterator[Difference]:
    facts = {"table": new.name}
    if old.policy != new.policy:
        sentence = "The table {table} now answers by {new}, before by {old}."
        yield _difference(file, decision, CHANGED, sentence, **facts, old=shown(old.policy), new=shown(new.policy))
    if old.formula != new.formula:
        sentence = "{table} is now worked out as {new}, before as {old}."
        yield _difference(file, decision, CHANGED, sentence, **facts, old=shown(old.formula), new=shown(new.formula))
    if (old.inputs, old.outputs) != (new.inputs, new.outputs):
        sentence = "The table {table} now has the columns {new}, before {old}."
        columns = {"old": shown((*old.inputs, *old.outputs)), "new": shown((*new.inputs, *new.outputs))}
        yield _difference(file, decision, CHANGED, sentence, **facts, **columns)
        return  # Rows of other columns cannot be told apart.
    yield from _compare_rows(file, decision, old, new)


def _compare_rows(file: str, decision: str, old: _Table, new: _Table) -> Iterator[Difference]:
    matcher = SequenceMatcher(a=old.rows, b=new.rows, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            continue
        both = min(old_to - old_from, new_to - new_from)
        for place in range(both):
            yield from _compare_cells(file, decision, old, new, old_from + place, new_from + place)
        for row in range(old_from + both, old_to):
            facts = {"table": old.name, "row": row + 1, "cells": _read(old, old.rows[row])}
            yield _difference(file, decision, REMOVED, "Table {table}: row {row} is gone: {cells}.", **facts)
        for row in range(new_from + both, new_to):
            facts = {"table": new.name, "row": row + 1, "cells": _read(new, new.rows[row])}
            yield _difference(file, decision, ADDED, "Table {table}: row {row} is new: {cells}.", **facts)


def _compare_cells(file: str, decision: str, old: _Table, new: _Table, was: int, is_now: int) -> Iterator[Difference]:
    for column, before, after in zip((*new.inputs, *new.outputs), old.rows[was], new.rows[is_now], strict=False):
        if before != after:
            facts = {"table": new.name, "row": is_now + 1, "column": column, "old": shown(before), "new": shown(after)}
            sentence = "Table {table}, row {row}: {column} became {new}, before {old}."
            yield _difference(file, decision, CHANGED, sentence, **facts)


def _read(table: _Table, row: tuple[str, ...]) -> str:
    columns = (*table.inputs, *table.outputs)
    return ", ".join(f"{column} {cell}" for column, cell in zip(columns, row, strict=False) if cell not in {"", "-"})


def _tables(package: Package) -> Iterator[tuple[tuple[str, str], _Table]]:
    for file, content in package.files.items():
        if file.endswith(".dmn"):
            for decision in read_xml(content).iter("{*}decision"):
                yield (file, decision.get("id") or ""), _read_table(decision)


def _read_table(decision: etree._Element) -> _Table:
    name = decision.get("name") or decision.get("id") or ""
    table = decision.find("{*}decisionTable")
    if table is None:
        return _Table(name=name, formula=" ".join(" ".join(str(text) for text in decision.itertext()).split()))
    return _Table(
        name=name,
        policy=" ".join(filter(None, (table.get("hitPolicy", "UNIQUE"), table.get("aggregation")))),
        inputs=tuple(_text(each) for each in table.iterfind("{*}input/{*}inputExpression")),
        outputs=tuple(each.get("name") or each.get("label") or "" for each in table.iterfind("{*}output")),
        rows=tuple(
            tuple(_text(cell) for kind in ("inputEntry", "outputEntry") for cell in rule.iterfind(f"{{*}}{kind}"))
            for rule in table.iterfind("{*}rule")
        ),
    )


def _text(node: etree._Element) -> str:
    return (node.findtext("{*}text") or "").strip()


def _difference(file: str, where: str, kind: str, sentence: str, **facts: object) -> Difference:
    return Difference(where=where, part="table", kind=kind, file=file, sentence=sentence, facts=facts)
