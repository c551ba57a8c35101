"""Analysing tables: each finding by example, and honest silence where nobody can tell."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.dmn.conftest import decision, model, text
from workflows import dmn

ASKED = {"level": "number", "mode": "string", "urgent": "boolean"}


def table(rules, policy="UNIQUE", asked=ASKED, values=None, default="", aggregation=""):
    listed = {name: f"<inputValues><text>{text(source)}</text></inputValues>" for name, source in (values or {}).items()}
    columns = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression>{listed.get(name, "")}</input>'
        for name, kind in asked.items()
    )
    standard = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
    rows = "".join(
        f'<rule id="r{number}">'
        + "".join(f"<inputEntry><text>{text(test)}</text></inputEntry>" for test in tests)
        + f"<outputEntry><text>{number}</text></outputEntry></rule>"
        for number, tests in enumerate(rules, start=1)
    )
    output = f'<output name="answer" typeRef="number">{standard}</output>'
    return decision("D", f'<decisionTable hitPolicy="{policy}" {aggregation}>{columns}{output}{rows}</decisionTable>')


def analysed(*arguments, known=None, **options):
    made = dmn.read_model(model(table(*arguments, **options)), name="m.dmn", lenient=True)
    return [str(problem) for problem in dmn.analyse_table(made.decisions["D"], known=known)]


COMPLETE = [("< 4", "-", "-"), (">= 4", '"MANUAL"', "true"), (">= 4", '"MANUAL"', "false"), (">= 4", 'not("MANUAL")', "-")]


def test_a_table_that_covers_everything_once_has_no_findings():
    assert analysed(COMPLETE) == []


@pytest.mark.parametrize(
    ("rules", "finding"),
    [
        (COMPLETE[:2] + COMPLETE[3:], 'No rule matches when level is 4 and mode is "MANUAL" and urgent is false.'),
        (COMPLETE[:3], "No rule matches when level is 4 and mode is any other text."),
        ([("< 4", "-", "-"), ("> 4", "-", "-")], "No rule matches when level is 4."),
        ([("<= 3", "-", "-"), (">= 4", "-", "-")], "No rule matches when level is 3.5."),
        ([("(1..2]", "-", "-"), ("not((1..2])", "-", "true")], "No rule matches when level is 0 and urgent is false."),
        ([*COMPLETE, ("[3..4]", "-", "true")], "The rules 1 and 5 both match when level is 3 and urgent is true."),
        ([*COMPLETE, ("-", '"AUTO"', "-")], 'The rules 4 and 5 both match when level is 4 and mode is "AUTO".'),
    ],
)
def test_gaps_and_overlaps_are_told_by_example(rules, finding):
    assert any(finding in each for each in analysed(rules))


def test_rules_that_others_come_before_are_found():
    rules = [("< 4", "-", "-"), ("-", '"AUTO"', "-"), ("[1..3]", '"AUTO", "MANUAL"', "-"), ("-", "-", "-"), ("9", "-", "-")]

    found = analysed(rules, policy="FIRST")

    assert [each.split(":")[0] for each in found] == ["r3", "r5"]
    assert "Rule 3 can never fire: the rules above it match everything" in found[0]


def test_values_that_cannot_come_are_left_out():
    values = {"level": "[1..5]", "mode": '"AUTO", "MANUAL"'}
    rules = [("<= 3", "-", "-"), ("(3..5]", '"AUTO"', "-"), ("(3..5]", '"MANUAL"', "-"), ("> 6", "-", "-")]

    found = analysed(rules, values=values)

    assert found == ["r4: Rule 4 can never fire: no possible value of level matches its cell."]


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
def test_a_list_of_answers_may_be_empty(policy):
    assert analysed([("> 4", "-", "-")], policy=policy) == []


def test_default_outputs_cover_the_rest():
    assert analysed([("> 4", "-", "-")], default="0") == []


def test_where_nobody_can_tell_that_is_said():
    found = analysed([("> limit", "-", "-"), ("<= limit", "-", "-")])

    assert len(found) == 2
    assert all("Nobody can tell" in each for each in found)


def test_cells_of_another_type_are_named():
    found = analysed([('"high"', "-", "-"), ("-", "-", "-")], policy="FIRST")

    assert 'r1: The cell "high" is about a string, but level is a number.' in found


def test_names_that_nobody_knows_are_named():
    found = analysed([("> limmit", "-", "-"), ("-", "-", "-")], policy="FIRST", known={"level", "mode", "urgent", "limit"})

    assert any("“limmit” is not known here. Did you mean “limit”?" in each for each in found)
    assert any("“level” is not known here" in each for each in analysed(COMPLETE, known={"mode", "urgent"}))


def test_too_many_combinations_are_said_to_be_too_many():
    asked = {f"c{number}": "number" for number in range(14)}
    rules = [tuple(f"{(place * 7 + row * 3) % 11}" for place in range(14)) for row in range(40)]
    rules += [tuple("-" if place != row % 14 else f"> {row}" for place in range(14)) for row in range(40)]

    assert any("too many combinations" in each or "No rule matches" in each for each in analysed(rules, asked=asked))


CELLS = {
    "level": st.sampled_from(["-", "1", "2", "< 2", ">= 2", "[1..2]", "not(1)", "1, 3"]),
    "mode": st.sampled_from(["-", '"A"', '"B"', 'not("A")', '"A", "B"']),
    "urgent": st.sampled_from(["-", "true", "false"]),
}
EVERYTHING = [dict(zip(ASKED, values, strict=True)) for values in product([0, 1, 1.5, 2, 3, 9], ["A", "B", "C"], [True, False])]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(*CELLS.values()), min_size=1, max_size=5))
def test_the_analysis_is_right_about_every_value(rules):
    made = dmn.read_model(model(table(rules)), name="m.dmn")
    found = [problem.sentence for problem in dmn.analyse_table(made.decisions["D"])]
    gap, overlap = any("No rule matches" in each for each in found), any("both match" in each for each in found)

    hits = [len(dmn_hits(made, values)) for values in EVERYTHING]

    assert overlap == any(count > 1 for count in hits)
    assert gap == any(count == 0 for count in hits)


def dmn_hits(made, values):
    try:
        return made.decide("D", values).trace.rules
    except dmn.DecisionAmbiguous:
        return (1, 2)
