"""Requirements, decision services and imports: what a decision sees, and in which order things are decided."""

from __future__ import annotations

import pytest

from tests.workflows.dmn.conftest import decision, knowledge, literal, model, needs
from workflows import dmn


def service(name, outputs, decisions=(), inputs=(), kind=""):
    parts = [f'<outputDecision href="#{each}"/>' for each in outputs]
    parts += [f'<inputDecision href="#{each}"/>' for each in decisions]
    parts += [f'<inputData href="#{each}"/>' for each in inputs]
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<decisionService id="{name}" name="{name}"><variable name="{name}"{typed}/>{"".join(parts)}</decisionService>'


def data(name, kind):
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'


BASE = decision("base", literal("100"))
PAY = decision("pay", literal("base * days"), needs(decisions=["#base"], inputs=["#days"]))


def asking(source):
    return decision("D", literal(source), needs(knowledge=["#s"], decisions=["#base"]))


def test_a_service_is_a_function_of_what_it_does_not_decide_itself(read):
    made = read(BASE, PAY, data("days", "number"), service("s", ["pay"], ["base"], ["days"]), asking("[s(3, 7), base]"))

    assert made.decide("D", {"days": 99}).value == [21, 100]


@pytest.mark.parametrize(
    ("call", "value"),
    [("s(days: 3, base: 7)", 21), ("s(3)", None), ("s(3, 7, 1)", None), ("s(nights: 3, base: 7)", None), ('s("3", 7)', None)],
)
def test_a_service_takes_its_parameters_or_answers_null(read, call, value):
    made = read(BASE, PAY, data("days", "number"), service("s", ["pay"], ["base"], ["days"]), asking(call))

    assert made.decide("D", {}).value == value


def test_a_service_with_several_decisions_answers_a_context(read):
    made = read(BASE, PAY, data("days", "number"), service("s", ["base", "pay"], (), ["days"]), asking("s(2)"))

    assert made.decide("D", {}).value == {"base": 100, "pay": 200}


def test_what_a_service_decided_stands_in_the_trace(read):
    made = read(BASE, PAY, data("days", "number"), service("s", ["pay"], (), ["days"]), asking("s(2)"))

    assert [trace.decision for trace in made.decide("D", {}).trace.required] == ["base", "pay"]


def test_the_type_of_a_service_is_asked_of_its_answer(read):
    made = read(BASE, service("s", ["base"], kind="string"), asking("s()"))

    assert made.decide("D", {}).value is None


LIBRARY = model(
    '<itemDefinition name="tDays"><typeRef>number</typeRef><allowedValues><text>[0..30]</text></allowedValues></itemDefinition>'
    + data("days away", "number")
    + decision("stay", literal("days away + 1"), needs(inputs=["#days away"]))
    + knowledge("double", {"n": "tDays"}, literal("n * 2")),
    space="urn:library",
    name="library",
)


def importing(source, alias="lib"):
    wanted = needs(decisions=["urn:library#stay"], knowledge=["urn:library#double"])
    imported = f'<import namespace="urn:library" name="{alias}" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    return model(imported + decision("D", literal(source), wanted))


def test_what_is_imported_is_seen_behind_the_name_of_the_import():
    files = {"main.dmn": importing("lib.double(lib.stay)"), "library.dmn": LIBRARY}

    made = dmn.read_models(files)["main.dmn"]

    assert made.decide("D", {"days away": 4}).value == 10
    assert made.decide("D", {"lib": {"days away": 5}}).value == 12
    assert made.decide("D", {"days away": 40}).value is None


def test_an_import_without_a_name_needs_none():
    files = {"main.dmn": importing("double(stay)", alias=""), "library.dmn": LIBRARY}

    assert dmn.read_models(files)["main.dmn"].decide("D", {"days away": 4}).value == 10


def test_types_are_imported_too():
    files = {"main.dmn": importing("[3 instance of lib.tDays, lib.stay instance of string]"), "library.dmn": LIBRARY}

    assert dmn.read_models(files)["main.dmn"].decide("D", {"days away": 4}).value == [True, False]


def test_an_import_must_be_among_the_files():
    with pytest.raises(dmn.DecisionRefused) as refusal:
        dmn.read_models({"main.dmn": importing("1")})

    assert "imports urn:library, which is not among these files" in str(refusal.value)


def test_a_circle_is_refused_and_answers_null_where_files_are_taken_as_they_are(read):
    circle = [decision("A", literal("B"), needs(decisions=["#B"])), decision("B", literal("A"), needs(decisions=["#A"]))]

    with pytest.raises(dmn.DecisionRefused, match="in a circle"):
        read(*circle)

    assert read(*circle, lenient=True).decide("A", {}, lenient=True).value is None


def test_a_long_chain_of_decisions_is_no_trouble(read):
    chain = [decision("D0", literal("1"))]
    chain += [decision(f"D{n}", literal(f"D{n - 1} + 1"), needs(decisions=[f"#D{n - 1}"])) for n in range(1, 300)]

    assert read(*chain).decide("D299", {}).value == 300
