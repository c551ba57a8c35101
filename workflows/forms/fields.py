"""What a form asks: its fields as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows import feel
from workflows.forms.rules import Rule, Sayings

STATIC_KINDS = frozenset({"text", "separator", "spacer", "button"})
CHOICE_KINDS = frozenset({"select", "radio", "checklist", "taglist"})
MANY_CHOICE_KINDS = frozenset({"checklist", "taglist"})
TEXT_KINDS = frozenset({"textfield", "textarea"})
LEAF_KINDS = TEXT_KINDS | CHOICE_KINDS | {"number", "checkbox", "datetime", "filepicker"}
BOX_KINDS = frozenset({"group", "dynamiclist"})
#: What a list may be filled from: the text of an itinerary.
PASTES = frozenset({"itinerary"})
WHOLE_LINE = 16

Limit = int | float | feel.Expression | None
Condition = feel.Expression | bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One option: its value as JSON, and what a person reads."""

    value: Any
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """Where the options of a field come from; the first that is given counts.

    Attributes:
        fixed: Written in the form.
        key: The name of a variable that holds them.
        expression: FEEL that gives them.
        register: The name of a register whose options the caller puts into the variable `options`.
    """

    fixed: tuple[Choice, ...] = ()
    key: str = ""
    expression: feel.Expression | None = None
    register: str = ""

    def listed(self, scope: Mapping[str, Any], now: datetime) -> tuple[Choice, ...] | None:
        """Return the options as they are now; None when nothing says what they are."""
        if self.fixed:
            return self.fixed
        if self.key:
            return tuple(_as_choices(scope.get(self.key)))
        if self.expression is not None:
            return tuple(_as_choices(feel.to_json(self.expression.evaluate(scope, now=now))))
        registers = scope.get("options")
        if self.register and isinstance(registers, Mapping) and self.register in registers:
            return tuple(_as_choices(registers[self.register]))
        return None


def _as_choices(listed: Any) -> Iterator[Choice]:
    """Read options written as a list of values, a list of {value, label}, or a mapping from value to label."""
    if isinstance(listed, Mapping):
        listed = [{"value": value, "label": label} for value, label in listed.items()]
    for option in listed if isinstance(listed, list | tuple) else ():
        if isinstance(option, Mapping):
            value = option.get("value")
            yield Choice(value=value, label=str(option.get("label", value)))
        else:
            yield Choice(value=option, label=str(option))


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What an answer has to keep to.

    Attributes:
        text_format: "email", "phone" (E.164) or empty.
        not_past: A date or moment may not lie before today.
        rules: What must hold beside the limits, in the order in which it is checked.
    """

    required: Condition = False
    least: Limit = None
    most: Limit = None
    least_length: Limit = None
    most_length: Limit = None
    pattern: str = ""
    pattern_sentence: str = ""
    text_format: str = ""
    not_past: bool = False
    decimals: int | None = None
    rules: tuple[Rule, ...] = ()
    sayings: Sayings = field(default_factory=Sayings)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the form itself says about answers that do not keep to them, in English."""
        own = (*(rule.sentence for rule in self.rules), self.pattern_sentence, self.sayings.missing)
        return tuple(sentence for sentence in own if sentence)


@dataclass(frozen=True, kw_only=True, slots=True)
class FileLimits:
    """What may be attached: media types and name endings (empty: any), how many, how large each."""

    accept: tuple[str, ...] = ()
    most_files: int = 1
    most_bytes: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One component of a form: a question, a group or list of questions, or something that is only read.

    Attributes:
        kind: The component's type in form-js ("textfield", "dynamiclist", …).
        key: The name of its answer: for a group and a list its path; empty for a group without one and for what is only read.
        subtype: Of a datetime: "date", "datetime" or "time".
        text: What a static text says; a text with a leading `=` is FEEL.
        zone: The IANA zone of a moment written without offset (FEEL with a leading `=`); empty is UTC.
        locked: The field is shown, but its answer is not read.
        step: Of a group: the page of a stepwise form that it makes.
        properties: Free key and value, as in the form.
        rows: Least and most rows of a list, and how many an empty list shows.
        columns: How much of a line it takes, in sixteenths.
    """

    kind: str
    id: str
    key: str = ""
    label: str = ""
    description: str = ""
    hint: str = ""
    subtype: str = ""
    text: str = ""
    zone: str = ""
    default: Any = None
    hide: feel.Expression | None = None
    locked: Condition = False
    limits: Limits = field(default_factory=Limits)
    choices: Choices | None = None
    files: FileLimits | None = None
    step: str = ""
    rows: tuple[int, int, int] = (0, 0, 0)
    columns: int = WHOLE_LINE
    properties: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()

    @property
    def register(self) -> str:
        """The register that the answer refers to; empty for none."""
        return self.properties.get("register", "")

    @property
    def shows(self) -> feel.Expression | None:
        """What has to be read before it is answered: rows with `label`, `version`, and `text` by language."""
        text = self.properties.get("shows")
        return None if text is None else feel.parse(text.removeprefix("="))

    @property
    def paste(self) -> str:
        """Of a list: what may be pasted to fill it, one of PASTES; empty for nothing."""
        return self.properties.get("paste", "")

    def is_hidden(self, scope: Mapping[str, Any], now: datetime) -> bool:
        """Tell whether the field's own condition hides it."""
        return self.hide is not None and self.hide.evaluate(scope, now=now) is True

    def shown_text(self, scope: Mapping[str, Any], now: datetime) -> str:
        """Return a static text with its FEEL worked out."""
        if not self.text.startswith("="):
            return self.text
        value = feel.to_json(feel.parse(self.text[1:]).evaluate(scope, now=now))
        return "" if value is None else str(value)


def holds(condition: Condition, scope: Mapping[str, Any], now: datetime) -> bool:
    """Work out a condition that is either fixed or FEEL; null is no."""
    return condition if isinstance(condition, bool) else condition.evaluate(scope, now=now) is True


def asked(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Yield the fields that have a key on this level, looking through groups without a path."""
    for each in fields:
        if each.kind == "group" and not each.key:
            yield from asked(each.fields)
        elif each.key:
            yield each
