"""What the model keeps of a case, and what is cancelled together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from tests.workflows.engine.generated.nets import Net
from tests.workflows.engine.generated.standing import Answers, Body, Catcher, Move, NotAllowed, Scope, Spot

Sight = tuple[str, str, str | None]
Expected = tuple[Counter[Sight], Mapping[Sight, Callable[[Move], None]]]


class Board:
    """Where everything stands in one case.

    Attributes:
        scopes: The runs of processes and subprocesses, by the id of the activity's token.
        expected: What must happen next, before anything else: groups of moves, those of one group in any order.
        owed: Events that must fire, with what they bring.
        perhaps: What may be cancelled beside that: tokens of repetitions that were over, but may not yet have gone on to a join.
        due_until: The moment up to which timers fire now, or None while time stands still.
        failed: Why the engine must give up, if it must.
    """

    def __init__(self, net: Net, now: datetime) -> None:
        self.net, self.now = net, now
        self.due_until: datetime | None = None
        self.scopes: dict[str | None, Scope] = {}
        self.expected: list[Expected] = []
        self.owed: list[tuple[Catcher, Answers]] = []
        self.perhaps: Counter[tuple[str, str | None]] = Counter()
        self.failed: str | None = None

    # What can be compared.

    def marking(self) -> Counter[tuple[str, str, str | None]]:
        """Everything that stands somewhere: (as what, on which node, in which run of a subprocess)."""
        found: Counter[tuple[str, str, str | None]] = Counter()
        for scope in self.scopes.values():
            if scope.is_done:
                continue
            found.update(("token", spot.node.id, scope.key) for spot in scope.spots)
            found.update(("token", self.net.flows[flow].target, scope.key) for flow in scope.flows)
            found.update(("body", body.node.id, scope.key) for body in scope.bodies)
            found.update(("waiting", c.node.id, scope.key) for c in scope.armed if not c.is_silent)
        return found

    def open_tasks(self) -> set[str]:
        """The ids of the tokens that wait for a person."""
        return {spot.key for spot in self._spots() if spot.state == "user"}

    # What stands and waits.

    def _spots(self) -> Iterator[Spot]:
        for scope in self.scopes.values():
            yield from scope.spots

    def _armed(self, event: str) -> list[Catcher]:
        return [c for scope in self.scopes.values() if not scope.is_done for c in scope.armed if c.node.event == event]

    def _is_armed(self, catcher: Catcher) -> bool:
        scope = catcher.scope
        return self.scopes.get(scope.key) is scope and not scope.is_done and catcher in scope.armed

    def _spot_of(self, move: Move) -> Spot:
        spot = next((spot for spot in self._spots() if spot.key == move.token), None)
        if spot is None or spot.node.id != move.element or spot.scope.key != move.scope:
            raise NotAllowed(f"{move}: no such token stands there.")
        return spot

    def _scope_of(self, move: Move) -> Scope:
        scope = self.scopes.get(move.scope)
        if scope is None or self.net.nodes[move.element].scope != scope.node:
            raise NotAllowed(f"{move}: its scope is not open.")
        return scope

    # What must follow.

    def _expect(self, callbacks: Mapping[Sight, Callable[[Move], None]]) -> None:
        self.expected.append((Counter(callbacks.keys()), callbacks))

    def _expect_cancelled(self, places: list[tuple[str, str | None]]) -> None:
        if places:
            self.expected.append((Counter(("cancelled", *place) for place in places), {}))

    def _take_expected(self, move: Move) -> None:
        group, callbacks = self.expected[0]
        sight = (move.kind, move.element, move.scope)
        if not group[sight] and move.kind == "cancelled" and self.perhaps[sight[1:]]:
            self.perhaps[sight[1:]] -= 1
            return
        if not group[sight]:
            raise NotAllowed(f"{move} came where {dict(group)} must come.")
        group[sight] -= 1
        if not +group:
            self.expected.pop(0)
        if sight in callbacks:
            callbacks[sight](move)

    # Cancelling. Each answers the places where a token is cancelled, which the trail must show.

    def _inside(self, scope: Scope) -> list[tuple[str, str | None]]:
        places = [(self.net.flows[flow].target, scope.key) for flow in scope.flows]
        for spot in scope.spots:
            places += [*(self._inside(spot.inner) if spot.inner is not None else []), (spot.node.id, scope.key)]
        return places

    def _disarm(self, host: Spot | Body) -> None:
        host.scope.armed = [c for c in host.scope.armed if host not in (c.host, c.choice, c.spot)]

    def _cancel(self, host: Spot | Body) -> list[tuple[str, str | None]]:
        self._disarm(host)
        if isinstance(host, Body):
            host.scope.bodies.remove(host)
            if host.over:
                self.perhaps.update(
                    (flow.target, host.scope.key) for flow in self.net.out_of(host.node.id) if self._is_join(flow.target)
                )
            return [place for run in list(host.runs) for place in self._cancel(run)]
        places = []
        if host.inner is not None:
            places = self._cancel_inside(host.inner)
            del self.scopes[host.key]
        host.scope.spots.remove(host)
        return [*places, (host.node.id, host.scope.key)]

    def _cancel_inside(self, scope: Scope) -> list[tuple[str, str | None]]:
        places = [(self.net.flows[flow].target, scope.key) for flow in scope.flows]
        scope.flows, scope.pending = [], []
        for body in list(scope.bodies):
            places += self._cancel(body)
        for spot in list(scope.spots):
            places += self._cancel(spot)
        return places
