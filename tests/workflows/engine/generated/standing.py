"""What the model of a case consists of: scopes, and what stands, waits and is repeated in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.workflows.engine.generated.nets import Node

Answers = Mapping[str, Any]


class NotAllowed(AssertionError):
    """BPMN gives no meaning under which this could have happened."""


@dataclass(frozen=True)
class Move:
    """One line of the trail of the engine, with the subprocess run and the repetition it belongs to."""

    kind: str
    element: str
    token: str
    scope: str | None
    body: str | None


@dataclass(eq=False)
class Scope:
    """One run of a process or subprocess.

    Attributes:
        variables: Its own, if it is a process; a subprocess has none.
        pending: Nodes on which a first token is about to be put.
        flows: Sequence flows with a token, oldest first.
    """

    node: str
    key: str | None
    parent: Spot | None
    variables: dict[str, Any] | None
    pending: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    armed: list[Catcher] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return not (self.pending or self.flows or self.spots or self.bodies)

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else 1 + self.parent.scope.depth


@dataclass(eq=False)
class Spot:
    """A token on a node. It is "going" when nothing keeps it, or else waits ("user", "catch", "inside", "choice").

    Attributes:
        body: The repetition that it is one run of, with the variables of the run.
        gift: What its event or its person has brought.
        thrown: Whether it has thrown what it throws.
    """

    node: Node
    scope: Scope
    key: str
    state: str
    body: Body | None = None
    index: int = 0
    run: dict[str, Any] = field(default_factory=dict)
    gift: dict[str, Any] = field(default_factory=dict)
    inner: Scope | None = None
    thrown: bool = False

    def dictionaries(self) -> Iterator[tuple[dict[str, Any], bool]]:
        """The variables it sees, innermost first, each with whether writing stops there."""
        here: Spot | None = self
        while here is not None:
            if here.body is not None:
                yield here.run, False
            variables = here.scope.variables
            if variables is not None:
                yield variables, True
            here = here.scope.parent

    def read(self, name: str) -> Any:
        return next((variables[name] for variables, _ in self.dictionaries() if name in variables), None)

    def write(self, name: str, value: Any) -> None:
        for variables, last in self.dictionaries():
            if name in variables or last:
                variables[name] = value
                return


@dataclass(eq=False)
class Body:
    """A repeated activity: what holds its runs together. Its id is known from the first run on."""

    node: Node
    scope: Scope
    key: str | None = None
    waiting: list[tuple[int, int | None]] = field(default_factory=list)
    runs: list[Spot] = field(default_factory=list)
    started: int = 0
    done: int = 0
    results: list[Any] = field(default_factory=list)
    over: bool = False


@dataclass(eq=False)
class Catcher:
    """An event that waits: on the boundary of a spot or body, behind an event gateway, of an event subprocess, or a token's own."""

    node: Node
    scope: Scope
    host: Spot | Body | None = None
    choice: Spot | None = None
    spot: Spot | None = None
    due: datetime | None = None
    left: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether nothing is entered when it fires: the token that stands there goes on later."""
        return self.spot is not None

    @property
    def is_handler(self) -> bool:
        return self.host is None and self.choice is None and self.spot is None
