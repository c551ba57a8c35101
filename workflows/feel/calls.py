"""Evaluators of calls and of functions written in an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel import tree
from workflows.feel.functions import BUILT_IN
from workflows.feel.scope import Scope
from workflows.feel.types import Type
from workflows.feel.values import BOOLEAN, Function, kind_of
from workflows.feel.weights import weight_of

if TYPE_CHECKING:
    from workflows.feel.compiler import Compiler
    from workflows.feel.limits import Run
    from workflows.feel.scope import Evaluator


def compile_call(node: tree.Call, compiler: Compiler) -> Evaluator:
    """Call what the name or expression stands for; what is no function gives null."""
    function = _callee(node.function, compiler)
    arguments = [compiler.compile(argument) for argument in node.arguments]
    if node.names is not None:
        return _named_call(function, arguments, node.names)

    def call(scope: Scope) -> Any:
        called = function(scope)
        if type(called) is not Function:
            return None
        return invoke(called, scope.run, [argument(scope) for argument in arguments])

    return call


def _callee(node: tree.Node, compiler: Compiler) -> Evaluator:
    """A variable that happens to be named like a built-in function does not hide it where it is called."""
    evaluator = compiler.compile(node)
    built_in = BUILT_IN.get(node.text) if isinstance(node, tree.Name) else None
    if built_in is None:
        return evaluator

    def find(scope: Scope) -> Any:
        found = evaluator(scope)
        return found if type(found) is Function else built_in

    return find


def _named_call(function: Evaluator, arguments: list[Evaluator], names: tuple[str, ...]) -> Evaluator:
    pairs = list(zip(names, arguments, strict=True))

    def call(scope: Scope) -> Any:
        called = function(scope)
        if type(called) is not Function or len(set(names)) < len(names):
            return None
        return invoke_named(called, scope.run, {name: argument(scope) for name, argument in pairs})

    return call


def invoke(function: Function, run: Run, arguments: list[Any]) -> Any:
    """Call a function with arguments in order; too few or too many give null."""
    if len(arguments) != len(function.parameters) and function.call_named is None and not function.variadic:
        return None
    return function.call(run, arguments)


def invoke_named(function: Function, run: Run, arguments: dict[str, Any]) -> Any:
    """Call a function with arguments by name; wrong names give null."""
    if function.call_named is not None:
        return function.call_named(run, arguments)
    if set(arguments) != set(function.parameters):
        return None
    return function.call(run, [arguments[name] for name in function.parameters])


def compile_function(node: tree.FunctionDefinition, compiler: Compiler) -> Evaluator:
    """A function that remembers the scope it is written in; an external one gives null."""
    names = tuple(name for name, _ in node.parameters)
    types = tuple(wanted for _, wanted in node.parameters)
    if node.body is None:
        nothing = Function(parameters=names, call=lambda _run, _arguments: None)
        return lambda _scope: nothing
    body, weight = compiler.inner.compile(node.body), weight_of(node.body)
    result = _evident_type(node.body)

    def define(scope: Scope) -> Function:
        def call(run: Run, arguments: list[Any]) -> Any:
            fitted = [_fit(argument, wanted) for argument, wanted in zip(arguments, types, strict=True)]
            run.enter_call(weight)
            result = None
            if all(fits for fits, _ in fitted):
                result = body(Scope(dict(zip(names, (value for _, value in fitted), strict=True)), scope, run))
            run.leave_call()
            return result

        return Function(parameters=names, call=call, types=types, result=result)

    return define


def _evident_type(body: tree.Node) -> Type | None:
    """The type of a body that is plain to see: a literal's, or a boolean."""
    if isinstance(body, tree.Literal) and body.value is not None:
        return Type(name=kind_of(body.value))
    if isinstance(body, tree.Comparison | tree.Between | tree.In | tree.InstanceOf | tree.Conjunction | tree.Disjunction):
        return Type(name=BOOLEAN)
    return None


def _fit(value: Any, wanted: Type | None) -> tuple[bool, Any]:
    return (True, value) if wanted is None else wanted.fit(value)
