"""Repeated activities of the model."""

from __future__ import annotations

from tests.workflows.engine.generated.joining import Joining
from tests.workflows.engine.generated.nets import Node
from tests.workflows.engine.generated.standing import Body, Move, NotAllowed, Scope, Spot


class Repeating(Joining):
    """The standard loop, and multi-instance side by side and in a row."""

    def _begin_body(self, node: Node, scope: Scope) -> None:
        repeat = node.repeat
        body = Body(node, scope)
        scope.bodies.append(body)
        self._arm_boundaries(body)
        if repeat is None or repeat.kind == "standard":
            self._next_round(body, first=True)
            return
        body.waiting = list(enumerate(repeat.entries))
        body.results = [None] * len(repeat.entries)
        if not repeat.entries:
            self._end_body(body)

    def _enter_run(self, scope: Scope, node: Node, move: Move) -> None:
        body = self._body_for(scope, node, move)
        if body is None:
            self._finish_bodies(scope)
            body = self._body_for(scope, node, move)
        if body is None:
            raise NotAllowed(f"{move}: no run of it is to be begun.")
        body.key = move.body
        index, entry = body.waiting.pop(0)
        body.started += 1
        variables = {"loopCounter": index + 1} | ({} if entry is None else {"entry": entry, "res": None})
        body.runs.append(self._stand(node, scope, move.token, body=body, index=index, run=variables))

    def _body_for(self, scope: Scope, node: Node, move: Move) -> Body | None:
        """The body of which a run may begin: the one with this id, or one of which none has begun yet."""
        bodies = [body for body in scope.bodies if body.node is node and body.key in (move.body, None) and body.waiting]
        fitting = [body for body in bodies if not body.runs or (node.repeat is not None and node.repeat.kind == "parallel")]
        return min(fitting, key=lambda body: body.key is None, default=None)

    def _end_run(self, body: Body, spot: Spot) -> None:
        repeat = body.node.repeat
        body.runs.remove(spot)
        body.done += 1
        if repeat is None or repeat.kind == "standard":
            self._next_round(body, first=False)
            return
        body.results[spot.index] = spot.read("res")
        counts = {
            "numberOfCompletedInstances": body.done,
            "numberOfInstances": len(body.results),
            "numberOfActiveInstances": body.started - body.done,
        }
        if repeat.enough is not None and repeat.enough.holds(lambda name: counts.get(name, spot.read(name))):
            self._expect_cancelled([place for run in list(body.runs) for place in self._cancel(run)])
            body.runs, body.waiting = [], []
        if not body.runs and not body.waiting:
            self._end_body(body)

    def _next_round(self, body: Body, *, first: bool) -> None:
        repeat = body.node.repeat
        assert repeat is not None
        reader = Spot(body.node, body.scope, "", "going")
        ask = repeat.condition is not None and (repeat.test_before or not first)
        read = lambda name: body.done + 1 if name == "loopCounter" else reader.read(name)  # noqa: E731  shorter than a method
        if body.done < repeat.maximum and not (ask and repeat.condition is not None and not repeat.condition.holds(read)):
            body.waiting = [(body.done, None)]
        else:
            self._end_body(body)

    def _end_body(self, body: Body) -> None:
        body.over = True
        if body.node.repeat is not None and body.node.repeat.kind != "standard":
            Spot(body.node, body.scope, "", "going").write(f"out_{body.node.id}", list(body.results))

    def _finish_bodies(self, scope: Scope) -> None:
        """Let the bodies whose runs are all done go on: the trail does not show it."""
        while over := [body for body in scope.bodies if body.over]:
            for body in over:
                scope.bodies.remove(body)
                self._disarm(body)
                self._move_on(Spot(body.node, scope, "", "going"))
