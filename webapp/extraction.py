"""Where the core keeps its sentences: docstrings of error classes, and the texts that are handed to errors and problems.

Babel's own extractor only knows gettext calls; the core has none, because it does not know in which language it will be read.
The rule for everything else is a name: what is passed to a parameter called `sentence` or `way_out`, or kept under a name with
these words, is read by a person. Registers have titles: those of `Column` and `Register`, and constants whose names end with
`_TITLES`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("workflows", "services")
ERROR = "SafeconductError"
NAMES = frozenset({"sentence", "way_out", "otherwise"})
DECLARED = {"Column": frozenset({"title", "hint"}), "Register": frozenset({"title", "about", "written_by"})}
KEPT = re.compile("sentence|ways?_out", re.IGNORECASE)
TITLES = "_TITLES"
Node = TypeVar("Node", bound=ast.AST)
Message = tuple[int, str, str, list[str]]


def extract_sentences(file: BinaryIO, _keywords: Any, _comment_tags: Any, options: Any) -> Iterator[Message]:
    """Yield the sentences of one Python file, as Babel asks for them: line, function, text, comments."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.ClassDef) and node.name in error_classes():
            sentence = " ".join((ast.get_docstring(node, clean=False) or "").split("\n\n", maxsplit=1)[0].split())
            yield from _messages(ast.Constant(sentence, lineno=node.lineno), node.name)
        elif isinstance(node, ast.Call):
            for text in _arguments(node):
                yield from _messages(text, _last_name(node.func))
            for title in _declared_titles(node):
                yield from _titles(title)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value and _is_kept_sentence(node):
            yield from _messages(node.value, "")
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value and _is_titles(node):
            yield from _titles(node.value)


def _messages(text: ast.expr, comment: str) -> Iterator[Message]:
    for line, sentence in _literals(text):
        if " " in sentence:
            yield line, "", sentence, [comment] if comment else []


def _titles(text: ast.expr) -> Iterator[Message]:
    """Give titles, which may be one word; the columns of a register have theirs at the second place."""
    yield from ((line, "", title, []) for line, title in _literals(text) if title)


def _declared_titles(call: ast.Call) -> Iterator[ast.expr]:
    named = DECLARED.get(_last_name(call.func), frozenset())
    yield from (keyword.value for keyword in call.keywords if keyword.arg in named)
    if _last_name(call.func) == "Column":
        yield from call.args[1:2]


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    """Give what a call passes as sentences, by name or by place."""
    yield from (keyword.value for keyword in call.keywords if keyword.arg in NAMES)
    name = _last_name(call.func)
    if name in error_classes():
        yield from call.args[:2]
    for place in sentence_places().get(name, ()):
        yield from call.args[place : place + 1]


def _is_kept_sentence(node: ast.Assign | ast.AnnAssign) -> bool:
    return any(KEPT.search(name) for name in _targets(node))


def _is_titles(node: ast.Assign | ast.AnnAssign) -> bool:
    return any(name.endswith(TITLES) for name in _targets(node))


def _targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    return [_last_name(target) for target in (node.targets if isinstance(node, ast.Assign) else [node.target])]


def _literals(node: ast.expr) -> Iterator[tuple[int, str]]:
    """Find the literal texts of an expression with their lines: itself, all that it may become, all values of a table."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.Dict | ast.List | ast.Tuple):
        for value in node.values if isinstance(node, ast.Dict) else node.elts:
            yield from _literals(value)
    elif isinstance(node, ast.Call) and _last_name(node.func) in {"get", "fromkeys"}:
        # What a table says of everything that it does not name, and what it says of several at once.
        for value in node.args[1:]:
            yield from _literals(value)


@cache
def error_classes() -> frozenset[str]:
    """Find the names of all classes of errors, however far their ancestor is."""
    bases: dict[str, set[str]] = {}
    for node in _nodes(ast.ClassDef):
        bases.setdefault(node.name, set()).update(_last_name(base) for base in node.bases)
    known = {ERROR}
    while more := {name for name, parents in bases.items() if parents & known} - known:
        known |= more
    return frozenset(known)


@cache
def sentence_places() -> dict[str, set[int]]:
    """Find the functions that take a sentence, and at which place of a call it stands."""
    places: dict[str, set[int]] = {}
    for node in _nodes(ast.FunctionDef):
        names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        names = names[1:] if names[:1] in (["self"], ["cls"]) else names
        found = {place for place, name in enumerate(names) if name in NAMES}
        if found and not node.name.startswith("__"):
            places.setdefault(node.name, set()).update(found)
    return places


def _nodes(kind: type[Node]) -> Iterator[Node]:
    for tree in _trees():
        yield from (node for node in ast.walk(tree) if isinstance(node, kind))


@cache
def _trees() -> list[ast.Module]:
    return [ast.parse(path.read_bytes()) for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
