"""Taking decisions: each once, after the ones that it builds on, with the knowledge that it may call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from workflows import feel
from workflows.dmn.boxes import own
from workflows.dmn.frames import Frame, fitted
from workflows.dmn.graph import Decision, Graph, InputData, Knowledge, Need, Service
from workflows.dmn.traces import Record, Trace
from workflows.errors import SafeconductError
from workflows.feel.values import Function


class DecisionFailed(SafeconductError):
    """{reason} Therefore the decision {decision} could not be taken."""


class Session:
    """One evaluation of a decision graph.

    Attributes:
        variables: What the caller gives by name; every decision sees it.
        values: What elements are, by key: given by the caller, or worked out here.
        traces: How decisions were taken, by key.
    """

    def __init__(
        self,
        graph: Graph,
        variables: Mapping[str, Any],
        *,
        given: Mapping[str, Any] | None = None,
        now: datetime | None = None,
        run: feel.Run | None = None,
        lenient: bool = False,
    ) -> None:
        """Begin with what is given: `variables` by name, `given` by key; `run` is a caller's budget to share."""
        self.graph = graph
        self.variables = variables
        self.values = {key: fitted(own(value), graph.type_of(key)) for key, value in (given or {}).items()}
        self.traces: dict[str, Trace] = {}
        self.now = now
        self.run = run
        self.lenient = lenient

    def decide(self, wanted: Sequence[str]) -> list[Any]:
        """Take decisions and those that they build on; return the values of the wanted ones."""
        needed = self.graph.needed(wanted, self.values)
        for key in self.graph.order:
            if key in needed:
                self.values[key] = self._take(self.graph.decisions[key])
        return [self.values.get(key) for key in wanted]

    def ask(self, service: Service) -> Any:
        """Return a service's answer: the value of its decision, or a context when it has several."""
        values = self.decide(service.outputs)
        if len(values) == 1:
            return fitted(values[0], service.result)
        names = map(self.graph.variable_of, service.outputs)
        return fitted(dict(zip(names, values, strict=True)), service.result)

    def function_of(self, key: str) -> Any:
        """Return business knowledge or a service as a function."""
        return self._value(key, Frame(variables={}, run=feel.Run(now=self.now), lenient=self.lenient))

    def _take(self, decision: Decision) -> Any:
        try:
            return self._answer(decision)
        except feel.FeelError as error:
            reason = str(error)
        except RecursionError:
            reason = "It nests too deep."
        if self.lenient:
            return None
        raise DecisionFailed(decision=decision.id, reason=reason)

    def _answer(self, decision: Decision) -> Any:
        record = Record()
        run = self.run or feel.Run(feel.Limits(), self.now)
        frame = Frame(variables=self.variables, run=run, record=record, decision=decision.id, lenient=self.lenient)
        answer = decision.logic.answer(frame.inside(self._seen(decision.needs, frame)))
        required = (self.traces[need.key] for need in decision.needs if need.key in self.traces)
        self.traces[decision.key] = Trace(
            decision=decision.id,
            name=decision.name,
            hit_policy=decision.logic.hit_policy,
            inputs=answer.inputs,
            rules=answer.rules,
            required=(*required, *record.traces),
        )
        return fitted(answer.value, decision.type)

    def _seen(self, needs: Iterable[Need], frame: Frame) -> dict[str, Any]:
        """Return what an element builds on, by the names under which its expressions see it."""
        seen: dict[str, Any] = {}
        imported: dict[str, dict[str, Any]] = {}
        for need in needs:
            place = imported.setdefault(need.alias, {}) if need.alias else seen
            place[need.name] = self._value(need.key, frame)
        for alias, names in imported.items():
            around = self.variables.get(alias)
            seen[alias] = {**around, **names} if isinstance(around, dict) else names
        return seen

    def _value(self, key: str, frame: Frame) -> Any:
        if key in self.values:
            return self.values[key]
        if key in self.graph.inputs:
            return self._input(self.graph.inputs[key])
        if key in self.graph.knowledge:
            return self._knowledge(self.graph.knowledge[key], frame)
        if key in self.graph.services:
            return self._service(self.graph.services[key], frame)
        return None

    def _input(self, element: InputData) -> Any:
        """Find an input among the variables: by its name, or inside what is given under the name of an import."""
        found = self.variables.get(element.variable)
        namespace = element.key.rpartition("#")[0]
        for alias in () if element.variable in self.variables else self.graph.aliases.get(namespace, ()):
            around = self.variables.get(alias)
            if isinstance(around, dict) and element.variable in around:
                found = around[element.variable]
        self.values[element.key] = fitted(own(found), element.type)
        return self.values[element.key]

    def _knowledge(self, element: Knowledge, frame: Frame) -> Function:
        """Make the function; what it builds on is looked up when it is called, so that knowledge may call itself."""

        def call(run: feel.Run, arguments: list[Any]) -> Any:
            inside = Frame(variables={}, run=run, record=frame.record, decision=element.name, lenient=frame.lenient)
            seen = {element.variable: function, **self._seen(element.needs, inside)}
            body = element.function.closed_over(inside.inside(seen), element.name, element.result)
            return body.call(run, arguments)

        names = tuple(parameter.name for parameter in element.function.parameters)
        types = tuple(parameter.type for parameter in element.function.parameters)
        function = Function(parameters=names, call=call, name=element.variable, types=types, result=element.result)
        return function

    def _service(self, element: Service, frame: Frame) -> Function:
        def call(run: feel.Run, arguments: list[Any]) -> Any:
            given = self._take_arguments(element, arguments)
            if given is None:
                return None
            run.enter_call(1)
            inner = Session(self.graph, {}, given=given, now=self.now, run=run, lenient=self.lenient)
            value = inner.ask(element)
            run.leave_call()
            for trace in (inner.traces[key] for key in element.outputs if key in inner.traces):
                frame.record.keep(trace)
            return value

        names = tuple(map(self.graph.variable_of, element.parameters))
        types = tuple(map(self.graph.type_of, element.parameters))
        return Function(parameters=names, call=call, name=element.variable, types=types, result=element.result)

    def _take_arguments(self, element: Service, arguments: Sequence[Any]) -> dict[str, Any] | None:
        given = {}
        for key, argument in zip(element.parameters, arguments, strict=True):
            wanted = self.graph.type_of(key)
            fits, value = (True, argument) if wanted is None else wanted.fit(own(argument))
            if not fits:
                return None
            given[key] = value
        return given
