"""The catalogue of operations: what a service task of a diagram may call."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate

from sqlalchemy import Select
from sqlalchemy.orm import Session

from services.models.bus import BusEvent
from services.operations.work import Work
from workflows.errors import SafeconductError

_Function = Callable[Concatenate[Work, ...], dict[str, Any] | None]
Concerns = Callable[[Session, BusEvent], Select[str]]


class InputsUnfit(SafeconductError):
    """The operation {operation} does not take {names}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One thing that a service task can have done.

    Attributes:
        inputs: The inputs it takes; what a diagram does not give is null.
        about: What it does, in a sentence.
        concerns: For the `targets` of a process that listens: the query for the ids of the cases that an event concerns.
    """

    name: str
    function: _Function
    inputs: tuple[str, ...]
    about: str
    concerns: Concerns | None = None

    def run(self, work: Work, inputs: dict[str, Any]) -> dict[str, Any]:
        """Carry it out for a case.

        Raises:
            InputsUnfit: The diagram gives an input that the operation does not know.
        """
        strange = sorted(set(inputs) - set(self.inputs))
        if strange:
            raise InputsUnfit(operation=self.name, names=", ".join(strange))
        return self.function(work, **{name: inputs.get(name) for name in self.inputs}) or {}


CATALOGUE: dict[str, Operation] = {}


def operation(name: str, *, concerns: Concerns | None = None) -> Callable[[_Function], _Function]:
    """Enter a function into the catalogue under the name that diagrams use; its keyword arguments are its inputs."""

    def enter(function: _Function) -> _Function:
        inputs = tuple(inspect.signature(function).parameters)[1:]
        about = (inspect.getdoc(function) or "").split("\n\n", maxsplit=1)[0]
        CATALOGUE[name] = Operation(name=name, function=function, inputs=inputs, about=about, concerns=concerns)
        return function

    return enter
