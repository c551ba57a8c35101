"""The one place where XML is read: no document types, no entities, no network, no surprises in size.

Diagrams and decision models arrive as files from strangers. A document type declaration is the door to every known attack on
XML readers (entity bombs, files and addresses fetched while reading), and neither BPMN nor DMN needs one, so it is refused.
"""

from __future__ import annotations

import re
from typing import cast

from lxml import etree

from workflows.errors import SafeconductError

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,200}?\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
# Each of these writes "<!DOCTYPE" in the same bytes, which is what makes the look at the prolog below trustworthy.
_ASCII_COMPATIBLE = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})


class XmlRefused(SafeconductError):
    """This file cannot be read as XML.

    Attributes:
        position: Line and column where reading stopped, both from 1; None when it is about the whole file.
    """

    def __init__(self, sentence: str | None = None, *, position: tuple[int, int] | None = None, **facts: object) -> None:
        """Say what is wrong and where."""
        super().__init__(sentence, **facts)
        self.position = position


def read_xml(
    data: bytes, *, max_bytes: int = 2_000_000, max_elements: int = 20_000, max_depth: int = 256, keeps_all: bool = False
) -> etree._Element:
    """Read XML from a stranger and return its root element; comments and processing instructions are left out.

    Args:
        keeps_all: Keep them, and CDATA sections too, for whoever changes the file and writes it again.

    Raises:
        XmlRefused: It is too large, too deep, not well-formed, in an odd encoding, or has a document type declaration.
    """
    if len(data) > max_bytes:
        raise XmlRefused("The file is too large: {size} bytes. At most {most} bytes are read.", size=len(data), most=max_bytes)
    _refuse_document_type(data)
    root = _parse(data, keeps_all=keeps_all)
    _ensure_modest(root, max_elements=max_elements, max_depth=max_depth)
    return root


def _refuse_document_type(data: bytes) -> None:
    """Look at everything before the root element, without handing it to a parser."""
    rest = data.removeprefix(_BYTE_ORDER_MARK)
    declaration = _DECLARATION.match(rest)
    if declaration:
        _ensure_known_encoding(declaration.group())
        rest = rest[declaration.end() :]
    if b"\x00" in rest[:64] or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise XmlRefused("The file is written in an encoding that is not read here. Save it as UTF-8.")
    rest = rest.lstrip()
    while rest.startswith((b"<!--", b"<?")):
        closing = b"-->" if rest.startswith(b"<!--") else b"?>"
        rest = rest.partition(closing)[2].lstrip()
    if rest[:9].upper() == b"<!DOCTYPE":
        line = data[: data.upper().find(b"<!DOCTYPE")].count(b"\n") + 1
        raise XmlRefused("The file declares a document type (DOCTYPE), which is not accepted. Remove it.", position=(line, 1))


def _ensure_known_encoding(declaration: bytes) -> None:
    named = _ENCODING.search(declaration)
    encoding = named.group(1).decode("ascii") if named else "utf-8"
    if encoding.lower() not in _ASCII_COMPATIBLE:
        sentence = "The file is written in {encoding}, which is not read here. Save it as UTF-8."
        raise XmlRefused(sentence, position=(1, 1), encoding=encoding)


def _parse(data: bytes, *, keeps_all: bool) -> etree._Element:
    # A parser keeps the errors of its last document, so each document gets its own.
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=not keeps_all,
        remove_pis=not keeps_all,
        strip_cdata=not keeps_all,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if (error.msg or "").startswith("Excessive depth"):
            raise XmlRefused("The file nests its elements more than {most} deep.", position=error.position, most=256) from None
        reason = (error.msg or "it is empty").split(", line ")[0].rstrip(".")
        raise XmlRefused("This is not well-formed XML: {reason}.", position=error.position, reason=reason) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused("The file declares a document type (DOCTYPE), which is not accepted. Remove it.", position=(1, 1))
    return root


def _ensure_modest(root: etree._Element, *, max_elements: int, max_depth: int) -> None:
    count, depth = 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        count += 1
        depth += 1
        if count > max_elements:
            raise XmlRefused("The file has more than {most} elements.", position=_place(element), most=max_elements)
        if depth > max_depth:
            raise XmlRefused("The file nests its elements more than {most} deep.", position=_place(element), most=max_depth)


def _place(element: etree._Element) -> tuple[int, int]:
    return cast("int | None", element.sourceline) or 1, 1
