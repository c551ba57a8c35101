"""Text into tokens: numbers, strings, names and symbols, each with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from workflows.feel.errors import FeelLimitError, FeelSyntaxError
from workflows.feel.numbers import read_number

if TYPE_CHECKING:
    from workflows.feel.numbers import Number

NUMBER, STRING, NAME, QUOTED, SYMBOL, END = "number", "string", "name", "quoted name", "symbol", "end"

KEYWORDS = frozenset(
    (
        "and",
        "or",
        "true",
        "false",
        "null",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "instance",
        "of",
        "function",
        "external",
    )
)

_NAME_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_NAME_PART = _NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_TOKEN = re.compile(
    rf"""
      (?P<space>(?:[\s\ufeff\u180e\u200b]+|//[^\n\r]*|/\*.*?\*/)+)
    | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<quoted>`[^`]+`)
    | (?P<name>[{_NAME_START}][{_NAME_PART}]*)
    | (?P<symbol>\.\.|\*\*|<=|>=|!=|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no database or JSON reader takes these
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_LARGEST_CODE_POINT = 0x10FFFF


class Token(NamedTuple):
    """A piece of the text; `value` is what a literal stands for."""

    kind: str
    text: str
    start: int
    end: int
    value: Any = None


def tokenize(text: str, most: int = 4_000) -> list[Token]:
    """Cut a text into tokens; the last one is the end.

    Raises:
        FeelSyntaxError: A string or comment is not closed, or a number is too large.
        FeelLimitError: There are more tokens than may be.
    """
    tokens: list[Token] = []
    position = 0
    while match := _TOKEN.match(text, position):
        kind = match.lastgroup or SYMBOL
        if kind != "space":
            if len(tokens) >= most:
                sentence = "An expression may have at most {tokens} words and signs."
                raise FeelLimitError(sentence, text=text, position=position, tokens=most)
            tokens.append(_read_token(kind, match.group(), position, text))
        position = match.end()
    tokens.append(Token(END, "", len(text), len(text)))
    return tokens


def _read_token(kind: str, piece: str, start: int, text: str) -> Token:
    end = start + len(piece)
    if kind == "number":
        return Token(NUMBER, piece, start, end, _number(piece, start, text))
    if kind == "string":
        return Token(STRING, piece, start, end, unescape(piece[1:-1]))
    if kind == "quoted":
        return Token(QUOTED, piece[1:-1].strip(), start, end)
    if kind == "name":
        return Token(NAME, piece, start, end)
    _refuse_open_ended(piece, start, text)
    return Token(NAME if piece == "?" else SYMBOL, piece, start, end)


def _refuse_open_ended(piece: str, start: int, text: str) -> None:
    if piece == '"':
        raise FeelSyntaxError('This text is not closed: its second " is missing.', text=text, position=start)
    if piece == "`":
        raise FeelSyntaxError("This name is not closed: its second ` is missing.", text=text, position=start)
    if text.startswith("/*", start):
        raise FeelSyntaxError("This comment is not closed: its */ is missing.", text=text, position=start)


def _number(piece: str, start: int, text: str) -> Number:
    number = read_number(piece)
    if number is None:
        raise FeelSyntaxError("This number is too large.", text=text, position=start)
    return number


def unescape(raw: str) -> str:
    r"""Replace escapes such as \n and \u00e9; a backslash before any other character stays as it is."""
    if "\\" not in raw:
        return raw
    replaced = _ESCAPE.sub(_replace_escape, raw)
    paired = _PAIR.sub(lambda match: match.group().encode("utf-16", "surrogatepass").decode("utf-16"), replaced)
    return _UNSTORABLE.sub("\ufffd", paired)


def _replace_escape(match: re.Match[str]) -> str:
    body = match.group(1)
    if len(body) == 1:
        return _SIMPLE_ESCAPES.get(body, match.group())
    code = int(body[1:], 16)
    return chr(code) if code <= _LARGEST_CODE_POINT else match.group()
