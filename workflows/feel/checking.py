"""Strict reading: which names of an expression nobody knows, and which calls can never work."""

from __future__ import annotations

from difflib import get_close_matches
from operator import itemgetter
from typing import TYPE_CHECKING

from workflows.errors import Problem
from workflows.feel import tree
from workflows.feel.errors import FeelError
from workflows.feel.functions import DECLARATIONS
from workflows.feel.lexer import KEYWORDS
from workflows.feel.usage import Use, uses_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from workflows.feel.expression import Expression, UnaryTests


def check_names(expression: Expression | UnaryTests, known: Collection[str]) -> list[Problem]:
    """Return what an expression gets wrong about names; `where` is left empty for the caller to say.

    A name inside a filter may be an entry of what is filtered, so only names outside of filters are checked, but all calls are.

    Args:
        expression: What to check.
        known: The variables and functions that will be there, beside the built-in functions.
    """
    found = [(use.position, _unknown(use, expression.text, known)) for use in uses_of(expression.tree) if _is_unknown(use, known)]
    found += [(call.position, _misfit(call, expression.text)) for call in _calls_in(expression.tree) if _never_fits(call, known)]
    return [problem for _, problem in sorted(found, key=itemgetter(0))]


def _is_unknown(use: Use, known: Collection[str]) -> bool:
    if use.name in known or use.name == "?" or use.name in DECLARATIONS:
        return False
    return use.called or not use.in_filter


def _unknown(use: Use, text: str, known: Collection[str]) -> Problem:
    among = [*known, *DECLARATIONS] if use.called else [*known, "true", "false", "null"]
    near = get_close_matches(use.name, among, n=1, cutoff=0.7)
    loud = [word for word in use.name.split() if word not in KEYWORDS and word.lower() in KEYWORDS]
    way_out = "Did you mean “{suggestion}”?" if near else ""
    if loud:
        way_out = "FEEL's own words are written in small letters: {words}."
    facts = _place(text, use.position) | {"name": use.name, "suggestion": near[0] if near else "", "words": ", ".join(loud)}
    return Problem(
        where="",
        sentence="Line {line}, column {column}: there is no function “{name}”."
        if use.called
        else "Line {line}, column {column}: “{name}” is not known here.",
        way_out=way_out,
        facts=facts,
    )


def _calls_in(node: tree.Node) -> Iterator[tree.Call]:
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tree.Call):
            yield part
        waiting.extend(tree.children(part))


def _never_fits(call: tree.Call, known: Collection[str]) -> bool:
    """Whether no declaration of a built-in function takes such arguments."""
    if not isinstance(call.function, tree.Name) or call.function.text in known:
        return False
    declarations = DECLARATIONS.get(call.function.text)
    if declarations is None:
        return False
    if call.names is not None:
        return not any(declaration.accepts_names(call.names) for declaration in declarations)
    return not any(declaration.accepts_count(len(call.arguments)) for declaration in declarations)


def _misfit(call: tree.Call, text: str) -> Problem:
    name = call.function.text if isinstance(call.function, tree.Name) else ""
    return Problem(
        where="",
        sentence="Line {line}, column {column}: “{name}” cannot be called with these arguments.",
        way_out="It is written {forms}.",
        facts=_place(text, call.position) | {"name": name, "forms": " / ".join(_forms(name))},
    )


def _forms(name: str) -> Iterator[str]:
    for declaration in DECLARATIONS[name]:
        parameters = (f"[{parameter.name}]" if parameter.optional else parameter.name for parameter in declaration.parameters)
        yield f"{name}({', '.join(parameters)}{', …' if declaration.variadic else ''})"


def _place(text: str, position: int) -> dict[str, object]:
    place = FeelError(text=text, position=position)
    return {"line": place.line, "column": place.column}
