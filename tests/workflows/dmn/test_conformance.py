"""Running test cases in the conformance kit's format, and the command that does it for folders."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tests.workflows.dmn.conftest import decision, knowledge, literal, model, needs
from webapp.commands.dmn import command
from workflows.dmn.conformance import run_folder

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
SERVICE = '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#A"/></decisionService>'
MODEL = model(
    '<inputData id="i" name="days"><variable name="days" typeRef="number"/></inputData>'
    + decision("A", literal("1 / 3"))
    + decision("B", literal('{day: @"2026-12-01", parts: [days, "x", null]}'), needs(inputs=["#i"]))
    + decision("wrong", literal("1 +"))
    + knowledge("twice", {"n": "number"}, literal("n * 2"))
    + SERVICE
)


def value(text, kind=""):
    return f'<value xsi:type="xsd:{kind}">{text}</value>' if kind else f"<value>{text}</value>"


NIL = '<value xsi:nil="true"/>'


def case(result, expected, given="", attributes="", error=""):
    return (
        f'<testCase id="1" {attributes}>{given}<resultNode name="{result}" {error}><expected>{expected}</expected>'
        "</resultNode></testCase>"
    )


def cases(*inside):
    space = "http://www.omg.org/spec/DMN/20160719/testcase"
    return f'<testCases xmlns="{space}" {XSI}><modelName>m.dmn</modelName>{"".join(inside)}</testCases>'.encode()


def given(name, inside):
    return f'<inputNode name="{name}">{inside}</inputNode>'


def parts(day="2026-12-01", kind="date", days=3):
    entries = "".join(f"<item>{each}</item>" for each in (value(days, "decimal"), value("x", "string"), NIL))
    return f'<component name="day">{value(day, kind)}</component><component name="parts"><list>{entries}</list></component>'


@pytest.mark.parametrize(
    ("written", "passed"),
    [
        (case("A", value("0.333333333", "decimal")), True),
        (case("A", value("0.3333", "decimal")), False),
        (case("A", value("0.333333333")), True),
        (case("A", value("0.333333333", "string")), False),
        (case("A", NIL), False),
        (case("B", parts(), given("days", value("3", "decimal"))), True),
        (case("B", parts(), given("days", value("3"))), True),
        (case("B", parts(days=4), given("days", value("3"))), False),
        (case("B", parts("2026-12-01", "string"), given("days", value("3"))), False),
        (case("wrong", NIL, error='errorResult="true"'), True),
        (case("A", NIL, error='errorResult="true"'), False),
        (case("nobody", value("1", "decimal")), False),
        (case("A", value("0.333333333", "decimal"), attributes='type="decisionService" invocableName="s"'), True),
        (case("twice", value("8", "decimal"), given("n", value("4")), 'type="bkm" invocableName="twice"'), True),
    ],
)
def test_a_case_passes_when_its_value_comes_out(written, passed):
    (verdict,) = run_folder({"m.dmn": MODEL, "m-test-01.xml": cases(written)})

    assert verdict.passed is passed
    assert bool(verdict.reason) is not passed


def test_a_folder_without_cases_has_no_verdicts():
    assert run_folder({"m.dmn": MODEL, "note.xml": b"<note/>"}) == []


def test_a_model_that_is_none_fails_its_cases():
    (verdict,) = run_folder({"m.dmn": b"<a/>", "m-test-01.xml": cases(case("A", NIL))})

    assert "not a DMN file" in verdict.reason


@pytest.mark.parametrize(("digits", "code"), [("0.333333333", 0), ("0.5", 1)])
def test_the_command_counts_by_folder_and_in_all(tmp_path, digits, code):
    folder = tmp_path / "first"
    folder.mkdir()
    (folder / "m.dmn").write_bytes(MODEL)
    (folder / "m-test-01.xml").write_bytes(cases(case("A", value(digits, "decimal"))))

    run = CliRunner().invoke(command, ["test", str(tmp_path)])

    assert run.exit_code == code
    assert f"first: {1 - code} passed, {code} failed" in run.output
    assert f"In all: {1 - code} passed, {code} failed" in run.output
