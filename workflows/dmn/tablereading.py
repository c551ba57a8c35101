"""Reading one decision table: its columns, its rows, its hit policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from workflows import feel
from workflows.dmn.compiling import Compiler
from workflows.dmn.tables import POLICIES, Cell, Input, Rule, Table
from workflows.dmn.tags import children, text_of


def read_table(element: etree._Element, decision: str, variable: str, compiler: Compiler) -> Table | None:
    """Compile a decisionTable element; None, with problems noted, when it makes no table.

    Args:
        variable: The decision's own variable, which names a single output that has no name.
    """
    hit_policy = _hit_policy(element, decision, compiler)
    columns = [*_read_inputs(element, decision, compiler)]
    outputs = children(element, "output")
    names = _output_names(outputs, decision, variable, compiler)
    if hit_policy not in POLICIES or not names:
        return None
    if " " in hit_policy and len(names) > 1:
        way_out = "Use COLLECT without an aggregation."
        compiler.report(decision, "A table that combines its hits may have one output only.", way_out)
    inputs = tuple(column for column, _ in columns)
    rows = _Rows(
        decision=decision,
        inputs=[kind for _, kind in columns],
        outputs=[_kind(each) for each in outputs],
        known=frozenset(column.text for column in inputs),
        compiler=compiler,
    )
    return Table(
        hit_policy=hit_policy,
        policy=POLICIES[hit_policy],
        inputs=inputs,
        outputs=names,
        rules=tuple(rows.read(children(element, "rule"))),
        defaults=rows.read_defaults(outputs),
    )


def _hit_policy(element: etree._Element, decision: str, compiler: Compiler) -> str:
    hit_policy, aggregation = element.get("hitPolicy", "UNIQUE"), element.get("aggregation", "")
    whole = f"{hit_policy} {aggregation}".strip() if hit_policy == "COLLECT" else hit_policy
    if whole not in POLICIES:
        sentence = "The hit policy {policy} is not supported."
        compiler.report(decision, sentence, "Choose one of these: {known}.", policy=whole, known=", ".join(POLICIES))
    return whole


def _kind(clause: etree._Element) -> str:
    return str(clause.get("typeRef", "")).rpartition(":")[2]


def _read_inputs(element: etree._Element, decision: str, compiler: Compiler) -> Iterator[tuple[Input, str]]:
    for number, clause in enumerate(children(element, "input"), start=1):
        where = clause.get("id") or f"{decision}, input {number}"
        found = children(clause, "inputExpression")
        text = text_of(found[0]) if found else ""
        if found:
            compiler.check_language(found[0], where)
        # The rows need their columns even when one does not compile, so that their own problems show too.
        expression = compiler.expression(text, where) or compiler.nothing
        yield Input(text=text, expression=expression), _kind(found[0]) if found else ""


def _output_names(outputs: Sequence[etree._Element], decision: str, variable: str, compiler: Compiler) -> tuple[str, ...]:
    if not outputs:
        compiler.report(decision, "The table has no output.")
        return ()
    if len(outputs) == 1:
        return (outputs[0].get("name") or variable,)
    names = tuple(clause.get("name", "") for clause in outputs)
    if "" in names or len(set(names)) < len(names):
        compiler.report(decision, "Each output of a table with several outputs needs a name of its own.")
        return ()
    return names


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """Reads the rows of one table; `inputs` and `outputs` are the types of its columns, `known` the names that cells may use."""

    decision: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    known: frozenset[str]
    compiler: Compiler

    def read(self, rows: Sequence[etree._Element]) -> Iterator[Rule]:
        for number, row in enumerate(rows, start=1):
            where = row.get("id") or f"{self.decision}_r{number}"
            asked, answered = children(row, "inputEntry"), children(row, "outputEntry")
            if len(asked) != len(self.inputs) or len(answered) != len(self.outputs):
                self.compiler.report(where, "Rule {number} has not one cell for each column.", number=number)
                continue
            for cell in [*asked, *answered]:
                self.compiler.check_language(cell, where)
            tests = [self._tests(cell, where, kind) for cell, kind in zip(asked, self.inputs, strict=True)]
            yield Rule(
                number=number,
                id=where,
                tests=tuple((column, test) for column, test in enumerate(tests) if test is not None),
                cells=tuple(self._cell(cell, where, kind) for cell, kind in zip(answered, self.outputs, strict=True)),
            )

    def read_defaults(self, outputs: Sequence[etree._Element]) -> tuple[Cell, ...]:
        entries = [next(iter(children(clause, "defaultOutputEntry")), None) for clause in outputs]
        if all(entry is None for entry in entries):
            return ()
        return tuple(self._cell(entry, self.decision, kind) for entry, kind in zip(entries, self.outputs, strict=True))

    def _tests(self, cell: etree._Element, where: str, kind: str) -> feel.UnaryTests | None:
        return self.compiler.tests(text_of(cell), where, kind=kind, known=self.known)

    def _cell(self, cell: etree._Element | None, where: str, kind: str) -> Cell:
        return self.compiler.cell("" if cell is None else text_of(cell), where, kind=kind, known=self.known)
