"""Turning texts into compiled expressions, and saying where a cell is not what it seems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from lxml import etree

from workflows import feel
from workflows.dmn.names import OddNames, is_plain
from workflows.dmn.tables import Cell, Constant
from workflows.errors import Problem

_STRING = r'"[^"\\]*"'
_NUMBER = r"-?(?:\d+(?:\.\d+)?|\.\d+)"
_LITERAL = re.compile(rf"(?P<string>{_STRING})|(?P<number>{_NUMBER})|(?P<boolean>true|false)|null")
_LITERALS = re.compile(rf"(?:{_LITERAL.pattern})(?:\s*,\s*(?:{re.sub('<[a-z]+>', ':', _LITERAL.pattern).replace('?P:', '?:')}))*")
_NAME = re.compile(r"[^\W\d]\w*")
_PLAIN_TYPES = frozenset({"string", "number", "boolean"})


@dataclass(frozen=True, kw_only=True)
class Compiler:
    """Compiles the texts of one model and collects what is wrong with them.

    Attributes:
        names: What the model declares: its input data, decisions, parameters, entries and components.
        types: The model's own types, for `instance of` and for parameters.
    """

    names: frozenset[str]
    problems: list[Problem]
    types: dict[str, feel.Type] = field(default_factory=dict)

    @cached_property
    def odd_names(self) -> OddNames:
        """The names that the parser has to be told; a plain word is a name anyway."""
        return OddNames(name for name in self.names if not is_plain(name))

    def report(self, where: str, sentence: str, way_out: str = "", **facts: Any) -> None:
        """Note a problem and go on, so that a person sees all of them at once."""
        self.problems.append(Problem(where=where, sentence=sentence, way_out=way_out, facts=facts))

    @property
    def nothing(self) -> feel.Expression:
        """An expression to stand in for one that could not be compiled."""
        return feel.parse("null")

    @property
    def known_types(self) -> Mapping[str, feel.Type] | None:
        """The types for the parser; None without any, because then it can remember what it has read."""
        return self.types or None

    def check_language(self, element: etree._Element, where: str) -> None:
        """FEEL is the only language that a table can contain."""
        language = element.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            self.report(where, "The expression language {language} is not supported.", "Write it in FEEL.", language=language)

    def expression(self, text: str, where: str) -> feel.Expression | None:
        """Compile an expression; None, with the problem noted, when it cannot be."""
        if not text:
            self.report(where, "The expression is empty.")
            return None
        try:
            return feel.parse(text, names=self.odd_names.among(text), types=self.known_types)
        except feel.FeelError as error:
            self.report(where, "The expression {text} cannot be read: {reason}", text=text, reason=str(error))
            return None

    def tests(self, text: str, where: str, *, kind: str, known: frozenset[str]) -> feel.UnaryTests | None:
        """Compile an input cell; None when it accepts everything."""
        if text in {"", "-"}:
            return None
        self._check_literals(text, where, kind, known)
        try:
            return feel.parse_unary_tests(text, names=self.odd_names.among(text), types=self.known_types)
        except feel.FeelError as error:
            self.report(where, "The cell {text} cannot be read: {reason}", text=text, reason=str(error))
            return feel.parse_unary_tests("? != ?")

    def cell(self, text: str, where: str, *, kind: str, known: frozenset[str]) -> Cell:
        """Compile an output cell; an empty one is null."""
        if not text:
            return Constant(value=None)
        self._check_literals(text, where, kind, known)
        literal = _LITERAL.fullmatch(text)
        return Constant(value=_value(literal)) if literal else self.expression(text, where) or Constant(value=None)

    def _check_literals(self, text: str, where: str, kind: str, known: frozenset[str]) -> None:
        """Catch two slips that FEEL would answer with a silent null: a text without quotes, a literal of another type."""
        if kind not in _PLAIN_TYPES:
            return
        if _NAME.fullmatch(text) and text not in known | self.names | {"true", "false", "null"}:
            way_out = 'Write a text in quotes: "{text}".'
            self.report(where, "{text} is neither a literal nor the name of an input.", way_out, text=text)
        for found in _kinds(text):
            if found != kind:
                sentence = "The cell {text} is a {found}, but its column has the type {kind}."
                self.report(where, sentence, text=text, found=found, kind=kind)
                return


def _kinds(text: str) -> Iterator[str]:
    """Name the types of the literals in a list of nothing but literals."""
    if _LITERALS.fullmatch(text):
        yield from (str(each.lastgroup) for each in _LITERAL.finditer(text) if each.lastgroup)


def _value(literal: re.Match[str]) -> Any:
    text = literal.group()
    if literal.lastgroup == "string":
        return text[1:-1]
    if literal.lastgroup == "number":
        return Decimal(text) if "." in text else int(text)
    return {"true": True, "false": False, "null": None}[text]
