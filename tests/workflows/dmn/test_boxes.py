"""Boxed expressions: what each works out, also inside each other."""

from __future__ import annotations

import pytest

from tests.workflows.dmn.conftest import decision, knowledge, literal, needs

CONTEXT = (
    '<context><contextEntry><variable name="net pay"/>{0}</contextEntry>'
    '<contextEntry><variable name="tax" typeRef="number"/>{1}</contextEntry>{2}</context>'
)
TABLE = (
    '<decisionTable hitPolicy="UNIQUE"><input><inputExpression><text>net pay</text></inputExpression></input><output/>'
    '<rule id="low"><inputEntry><text>&lt; 100</text></inputEntry><outputEntry><text>"LOW"</text></outputEntry></rule>'
    '<rule id="high"><inputEntry><text>>= 100</text></inputEntry><outputEntry><text>"HIGH"</text></outputEntry></rule>'
    "</decisionTable>"
)


def loop(kind, inside, body):
    return f'<{kind} iteratorVariable="x"><in>{literal(inside)}</in>{body}</{kind}>'


def satisfies(source):
    return f"<satisfies>{literal(source)}</satisfies>"


def context(first, second, result=""):
    last = f"<contextEntry>{result}</contextEntry>" if result else ""
    return CONTEXT.format(literal(first), literal(second), last)


@pytest.mark.parametrize(
    ("logic", "value"),
    [
        (context("80", "net pay / 4"), {"net pay": 80, "tax": 20}),
        (context("80", "net pay / 4", literal("net pay - tax")), 60),
        (context("80", '"much"'), {"net pay": 80, "tax": None}),
        (context("180", "1", TABLE), "HIGH"),
        (f"<list>{literal('1')}{literal('1 + 1')}</list>", [1, 2]),
        (
            f'<relation><column name="a"/><column name="b c"/><row>{literal("1")}{literal("2")}</row></relation>',
            [{"a": 1, "b c": 2}],
        ),
        (f"<conditional><if>{literal('1 > 2')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>", 2),
        (f"<conditional><if>{literal('null')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>", 2),
        (f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > 1')}</match></filter>", [2, 3]),
        (f"<filter><in>{literal('[{a: 1}, {a: 2}]')}</in><match>{literal('a = 2')}</match></filter>", [{"a": 2}]),
        (f"<filter><in>{literal('[5, 6]')}</in><match>{literal('-1')}</match></filter>", 6),
        (f"<filter><in>{literal('[5, 6]')}</in><match>{literal('null')}</match></filter>", []),
        (f"<filter><in>{literal('[5, 6]')}</in><match>{literal('string(item)')}</match></filter>", None),
        (loop("for", "[1..3]", f"<return>{literal('x + count(partial)')}</return>"), [1, 3, 5]),
        (loop("for", "null", f"<return>{literal('x')}</return>"), None),
        (loop("some", "[1, 2]", satisfies("x > 1")), True),
        (loop("every", "[1, 2]", satisfies("x > 1")), False),
        (loop("every", "[]", satisfies("x > 1")), True),
        (loop("some", "[1, null]", satisfies("x > 1")), None),
        (loop("some", "[1, 2]", satisfies('if x > 1 then true else "no"')), None),
        (loop("some", "null", satisfies("x > 1")), None),
    ],
)
def test_each_kind_of_box_works_out_its_value(read, logic, value):
    made = read(decision("D", logic), lenient=True)

    assert made.decide("D", {}).value == value


def test_a_table_inside_a_box_leaves_its_trace(read):
    trace = read(decision("D", context("180", "1", TABLE))).decide("D", {}).trace

    assert [rule.id for rule in trace.required[0].rules] == ["high"]
    assert dict(trace.required[0].inputs) == {"net pay": 180}


def test_a_function_in_a_box_remembers_where_it_stands(read):
    function = '<functionDefinition><formalParameter name="n" typeRef="number"/>' + literal("n + base") + "</functionDefinition>"
    boxed = (
        f'<context><contextEntry><variable name="base"/>{literal("10")}</contextEntry>'
        f'<contextEntry><variable name="f"/>{function}</contextEntry><contextEntry>{literal("{0}")}</contextEntry></context>'
    )

    assert read(decision("D", boxed.replace("{0}", "f(1)"))).decide("D", {}).value == 11
    assert read(decision("D", boxed.replace("{0}", "f(n: 2)"))).decide("D", {}).value == 12
    assert read(decision("D", boxed.replace("{0}", 'f("1")'))).decide("D", {}).value is None
    assert read(decision("D", boxed.replace("{0}", "f(1, 2)"))).decide("D", {}).value is None


def test_an_invocation_names_its_parameters(read):
    shared = knowledge("rate", {"days": "number"}, literal("days * 2"))

    def invocation(parameter, source):
        binding = f'<binding><parameter name="{parameter}"/>{literal(source)}</binding>'
        return decision("D", f"<invocation>{literal('rate')}{binding}</invocation>", needs(knowledge=["#rate"]))

    assert read(shared, invocation("days", "stay + 1")).decide("D", {"stay": 2}).value == 6
    assert read(shared, invocation("nights", "1")).decide("D", {}).value is None
    assert read(shared, invocation("days", '"1"')).decide("D", {}).value is None


def test_functions_of_another_language_are_refused_and_answer_null(read):
    function = '<functionDefinition kind="Java"><formalParameter name="n"/><context/></functionDefinition>'
    boxed = f'<list><context><contextEntry><variable name="f"/>{function}</contextEntry></context></list>'

    with pytest.raises(Exception, match="A function of kind Java is not run here"):
        read(decision("D", boxed))

    assert read(decision("D", boxed), lenient=True).decide("D", {}).value == [{"f": None}]


def test_business_knowledge_may_call_itself_and_stops_in_time(read):
    fact = knowledge("fact", {"n": "number"}, literal("if n <= 1 then 1 else n * fact(n - 1)"))
    endless = knowledge("endless", {"n": "number"}, literal("endless(n) + endless(n)"))

    assert read(fact, decision("D", literal("fact(5)"), needs(knowledge=["#fact"]))).decide("D", {}).value == 120
    with pytest.raises(Exception, match="decision D could not be taken"):
        read(endless, decision("D", literal("endless(1)"), needs(knowledge=["#endless"]))).decide("D", {})


def test_business_knowledge_sees_nothing_but_its_parameters_and_needs(read):
    half = knowledge("half", {"n": "number"}, literal("n / 2"))
    shared = knowledge("f", {"n": "number"}, literal("half(n)"), needs(knowledge=["#half"]))
    curious = knowledge("g", {"n": "number"}, literal("n + secret"))
    asking = decision("D", literal("[f(4), g(4)]"), needs(knowledge=["#f", "#g"]))

    assert read(half, shared, curious, asking).decide("D", {"secret": 1}).value == [2, None]
