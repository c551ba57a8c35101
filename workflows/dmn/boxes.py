"""Boxed expressions other than decision tables: what they hold, and how they are worked out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows import feel
from workflows.dmn.frames import Answer, Frame, Logic, fitted
from workflows.dmn.traces import Trace
from workflows.feel.calls import invoke_named
from workflows.feel.values import KINDS, Function, adopt


def value_of(logic: Logic, frame: Frame) -> Any:
    """Work out a part of some logic; a table in it leaves its trace in the frame's record."""
    answer = logic.answer(frame)
    if logic.hit_policy and not frame.record.is_full:
        keep_trace(frame, frame.decision, "", logic, answer)
    return answer.value


def keep_trace(frame: Frame, decision: str, name: str, logic: Logic, answer: Answer) -> None:
    """Put what a part came to into the frame's record."""
    policy = logic.hit_policy
    frame.record.keep(Trace(decision=decision, name=name, hit_policy=policy, inputs=answer.inputs, rules=answer.rules))


@dataclass(frozen=True, kw_only=True, slots=True)
class Formula:
    """One FEEL expression."""

    expression: feel.Expression
    hit_policy: str = ""

    def answer(self, frame: Frame) -> Answer:
        """Evaluate the expression."""
        variables = frame.variables
        seen = {name: feel.to_json(variables[name]) for name in sorted(self.expression.names) if name in variables}
        return Answer(value=self.expression.evaluate(variables, run=frame.run), inputs=seen)


@dataclass(frozen=True, kw_only=True, slots=True)
class Inner:
    """A FEEL expression that is part of other logic and needs no trace of its own."""

    expression: feel.Expression
    hit_policy: str = ""

    def answer(self, frame: Frame) -> Answer:
        """Evaluate the expression."""
        return Answer(value=self.expression.evaluate(frame.variables, run=frame.run))


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """Logic whose value must have a type; what does not fit becomes null."""

    logic: Logic
    type: feel.Type

    @property
    def hit_policy(self) -> str:
        """The hit policy of the logic inside."""
        return self.logic.hit_policy

    def answer(self, frame: Frame) -> Answer:
        """Work out the logic inside and fit its value to the type."""
        answer = self.logic.answer(frame)
        return Answer(value=fitted(answer.value, self.type), inputs=answer.inputs, rules=answer.rules)


@dataclass(frozen=True, kw_only=True, slots=True)
class Box(ABC):
    """What the boxed expressions below have in common: they have no rules."""

    hit_policy: str = ""

    def answer(self, frame: Frame) -> Answer:
        """Work out the value."""
        return Answer(value=self.work_out(frame))

    @abstractmethod
    def work_out(self, frame: Frame) -> Any:
        """Return the value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An entry of a boxed context; the result cell has no name."""

    name: str
    logic: Logic


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxedContext(Box):
    """Named entries of which each sees the earlier ones, and perhaps a result cell that is the value of the whole."""

    entries: tuple[Entry, ...]

    def work_out(self, frame: Frame) -> Any:
        """Return the context, or its result cell's value."""
        context: dict[str, Any] = {}
        frame.run.charge(len(self.entries))
        for entry in self.entries:
            value = value_of(entry.logic, frame.inside(context))
            if not entry.name:
                return value
            context[entry.name] = value
        return context


@dataclass(frozen=True, kw_only=True, slots=True)
class Invocation(Box):
    """A call with an expression for each parameter."""

    called: Logic
    bindings: tuple[tuple[str, Logic], ...]

    def work_out(self, frame: Frame) -> Any:
        """Call what the first cell names; null if it is no function or has other parameters."""
        function = value_of(self.called, frame)
        if type(function) is not Function:
            return None
        return invoke_named(function, frame.run, {name: value_of(logic, frame) for name, logic in self.bindings})


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxedList(Box):
    """A column of expressions."""

    entries: tuple[Logic, ...]

    def work_out(self, frame: Frame) -> list[Any]:
        """Return the list."""
        frame.run.charge_list(len(self.entries))
        return [value_of(entry, frame) for entry in self.entries]


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation(Box):
    """Rows of expressions under named columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Logic, ...], ...]

    def work_out(self, frame: Frame) -> list[dict[str, Any]]:
        """Return a list with a context for each row."""
        frame.run.charge_list(len(self.rows) * len(self.columns))
        return [{name: value_of(cell, frame) for name, cell in zip(self.columns, row, strict=True)} for row in self.rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """A parameter of a function, with its type if it has one."""

    name: str
    type: feel.Type | None


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxedFunction(Box):
    """A function; one in another language than FEEL has no body here, and calling it gives null."""

    parameters: tuple[Parameter, ...]
    body: Logic | None

    def work_out(self, frame: Frame) -> Function:
        """Return the function, which remembers where it stands."""
        return self.closed_over(frame)

    def closed_over(self, frame: Frame, name: str = "", result: feel.Type | None = None) -> Function:
        """Return the function as it is called from a frame."""

        def call(run: feel.Run, arguments: list[Any]) -> Any:
            given = self._take(arguments)
            if self.body is None or given is None:
                return None
            run.enter_call(1)
            value = value_of(self.body, frame.inside(given))
            run.leave_call()
            return fitted(value, result)

        names = tuple(parameter.name for parameter in self.parameters)
        types = tuple(parameter.type for parameter in self.parameters)
        return Function(parameters=names, call=call, name=name, types=types, result=result)

    def _take(self, arguments: list[Any]) -> Mapping[str, Any] | None:
        """Fit the arguments to the parameters' types; None if one does not fit, so that the function is not called at all."""
        given = {}
        for parameter, argument in zip(self.parameters, arguments, strict=True):
            fits, value = (True, argument) if parameter.type is None else parameter.type.fit(adopt(argument))
            if not fits:
                return None
            given[parameter.name] = value
        return given


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditional(Box):
    """If, then, else."""

    condition: Logic
    yes: Logic
    no: Logic

    def work_out(self, frame: Frame) -> Any:
        """Return the value of the branch that the condition chooses."""
        return value_of(self.yes if value_of(self.condition, frame) is True else self.no, frame)


def own(value: Any) -> Any:
    """Return a value that came in with variables as one of FEEL's own kinds."""
    return value if type(value) in KINDS else adopt(value)
