"""Reading one decision table: its columns, its rows, its hit policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import feel
from workflows.dmn.compiling import Compiler
from workflows.dmn.policies import POLICIES, RANKED
from workflows.dmn.tables import Cell, Input, Output, Rule, Table
from workflows.dmn.tags import child, children, text_of
from workflows.feel import tree

if TYPE_CHECKING:
    from workflows.dmn.itemtypes import TypeBook


def read_table(element: etree._Element, decision: str, variable: str, compiler: Compiler, types: TypeBook) -> Table | None:
    """Compile a decisionTable element; None, with problems noted, when it makes no table.

    Args:
        variable: The decision's own variable, which names a single output that has no name.
        types: The types of the model, for its columns.
    """
    hit_policy = _hit_policy(element, decision, compiler)
    columns = _Columns(decision=decision, compiler=compiler, types=types)
    inputs = tuple(columns.inputs(children(element, "input")))
    outputs = tuple(columns.outputs(children(element, "output"), variable))
    if hit_policy not in POLICIES or not outputs:
        return None
    if " " in hit_policy and hit_policy.startswith("COLLECT") and len(outputs) > 1:
        way_out = "Use COLLECT without an aggregation."
        compiler.report(decision, "A table that combines its hits may have one output only.", way_out)
    rows = _Rows(
        decision=decision, inputs=inputs, outputs=outputs, known=frozenset(each.text for each in inputs), compiler=compiler
    )
    return Table(
        hit_policy=hit_policy,
        policy=POLICIES[hit_policy],
        inputs=inputs,
        columns=outputs,
        rules=tuple(rows.read(children(element, "rule"))),
        defaults=rows.read_defaults(children(element, "output")),
        priorities=_priorities(hit_policy, outputs, decision, compiler),
    )


def _hit_policy(element: etree._Element, decision: str, compiler: Compiler) -> str:
    hit_policy, aggregation = element.get("hitPolicy", "UNIQUE"), element.get("aggregation", "")
    whole = f"{hit_policy} {aggregation}".strip() if hit_policy == "COLLECT" else hit_policy
    if whole not in POLICIES:
        sentence = "The hit policy {policy} is not supported."
        compiler.report(decision, sentence, "Choose one of these: {known}.", policy=whole, known=", ".join(POLICIES))
    return whole


def _priorities(hit_policy: str, outputs: Sequence[Output], decision: str, compiler: Compiler) -> Mapping[str, Sequence[Any]]:
    found = {column.name: column.values for column in outputs if column.values}
    if hit_policy in RANKED and not found:
        sentence = "The hit policy {policy} needs the output's possible values, the most important first."
        compiler.report(decision, sentence, "List them as output values.", policy=hit_policy)
    return found if hit_policy in RANKED else {}


def _kind(clause: etree._Element) -> str:
    return str(clause.get("typeRef", "")).rpartition(":")[2]


@dataclass(frozen=True, kw_only=True)
class _Columns:
    """Reads the columns of one table."""

    decision: str
    compiler: Compiler
    types: TypeBook

    def inputs(self, clauses: Sequence[etree._Element]) -> Iterator[Input]:
        """Yield the columns that ask."""
        for number, clause in enumerate(clauses, start=1):
            where = clause.get("id") or f"{self.decision}, input {number}"
            found = child(clause, "inputExpression")
            text = "" if found is None else text_of(found)
            if found is not None:
                self.compiler.check_language(found, where)
            # The rows need their columns even when one does not compile, so that their own problems show too.
            expression = self.compiler.expression(text, where) or self.compiler.nothing
            values = child(clause, "inputValues")
            yield Input(
                text=text,
                expression=expression,
                label=clause.get("label", "").strip(),
                kind="" if found is None else _kind(found),
                type=None if found is None else self.types.find(found.get("typeRef", ""), where),
                values=None if values is None else self.compiler.tests(text_of(values), where, kind="", known=frozenset()),
            )

    def outputs(self, clauses: Sequence[etree._Element], variable: str) -> Iterator[Output]:
        """Yield the columns that answer."""
        names = self._output_names(clauses, variable)
        for name, clause in zip(names, clauses, strict=bool(names)):
            where = clause.get("id") or self.decision
            wanted = self.types.find(clause.get("typeRef", ""), where)
            values = child(clause, "outputValues")
            text = "" if values is None else text_of(values)
            tests = self.compiler.tests(text, where, kind="", known=frozenset()) if text else None
            yield Output(name=name, kind=_kind(clause), type=wanted, values=listed_values(tests, wanted))

    def _output_names(self, outputs: Sequence[etree._Element], variable: str) -> tuple[str, ...]:
        if not outputs:
            self.compiler.report(self.decision, "The table has no output.")
            return ()
        if len(outputs) == 1:
            return (outputs[0].get("name") or variable,)
        names = tuple(" ".join(clause.get("name", "").split()) for clause in outputs)
        if "" in names or len(set(names)) < len(names):
            self.compiler.report(self.decision, "Each output of a table with several outputs needs a name of its own.")
            return ()
        return names


def listed_values(tests: feel.UnaryTests | None, wanted: feel.Type | None) -> tuple[Any, ...]:
    """Return the values that unary tests list, or else those that a type allows, in order; empty if they list none."""
    narrowing = [tests] if tests is not None else list(wanted.allowed) if wanted is not None else []
    listed = narrowing[-1].tree if narrowing and isinstance(narrowing[-1], feel.UnaryTests) else None
    if not isinstance(listed, tree.Tests) or listed.negated:
        return ()
    texts = [feel.Expression("", test) for test in listed.tests if not isinstance(test, tree.OpenRange | tree.RangeLiteral)]
    return tuple(expression.evaluate({}) for expression in texts)


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """Reads the rows of one table; `known` are the names that cells may use."""

    decision: str
    inputs: Sequence[Input]
    outputs: Sequence[Output]
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
            tests = [self._tests(cell, where, column.kind) for cell, column in zip(asked, self.inputs, strict=True)]
            yield Rule(
                number=number,
                id=where,
                tests=tuple((column, test) for column, test in enumerate(tests) if test is not None),
                cells=tuple(self._cell(cell, where, column.kind) for cell, column in zip(answered, self.outputs, strict=True)),
            )

    def read_defaults(self, outputs: Sequence[etree._Element]) -> tuple[Cell, ...]:
        entries = [child(clause, "defaultOutputEntry") for clause in outputs]
        if all(entry is None for entry in entries):
            return ()
        return tuple(self._cell(entry, self.decision, column.kind) for entry, column in zip(entries, self.outputs, strict=True))

    def _tests(self, cell: etree._Element, where: str, kind: str) -> feel.UnaryTests | None:
        return self.compiler.tests(text_of(cell), where, kind=kind, known=self.known)

    def _cell(self, cell: etree._Element | None, where: str, kind: str) -> Cell:
        return self.compiler.cell("" if cell is None else text_of(cell), where, kind=kind, known=self.known)
