"""The parser's operands: literals, names, brackets, and the forms that begin with a word such as `if` and `for`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from workflows.feel import iso, tree
from workflows.feel.cursor import Cursor
from workflows.feel.errors import FeelLimitError
from workflows.feel.lexer import END, KEYWORDS, NAME, NUMBER, QUOTED, STRING, SYMBOL

if TYPE_CHECKING:
    from workflows.feel.tree import Node
    from workflows.feel.types import Type

_COMPARISONS = frozenset({"<", "<=", ">", ">=", "=", "!="})
_CONSTANTS = {"true": True, "false": False, "null": None}
_STARTS = frozenset({"(", "[", "{", "-", "@"})
_NO_STARTS = frozenset({"and", "or", "in", "then", "else", "return", "satisfies", "between", "instance", "of", "external"})
_ADD, _NEGATED = 4, 7
_LONGEST_PATH = 100


class OperandParser(Cursor, ABC):
    """Reads operands; `expression` comes from the parser that knows the operators."""

    @abstractmethod
    def expression(self, lowest: int = 1) -> Node:
        """Read an expression whose operators bind at least as tight as `lowest`."""

    def prefix(self) -> Node:
        """Read an operand with the paths, filters and calls behind it, or a form that begins with a word."""
        start = self.token.start
        if self.accept("-"):
            return tree.Negation(position=start, operand=self.expression(_NEGATED))
        if self.token.kind == NAME:
            form = self._worded()
            if form is not None:
                return form
        return self._postfix(self._primary())

    def _worded(self) -> Node | None:
        word = self.token.text
        if word == "if":
            return self._if()
        if word == "for":
            return self._for()
        if word in ("some", "every"):
            return self._quantified()
        if word == "function":
            return self._function()
        return None

    def _if(self) -> Node:
        start = self.advance().start
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        return tree.If(position=start, condition=condition, yes=yes, no=self.expression())

    def _for(self) -> Node:
        start = self.advance().start
        self.known.open_scope()
        iterations = self._iterations()
        self.expect("return")
        body = self.expression()
        self.known.close_scope()
        return tree.For(position=start, iterations=iterations, body=body)

    def _quantified(self) -> Node:
        word = self.advance()
        self.known.open_scope()
        iterations = self._iterations()
        self.expect("satisfies")
        body = self.expression()
        self.known.close_scope()
        return tree.Quantified(position=word.start, every=word.text == "every", iterations=iterations, body=body)

    def _iterations(self) -> tuple[tree.Iteration, ...]:
        iterations = []
        while True:
            start = self.token.start
            name = self.declared_name(("in", "return", "satisfies"))
            self.expect("in")
            values = self.expression()
            end = self.expression() if self.accept("..") else None
            iterations.append(tree.Iteration(position=start, name=name, values=values, end=end))
            self.known.add(name)
            if not self.accept(","):
                return tuple(iterations)

    def _function(self) -> Node:
        start = self.advance().start
        self.expect("(")
        self.known.open_scope()
        parameters = self._parameters()
        external = self.accept("external")
        body = self.expression()
        self.known.close_scope()
        return tree.FunctionDefinition(position=start, parameters=parameters, body=None if external else body)

    def _parameters(self) -> tuple[tuple[str, Type | None], ...]:
        parameters: list[tuple[str, Type | None]] = []
        while not self.at(")"):
            name = self.declared_name((":", ",", ")"))
            parameters.append((name, self.type() if self.accept(":") else None))
            self.known.add(name)
            if not self.accept(","):
                break
        self.expect(")")
        return tuple(parameters)

    def _primary(self) -> Node:
        token = self.token
        if token.kind in (NUMBER, STRING):
            self.advance()
            return tree.Literal(position=token.start, value=token.value)
        if token.kind == QUOTED:
            return tree.Name(position=token.start, text=self.name())
        if token.kind == NAME:
            return self._named(token.start)
        if token.kind == END:
            raise self.error("The expression breaks off here.")
        return self._bracketed(token.start)

    def _named(self, start: int) -> Node:
        if self.token.text in _CONSTANTS:
            return tree.Literal(position=start, value=_CONSTANTS[self.advance().text])
        if self.token.text in _NO_STARTS:
            raise self.error("A value should stand before “{found}”.", found=self.token.text)
        return tree.Name(position=start, text=self.name())

    def _bracketed(self, start: int) -> Node:
        sign = self.token.text
        if sign == "(":
            return self._parenthesised(start)
        if sign in ("[", "]"):
            return self._list_or_range(start)
        if sign == "{":
            return self._context(start)
        if sign == "@" and self.peek().kind == STRING:
            self.advance()
            return tree.Literal(position=start, value=iso.read_any(self.advance().value))
        self.refuse_mistaken()
        raise self.error("A value should stand here, not “{found}”.", found=sign)

    def _parenthesised(self, start: int) -> Node:
        self.advance()
        if self.token.text in _COMPARISONS and self.token.kind == SYMBOL:
            node = self._open_range()
            self.expect(")")
            return node
        inner = self.expression()
        if self.accept(".."):
            return self._range(start, inner, included=False)
        self.expect(")")
        return inner

    def _range(self, start: int, low: Node, *, included: bool) -> Node:
        high = self.expression(_ADD)
        if not (self.at("]") or self.at(")") or self.at("[")):
            raise self.error("This range is not closed: a ] or ) is missing.")
        closing = self.advance().text
        return tree.RangeLiteral(position=start, start=low, end=high, start_included=included, end_included=closing == "]")

    def _open_range(self) -> Node:
        sign = self.advance()
        return tree.OpenRange(position=sign.start, operator=sign.text, operand=self.expression(_ADD))

    def _list_or_range(self, start: int) -> Node:
        opening = self.advance().text
        if opening == "[" and self.accept("]"):
            return tree.ListLiteral(position=start, entries=())
        first = self.test()
        if self.accept(".."):
            return self._range(start, first, included=opening == "[")
        if opening == "]":
            raise self.error("A range such as ]1..3] should stand here.")
        entries = [first]
        while self.accept(","):
            entries.append(self.test())
        self.expect("]")
        return tree.ListLiteral(position=start, entries=tuple(entries))

    def _context(self, start: int) -> Node:
        self.advance()
        self.known.open_scope()
        entries: list[tuple[str, Node]] = []
        while not self.at("}"):
            key = self._key()
            self.expect(":")
            entries.append((key, self.expression()))
            self.known.add(key)
            if not self.accept(","):
                break
        self.expect("}")
        self.known.close_scope()
        if len({key for key, _ in entries}) < len(entries):
            return tree.Literal(position=start, value=None)
        return tree.ContextLiteral(position=start, entries=tuple(entries))

    def _key(self) -> str:
        if self.token.kind == STRING:
            return str(self.advance().value)
        if self.token.kind == NAME and self.token.text in _CONSTANTS | dict.fromkeys(_NO_STARTS | {"if", "for", "function"}):
            return self.advance().text
        return self.declared_name((":",))

    def _postfix(self, node: Node) -> Node:
        length = 0
        while self.token.kind == SYMBOL:
            if self.at("."):
                node = self._path(node)
            elif self.at("[") and not self._closes_range():
                node = self._filter(node)
            elif self.at("("):
                node = self._call(node)
            else:
                break
            length += 1
            if length > _LONGEST_PATH:
                raise FeelLimitError("This path is too long.", text=self.text, position=self.token.start)
        return node

    def _path(self, base: Node) -> Node:
        self.advance()
        if self.token.kind == NAME and self.token.text in KEYWORDS:
            return tree.Path(position=base.position, base=base, name=self.advance().text)
        return tree.Path(position=base.position, base=base, name=self.name())

    def _closes_range(self) -> bool:
        """Whether the `[` here ends a range such as `[1..3[`: then nothing that could be a filter follows it."""
        following = self.peek()
        if following.kind == SYMBOL:
            return following.text not in _STARTS and following.text not in _COMPARISONS
        return following.kind == END or (following.kind == NAME and following.text in _NO_STARTS)

    def _filter(self, base: Node) -> Node:
        self.advance()
        condition = self.test()
        self.expect("]")
        return tree.Filter(position=base.position, base=base, condition=condition)

    def _call(self, function: Node) -> Node:
        self.advance()
        arguments: list[Node] = []
        labels: list[str] = []
        while not self.at(")"):
            if self.has_label():
                labels.append(self.declared_name((":",)))
                self.expect(":")
            arguments.append(self.test())
            if not self.accept(","):
                break
        if labels and len(labels) != len(arguments):
            raise self.error("Either all arguments have names, or none.")
        self.expect(")")
        return tree.Call(position=function.position, function=function, arguments=tuple(arguments), names=tuple(labels) or None)

    def test(self) -> Node:
        """Read an expression, or a comparison without its left side."""
        if self.token.kind == SYMBOL and self.token.text in _COMPARISONS:
            return self._open_range()
        return self.expression()

    def tests(self) -> tuple[Node, ...]:
        """Read one or more tests, separated by commas."""
        tests = [self.test()]
        while self.accept(","):
            tests.append(self.test())
        return tuple(tests)

    def in_tests(self) -> tuple[Node, ...]:
        """Read what follows `in`: one test, or several in brackets."""
        if self.token.kind == SYMBOL and self.token.text in _COMPARISONS:
            return (self._open_range(),)
        start = self.token.start
        if not self.accept("("):
            return (self.expression(_ADD),)
        first = self.test()
        if self.accept(".."):
            return (self._postfix(self._range(start, first, included=False)),)
        if not self.at(","):
            self.expect(")")
            return (first if isinstance(first, tree.OpenRange) else self._postfix(first),)
        tests = [first]
        while self.accept(","):
            tests.append(self.test())
        self.expect(")")
        return tuple(tests)
