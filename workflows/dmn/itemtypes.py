"""Item definitions: the types that a model declares, and the names that stand for types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from workflows import feel
from workflows.dmn.compiling import Compiler
from workflows.dmn.tags import child, children, text_of, type_reference

# What tools write beside FEEL's own names.
_OTHER_NAMES = {
    "dateTime": "date and time",
    "date time": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "days and time duration": "days and time duration",
    "integer": "number",
    "long": "number",
    "double": "number",
}
_ANY = feel.Type(name="Any")


@dataclass(kw_only=True)
class TypeBook:
    """The types of one model, made when they are first asked for, because definitions may refer to later ones.

    Attributes:
        imported: By the name of an import, the types of that model.
        prefixes: By XML prefix, the types of the model whose namespace it stands for.
    """

    root: etree._Element
    compiler: Compiler
    imported: Mapping[str, TypeBook] = field(default_factory=dict)
    prefixes: Mapping[str, TypeBook] = field(default_factory=dict)
    made: dict[str, feel.Type] = field(default_factory=dict)
    under_way: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.definitions = {" ".join(each.get("name", "").split()): each for each in children(self.root, "itemDefinition")}

    def named(self) -> dict[str, feel.Type]:
        """Return all types that expressions of this model may name, with those of its imports behind their names."""
        types = {name: self.find(name, name) for name in self.definitions}
        for alias, book in self.imported.items():
            for name in book.definitions:
                types[f"{alias}.{name}" if alias else name] = book.find(name, name)
        return {name: made for name, made in types.items() if made is not None}

    def find(self, reference: str, where: str) -> feel.Type | None:
        """Return the type that a reference names; None if it names none, which says nothing about a value."""
        if not reference:
            return None
        if reference in self.definitions:
            return self._defined(reference, where)
        known = self._foreign(reference, where) or self._built_in(reference)
        if known is None:
            self.compiler.report(where, "There is no type {type}.", "Declare it, or choose one of FEEL's.", type=reference)
        return known

    def of(self, element: etree._Element | None, where: str) -> feel.Type | None:
        """Return the type that an element refers to."""
        return self.find(type_reference(element), where)

    def _foreign(self, reference: str, where: str) -> feel.Type | None:
        for alias, book in sorted(self.imported.items(), reverse=True):
            name = reference.removeprefix(f"{alias}.") if alias else reference
            if (name != reference or not alias) and name in book.definitions:
                return book.find(name, where)
        prefix, _, local = reference.rpartition(":")
        book = self.prefixes.get(prefix, self) if prefix else self
        return book.find(local, where) if prefix and local in book.definitions else None

    def _built_in(self, reference: str) -> feel.Type | None:
        name = reference.rpartition(":")[2]
        try:
            found = feel.parse_type(_OTHER_NAMES.get(name, name))
        except feel.FeelError:
            return None
        return found if found.is_known else None

    def _defined(self, name: str, where: str) -> feel.Type:
        if name in self.made:
            return self.made[name]
        if name in self.under_way:
            circle = " → ".join([*self.under_way, name])
            self.compiler.report(where, "These types contain each other in a circle: {circle}.", circle=circle)
            return _ANY
        self.under_way.append(name)
        self.made[name] = self._make(self.definitions[name], name)
        self.under_way.pop()
        return self.made[name]

    def _make(self, element: etree._Element, where: str) -> feel.Type:
        base = self._narrowed(self._base(element, where), child(element, "allowedValues"), where)
        if element.get("isCollection") == "true":
            base = feel.Type(name="list", element=base)
        return self._narrowed(base, child(element, "typeConstraint"), where)

    def _base(self, element: etree._Element, where: str) -> feel.Type:
        components = children(element, "itemComponent")
        function = child(element, "functionItem")
        if components:
            parts = ((" ".join(part.get("name", "").split()), part) for part in components)
            return feel.Type(name="context", entries=tuple((name, self._make(part, f"{where}.{name}")) for name, part in parts))
        if function is not None:
            parameters = tuple(self.of(each, where) or _ANY for each in children(function, "parameters"))
            result = self.find(function.get("outputTypeRef", ""), where) or _ANY
            return feel.Type(name="function", parameters=parameters, result=result)
        return self.of(element, where) or _ANY

    def _narrowed(self, base: feel.Type, constraint: etree._Element | None, where: str) -> feel.Type:
        text = "" if constraint is None else text_of(constraint)
        tests = self.compiler.tests(text, where, kind="", known=frozenset()) if text else None
        return base if tests is None else replace(base, allowed=(*base.allowed, tests))
