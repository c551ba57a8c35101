"""The element names of DMN, whatever version a file is written in."""

from __future__ import annotations

from lxml import etree

# DMN 1.2 to 1.6; for what is read here they differ in nothing but this name.
MODELS = frozenset(
    {
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)

# The boxed expressions: what the logic of a decision, a cell or an entry may be.
EXPRESSIONS = frozenset(
    {
        "literalExpression", "decisionTable", "context", "invocation", "list", "relation", "functionDefinition",
        "conditional", "filter", "for", "some", "every",
    }
)  # fmt: skip


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(etree.QName(element).localname)


def is_dmn(element: etree._Element) -> bool:
    """Tell whether an element is DMN's own, and not a tool's addition."""
    return etree.QName(element).namespace in MODELS


def children(element: etree._Element, *tags: str) -> list[etree._Element]:
    """Return the direct children with one of these DMN names, in order."""
    return [child for child in element if local_name(child) in tags and is_dmn(child)]


def child(element: etree._Element, tag: str) -> etree._Element | None:
    """Return the first direct child with this DMN name."""
    return next(iter(children(element, tag)), None)


def expressions(element: etree._Element) -> list[etree._Element]:
    """Return the boxed expressions directly inside an element."""
    return children(element, *EXPRESSIONS)


def text_of(element: etree._Element) -> str:
    """Return the expression text inside a DMN element, trimmed; empty when there is none."""
    found = child(element, "text")
    return "" if found is None else (found.text or "").strip()


def variable_of(element: etree._Element) -> str:
    """Return the name under which expressions see an element: its variable's, or its own."""
    variable = child(element, "variable")
    named = variable.get("name", "") if variable is not None else ""
    return " ".join((named or element.get("name", "")).split())


def type_reference(element: etree._Element | None) -> str:
    """Return the type that an element, or the variable in it, refers to; empty when it names none."""
    if element is None:
        return ""
    inside = child(element, "typeRef")
    text = element.get("typeRef", "") if inside is None else inside.text or ""
    if not text:
        variable = child(element, "variable")
        text = variable.get("typeRef", "") if variable is not None else ""
    return " ".join(str(text).split())
