"""An XML file under change: what nobody asked to be changed is written again as it was read."""

from __future__ import annotations

import re

from lxml import etree

from workflows.xml import read_xml

# Comments, CDATA and tags; what lies between is text.
_MARKUP = re.compile(rb"(<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[^>]*>)", re.DOTALL)
_SPACED_END = re.compile(rb"\s/>")


class XmlFile:
    """A file with everything in it: comments, unknown elements and attributes, the order of everything.

    Raises:
        XmlRefused: It cannot be read.
    """

    def __init__(self, data: bytes) -> None:
        """Read the file, and how it was written."""
        self._spaced = len(_SPACED_END.findall(data)) * 2 > data.count(b"/>")
        texts = b"".join(_MARKUP.split(data)[::2])
        self._quotes = b"&quot;" in texts and b'"' not in texts
        self._head = data[: len(data) - len(data.lstrip())]
        self._declared = data.lstrip()[:5] == b"<?xml"
        self._tail = data[len(data.rstrip()) :]
        self.root = read_xml(data, keeps_all=True)

    def write(self) -> bytes:
        """Write the file, as it was but for what was changed."""
        written = etree.tostring(self.root.getroottree(), encoding="UTF-8", xml_declaration=False)
        if self._spaced:
            written = re.sub(rb"(?<!\s)/>", b" />", written)
        if self._quotes:
            parts = _MARKUP.split(written)
            parts[::2] = [text.replace(b'"', b"&quot;") for text in parts[::2]]
            written = b"".join(parts)
        declaration = b'<?xml version="1.0" encoding="UTF-8"?>\n' if self._declared else b""
        return self._head + declaration + written.strip() + self._tail
