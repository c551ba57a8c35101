"""Reading boxed expressions: each kind of element becomes its kind of logic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from workflows.dmn.boxes import (
    BoxedContext,
    BoxedFunction,
    BoxedList,
    Conditional,
    Entry,
    Formula,
    Inner,
    Invocation,
    Parameter,
    Relation,
    Typed,
)
from workflows.dmn.compiling import Compiler
from workflows.dmn.frames import Logic
from workflows.dmn.itemtypes import TypeBook
from workflows.dmn.iterators import BoxedFilter, BoxedFor, BoxedQuantified
from workflows.dmn.tablereading import read_table
from workflows.dmn.tags import child, children, expressions, local_name, text_of, variable_of


@dataclass(frozen=True, kw_only=True)
class BoxReader:
    """Reads the boxed expressions of one model."""

    compiler: Compiler
    types: TypeBook

    def read(self, element: etree._Element, where: str, *, variable: str, outermost: bool = False) -> Logic:
        """Read a boxed expression; what cannot be read is noted and answers null.

        Args:
            variable: The name of what it works out, which also names the only output of a table.
            outermost: Whether it is a decision's whole logic, whose formula shows in the trace.
        """
        where = element.get("id") or where if not outermost else where
        kind = local_name(element)
        logic = self._literal(element, where, outermost=outermost) if kind == "literalExpression" else None
        if kind == "decisionTable":
            logic = read_table(element, where, variable, self.compiler, self.types)
        elif logic is None:
            logic = _READERS[kind](self, element, where)
        wanted = self.types.find(element.get("typeRef", ""), where)
        logic = logic or Inner(expression=self.compiler.nothing)
        return logic if wanted is None or kind == "functionDefinition" else Typed(logic=logic, type=wanted)

    def function(self, element: etree._Element, where: str, *, variable: str = "") -> BoxedFunction:
        """Read a function definition; only FEEL is run, so one of another kind is noted and answers null."""
        kind = element.get("kind", "FEEL")
        if kind != "FEEL":
            self.compiler.report(where, "A function of kind {kind} is not run here.", "Write it in FEEL.", kind=kind)
        return BoxedFunction(
            parameters=tuple(
                Parameter(name=" ".join(each.get("name", "").split()), type=self.types.of(each, where))
                for each in children(element, "formalParameter")
            ),
            body=self._only(element, where, variable) if kind == "FEEL" else None,
        )

    def _only(self, element: etree._Element | None, where: str, variable: str = "") -> Logic:
        """Read the one expression inside an element."""
        found = [] if element is None else expressions(element)
        if len(found) != 1 or element is None:
            self.compiler.report(where, "Exactly one expression should stand here.")
            return Inner(expression=self.compiler.nothing)
        logic = self.read(found[0], where, variable=variable)
        wanted = self.types.find(element.get("typeRef", ""), where) if local_name(element) != "encapsulatedLogic" else None
        return logic if wanted is None or local_name(element) == "functionDefinition" else Typed(logic=logic, type=wanted)

    def _literal(self, element: etree._Element, where: str, *, outermost: bool) -> Logic:
        self.compiler.check_language(element, where)
        expression = self.compiler.expression(text_of(element), where) or self.compiler.nothing
        return Formula(expression=expression) if outermost else Inner(expression=expression)

    def _context(self, element: etree._Element, where: str) -> Logic:
        entries = []
        for entry in children(element, "contextEntry"):
            variable = child(entry, "variable")
            name = variable_of(entry) if variable is not None else ""
            logic = self._only(entry, where, name)
            wanted = self.types.of(variable, where)
            entries.append(Entry(name=name, logic=logic if wanted is None else Typed(logic=logic, type=wanted)))
        return BoxedContext(entries=tuple(entries))

    def _invocation(self, element: etree._Element, where: str) -> Logic:
        bindings = []
        for binding in children(element, "binding"):
            parameter = child(binding, "parameter")
            name = " ".join(parameter.get("name", "").split()) if parameter is not None else ""
            logic = self._only(binding, where, name)
            wanted = self.types.of(parameter, where)
            bindings.append((name, logic if wanted is None else Typed(logic=logic, type=wanted)))
        return Invocation(called=self._only(element, where), bindings=tuple(bindings))

    def _list(self, element: etree._Element, where: str) -> Logic:
        return BoxedList(entries=tuple(self.read(each, where, variable="") for each in expressions(element)))

    def _relation(self, element: etree._Element, where: str) -> Logic:
        columns = tuple(" ".join(each.get("name", "").split()) for each in children(element, "column"))
        types = [self.types.of(each, where) for each in children(element, "column")]
        rows = []
        for row in children(element, "row"):
            cells = [self.read(each, where, variable="") for each in expressions(row)]
            if len(cells) != len(columns):
                self.compiler.report(where, "A row of the relation has not one cell for each column.")
                continue
            typed = (
                cell if wanted is None else Typed(logic=cell, type=wanted) for cell, wanted in zip(cells, types, strict=True)
            )
            rows.append(tuple(typed))
        return Relation(columns=columns, rows=tuple(rows))

    def _function(self, element: etree._Element, where: str) -> Logic:
        return self.function(element, where)

    def _conditional(self, element: etree._Element, where: str) -> Logic:
        condition, yes, no = (self._only(child(element, tag), where) for tag in ("if", "then", "else"))
        return Conditional(condition=condition, yes=yes, no=no)

    def _filter(self, element: etree._Element, where: str) -> Logic:
        return BoxedFilter(source=self._only(child(element, "in"), where), match=self._only(child(element, "match"), where))

    def _for(self, element: etree._Element, where: str) -> Logic:
        return BoxedFor(
            variable=" ".join(element.get("iteratorVariable", "").split()),
            source=self._only(child(element, "in"), where),
            result=self._only(child(element, "return"), where),
        )

    def _quantified(self, element: etree._Element, where: str) -> Logic:
        return BoxedQuantified(
            variable=" ".join(element.get("iteratorVariable", "").split()),
            source=self._only(child(element, "in"), where),
            condition=self._only(child(element, "satisfies"), where),
            every=local_name(element) == "every",
        )


_READERS: dict[str, Callable[[BoxReader, etree._Element, str], Logic]] = {
    "context": BoxReader._context,  # noqa: SLF001 - the table of the class's own readers
    "invocation": BoxReader._invocation,  # noqa: SLF001
    "list": BoxReader._list,  # noqa: SLF001
    "relation": BoxReader._relation,  # noqa: SLF001
    "functionDefinition": BoxReader._function,  # noqa: SLF001
    "conditional": BoxReader._conditional,  # noqa: SLF001
    "filter": BoxReader._filter,  # noqa: SLF001
    "for": BoxReader._for,  # noqa: SLF001
    "some": BoxReader._quantified,  # noqa: SLF001
    "every": BoxReader._quantified,  # noqa: SLF001
}
