"""How tokens come to a node of the model, and by which flows they leave it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tests.workflows.engine.generated.board import Board
from tests.workflows.engine.generated.standing import Scope, Spot


class Joining(Board):
    """Sequence flows, splits and joins."""

    def _spread(self, scope: Scope) -> None:
        """A token on its way to a repeated activity becomes its body at once."""
        for flow in list(scope.flows):
            target = self.net.nodes[self.net.flows[flow].target]
            if target.repeat is not None:
                scope.flows.remove(flow)
                self._begin_body(target, scope)
        for name in list(scope.pending):
            if self.net.nodes[name].repeat is not None:
                scope.pending.remove(name)
                self._begin_body(self.net.nodes[name], scope)

    def _put(self, scope: Scope, flows: Iterable[str]) -> None:
        scope.flows += flows
        self._spread(scope)

    def _come(self, scope: Scope, name: str) -> bool:
        """Take away the tokens with which a node is entered."""
        for _ in range(2):
            if name in scope.pending:
                scope.pending.remove(name)
                return True
            coming = {flow for flow in scope.flows if self.net.flows[flow].target == name}
            if coming and (not self._is_join(name) or self._can_join(scope, name)):
                for flow in coming if self._is_join(name) else [next(flow for flow in scope.flows if flow in coming)]:
                    scope.flows.remove(flow)
                return True
            self._finish_bodies(scope)
        return False

    def _is_join(self, name: str) -> bool:
        return self.net.nodes[name].kind in ("parallelGateway", "inclusiveGateway") and len(self.net.into(name)) > 1

    def _can_join(self, scope: Scope, name: str) -> bool:
        """Whether a gateway has all the tokens it waits for (BPMN 2.0, 13.4.1 and 13.4.3)."""
        incoming = {flow.id for flow in self.net.into(name)}
        with_token = incoming & set(scope.flows)
        if self.net.nodes[name].kind == "parallelGateway":
            return with_token == incoming
        without = incoming - with_token
        return bool(with_token) and not any(
            self._comes_only_to(first, without, with_token, name) for first in self._origins(scope)
        )

    def _comes_only_to(self, first: list[str], without: set[str], with_token: set[str], name: str) -> bool:
        """Whether a token can reach an incoming flow that has none, and none that has one, without visiting the gateway."""
        reached = self.net.reached(first, avoiding=name)
        return bool(reached & without) and not reached & with_token

    def _origins(self, scope: Scope) -> Iterator[list[str]]:
        for flow in scope.flows:
            yield [flow]
        for place in [*scope.spots, *scope.bodies]:
            yield self.net.ways_from(place.node.id)

    def _chosen(self, spot: Spot, ways: list[tuple[str, Any]]) -> list[str]:
        kind, default = spot.node.kind, spot.node.default
        if kind == "parallelGateway":
            return [flow for flow, _ in ways]
        chosen = [flow for flow, test in ways if flow != default and (test is None or test.holds(spot.read))]
        if kind == "exclusiveGateway":
            chosen = chosen[:1]
        if not chosen and default is not None:
            return [default]
        if ways and not chosen:
            self.failed = f"{spot.node.id} had no way out"
        return chosen

    def _move_on(self, spot: Spot) -> None:
        links = [node for node in self.net.nodes.values() if self.net.is_linked(spot.node.id, node.id)]
        if links:
            spot.scope.pending += [node.id for node in links]
            return
        flows = self.net.out_of(spot.node.id)
        self._put(spot.scope, self._chosen(spot, [(flow.id, flow.test) for flow in flows]))
