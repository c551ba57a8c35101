"""A place in a row of tokens, and the small steps that every part of the parser shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel import types as feel_types
from workflows.feel.errors import FeelLimitError, FeelSyntaxError
from workflows.feel.functions import FUNCTION_WORDS
from workflows.feel.lexer import END, KEYWORDS, NAME, QUOTED, SYMBOL, Token
from workflows.feel.names import KnownNames, plain_words_at
from workflows.feel.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflows.feel.limits import Limits

_KEY_SIGNS = frozenset({"+", "-", "*", "/", "**", ".", "'"})
_MISTAKEN = {"&": "and", "|": "or", "!": "not(…)", ";": ",", "'": '"…"', "%": "modulo(…, …)", "^": "**"}
_LONGEST_TYPE_NAME = 5


class Cursor:
    """Walks over the tokens of one text."""

    def __init__(
        self, text: str, tokens: list[Token], *, names: Iterable[str], types: Mapping[str, Type], limits: Limits
    ) -> None:
        """Start at the first token."""
        self.text = text
        self.tokens = tokens
        self.place = 0
        self.token = tokens[0]
        self.known = KnownNames(names, FUNCTION_WORDS)
        self.types = types
        self.limits = limits
        self.depth = 0

    def advance(self, count: int = 1) -> Token:
        """Step over tokens and return the first of them."""
        passed = self.token
        self.place = min(self.place + count, len(self.tokens) - 1)
        self.token = self.tokens[self.place]
        return passed

    def peek(self, ahead: int = 1) -> Token:
        """Look at a token further on."""
        return self.tokens[min(self.place + ahead, len(self.tokens) - 1)]

    def at(self, text: str) -> bool:
        """Tell whether this sign or word stands here."""
        return self.token.text == text and self.token.kind in (SYMBOL, NAME)

    def accept(self, text: str) -> bool:
        """Step over this sign or word if it stands here."""
        if self.at(text):
            self.advance()
            return True
        return False

    def expect(self, text: str) -> None:
        """Step over this sign or word, which must stand here."""
        if self.accept(text):
            return
        if self.token.kind == END:
            raise self.error("“{wanted}” is missing at the end.", wanted=text)
        self.refuse_mistaken()
        raise self.error("“{wanted}” should stand here, not “{found}”.", wanted=text, found=self.token.text)

    def refuse_mistaken(self) -> None:
        """Refuse the signs of other languages, and say what FEEL has instead."""
        instead = _MISTAKEN.get(self.token.text) if self.token.kind == SYMBOL else None
        if instead is not None:
            raise self.error("“{found}” is not FEEL: write {instead}.", found=self.token.text, instead=instead)

    def error(self, sentence: str, **facts: Any) -> FeelSyntaxError:
        """Make the error that says this about the present place."""
        return FeelSyntaxError(sentence, text=self.text, position=self.token.start, **facts)

    def deeper(self) -> None:
        """Count one more level of nesting."""
        self.depth += 1
        if self.depth > self.limits.depth:
            raise FeelLimitError(
                "Brackets and operators nest more than {depth} deep.",
                text=self.text,
                position=self.token.start,
                depth=self.limits.depth,
            )

    def shallower(self) -> None:
        """Come back from a level of nesting."""
        self.depth -= 1

    def name(self) -> str:
        """Read a name: the longest known one, or else the plain words in a row."""
        if self.token.kind == QUOTED:
            return self.advance().text
        found = self.known.longest_at(self.tokens, self.place)
        if found is None:
            if self.token.kind != NAME or self.token.text in KEYWORDS:
                raise self.error("A name should stand here.")
            count = 1 if self.token.text == "?" else plain_words_at(self.tokens, self.place)
            found = " ".join(token.text for token in self.tokens[self.place : self.place + count]), count
        self.advance(found[1])
        return found[0]

    def declared_name(self, ends: tuple[str, ...]) -> str:
        """Read a new name, up to one of the signs or words that may follow it."""
        start = self.token
        if start.kind == QUOTED:
            return self.advance().text
        if start.kind != NAME or start.text in KEYWORDS:
            raise self.error("A name should stand here.")
        last = self.advance()
        while self.token.kind != END and not (self.token.kind in (SYMBOL, NAME) and self.token.text in ends):
            if self.token.kind == SYMBOL and self.token.text not in _KEY_SIGNS:
                break
            last = self.advance()
        return " ".join(self.text[start.start : last.end].split())

    def has_label(self) -> bool:
        """Tell whether a name and a colon stand here, as before a named argument."""
        place = self.place
        if self.tokens[place].kind not in (NAME, QUOTED):
            return False
        while self.tokens[place].kind not in (SYMBOL, END) or self.tokens[place].text in _KEY_SIGNS:
            place += 1
        return place > self.place and self.tokens[place].text == ":"

    def type(self) -> Type:
        """Read a type such as `number`, `list<string>` or `context<a: number>`."""
        self.deeper()
        name = self._type_name()
        made = self._type_in_full(name)
        self.shallower()
        return made

    def _type_in_full(self, name: str) -> Type:
        if name in self.types:
            return self.types[name]
        spelled = feel_types.SPELLINGS.get(name)
        if spelled in ("list", "range") and self.accept("<"):
            element = self.type()
            self.expect(">")
            return Type(name=spelled, element=element)
        if spelled == "context" and self.accept("<"):
            return self._context_type()
        if spelled == "function" and self.accept("<"):
            return self._function_type()
        return Type(name=spelled or name)

    def _type_name(self) -> str:
        for count in range(_LONGEST_TYPE_NAME, 0, -1):
            candidate = " ".join(token.text for token in self.tokens[self.place : self.place + count])
            if candidate in feel_types.SPELLINGS or candidate in self.types:
                self.advance(count)
                return candidate
        if self.token.kind not in (NAME, QUOTED):
            raise self.error("The name of a type should stand here.")
        name = self.advance().text
        while self.at(".") and self.peek().kind == NAME:
            self.advance()
            name += "." + self.advance().text
        return name

    def _context_type(self) -> Type:
        entries = []
        while not self.at(">"):
            key = self.declared_name((":",))
            self.expect(":")
            entries.append((key, self.type()))
            if not self.accept(","):
                break
        self.expect(">")
        return Type(name="context", entries=tuple(entries))

    def _function_type(self) -> Type:
        parameters = []
        while not self.at(">"):
            parameters.append(self.type())
            if not self.accept(","):
                break
        self.expect(">")
        self.expect("->")
        return Type(name="function", parameters=tuple(parameters), result=self.type())
