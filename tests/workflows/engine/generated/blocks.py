"""Draws diagrams: blocks inside blocks, and then flows that do not keep to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.workflows.engine.generated.nets import Flow, Net
from tests.workflows.engine.generated.sketch import Sketch
from tests.workflows.engine.generated.tastes import TEST, Taste


class WildSketch(Sketch):
    """A diagram to which flows are added across its blocks."""

    def jump(self) -> None:
        """Lead from behind a task for a person to anywhere in its scope: out of a block, or into one."""
        asked = [
            node.id
            for node in self.net.nodes.values()
            if node.kind == "userTask" and not node.repeat and self.net.out_of(node.id)
        ]
        if not asked:
            return
        source = self.one_of(*asked)
        scope = self.net.nodes[source].scope
        targets = [node.id for node in self.net.inside(scope) if self.net.into(node.id) and not self.is_behind_choice(node.id)]
        if not targets:
            return
        check = self.add("exclusiveGateway", scope)
        flow = self.net.out_of(source)[0]
        if self.net.nodes[source].default == flow.id:
            return
        joins = tuple(name for name in targets if self.net.nodes[name].kind == "inclusiveGateway")
        target = self.one_of(*(joins if joins and self.maybe() else targets))
        self.net.flows[flow.id] = Flow(flow.id, source, check, flow.test)
        self.tie(check, target, self.draw(TEST))
        self.net.nodes[check].default = self.tie(check, flow.target)

    def is_behind_choice(self, name: str) -> bool:
        return any(self.net.nodes[flow.source].kind == "eventBasedGateway" for flow in self.net.into(name))

    def merge_gateways(self) -> None:
        """Make one gateway of a join and the split behind it."""
        for flow in list(self.net.flows.values()):
            source, target = self.net.nodes[flow.source], self.net.nodes[flow.target]
            fits = (
                source.kind == target.kind != "exclusiveGateway"
                and source.kind.endswith("Gateway")
                and source.kind != "eventBasedGateway"
            )
            if fits and len(self.net.out_of(source.id)) == 1 and len(self.net.into(target.id)) == 1 and source.id != target.id:
                del self.net.flows[flow.id]
                del self.net.nodes[target.id]
                source.default = target.default
                for way in self.net.out_of(target.id):
                    self.net.flows[way.id] = Flow(way.id, source.id, way.target, way.test)
                return


@st.composite
def nets(draw: Callable[..., Any], taste: Taste) -> Net:
    """A diagram of blocks inside blocks, or with jumps across them, mixed gateways, and splits and joins that do not fit each other."""
    sketch = WildSketch(draw, taste)
    if not taste.jumps and sketch.maybe(one_in=4):
        sketch.handler("main")
    sketch.fill("main")
    for _ in range(draw(st.integers(1, taste.jumps)) if taste.jumps else 0):
        sketch.jump()
    if taste.jumps:
        sketch.merge_gateways()
    return sketch.net
