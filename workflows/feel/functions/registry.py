"""How built-in functions are declared and called.

A declaration is written as FEEL shows it: `substring(string: string, start position: number, length?: number)`. A `?` after a
name makes it optional, `...` before one takes any number of further arguments. One name may be declared several times; the first
declaration that the arguments fit is called. Arguments that fit none give null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.feel import values
from workflows.feel.numbers import as_number
from workflows.feel.values import Function, NoAnswerError, adopt, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from workflows.feel.limits import Run

REFUSED = object()


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """A parameter of a built-in function; its kinds are empty where anything goes."""

    name: str
    kinds: frozenset[str]
    optional: bool = False
    variadic: bool = False

    def take(self, value: Any) -> Any:
        """Return the argument as this parameter wants it, or `REFUSED`."""
        kind = kind_of(value)
        if not kind:
            value = adopt(value)
            kind = kind_of(value)
        if not self.kinds or kind in self.kinds:
            return as_number(value) if kind == values.NUMBER else value
        if kind == values.LIST and len(value) == 1:
            return self._take_single(adopt(value[0]))
        if values.LIST in self.kinds and value is not None:
            return [value]
        return REFUSED

    def _take_single(self, value: Any) -> Any:
        """A list of one value stands for that value."""
        kind = kind_of(value)
        if kind not in self.kinds:
            return REFUSED
        return as_number(value) if kind == values.NUMBER else value


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """One way to call a built-in function; a variadic one takes any number of its last argument."""

    parameters: tuple[Parameter, ...]
    required: int
    variadic: bool
    body: Callable[..., Any]

    def accepts_count(self, count: int) -> bool:
        """Tell whether it can be called with so many arguments."""
        return self.required <= count and (count <= len(self.parameters) or self.variadic)

    def accepts_names(self, names: Collection[str]) -> bool:
        """Tell whether it can be called with arguments of these names."""
        known = [parameter.name for parameter in self.parameters]
        return not self.variadic and set(names) <= set(known) and set(known[: self.required]) <= set(names)

    def bind(self, arguments: list[Any]) -> list[Any] | None:
        """Return the arguments as the body wants them, or None if they do not fit."""
        if not self.accepts_count(len(arguments)):
            return None
        parameters = self.parameters
        if self.variadic:
            parameters = (*parameters, *parameters[-1:] * len(arguments))
        bound = [parameter.take(argument) for parameter, argument in zip(parameters, arguments, strict=False)]
        if REFUSED in bound:
            return None
        if self.variadic:
            first = len(self.parameters) - 1
            bound[first:] = [bound[first:]]
        return bound

    def bind_named(self, arguments: dict[str, Any]) -> dict[int, Any] | None:
        """Return the arguments by place, or None if they do not fit."""
        if not self.accepts_names(arguments):
            return None
        places = {parameter.name: place for place, parameter in enumerate(self.parameters)}
        bound: dict[int, Any] = {}
        for name, argument in arguments.items():
            taken = self.parameters[places[name]].take(argument)
            if taken is REFUSED:
                return None
            bound[places[name]] = taken
        return bound


class Registry:
    """The built-in functions of one family."""

    def __init__(self) -> None:
        """Begin empty."""
        self.declarations: dict[str, list[Declaration]] = {}

    def builtin(self, *signatures: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare the decorated function under these signatures; its first argument is the run."""

        def declare(body: Callable[..., Any]) -> Callable[..., Any]:
            for signature in signatures:
                name, declaration = _read_signature(signature, body)
                self.declarations.setdefault(name, []).append(declaration)
            return body

        return declare


def _read_signature(signature: str, body: Callable[..., Any]) -> tuple[str, Declaration]:
    name, _, rest = signature.rstrip(")").partition("(")
    parameters = tuple(_read_parameter(part.strip()) for part in rest.split(",") if part.strip())
    required = sum(not parameter.optional for parameter in parameters)
    variadic = bool(parameters) and parameters[-1].variadic
    return name, Declaration(parameters=parameters, required=required, variadic=variadic, body=body)


def _read_parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(":")
    wanted = frozenset(kind.strip() for kind in kinds.split("|") if kind.strip() and kind.strip() != "any")
    bare = name.strip()
    return Parameter(
        name=bare.removeprefix("...").removesuffix("?"),
        kinds=wanted,
        optional=bare.endswith("?"),
        variadic=bare.startswith("..."),
    )


def function_of(name: str, declarations: list[Declaration]) -> Function:
    """Make the value that stands for a built-in function."""

    def call(run: Run, arguments: list[Any]) -> Any:
        run.charge(1)
        for declaration in declarations:
            bound = declaration.bind(arguments)
            if bound is not None:
                return _invoke(declaration.body, run, bound)
        return None

    def call_named(run: Run, arguments: dict[str, Any]) -> Any:
        run.charge(1)
        for declaration in declarations:
            bound = declaration.bind_named(arguments)
            if bound is not None:
                return _invoke_by_place(declaration, run, bound)
        return None

    longest = max(declarations, key=lambda declaration: len(declaration.parameters))
    return Function(
        parameters=tuple(parameter.name for parameter in longest.parameters),
        call=call,
        call_named=call_named,
        name=name,
        variadic=any(declaration.variadic for declaration in declarations),
    )


def _invoke_by_place(declaration: Declaration, run: Run, bound: dict[int, Any]) -> Any:
    """Call with gaps: a body names its parameters as the signature does, in the same order, so a gap takes its default."""
    last = max(bound, default=-1)
    filled = [bound.get(place, REFUSED) for place in range(last + 1)]
    defaults = declaration.body.__defaults__ or ()
    first_default = len(declaration.parameters) - len(defaults)
    complete = [defaults[place - first_default] if value is REFUSED else value for place, value in enumerate(filled)]
    return _invoke(declaration.body, run, complete)


def _invoke(body: Callable[..., Any], run: Run, arguments: list[Any]) -> Any:
    try:
        return body(run, *arguments)
    except (ArithmeticError, NoAnswerError):
        return None
