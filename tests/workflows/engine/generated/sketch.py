"""A diagram being drawn, block by block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.workflows.engine.generated.nets import NAMES, Flow, Net, Node, Test
from tests.workflows.engine.generated.tastes import MINUTES, REPEAT, SHORT, SUM, TEST, Taste

Block = tuple[str, str | None]


class Sketch:
    """A diagram being drawn.

    A block is drawn by a function that answers the node at which it begins and the one at which it goes on, or None if it never does.

    Attributes:
        budget: How many more blocks may be drawn.
        taste: What kind of diagram it shall be.
    """

    def __init__(self, draw: Callable[..., Any], taste: Taste) -> None:
        self.draw, self.taste, self.budget = draw, taste, taste.budget
        self.net = Net()
        self.made = 0
        self.finished: list[str] = []
        self.blocks: dict[str, Callable[[str], Block]] = {
            "user": self.user,
            "task": lambda scope: self.simple("task", scope),
            "script": lambda scope: self.simple("scriptTask", scope, script=self.draw(SUM)),
            "exclusive": self.exclusive,
            "parallel": self.parallel,
            "inclusive": self.inclusive,
            "implicit": self.implicit,
            "subprocess": self.subprocess,
            "call": self.call,
            "again": self.again,
            "catch": self.catch,
            "receive": self.receive,
            "choice": self.choice,
            "throw": self.throw,
            "link": self.link,
        }

    # Nodes and flows.

    def add(self, kind: str, scope: str, **facts: Any) -> str:
        letters = "".join(letter for letter in kind if letter.isupper()).lower()
        self.made += 1
        name = f"{kind[0]}{letters}{self.made}"
        self.net.nodes[name] = Node(name, kind, scope, **facts)
        return name

    def tie(self, source: str, target: str, test: Test | None = None) -> str:
        name = f"f{len(self.net.flows)}"
        self.net.flows[name] = Flow(name, source, target, test)
        return name

    def one_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def maybe(self, *, one_in: int = 2) -> bool:
        return bool(self.draw(st.integers(0, one_in - 1)) == one_in - 1)

    # Scopes and sequences.

    def fill(self, scope: str, *, start: str | None = None) -> None:
        """Draw the inside of a process or subprocess, with or without start and end events of its own."""
        first, last = self.sequence(scope)
        if start is None and (
            self.net.into(first) or self.net.nodes[first].kind == "parallelGateway" or not self.maybe(one_in=4)
        ):
            start = self.add("startEvent", scope)
        if start is not None:
            self.tie(start, first)
        if last is not None and not self.maybe(one_in=4):
            self.tie(last, self.end(scope))

    def sequence(self, scope: str) -> Block:
        """One to three blocks, one after the other."""
        first, last = self.block(scope)
        for _ in range(self.draw(st.integers(0, 2))):
            if last is None or self.budget <= 0:
                break
            begin, end = self.block(scope)
            self.tie(last, begin)
            last = end
        return first, last

    def block(self, scope: str) -> Block:
        self.budget -= 1
        kinds = (*self.taste.often, *(() if self.taste.only_often else self.blocks)) if self.budget > 0 else SHORT
        return self.blocks[self.one_of(*kinds)](scope)

    def end(self, scope: str) -> str:
        kinds = (
            tuple(kind for kind in self.taste.ends if kind != "error")
            if scope == "main"
            else (*self.taste.ends, "error", "error")
        )
        kind = self.one_of(*kinds)
        return self.add("endEvent", scope, event=kind, name=self.one_of(*NAMES[kind]) if kind in NAMES else None)

    # Activities.

    def simple(self, kind: str, scope: str, **facts: Any) -> Block:
        repeat = self.draw(REPEAT) if self.maybe(one_in=self.taste.repeated) else None
        name = self.add(kind, scope, repeat=repeat, **facts)
        return name, name

    def user(self, scope: str) -> Block:
        return self.with_boundaries(self.simple("userTask", scope)[0], ("timer", "message", "signal"))

    def receive(self, scope: str) -> Block:
        name = self.simple("receiveTask", scope, event="message", name=self.one_of(*NAMES["message"]))[0]
        return self.with_boundaries(name, ("timer", "signal"))

    def subprocess(self, scope: str) -> Block:
        name = self.simple("subProcess", scope)[0]
        self.fill(name)
        if self.maybe(one_in=self.taste.handled):
            self.handler(name)
        return self.with_boundaries(name, ("timer", "message", "signal", "error", "escalation"))

    def handler(self, scope: str) -> None:
        """An event subprocess, with a plain inside."""
        name = self.add("subProcess", scope, triggered=True)
        event = self.one_of("timer", "message", "signal", "error", "escalation")
        start = self.add("startEvent", name, interrupting=event == "error" or self.maybe(), **self.event(event))
        first, last = self.blocks[self.one_of(*SHORT)](name)
        self.tie(start, first)
        if last is not None and self.maybe():
            self.tie(last, self.add("endEvent", name))

    def call(self, scope: str) -> Block:
        if not self.finished or self.maybe():
            process = f"called_{len(self.net.processes)}"
            self.net.processes.append(process)
            self.fill(process)
            self.finished.append(process)
        name = self.simple("callActivity", scope, called=self.one_of(*self.finished))[0]
        return self.with_boundaries(name, ("timer", "error", "escalation"))

    def with_boundaries(self, name: str, events: tuple[str, ...]) -> Block:
        leave: str | None = name
        for _ in range(2):
            if not self.maybe(one_in=self.taste.bounded):
                break
            event = self.one_of(*events)
            interrupting = event == "error" or self.maybe()
            facts = self.event(event, once=interrupting)
            boundary = self.add("boundaryEvent", self.net.nodes[name].scope, attached_to=name, interrupting=interrupting, **facts)
            leave = self.after_boundary(boundary, leave)
        return name, leave

    def after_boundary(self, boundary: str, leave: str | None) -> str | None:
        """The path of a boundary event ends, or comes back to the main path through a merge."""
        scope = self.net.nodes[boundary].scope
        last: str | None = boundary
        if self.maybe():
            self.budget -= 1
            first, last = self.blocks[self.one_of(*SHORT)](scope)
            self.tie(boundary, first)
        if last is not None and leave is not None and self.maybe():
            merge = self.add("exclusiveGateway", scope)
            self.tie(leave, merge)
            self.tie(last, merge)
            return merge
        if last is not None:
            self.tie(last, self.end(scope))
        return leave

    def event(self, kind: str, *, once: bool = False) -> dict[str, Any]:
        if kind == "timer":
            return {"event": kind, "minutes": self.one_of(*MINUTES), "times": None if once else self.one_of(None, 2, 0)}
        names: tuple[str | None, ...] = NAMES[kind] + ((None,) if kind in ("error", "escalation") else ())
        return {"event": kind, "name": self.one_of(*names)}

    # Events.

    def catch(self, scope: str) -> Block:
        name = self.add("intermediateCatchEvent", scope, **self.event(self.one_of("timer", "message", "signal"), once=True))
        return name, name

    def throw(self, scope: str) -> Block:
        event = self.one_of("signal", "escalation", None)
        name = self.add("intermediateThrowEvent", scope, event=event, name=self.one_of(*NAMES[event]) if event else None)
        return name, name

    def link(self, scope: str) -> Block:
        label = f"L{len(self.net.nodes)}"
        begin = self.add("intermediateThrowEvent", scope, event="link", name=label)
        return begin, self.add("intermediateCatchEvent", scope, event="link", name=label)

    def choice(self, scope: str) -> Block:
        gateway, merge = self.add("eventBasedGateway", scope), self.add("exclusiveGateway", scope)
        ends = []
        for _ in range(self.draw(st.integers(2, 3))):
            caught = self.catch(scope)[0]
            self.tie(gateway, caught)
            ends.append(self.branch(scope, caught, merge))
        return gateway, merge if any(ends) else self.dropped(merge)

    # Gateways.

    def branch(self, scope: str, source: str, merge: str, test: Test | None = None) -> str | None:
        """A way from one node to another, with or without something on it. Answers the flow out of the source, None if it ends before."""
        if self.budget <= 0 or self.maybe(one_in=4):
            return self.tie(source, merge, test)
        first, last = self.sequence(scope)
        self.tie(source, first, test)
        if last is None:
            return None
        if self.maybe(one_in=8):
            self.tie(last, self.end(scope))
            return None
        return self.tie(last, merge)

    def dropped(self, merge: str) -> None:
        """Nothing leads to the merge: take it away."""
        del self.net.nodes[merge]

    def split(self, scope: str, kind: str, join: str, *, conditions: bool, default: bool) -> Block:
        gateway, merge = self.add(kind, scope), self.add(join, scope)
        ends = [
            self.branch(scope, gateway, merge, self.draw(TEST) if conditions else None)
            for _ in range(self.draw(st.integers(1, 2)))
        ]
        before = len(self.net.flows)
        ends.append(self.branch(scope, gateway, merge, self.draw(TEST) if conditions and not default else None))
        if conditions and default:
            self.net.nodes[gateway].default = next(f.id for f in self.net.out_of(gateway) if int(f.id[1:]) >= before)
        return gateway, merge if any(ends) else self.dropped(merge)

    def exclusive(self, scope: str) -> Block:
        return self.split(scope, "exclusiveGateway", "exclusiveGateway", conditions=True, default=not self.maybe(one_in=8))

    def inclusive(self, scope: str) -> Block:
        return self.split(scope, "inclusiveGateway", "inclusiveGateway", conditions=True, default=not self.maybe(one_in=8))

    def parallel(self, scope: str) -> Block:
        joins = ("parallelGateway", "parallelGateway", "parallelGateway", "inclusiveGateway", "exclusiveGateway", "task")
        return self.split(scope, "parallelGateway", self.one_of(*joins), conditions=False, default=False)

    def implicit(self, scope: str) -> Block:
        """An activity that splits by itself, and one to which several flows lead."""
        joins = ("parallelGateway", "inclusiveGateway", "task", "userTask")
        conditions = self.maybe()
        return self.split(scope, self.one_of("task", "userTask"), self.one_of(*joins), conditions=conditions, default=conditions)

    def again(self, scope: str) -> Block:
        """A loop back, through a task for a person so that it does not turn by itself."""
        merge, ask = self.add("exclusiveGateway", scope), self.add("userTask", scope)
        first, last = self.sequence(scope)
        self.tie(merge, first)
        if last is None:
            return merge, None
        self.tie(last, ask)
        check = self.add("exclusiveGateway", scope)
        self.tie(ask, check)
        self.tie(check, merge, self.draw(TEST))
        after = self.add("task", scope)
        self.net.nodes[check].default = self.tie(check, after)
        return merge, after
