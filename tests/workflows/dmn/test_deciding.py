"""Taking decisions: hit policies, required decisions, and the trace."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflows import dmn

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def cell(kind, text):
    return f"<{kind}><text>{text.replace('&', '&amp;').replace('<', '&lt;')}</text></{kind}>"


def table(rules, *, policy="FIRST", asks=("days",), outputs=("rate",), name="D", more="", default=None):
    hit, _, aggregation = policy.partition(" ")
    aggregated = f' aggregation="{aggregation}"' if aggregation else ""
    inputs = "".join(f"<input><inputExpression><text>{text}</text></inputExpression></input>" for text in asks)
    standard = cell("defaultOutputEntry", default) if default else ""
    columns = "".join(f'<output name="{output}">{standard}</output>' for output in outputs)
    rows = ""
    for number, (tests, answers) in enumerate(rules, start=1):
        entries = "".join(cell("inputEntry", text) for text in tests) + "".join(cell("outputEntry", text) for text in answers)
        rows += f'<rule id="r{number}">{entries}</rule>'
    whole = f'<decisionTable hitPolicy="{hit}"{aggregated}>{inputs}{columns}{rows}</decisionTable>'
    return f'<decision id="{name}" name="{name}">{more}{whole}</decision>'


@pytest.fixture
def read():
    def reader(*decisions, inside=""):
        text = f'<definitions xmlns="{SPACE}" id="m" name="m" namespace="urn:m">{inside}{"".join(decisions)}</definitions>'
        return dmn.read_model(text.encode(), name="x.dmn")

    return reader


@pytest.fixture
def decide(read):
    def decider(rules, variables, **more):
        return read(table(rules, **more)).decide("D", variables, now=NOW)

    return decider


GROWING = [(["> 1"], ["10"]), (["> 2"], ["20"]), (["> 3"], ["30"])]


def test_first_takes_the_first_rule_that_matches(decide):
    outcome = decide(GROWING, {"days": 3})

    assert outcome.value == 10
    assert [rule.number for rule in outcome.trace.rules] == [1]


def test_no_rule_that_matches_gives_null(decide):
    outcome = decide(GROWING, {"days": 0})

    assert outcome.value is None
    assert outcome.trace.rules == ()


def test_default_outputs_answer_when_no_rule_matches(decide):
    outcome = decide(GROWING, {"days": 0}, default="0")

    assert outcome.value == 0
    assert outcome.trace.rules[0].number == 0


def test_unique_takes_the_one_rule_that_matches(decide):
    assert decide([(["< 3"], ['"A"']), ([">= 3"], ['"B"'])], {"days": 3}, policy="UNIQUE").value == "B"


def test_unique_names_the_rules_when_two_match(decide):
    with pytest.raises(dmn.DecisionAmbiguous, match=r"1 \(r1\), 2 \(r2\)"):
        decide(GROWING, {"days": 3}, policy="UNIQUE")


@pytest.mark.parametrize(
    ("policy", "days", "value"),
    [
        ("COLLECT", 3, [10, 20]),
        ("COLLECT", 0, []),
        ("COLLECT SUM", 9, 60),
        ("COLLECT SUM", 0, None),
        ("COLLECT MIN", 9, 10),
        ("COLLECT MAX", 9, 30),
        ("COLLECT MAX", 0, None),
        ("COLLECT COUNT", 3, 2),
        ("COLLECT COUNT", 0, 0),
    ],
)
def test_collect_takes_every_rule_that_matches(decide, policy, days, value):
    assert decide(GROWING, {"days": days}, policy=policy).value == value


def test_sums_are_exact(decide):
    assert decide([(["-"], ["0.1"]), (["-"], ["0.2"])], {}, policy="COLLECT SUM").value == 0.3


def test_what_cannot_be_added_or_compared_gives_null(decide):
    rules = [(["-"], ['"a"']), (["-"], ["1"])]

    assert decide(rules, {}, policy="COLLECT SUM").value is None
    assert decide(rules, {}, policy="COLLECT MIN").value is None
    assert decide([(["-"], ['"b"']), (["-"], ['"a"'])], {}, policy="COLLECT MIN").value == "a"


def test_several_outputs_make_a_context(decide):
    rules = [(["> 5"], ['"LONG"', "days * 2"]), (["-"], ['"SHORT"', ""])]

    assert decide(rules, {"days": 6}, outputs=("rate", "double")).value == {"rate": "LONG", "double": 12}
    assert decide(rules, {"days": 1}, outputs=("rate", "double"), policy="COLLECT").value == [{"rate": "SHORT", "double": None}]


def test_a_cell_may_compare_its_value_with_another_fact(decide):
    rules = [(["? > 0 and ? = total"], ["true"]), (["-"], ["false"])]

    assert decide(rules, {"days": 2, "total": 2}).value is True
    assert decide(rules, {"days": 0, "total": 0}).value is False


@pytest.mark.parametrize(
    "test", ["1", "< 3", "[1..5]", '"A", "B"', "true", "? > 0 and ? = total", "not(> 3)", 'starts with(?, "a")']
)
def test_a_fact_that_is_missing_or_null_never_breaks_a_cell(decide, test):
    rules = [([test], ['"hit"']), (["-"], ['"miss"'])]

    assert decide(rules, {}).value in {"hit", "miss"}
    assert decide(rules, {"days": None}).value in {"hit", "miss"}


def test_a_column_may_ask_for_more_than_a_name(decide):
    rules = [(["> 2", '"A"'], ['"yes"']), (["-", "-"], ['"no"'])]

    outcome = decide(rules, {"stops": [1, 2, 3], "who": {"kind": "A"}}, asks=("count(stops)", "who.kind"))

    assert outcome.value == "yes"
    assert dict(outcome.trace.inputs) == {"count(stops)": 3, "who.kind": "A"}


def test_now_is_the_moment_of_the_decision(read):
    model = read(table([(["-"], ["today()"])]))

    assert model.decide("D", {}, now=NOW).value == "2026-12-01"


def test_the_trace_can_be_stored_as_json(decide):
    trace = decide([(["> 5"], ["days + 0.5"])], {"days": 6}).trace

    assert trace.as_json() == {
        "decision": "D",
        "name": "D",
        "hit_policy": "FIRST",
        "inputs": {"days": 6},
        "rules": [{"number": 1, "id": "r1", "outputs": {"rate": 6.5}}],
        "required": [],
    }


REQUIRES = '<informationRequirement><requiredDecision href="#{0}"/></informationRequirement>'


def formula(name, text, *requires, variable=None):
    needs = "".join(REQUIRES.format(each) for each in requires)
    return (
        f'<decision id="{name}" name="{name}"><variable name="{variable or name}"/>{needs}'
        f"<literalExpression><text>{text}</text></literalExpression></decision>"
    )


def test_a_formula_is_a_decision(read):
    outcome = read(formula("F", "days + 1")).decide("F", {"days": 2, "other": 1})

    assert outcome.value == 3
    assert dict(outcome.trace.inputs) == {"days": 2}


def test_what_a_decision_requires_is_decided_first_and_once(read):
    more = REQUIRES.format("A") + REQUIRES.format("B")
    model = read(
        table([(["> 5"], ['"LONG"']), (["-"], ['"SHORT"'])], asks=("total + base",), more=more),
        formula("B", "base + 1", "A", variable="total"),
        formula("A", "days * 2", variable="base"),
        formula("never", "days"),
    )

    outcome = model.decide("D", {"days": 2})

    assert outcome.value == "LONG"
    assert [trace.decision for trace in outcome.trace.required] == ["A", "B"]
    assert outcome.trace.required[1].required[0].decision == "A"


def test_the_value_of_a_required_decision_keeps_its_type(read):
    model = read(formula("A", 'date("2026-12-20")', variable="leave"), formula("B", 'leave + duration("P1D")', "A"))

    assert model.decide("B", {}).value == "2026-12-21"


def test_names_with_spaces_are_read_where_the_model_declares_them(read):
    data = '<inputData id="i1" name="Days away"/>'

    assert read(formula("F", "Days away + 1"), inside=data).decide("F", {"Days away": 2}).value == 3


def test_deciding_changes_none_of_the_variables(read):
    variables = {"days": 2}

    read(formula("A", "days", variable="base"), formula("B", "base", "A")).decide("B", variables)

    assert variables == {"days": 2}


def test_an_unknown_decision_is_an_error(read):
    with pytest.raises(dmn.DecisionUnknown, match=r"no decision X in x\.dmn"):
        read(formula("A", "1")).decide("X", {})


def test_an_expression_without_an_end_stops_with_the_name_of_its_decision(read):
    endless = "for a in 1..100000, b in 1..100000, c in 1..100000 return a"

    with pytest.raises(dmn.DecisionFailed, match="decision A could not be taken"):
        read(formula("A", endless)).decide("A", {})
