"""FEEL, the expression language of DMN: parse once, evaluate many times, explain errors by position.

    parse('amount > 3 and mode = "MANUAL"').evaluate({"amount": 5, "mode": "MANUAL"})  # True
    parse_unary_tests('"STAFF", "UNV"').accepts("UNV", {})  # True

Nothing here ever runs Python that comes from a text: a text becomes a tree, the tree becomes closures of our own, names are
looked up in the variables and in a fixed table of built-in functions, and every evaluation has a budget.
"""

from __future__ import annotations

from workflows.feel.checking import check_names
from workflows.feel.conversion import from_json, to_json, write_value
from workflows.feel.errors import FeelError, FeelLimitError, FeelSyntaxError
from workflows.feel.expression import Expression, UnaryTests, parse, parse_unary_tests
from workflows.feel.limits import Limits, Run
from workflows.feel.parser import parse_type
from workflows.feel.printing import print_expression
from workflows.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from workflows.feel.types import Type
from workflows.feel.values import Function, Range
from workflows.feel.wording import Worded, literals_of, mark_words, put_words

__all__ = [
    "Date",
    "DateTime",
    "DaysDuration",
    "Expression",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "Function",
    "Limits",
    "MonthsDuration",
    "Range",
    "Run",
    "Time",
    "Type",
    "UnaryTests",
    "Worded",
    "check_names",
    "from_json",
    "literals_of",
    "mark_words",
    "parse",
    "parse_type",
    "parse_unary_tests",
    "print_expression",
    "put_words",
    "to_json",
    "write_value",
]
