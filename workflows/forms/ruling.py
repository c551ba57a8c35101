"""Reading the rules of a component: `valid_if` with `otherwise`, `usual_if` with `unusual`, `missing`, and `say_…`.

A second rule of a field is written `valid_if_2` with `otherwise_2`, and so on. What stands in the braces of a sentence is worked
out by the property `say_<name>`.
"""

from __future__ import annotations

import re

from workflows import feel
from workflows.forms.components import Component
from workflows.forms.rules import Rule, Sayings, names_in

_RULE = re.compile(r"(valid|usual)_if(?:_(\d{1,2}))?")
_SAID = {"valid": "otherwise", "usual": "unusual"}
_FACT = re.compile(r"say_([a-z][a-z0-9_]*)")


def read_rules(component: Component) -> tuple[Rule, ...]:
    """Return the rules of a component, those that refuse before those that only advise, each kind by its number."""
    found = ((name, _RULE.fullmatch(name)) for name in component.properties)
    rules = sorted((match[1] == "usual", int(match[2] or 1), name, match[2]) for name, match in found if match)
    return tuple(rule for _, _, name, number in rules if (rule := _read_rule(component, name, number)) is not None)


def _read_rule(component: Component, name: str, number: str | None) -> Rule | None:
    kind = name.partition("_")[0]
    holds = component.condition(component.properties[name])
    sentence = component.properties.get(_SAID[kind] + (f"_{number}" if number else ""), "")
    _check_sentence(component, sentence)
    return Rule(holds=holds, sentence=sentence, is_advice=kind == "usual") if holds is not None else None


def read_sayings(component: Component) -> Sayings:
    """Return what a component says when it is not answered, and what fills the braces of its sentences."""
    missing = component.properties.get("missing", "")
    _check_sentence(component, missing)
    return Sayings(missing=missing, facts=_read_facts(component))


def _read_facts(component: Component) -> dict[str, feel.Expression]:
    named = ((match[1], text) for name, text in component.properties.items() if (match := _FACT.fullmatch(name)))
    read = {name: component.condition(text) for name, text in named}
    return {name: expression for name, expression in read.items() if expression is not None}


def _check_sentence(component: Component, sentence: str) -> None:
    """Report braces that nothing fills."""
    try:
        is_filled = all(f"say_{name}" in component.properties for name in names_in(sentence))
    except ValueError:
        is_filled = False
    if not is_filled:
        way_out = "Write a name in them, and what it stands for in the property say_ with this name."
        component.report("The braces of “{text}” cannot be filled.", way_out, text=sentence)
