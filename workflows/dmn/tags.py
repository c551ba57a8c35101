"""The element names of DMN, whatever version a file is written in."""

from __future__ import annotations

from lxml import etree

# DMN 1.3, 1.4 and 1.5; for what is read here they differ in nothing but this name.
MODELS = frozenset(
    {
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(etree.QName(element).localname)


def children(element: etree._Element, tag: str) -> list[etree._Element]:
    """Return the direct children with this DMN name, in order."""
    return [child for child in element if local_name(child) == tag and etree.QName(child).namespace in MODELS]


def text_of(element: etree._Element) -> str:
    """Return the expression text inside a DMN element, trimmed; empty when there is none."""
    found = children(element, "text")
    return (found[0].text or "").strip() if found else ""
