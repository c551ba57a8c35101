"""Reading the elements of one model: input data, decisions, business knowledge and services, with what they build on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from workflows import feel
from workflows.dmn.boxes import BoxedFunction, Formula, Inner, Typed
from workflows.dmn.boxreading import BoxReader
from workflows.dmn.compiling import Compiler
from workflows.dmn.frames import Logic
from workflows.dmn.graph import Decision, InputData, Knowledge, Need, Service
from workflows.dmn.itemtypes import TypeBook
from workflows.dmn.tables import Table
from workflows.dmn.tags import child, children, expressions, variable_of

_REQUIRED = {
    "informationRequirement": ("requiredInput", "requiredDecision"),
    "knowledgeRequirement": ("requiredKnowledge",),
}


@dataclass(kw_only=True)
class Sources:
    """All files that are read together.

    Attributes:
        files: File names by the namespace of their model.
        imports: By file name: the names of its imports by namespace.
    """

    compilers: Mapping[str, Compiler]
    books: Mapping[str, TypeBook]
    files: Mapping[str, str]
    imports: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(kw_only=True)
class ElementReader:
    """Reads one model's elements; their keys are namespace and id."""

    sources: Sources
    name: str
    root: etree._Element
    inputs: dict[str, InputData] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    knowledge: dict[str, Knowledge] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.compiler = self.sources.compilers[self.name]
        self.types = self.sources.books[self.name]
        self.boxes = BoxReader(compiler=self.compiler, types=self.types)
        self.namespace = self.root.get("namespace", "")

    def read(self) -> None:
        """Read all elements."""
        for element in children(self.root, "inputData"):
            where = self._identity(element)
            self.inputs[where] = InputData(
                key=self._key(f"#{where}"), name=_name(element), variable=variable_of(element), type=self._type(element, where)
            )
        for element in children(self.root, "businessKnowledgeModel"):
            knowledge = self._knowledge(element)
            self.knowledge[self._identity(element)] = knowledge
        for element in children(self.root, "decisionService"):
            self.services[self._identity(element)] = self._service(element)
        for element in children(self.root, "decision"):
            decision = self._decision(element)
            if decision.id in self.decisions:
                self.compiler.report(decision.id, "Two decisions have this id.", "Give one of them another id.")
            self.decisions[decision.id] = decision

    def _identity(self, element: etree._Element) -> str:
        return str(element.get("id") or _name(element))

    def _key(self, href: str) -> str:
        """Return the key that a reference means: a fragment alone is of this model."""
        space, _, identity = href.rpartition("#")
        return f"{space or self.namespace}#{identity}"

    def _type(self, element: etree._Element, where: str) -> feel.Type | None:
        variable = child(element, "variable")
        return None if variable is None else self.types.of(variable, where)

    def _decision(self, element: etree._Element) -> Decision:
        where = self._identity(element)
        if not element.get("id"):
            self.compiler.report(element.get("name", "decision"), "A decision has no id.", "Give it one, such as D1.4.")
        logic = self._logic(element, where)
        needs = tuple(self._needs(element, where))
        table = _table_in(logic)
        formula = logic.logic if isinstance(logic, Typed) else logic
        reads = tuple(sorted(formula.expression.names)) if isinstance(formula, Formula) else ()
        required = (self._key(each.get("href", "")) for each in _arrows(element, "informationRequirement", "requiredDecision"))
        return Decision(
            id=where,
            key=self._key(f"#{where}"),
            name=_name(element) or where,
            variable=variable_of(element) or where,
            requires=tuple(dict.fromkeys(key.removeprefix(f"{self.namespace}#") for key in required)),
            reads=tuple(each.text for each in table.inputs) if table else reads,
            outputs=table.outputs if table else (),
            logic=logic,
            needs=needs,
            type=self._type(element, where),
        )

    def _logic(self, element: etree._Element, where: str) -> Logic:
        found = expressions(element)
        if len(found) != 1:
            self.compiler.report(where, "A decision needs exactly one decision table or other boxed expression.")
            return Inner(expression=self.compiler.nothing)
        return self.boxes.read(found[0], where, variable=variable_of(element) or where, outermost=True)

    def _knowledge(self, element: etree._Element) -> Knowledge:
        where = self._identity(element)
        logic = child(element, "encapsulatedLogic")
        if logic is None:
            self.compiler.report(where, "A business knowledge model needs its logic.")
        function = (
            BoxedFunction(parameters=(), body=None)
            if logic is None
            else self.boxes.function(logic, where, variable=variable_of(element))
        )
        written = None if logic is None else self.types.find(logic.get("typeRef", ""), where)
        return Knowledge(
            key=self._key(f"#{where}"),
            name=_name(element),
            variable=variable_of(element),
            function=function,
            needs=tuple(self._needs(element, where)),
            result=_result_of(self._type(element, where)) or _result_of(written),
        )

    def _service(self, element: etree._Element) -> Service:
        where = self._identity(element)
        keys = {
            tag: tuple(self._key(each.get("href", "")) for each in children(element, tag))
            for tag in ("inputData", "inputDecision", "outputDecision")
        }
        if not keys["outputDecision"]:
            self.compiler.report(where, "A decision service needs a decision that it answers with.")
        return Service(
            key=self._key(f"#{where}"),
            name=_name(element),
            variable=variable_of(element),
            parameters=(*keys["inputData"], *keys["inputDecision"]),
            outputs=keys["outputDecision"],
            result=_result_of(self._type(element, where)),
        )

    def _needs(self, element: etree._Element, where: str) -> Iterator[Need]:
        for arrow, targets in _REQUIRED.items():
            for target in _arrows(element, arrow, *targets):
                key = self._key(target.get("href", ""))
                space = key.rpartition("#")[0]
                alias = self.sources.imports[self.name].get(space, "")
                if space != self.namespace and space not in self.sources.imports[self.name]:
                    sentence = "The requirement {href} points outside this file."
                    href = target.get("href", "")
                    self.compiler.report(where, sentence, "Import the model that it points to.", href=href)
                yield Need(key=key, name="", alias=alias)


def _arrows(element: etree._Element, arrow: str, *targets: str) -> Iterator[etree._Element]:
    for requirement in children(element, arrow):
        yield from children(requirement, *targets)


def _name(element: etree._Element) -> str:
    return " ".join(element.get("name", "").split())


def _table_in(logic: Logic) -> Table | None:
    inner = logic.logic if isinstance(logic, Typed) else logic
    return inner if isinstance(inner, Table) else None


def _result_of(declared: feel.Type | None) -> feel.Type | None:
    """The type of what a function answers: models name either the function's type or its answer's."""
    return declared.result if declared is not None and declared.name == "function" else declared
