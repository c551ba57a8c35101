"""Files that mean harm."""

from __future__ import annotations

import time

import pytest

from tests.workflows.diagrams.building import definitions, process
from workflows.diagrams import check_diagram, draw, read_diagram
from workflows.errors import DiagramRefused


def refusal(data: bytes) -> str:
    with pytest.raises(DiagramRefused) as caught:
        read_diagram(data, name="evil.bpmn")
    return str(caught.value)


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE x>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
)
def test_a_document_type_is_refused(doctype):
    data = process('<task id="t"/>').replace(b"<bpmn:definitions", doctype + b"<bpmn:definitions", 1)

    assert "DOCTYPE" in refusal(data)


def test_a_file_that_is_too_large_is_refused():
    assert "too large" in refusal(process(f'<task id="t" name="{"x" * 2_100_000}"/>'))


def test_too_many_elements_are_refused():
    assert "5001" in refusal(process("".join(f'<task id="t{number}"/>' for number in range(5_001))))


def test_xml_that_is_nested_too_deep_is_refused():
    assert "deep" in refusal(definitions("<odd:x>" * 300 + "</odd:x>" * 300))


def test_subprocesses_that_are_nested_too_deep_are_refused():
    opening = "".join(f'<subProcess id="s{number}">' for number in range(60))

    assert "nested" in refusal(process(opening + "</subProcess>" * 60))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml <script>alert(1)</script>",
        b"<bpmn:definitions>",
        b"<script>alert(1)</script>",
        b"<definitions/>",
        b"\xff\xfe<\x00x\x00/\x00>\x00",
        b'<?xml version="1.0"?><a><b></a>',
        b"<a>&nbsp;</a>",
    ],
)
def test_what_is_no_bpmn_is_refused_without_repeating_its_markup(data):
    sentence = refusal(data)

    assert "evil.bpmn" in sentence
    assert "<script" not in sentence


def test_a_file_without_a_process_is_refused():
    assert "no process" in refusal(definitions(""))


def test_a_long_name_is_shortened_in_what_is_said_about_it():
    diagram = read_diagram(process('<task id="t"/>', "t>" + "x" * 5_000), name="x")

    assert max(len(str(problem)) for problem in diagram.ignored) < 500


def test_nonsense_about_boundary_events_and_scopes_ends():
    inside = (
        '<laneSet id="ls"><lane id="l" name="DO"/></laneSet>'
        '<boundaryEvent id="a" attachedToRef="b"/><boundaryEvent id="b" attachedToRef="a"/>'
        '<boundaryEvent id="c" attachedToRef="c"/>'
        '<subProcess id="q" attachedToRef="inner"><task id="inner" attachedToRef="q"/></subProcess>'
        '<subProcess id="p"><task id="deep"/></subProcess>'
    )

    diagram = read_diagram(process(inside, "a>a", "b>c", "inner>q", "l>inner", "inner>l", "p>p"), name="x")

    assert check_diagram(diagram)
    assert draw(diagram)


def test_a_large_diagram_is_read_checked_and_drawn_in_little_time():
    steps = range(1_500)
    inside = '<startEvent id="s"/><endEvent id="e"/>' + "".join(f'<task id="t{step}" name="Step"/>' for step in steps)
    ways = ["s>t0", *(f"t{step}>t{step + 1}" for step in steps[:-1]), "t1499>e"]
    begin = time.process_time()

    diagram = read_diagram(process(inside, *ways), name="long.bpmn")

    assert check_diagram(diagram) == []
    assert draw(diagram).count("bpmn-element ") == 1_502
    assert time.process_time() - begin < 20
