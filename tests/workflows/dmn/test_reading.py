"""Reading decision models: what is read, and how the rest is refused."""

from __future__ import annotations

import pytest

from workflows import dmn

SPACES = {
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
    "1.6": "https://www.omg.org/spec/DMN/20240513/MODEL/",
}


def definitions(inside, version="1.3", more=""):
    return f'<definitions xmlns="{SPACES[version]}" id="m" name="m" namespace="urn:m" {more}>{inside}</definitions>'.encode()


def table(rules, policy='hitPolicy="FIRST"', input_type="number", output_type="string"):
    return (
        f'<decision id="D" name="Rate"><decisionTable {policy}>'
        f'<input id="i1"><inputExpression typeRef="{input_type}"><text>days</text></inputExpression></input>'
        f'<output name="rate" typeRef="{output_type}"/>{rules}</decisionTable></decision>'
    )


def rule(asked, answered, name="r1"):
    cells = f"<inputEntry><text>{asked}</text></inputEntry><outputEntry><text>{answered}</text></outputEntry>"
    return f'<rule id="{name}">{cells}</rule>'


@pytest.fixture
def refused():
    def reader(data):
        with pytest.raises(dmn.DecisionRefused) as refusal:
            dmn.read_model(data, name="x.dmn")
        return "\n".join(str(problem) for problem in refusal.value.problems)

    return reader


@pytest.mark.parametrize("version", SPACES)
def test_five_versions_of_dmn_are_read(version):
    model = dmn.read_model(definitions(table(rule("-", '"A"')), version), name="x.dmn")

    assert model.decide("D", {}).value == "A"


def test_a_decision_says_what_it_reads_and_answers():
    decision = dmn.read_model(definitions(table(rule("-", '"A"'))), name="x.dmn").decisions["D"]

    assert (decision.name, decision.reads, decision.outputs) == ("Rate", ("days",), ("rate",))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<a/>", "not a DMN file"),
        (b"not xml", "not well-formed"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (definitions("").replace(b"20191111", b"20151101"), "of a version that is not read"),
        (definitions(""), "no decision"),
        (definitions('<import namespace="urn:x"/>' + table(rule("-", '"A"'))), "imports urn:x, which is not among"),
        (definitions('<businessKnowledgeModel id="b"/>' + table(rule("-", '"A"'))), "b: A business knowledge model needs"),
        (definitions('<decision id="D" name="D"/>'), "exactly one decision table"),
        (definitions('<decision name="D"/>'), "has no id"),
        (definitions('<artificialDecision id="D"/>' + table(rule("-", '"A"'))), "artificialDecision is not supported"),
        (definitions(table(rule("-", '"A"')) * 2), "Two decisions have this id"),
        (definitions(table(rule("-", '"A"'), 'hitPolicy="PRIORITY"')), "hit policy PRIORITY needs the output's possible values"),
        (definitions(table(rule("-", '"A"'), 'hitPolicy="COLLECT" aggregation="AVG"')), "COLLECT AVG"),
        (definitions(table(rule("&lt; ", '"A"'))), "r1: The cell &lt;".replace("&lt;", "<")),
        (definitions(table(rule("-", "1 +"))), "r1: The expression 1 +"),
        (definitions(table('<rule id="r9"><outputEntry><text>1</text></outputEntry></rule>')), "not one cell for each column"),
        (definitions(table(rule("-", "LONG"))), "LONG is neither a literal nor the name of an input"),
        (definitions(table(rule("LONG", '"A"'), input_type="string")), "LONG is neither"),
        (definitions(table(rule('"A", "B"', '"A"'))), "is a string, but its column has the type number"),
        (definitions(table(rule("-", "true"))), "is a boolean, but its column has the type string"),
        (definitions(table(rule("-", "3"))), "is a number, but its column has the type string"),
        (definitions(table(rule("-", '"A"')), more='expressionLanguage="javascript"'), "javascript is not supported"),
        (definitions(table(rule("-", '"A"')).replace("<text>days</text>", "<text></text>")), "i1: The expression is empty"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_by_name(refused, data, sentence):
    assert sentence in refused(data)


def test_all_problems_are_named_at_once(refused):
    said = refused(definitions(table(rule("&lt; ", "1 +") + rule("1", "LONG", "r2"))))

    assert said.count("r1:") == 2
    assert said.count("r2:") == 1


def test_requirements_must_be_there_and_go_in_one_direction(refused):
    def requiring(name, other):
        requirement = f'<informationRequirement><requiredDecision href="{other}"/></informationRequirement>'
        return (
            f'<decision id="{name}" name="{name}">{requirement}<literalExpression><text>1</text></literalExpression></decision>'
        )

    assert "requires the decision X" in refused(definitions(requiring("A", "#X")))
    assert "in a circle: " in refused(definitions(requiring("A", "#B") + requiring("B", "#A")))
    assert "outside this file" in refused(definitions(requiring("A", "urn:other#B")))


def test_a_cell_may_name_an_input_or_input_data():
    data = '<inputData id="i" name="limit"/>' + table(rule("limit", "days"), output_type="number")

    assert dmn.read_model(definitions(data), name="x").decide("D", {"days": 3, "limit": 3}).value == 3


def test_what_a_drawing_tool_adds_does_no_harm():
    drawn = '<extensionElements><x xmlns="urn:x"/></extensionElements><textAnnotation id="t"><text>note</text></textAnnotation>'
    shape = '<DMNDI xmlns="https://www.omg.org/spec/DMN/20191111/DMNDI/"><DMNDiagram/></DMNDI>'

    assert dmn.read_model(definitions(drawn + table(rule("-", '"A"')) + shape), name="x").decide("D", {}).value == "A"
