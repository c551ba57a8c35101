"""Item definitions: what fits a type, what is made to fit, and what becomes null."""

from __future__ import annotations

import pytest

from tests.workflows.dmn.conftest import decision, literal, needs
from workflows import dmn

TYPES = """
<itemDefinition name="tDay"><typeRef>string</typeRef><allowedValues><text>"MON", "TUE"</text></allowedValues></itemDefinition>
<itemDefinition name="tDays" isCollection="true"><typeRef>tDay</typeRef></itemDefinition>
<itemDefinition name="tFew" isCollection="true"><typeRef>number</typeRef>
  <typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>
<itemDefinition name="tStop"><itemComponent name="area code"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="days"><typeRef>tDays</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tRate"><functionItem outputTypeRef="number"><parameters name="n" typeRef="number"/></functionItem>
</itemDefinition>
"""


@pytest.mark.parametrize(
    ("kind", "source", "value"),
    [
        ("tDay", '"MON"', "MON"),
        ("tDay", '"SUN"', None),
        ("tDay", "null", None),
        ("tDay", '["MON"]', "MON"),
        ("tDays", '["MON", "TUE"]', ["MON", "TUE"]),
        ("tDays", '["MON", "SUN"]', None),
        ("tDays", '"MON"', ["MON"]),
        ("tFew", "[1, 2]", [1, 2]),
        ("tFew", "[1, 2, 3]", None),
        ("tStop", '{area code: "XA", days: ["MON"]}', {"area code": "XA", "days": ["MON"]}),
        ("tStop", '{area code: "XA", days: ["MON"], more: 1}', {"area code": "XA", "days": ["MON"], "more": 1}),
        ("tStop", '{area code: "XA"}', None),
        ("tStop", '{area code: 1, days: ["MON"]}', None),
        ("date and time", 'date("2026-12-01")', "2026-12-01T00:00:00Z"),
        ("dateTime", 'date("2026-12-01")', "2026-12-01T00:00:00Z"),
        ("feel:number", "1 + 1", 2),
        ("number", '"1"', None),
        ("list<number>", "[1, 2]", [1, 2]),
        ("Any", '"1"', "1"),
    ],
)
def test_a_decision_answers_what_its_type_allows(read, kind, source, value):
    made = read(TYPES, decision("D", literal(source), kind=kind.replace("<", "&lt;")))

    assert made.decide("D", {}).value == value


def test_functions_are_compared_by_what_they_take_and_answer(read):
    for source, fits in [("function(n: number) n", True), ("function(n: string) 1", False), ('function(n) "x"', False)]:
        function = decision("F", literal(source), kind="tRate")
        made = read(TYPES, function, decision("D", literal("F != null"), needs(decisions=["#F"])))

        assert made.decide("D", {}).value is fits


def test_instance_of_asks_for_the_kind_and_not_for_the_allowed_values(read):
    made = read(TYPES, decision("D", literal('["SUN" instance of tDay, 1 instance of tDay, [1] instance of tDays]')))

    assert made.decide("D", {}).value == [True, False, False]


def test_an_input_of_a_wrong_type_is_null(read):
    data = '<inputData id="day" name="day"><variable name="day" typeRef="tDay"/></inputData>'
    made = read(TYPES, data, decision("D", literal("[day]"), needs(inputs=["#day"])))

    assert made.decide("D", {"day": "MON"}).value == ["MON"]
    assert made.decide("D", {"day": "SUN"}).value == [None]


def test_types_that_do_not_exist_or_contain_each_other_are_refused(read):
    with pytest.raises(dmn.DecisionRefused, match="There is no type tNothing"):
        read(decision("D", literal("1"), kind="tNothing"))
    with pytest.raises(dmn.DecisionRefused, match="contain each other in a circle: a → b → a"):
        read(
            '<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>',
            '<itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>',
            decision("D", literal("1")),
        )
