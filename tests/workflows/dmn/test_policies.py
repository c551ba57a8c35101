"""Hit policies: which of the rows that match becomes the answer."""

from __future__ import annotations

import pytest

from tests.workflows.dmn.conftest import decision, text
from workflows import dmn

RULES = (("> 1", '"B"', "1"), ("> 2", '"A"', "1"), ("> 3", '"B"', "2"), ("> 4", '"C"', "0"))


def table(policy, outputs=1, values='"A", "B"', rules=RULES, inside=""):
    listed = f"<outputValues><text>{values}</text></outputValues>" if values else ""
    columns = [f'<output name="kind">{listed}</output>']
    columns += ['<output name="rank"><outputValues><text>2, 1</text></outputValues></output>'] if outputs == 2 else []
    rows = "".join(
        f'<rule id="r{number}"><inputEntry><text>{text(test)}</text></inputEntry>'
        + "".join(f"<outputEntry><text>{answer}</text></outputEntry>" for answer in answers[:outputs])
        + "</rule>"
        for number, (test, *answers) in enumerate(rules, start=1)
    )
    asked = f"<input><inputExpression><text>days</text></inputExpression>{inside}</input>"
    return decision("D", f'<decisionTable hitPolicy="{policy}">{asked}{"".join(columns)}{rows}</decisionTable>')


@pytest.mark.parametrize(
    ("policy", "days", "value"),
    [
        ("PRIORITY", 2, "B"),
        ("PRIORITY", 4, "A"),
        ("PRIORITY", 0, None),
        ("OUTPUT ORDER", 5, ["A", "B", "B", "C"]),
        ("OUTPUT ORDER", 0, None),
        ("RULE ORDER", 0, None),
        ("RULE ORDER", 5, ["B", "A", "B", "C"]),
    ],
)
def test_one_output_is_ordered_by_rule_or_by_its_listed_values(read, policy, days, value):
    assert read(table(policy)).decide("D", {"days": days}).value == value


def test_several_outputs_are_ordered_by_the_first_and_then_by_the_next(read):
    ordered = read(table("OUTPUT ORDER", 2)).decide("D", {"days": 5}).value

    assert [(each["kind"], each["rank"]) for each in ordered] == [("A", 1), ("B", 2), ("B", 1), ("C", 0)]
    assert read(table("PRIORITY", 2)).decide("D", {"days": 4}).value == {"kind": "A", "rank": 1}


def test_any_takes_what_all_rules_agree_on(read):
    made = read(table("ANY", rules=(("> 1", '"A"'), ("> 2", '"A"'), ("> 3", '"B"'))))

    assert made.decide("D", {"days": 3}).value == "A"
    with pytest.raises(dmn.DecisionAmbiguous, match=r"1 \(r1\), 2 \(r2\), 3 \(r3\)"):
        made.decide("D", {"days": 4})
    assert made.decide("D", {"days": 4}, lenient=True).value is None


def test_a_value_that_a_column_does_not_expect_matches_no_rule(read):
    made = read(table("RULE ORDER", inside="<inputValues><text>[0..10]</text></inputValues>"))

    assert made.decide("D", {"days": 5}).value == ["B", "A", "B", "C"]
    assert made.decide("D", {"days": 11}).value is None


def test_priority_needs_a_list_of_priorities(read):
    with pytest.raises(dmn.DecisionRefused, match="the most important first"):
        read(table("PRIORITY", values=""))
