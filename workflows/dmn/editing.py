"""Changing the rules of decision tables without a drawing: rows of texts, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from lxml import etree

from workflows.dmn.tags import local_name as local
from workflows.rewriting import XmlFile

ANYTHING = "-"
_INDENT = "  "


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One rule.

    Attributes:
        id: Of the rule in the file; empty for a new one.
        inputs, outputs: The text of each cell.
        about: What is said of the rule.
    """

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableText:
    """A decision table as texts.

    Attributes:
        inputs, outputs: The heading of each column, and what it asks or is called.
    """

    decision: str
    name: str
    policy: str
    inputs: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


def read_tables(data: bytes) -> list[TableText]:
    """Read the decision tables of a file, as they are written.

    Raises:
        XmlRefused: It cannot be read.
    """
    return [_read(table) for table in _tables(XmlFile(data).root)]


def write_rows(data: bytes, decision: str, rows: Sequence[Row]) -> bytes:
    """Write the rules of a decision anew: known ones changed and moved, others taken out, new ones added.

    Raises:
        XmlRefused: It cannot be read.
        KeyError: There is no such table.
    """
    file = XmlFile(data)
    table = next((each for each in _tables(file.root) if _decision(each).get("id") == decision), None)
    if table is None:
        raise KeyError(decision)
    known = {rule.get("id") or "": rule for rule in _children(table, "rule")}
    place = _place_of_rules(table)
    tails = [rule.tail for rule in known.values()]
    for rule in known.values():
        table.remove(rule)
    taken = {*known, *(node.get("id") or "" for node in file.root.iter(etree.Element))}
    written = [_write(table, known.get(row.id), row, taken) for row in rows]
    for offset, rule in enumerate(written):
        rule.tail = (tails[-1] if offset == len(written) - 1 else tails[0]) if tails else "\n"
        table.insert(place + offset, rule)
    return file.write()


def add_row(rows: Sequence[Row], after: int) -> list[Row]:
    """Add a rule that always holds behind another one; it says what that one says."""
    base = rows[after]
    new = replace(base, id="", inputs=tuple(ANYTHING for _ in base.inputs), about="")
    return [*rows[: after + 1], new, *rows[after + 1 :]]


def _tables(root: etree._Element) -> list[etree._Element]:
    return [node for node in root.iter(etree.Element) if local(node) == "decisionTable" and local(_decision(node)) == "decision"]


def _decision(table: etree._Element) -> etree._Element:
    parent = table.getparent()
    return table if parent is None else parent


def _read(table: etree._Element) -> TableText:
    decision = _decision(table)
    return TableText(
        decision=decision.get("id") or "",
        name=decision.get("name") or decision.get("id") or "",
        policy=table.get("hitPolicy") or "UNIQUE",
        inputs=tuple((each.get("label") or "", _asked(each)) for each in _children(table, "input")),
        outputs=tuple((each.get("label") or "", each.get("name") or "") for each in _children(table, "output")),
        rows=tuple(_row(rule) for rule in _children(table, "rule")),
    )


def _row(rule: etree._Element) -> Row:
    about = _children(rule, "description")
    return Row(
        id=rule.get("id") or "",
        inputs=tuple(_text(each) for each in _children(rule, "inputEntry")),
        outputs=tuple(_text(each) for each in _children(rule, "outputEntry")),
        about=(about[0].text or "") if about else "",
    )


def _asked(column: etree._Element) -> str:
    return next((_text(each) for each in _children(column, "inputExpression")), "")


def _write(table: etree._Element, rule: etree._Element | None, row: Row, taken: set[str]) -> etree._Element:
    if rule is None:
        rule = _new_rule(table, row, taken)
    for tag, texts in (("inputEntry", row.inputs), ("outputEntry", row.outputs)):
        for cell, text in zip(_children(rule, tag), texts, strict=True):
            _say(cell, text)
    _describe(rule, row.about)
    return rule


def _new_rule(table: etree._Element, row: Row, taken: set[str]) -> etree._Element:
    space = etree.QName(table).namespace
    base = _decision(table).get("id") or "table"
    key = next(name for number in count(1) if (name := f"{base}_r{number}") not in taken)
    taken.add(key)
    rule = etree.Element(f"{{{space}}}rule", id=key)
    for tag, letter, texts in (("inputEntry", "i", row.inputs), ("outputEntry", "o", row.outputs)):
        for column, _ in enumerate(texts, start=1):
            cell = etree.SubElement(rule, f"{{{space}}}{tag}", id=f"{key}_{letter}{column}")
            etree.SubElement(cell, f"{{{space}}}text")
    depth = len(list(table.iterancestors())) + 1
    etree.indent(rule, _INDENT, level=depth)
    return rule


def _say(cell: etree._Element, text: str) -> None:
    found = _children(cell, "text")
    node = found[0] if found else etree.SubElement(cell, f"{{{etree.QName(cell).namespace}}}text")
    if (node.text or "") != text:
        node.text = text


def _describe(rule: etree._Element, about: str) -> None:
    found = _children(rule, "description")
    if found and (found[0].text or "") != about:
        found[0].text = about
    elif not found and about:
        node = etree.Element(f"{{{etree.QName(rule).namespace}}}description")
        node.text, node.tail = about, rule.text
        rule.insert(0, node)


def _place_of_rules(table: etree._Element) -> int:
    rules = _children(table, "rule")
    if rules:
        return table.index(rules[0])
    before = [each for each in table if isinstance(each.tag, str) and local(each) in {"input", "output", "annotation"}]
    return table.index(before[-1]) + 1 if before else len(table)


def _children(node: etree._Element, tag: str) -> list[etree._Element]:
    return [each for each in node.iterchildren(etree.Element) if local(each) == tag]


def _text(node: etree._Element) -> str:
    return next((each.text or "" for each in _children(node, "text")), "")
