"""A small token game after BPMN 2.0, written apart from the engine: which moves of the trail are allowed.

It plays no moves of its own. `play` takes the moves that the engine reports, one after the other, and refuses the first that BPMN
does not allow; `rest` refuses to stop while something still could move. Where BPMN leaves an order open, any is taken.
Two rules are the engine's own: a message goes to the innermost receiver and among those to the oldest, and a broadcast
reaches its receivers from the outermost scope inwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.workflows.engine.generated.nets import KEY, Net, Node
from tests.workflows.engine.generated.reacting import Reacting, throws
from tests.workflows.engine.generated.standing import Answers, Catcher, Move, NotAllowed, Scope, Spot


class TokenGame(Reacting):
    """One case."""

    def __init__(self, net: Net, variables: dict[str, Any], now: datetime) -> None:
        super().__init__(net, now)
        self.root = Scope(net.processes[0], None, None, dict(variables))
        self._open(self.root)

    @property
    def is_over(self) -> bool:
        return self.root.is_done

    # What happens from outside.

    def begin(self, now: datetime) -> None:
        """Something happens now, but no timer fires."""
        self.now, self.due_until = now, None

    def wait(self, until: datetime) -> None:
        """Time passes, and the timers that are due fire."""
        self.now = self.due_until = until

    def complete(self, key: str, answers: Answers) -> None:
        """A person completes a task."""
        spot = next((spot for spot in self._spots() if spot.key == key and spot.state == "user"), None)
        if spot is None:
            raise NotAllowed(f"{key} is not a task that waits for a person.")
        spot.state, spot.gift = "going", dict(answers)

    def send(self, name: str, key: str, payload: Answers) -> int:
        """A message comes. Answers how many receive it."""
        found = [catcher for catcher in self._armed("message") if catcher.node.name == name and key == KEY]
        if found:
            self.owed = [(max(found, key=lambda catcher: catcher.scope.depth), payload)]
        return len(self.owed)

    def signal(self, name: str, payload: Answers) -> int:
        """A signal comes. Answers how many wait for it."""
        self.owed = [(catcher, payload) for catcher in self._armed("signal") if catcher.node.name == name]
        return len(self.owed)

    def play(self, moves: Iterable[Move]) -> None:
        """Take the moves that the engine made. Raises: NotAllowed."""
        self._pump()
        for move in moves:
            if self.failed:
                raise NotAllowed(f"{move} came after {self.failed}.")
            self._take(move)
            self._pump()

    def rest(self) -> None:
        """Ensure that nothing can move by itself any more. Raises: NotAllowed."""
        for scope in list(self.scopes.values()):
            self._finish_bodies(scope)
        if self.expected or self.owed:
            raise NotAllowed(
                f"It stopped before {[dict(group) for group, _ in self.expected]} {[c.node.id for c, _ in self.owed]}."
            )
        for spot in self._spots():
            if spot.state == "going" or (spot.inner is not None and spot.inner.is_done):
                raise NotAllowed(f"It stopped although {spot.node.id} can go on.")
        for scope in self.scopes.values():
            self._ensure_stuck(scope)
            for body in scope.bodies:
                if body.waiting and (not body.runs or (body.node.repeat is not None and body.node.repeat.kind == "parallel")):
                    raise NotAllowed(f"It stopped although a run of {body.node.id} can begin.")
        if late := [catcher.node.id for catcher in self._armed("timer") if self._is_due(catcher)]:
            raise NotAllowed(f"It stopped although {late} are due.")

    # Moves.

    def _open(self, scope: Scope) -> None:
        self.scopes[scope.key] = scope
        for start in self.net.handlers(scope.node):
            self._arm(Catcher(start, scope))
        scope.pending = [node.id for node in self.net.starts(scope.node)]
        self._spread(scope)

    def _ensure_stuck(self, scope: Scope) -> None:
        targets = {self.net.flows[flow].target for flow in scope.flows}
        for name in [*targets, *scope.pending]:
            if not self._is_join(name) or self._can_join(scope, name):
                raise NotAllowed(f"It stopped although a token can enter {name}.")

    def _take(self, move: Move) -> None:
        if self.expected:
            self._take_expected(move)
        elif not self._react(move):
            if move.kind != "cancelled":
                self.perhaps.clear()
            if move.kind == "entered":
                self._enter(move)
            elif move.kind == "left":
                self._leave(self._spot_of(move))
            elif self.perhaps[place := (move.element, move.scope)]:
                self.perhaps[place] -= 1
            else:
                raise NotAllowed(f"{move}: nothing cancels it.")

    def _enter(self, move: Move) -> None:
        scope, node = self._scope_of(move), self.net.nodes[move.element]
        if node.repeat is not None:
            self._enter_run(scope, node, move)
        elif self._come(scope, node.id):
            self._stand(node, scope, move.token)
        else:
            raise NotAllowed(f"{move}: no token can come there.")

    def _stand(self, node: Node, scope: Scope, key: str, **facts: Any) -> Spot:
        spot = Spot(node, scope, key, "going", **facts)
        scope.spots.append(spot)
        if spot.body is None:
            self._arm_boundaries(spot)
        if node.kind == "userTask":
            spot.state = "user"
        elif node.kind == "receiveTask" or (node.kind == "intermediateCatchEvent" and node.event != "link"):
            spot.state = "catch"
            self._arm(Catcher(node, scope, spot=spot))
        elif node.kind == "eventBasedGateway":
            spot.state = "choice"
            for flow in self.net.out_of(node.id):
                self._arm(Catcher(self.net.nodes[flow.target], scope, choice=spot))
        elif node.kind in ("subProcess", "callActivity") and not node.triggered:
            self._go_inside(spot)
        return spot

    def _go_inside(self, spot: Spot) -> Scope:
        spot.state = "inside"
        called = spot.node.called
        spot.inner = Scope(called or spot.node.id, spot.key, spot, {} if called else None)
        self._open(spot.inner)
        return spot.inner

    def _leave(self, spot: Spot) -> None:
        """A token leaves its node by itself."""
        self._ensure_done(spot)
        self._write_results(spot)
        scope, node = spot.scope, spot.node
        scope.spots.remove(spot)
        if spot.inner is not None:
            del self.scopes[spot.key]
        if spot.body is not None:
            self._end_run(spot.body, spot)
            return
        self._disarm(spot)
        if node.kind == "endEvent" and node.event == "error":
            self._throw_error(spot)
        elif node.kind == "endEvent" and node.event == "terminate":
            self._expect_cancelled(self._cancel_inside(scope))
        else:
            self._move_on(spot)

    def _ensure_done(self, spot: Spot) -> None:
        if spot.inner is not None:
            self._finish_bodies(spot.inner)
            if not spot.inner.is_done:
                raise NotAllowed(f"It left {spot.node.id} although something is going on inside.")
        elif spot.state == "catch":
            self._fire_due(spot)
        elif spot.state != "going":
            raise NotAllowed(f"It left {spot.node.id}, which still waits.")
        if throws(spot) and not self._swap(spot):
            self._throw(spot)
            if self.owed:
                raise NotAllowed(f"It left {spot.node.id} before {[c.node.id for c, _ in self.owed]} got what it throws.")

    def _write_results(self, spot: Spot) -> None:
        results = dict(spot.gift)
        if spot.node.script is not None:
            results[spot.node.script.target] = spot.node.script.value(spot.read)
        if spot.inner is not None and spot.inner.variables is not None:
            results |= spot.inner.variables
        for name, value in results.items():
            spot.write(name, value)
