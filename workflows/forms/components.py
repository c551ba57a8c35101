"""One component of a form-js schema, read carefully: its texts, conditions, limits and options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows import feel
from workflows.errors import Problem
from workflows.forms.fields import CHOICE_KINDS, Choice, Choices, Condition, Limit

_VALIDATIONS = frozenset({"required", "min", "max", "minLength", "maxLength", "pattern", "validationType"})
_SIZE = re.compile(r"(\d{1,9})\s*(B|KB|MB)?", re.IGNORECASE)
_FACTORS = {"B": 1, "KB": 1_000, "MB": 1_000_000}
_LONGEST_WITH_PATTERN = 200
# A repeated group that itself repeats or chooses: such patterns can take ages on a text made for it.
_NESTED_REPEAT = re.compile(r"\((?:[^()\\]|\\.)*(?:[+*}|])(?:[^()\\]|\\.)*\)(?:[+*]|\{\d*,)")


@dataclass(frozen=True, kw_only=True)
class Component:
    """A component of the schema, with the list that its problems go to.

    Attributes:
        where: The place around it, for a component without key and id.
    """

    schema: Mapping[str, Any]
    where: str
    problems: list[Problem]

    @property
    def place(self) -> str:
        """Where a person finds it."""
        return self.text("key") or self.text("path") or self.text("id") or self.where

    @property
    def properties(self) -> dict[str, str]:
        """Free key and value."""
        found = self.schema.get("properties")
        return {str(key): str(value).strip() for key, value in found.items()} if isinstance(found, dict) else {}

    @property
    def validate(self) -> Mapping[str, Any]:
        """What form-js calls validate."""
        found = self.schema.get("validate")
        return found if isinstance(found, dict) else {}

    def report(self, sentence: str, way_out: str = "", **facts: Any) -> None:
        """Note a problem with this component."""
        self.problems.append(Problem(where=self.place, sentence=sentence, way_out=way_out, facts=facts))

    def text(self, name: str, source: Mapping[str, Any] | None = None) -> str:
        """Return a text of the schema; empty when there is none."""
        value = (self.schema if source is None else source).get(name)
        return value.strip() if isinstance(value, str) else ""

    def static_text(self, name: str, source: Mapping[str, Any] | None = None) -> str:
        """Return a text that may be FEEL (with a leading `=`), after a look at whether it can be read."""
        text = self.text(name, source)
        if text.startswith("="):
            self.condition(text)
        elif "{{" in text:
            self.report("Templates with {braces} are not supported.", "Write the text as FEEL, with a leading =.", braces="{{ }}")
        return text

    def label(self, key: str) -> str:
        """Return the label; a field without one is called by its key, in words."""
        found = self.text("label") or self.text("dateLabel") or self.text("timeLabel")
        return found or key.replace("_", " ").capitalize()

    def condition(self, text: str) -> feel.Expression | None:
        """Compile FEEL, with or without its leading `=`; None, with the problem noted, when it cannot be read."""
        try:
            return feel.parse(text.removeprefix("="))
        except feel.FeelError as error:
            self.report("The expression {text} cannot be read: {reason}", text=text, reason=str(error))
            return None

    def hide(self) -> feel.Expression | None:
        """Return the condition that hides the component."""
        conditional = self.schema.get("conditional")
        text = self.text("hide", conditional) if isinstance(conditional, dict) else ""
        return self.condition(text) if text else None

    def locked(self) -> Condition:
        """Tell whether the component is shown without being asked: disabled or read only."""
        readonly = self.schema.get("readonly")
        if isinstance(readonly, str) and readonly.startswith("="):
            return self.condition(readonly) or True
        return readonly is True or self.schema.get("disabled") is True

    def limit(self, name: str) -> Limit:
        """Return a number of `validate`, or the FEEL that gives it."""
        for unknown in sorted(self.validate.keys() - _VALIDATIONS) if name == "min" else ():
            self.report("The rule {rule} is not supported.", "Remove it.", rule=unknown)
        value = self.validate.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.startswith("="):
            return self.condition(value)
        try:
            return float(value) if "." in str(value) else int(value)
        except (TypeError, ValueError):
            self.report("{name} must be a number.", name=name)
            return None

    def whole(self, name: str, source: Mapping[str, Any]) -> int | None:
        """Return a whole number that is not negative; None when there is none."""
        value = source.get(name)
        if value is None or value == "":
            return None
        if not str(value).isascii() or not str(value).isdigit():
            self.report("{name} must be a whole number.", name=name)
            return None
        return int(value)

    def size(self, name: str) -> int | None:
        """Return a size such as "10 MB" in bytes; None when there is none."""
        value = str(self.schema.get(name) or self.properties.get(name) or "")
        found = _SIZE.fullmatch(value.strip())
        if value and not found:
            self.report("{name} must be a size such as 10 MB.", name=name)
        return int(found.group(1)) * _FACTORS[(found.group(2) or "B").upper()] if found else None

    def pattern(self) -> str:
        """Return the pattern that a text has to match; empty when there is none."""
        pattern = self.text("pattern", self.validate)
        if _NESTED_REPEAT.search(pattern):
            self.report("The pattern {pattern} repeats something that repeats itself.", "Write a simpler one.", pattern=pattern)
            return ""
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError):
            self.report("The pattern {pattern} cannot be read.", pattern=pattern)
            return ""
        return pattern

    def longest(self, pattern: str) -> Limit:
        """Return the most characters; a text with a pattern always has a limit, because patterns take time."""
        most = self.limit("maxLength")
        if not pattern:
            return most
        if most is None:
            return _LONGEST_WITH_PATTERN
        if not isinstance(most, int) or most > _LONGEST_WITH_PATTERN:
            self.report("A text with a pattern can have {most} characters at most.", most=_LONGEST_WITH_PATTERN)
        return most

    def choices(self, kind: str) -> Choices | None:
        """Return where the options come from; None for a field without options."""
        register = self.properties.get("register", "")
        if kind not in CHOICE_KINDS:
            return Choices(register=register) if register else None
        listed = self.schema.get("values")
        fixed = tuple(
            Choice(value=each.get("value"), label=str(each.get("label", each.get("value"))))
            for each in (listed if isinstance(listed, list) else [])
            if isinstance(each, dict)
        )
        expression = self.text("valuesExpression")
        choices = Choices(
            fixed=fixed,
            key=self.text("valuesKey"),
            expression=self.condition(expression) if expression else None,
            register=register,
        )
        if not (choices.fixed or choices.key or expression or register):
            self.report("The field has no options.", "Give it values, a valuesKey, a valuesExpression, or the property register.")
        return choices
