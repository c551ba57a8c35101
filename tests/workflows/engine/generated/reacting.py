"""Events of the model: what is armed, thrown, and fires."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.engine.generated.nets import Node
from tests.workflows.engine.generated.repeating import Repeating
from tests.workflows.engine.generated.standing import Answers, Body, Catcher, Move, NotAllowed, Scope, Spot

THROWERS = frozenset({"signal", "escalation"})


class Reacting(Repeating):
    """Events that wait, and what throws to them."""

    def _arm_boundaries(self, host: Spot | Body) -> None:
        for boundary in self.net.boundaries(host.node.id):
            self._arm(Catcher(boundary, host.scope, host=host))

    def _arm(self, catcher: Catcher) -> None:
        node = catcher.node
        if node.event == "timer":
            catcher.due, catcher.left = self.now + timedelta(minutes=node.minutes), node.times or 0
        catcher.scope.armed.append(catcher)

    def _is_due(self, catcher: Catcher) -> bool:
        return catcher.due is not None and self.due_until is not None and catcher.due <= self.due_until

    def _fire_due(self, spot: Spot) -> None:
        for catcher in spot.scope.armed:
            if catcher.spot is spot and self._is_due(catcher):
                self._fire(catcher, {})
                return
        raise NotAllowed(f"It left {spot.node.id}, which still waits for its event.")

    def _react(self, move: Move) -> bool:
        """Whether a move is how an event begins that may fire now."""
        for spot in filter(throws, list(self._spots())):
            if not self.owed and self._begins([c for c in self._receivers(spot) if not c.is_silent][:1], move):
                self._throw(spot)
        due = sorted((c for c in self._armed("timer") if self._is_due(c) and not c.is_silent), key=lambda c: c.due or self.now)
        for catcher, payload in [*self.owed[:1], *((catcher, {}) for catcher in due)]:
            if self._begins([catcher], move):
                self.owed = [pair for pair in self.owed if pair[0] is not catcher]
                self._fire(catcher, payload)
                self._take_expected(move)
                return True
        return False

    def _begins(self, catchers: list[Catcher], move: Move) -> bool:
        for catcher in catchers:
            place = (catcher.node.scope if catcher.is_handler else catcher.node.id, catcher.scope.key)
            if catcher.is_handler and catcher.node.interrupting and (inside := self._inside(catcher.scope)):
                return move.kind == "cancelled" and (move.element, move.scope) in inside
            left = catcher.choice is not None and move.kind == "left" and move.token == catcher.choice.key
            return left or (move.kind == "entered" and (move.element, move.scope) == place)
        return False

    def _pump(self) -> None:
        """Let what is owed fire, as far as the trail does not show it."""
        while self.owed and not self.expected:
            catcher, payload = self.owed[0]
            if self._is_armed(catcher) and not catcher.is_silent:
                return
            self.owed.pop(0)
            if self._is_armed(catcher):
                self._fire(catcher, payload)

    def _fire(self, catcher: Catcher, payload: Answers) -> None:
        node, scope = catcher.node, catcher.scope
        entered = {("entered", node.id, scope.key): lambda move: self._emerge(node, scope, move, payload)}
        if catcher.spot is not None:
            scope.armed.remove(catcher)
            catcher.spot.state, catcher.spot.gift = "going", dict(payload)
        elif catcher.choice is not None:
            choice = catcher.choice
            scope.armed = [other for other in scope.armed if other.choice is not choice]
            choice.state = "going"
            self._expect({**entered, ("left", choice.node.id, scope.key): lambda _: scope.spots.remove(choice)})
        elif catcher.host is not None:
            self._expect(entered)
            if node.interrupting:
                self._expect_cancelled(self._cancel(catcher.host))
            else:
                self._rearm(catcher)
        else:
            if node.interrupting:
                self._expect_cancelled(self._cancel_inside(scope))
                scope.armed.clear()
            else:
                self._rearm(catcher)
            self._expect({("entered", node.scope, scope.key): lambda move: self._handle(node, scope, move, payload)})
            scope.pending.append(f"handled by {node.id}")  # Its scope does not end while the handler is about to begin.

    def _emerge(self, node: Node, scope: Scope, move: Move, payload: Answers) -> None:
        scope.spots.append(Spot(node, scope, move.token, "going", gift=dict(payload)))

    def _handle(self, start: Node, scope: Scope, move: Move, payload: Answers) -> None:
        scope.pending.remove(f"handled by {start.id}")
        spot = self._stand(self.net.nodes[start.scope], scope, move.token)
        inner = self._go_inside(spot)
        inner.pending = [start.id]
        self._expect({("entered", start.id, inner.key): lambda begun: self._begin_handler(start, inner, begun, payload)})

    def _begin_handler(self, start: Node, inner: Scope, move: Move, payload: Answers) -> None:
        inner.pending.remove(start.id)
        self._emerge(start, inner, move, payload)

    def _rearm(self, catcher: Catcher) -> None:
        """A non-interrupting event waits again; a timer only if it is a cycle with rounds left. Missed rounds count as one."""
        if catcher.due is None:
            return
        catcher.left -= 1
        if catcher.node.times is None or (catcher.node.times and catcher.left <= 0):
            catcher.scope.armed.remove(catcher)
            return
        while catcher.due <= self.now:
            catcher.due += timedelta(minutes=catcher.node.minutes)

    def _throw(self, spot: Spot) -> None:
        spot.thrown = True
        payload = {"escalationCode": spot.node.name} if spot.node.event == "escalation" else {}
        self.owed += [(catcher, payload) for catcher in self._receivers(spot)]
        self._pump()

    def _swap(self, spot: Spot) -> bool:
        """Whether another token was taken for the one that has thrown: they throw the same, and the trail does not say which."""
        for other in self._spots():
            if (
                other.thrown
                and other.state == "going"
                and (other.node is spot.node if spot.node.event == "escalation" else other.node.name == spot.node.name)
            ):
                other.thrown, spot.thrown = False, True
                return True
        return False

    def _receivers(self, spot: Spot) -> list[Catcher]:
        if spot.node.event == "signal":
            return [catcher for catcher in self._armed("signal") if catcher.node.name == spot.node.name]
        catcher = self._nearest("escalation", spot)
        return [catcher] if catcher is not None else []

    def _throw_error(self, spot: Spot) -> None:
        catcher = self._nearest("error", spot)
        if catcher is None:
            self.failed = f"nothing caught the error of {spot.node.id}"
        else:
            self._fire(catcher, {"errorCode": spot.node.name, "errorMessage": ""})

    def _nearest(self, event: str, spot: Spot) -> Catcher | None:
        """The event that catches an error or escalation: outwards, and before one that catches all the one that names the code.

        What an event subprocess throws is neither for itself nor for one beside it (docs/decisions/0020).
        """
        here: Spot | None = spot
        while here is not None:
            for armed in (
                [c for c in here.scope.armed if c.host is not None and c.host in (here, here.body)],
                [c for c in here.scope.armed if c.is_handler and not here.node.triggered],
            ):
                fitting = [c for c in armed if c.node.event == event and c.node.name in (spot.node.name, None)]
                if fitting:
                    return max(fitting, key=lambda c: c.node.name is not None)
            here = here.scope.parent
        return None


def throws(spot: Spot) -> bool:
    """Whether a token is about to throw what its event throws."""
    return spot.node.event in THROWERS and spot.node.kind in ("intermediateThrowEvent", "endEvent") and not spot.thrown
