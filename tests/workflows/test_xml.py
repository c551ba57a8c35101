"""Reading XML from strangers."""

from __future__ import annotations

import pytest

from workflows.xml import XmlRefused, read_xml


def test_a_plain_document_is_read() -> None:
    root = read_xml(b'<?xml version="1.0" encoding="UTF-8"?>\n<a xmlns="urn:x"><b>text</b></a>')

    assert root.tag == "{urn:x}a"
    assert root[0].text == "text"


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_xml(b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?><a/>").tag == "a"


def test_comments_do_not_cut_a_text_in_two() -> None:
    assert read_xml(b"<a>one <!-- aside -->two<?hint?></a>").text == "one two"


@pytest.mark.parametrize(
    "document",
    [
        b"<!DOCTYPE a><a/>",
        b"<?xml version='1.0'?>\n<!-- first --><?pi x?>\n<!DOCTYPE a SYSTEM 'http://example.org/x.dtd'><a/>",
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        b"<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://example.org/p'> %p;]><a/>",
        b"<!DOCTYPE a [<!ENTITY l 'lol'><!ENTITY m '&l;&l;&l;&l;&l;&l;&l;&l;'>]><a b='&m;'/>",
    ],
)
def test_any_document_type_is_refused(document: bytes) -> None:
    with pytest.raises(XmlRefused, match="DOCTYPE"):
        read_xml(document)


def test_the_word_doctype_inside_a_text_is_only_a_text() -> None:
    assert read_xml(b"<a><![CDATA[<!DOCTYPE html>]]></a>").text == "<!DOCTYPE html>"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7"])
def test_a_document_type_cannot_hide_in_another_encoding(encoding: str) -> None:
    document = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"

    with pytest.raises(XmlRefused):
        read_xml(document.encode(encoding))


def test_an_undeclared_entity_is_an_error() -> None:
    with pytest.raises(XmlRefused):
        read_xml(b"<a>&outside;</a>")


def test_an_error_says_where_it_is() -> None:
    with pytest.raises(XmlRefused) as refusal:
        read_xml(b"<a>\n<b></a>")

    assert refusal.value.position is not None
    assert refusal.value.position[0] == 2
    assert "not well-formed" in str(refusal.value)


@pytest.mark.parametrize("document", [b"", b"   ", b"not xml", b"\x00\x01", b"<a/><b/>", b"<!--"])
def test_what_is_no_document_is_refused(document: bytes) -> None:
    with pytest.raises(XmlRefused):
        read_xml(document)


def test_size_count_and_depth_have_limits() -> None:
    with pytest.raises(XmlRefused, match="too large"):
        read_xml(b"<a>" + b"x" * 100 + b"</a>", max_bytes=50)
    with pytest.raises(XmlRefused, match="more than 3 elements"):
        read_xml(b"<a><b/><b/><b/></a>", max_elements=3)
    with pytest.raises(XmlRefused, match="2 deep"):
        read_xml(b"<a><b><c/></b></a>", max_depth=2)
    with pytest.raises(XmlRefused):
        read_xml(b"<a>" * 5000 + b"</a>" * 5000)


def test_a_refusal_with_braces_in_the_text_can_be_shown() -> None:
    with pytest.raises(XmlRefused) as refusal:
        read_xml(b"<a>{x}</{y}>")

    assert str(refusal.value)
