"""Connecting the elements of all models: names for what each builds on, and an order in which decisions can be taken."""

from __future__ import annotations

import graphlib
from collections.abc import Sequence
from dataclasses import replace

from workflows.dmn.elements import ElementReader
from workflows.dmn.graph import Decision, Graph, Knowledge, Need


def link(readers: Sequence[ElementReader]) -> Graph:
    """Return the graph of all models; what points nowhere or round in a circle is reported in its model."""
    graph = Graph(
        inputs={each.key: each for reader in readers for each in reader.inputs.values()},
        knowledge={each.key: each for reader in readers for each in reader.knowledge.values()},
        decisions={each.key: each for reader in readers for each in reader.decisions.values()},
        services={each.key: each for reader in readers for each in reader.services.values()},
    )
    variables = {
        each.key: each.variable
        for kind in (graph.inputs, graph.knowledge, graph.decisions, graph.services)
        for each in kind.values()
    }
    for reader in readers:
        for identity, decision in reader.decisions.items():
            reader.decisions[identity] = replace(decision, needs=_named(decision, variables, reader))
        for identity, knowledge in reader.knowledge.items():
            reader.knowledge[identity] = replace(knowledge, needs=_named(knowledge, variables, reader))
    linked = {each.key: each for reader in readers for each in reader.decisions.values()}
    return replace(
        graph,
        decisions=linked,
        knowledge={each.key: each for reader in readers for each in reader.knowledge.values()},
        order=_order(linked, readers),
        aliases=_aliases(readers),
    )


def _named(element: Decision | Knowledge, variables: dict[str, str], reader: ElementReader) -> tuple[Need, ...]:
    named = []
    for need in element.needs:
        if need.key in variables:
            named.append(replace(need, name=variables[need.key]))
        else:
            where = element.id if isinstance(element, Decision) else element.name
            missing = need.key.removeprefix(f"{reader.namespace}#")
            reader.compiler.report(where, "It requires the decision {missing}, which is not in this file.", missing=missing)
    return tuple(named)


def _order(decisions: dict[str, Decision], readers: Sequence[ElementReader]) -> tuple[str, ...]:
    graph = {key: {need.key for need in each.needs if need.key in decisions} for key, each in decisions.items()}
    while True:
        try:
            return tuple(graphlib.TopologicalSorter(graph).static_order())
        except graphlib.CycleError as error:
            circle = list(reversed(error.args[1]))
        names = [decisions[key].id for key in circle]
        reader = next(each for each in readers if circle[0].rpartition("#")[0] == each.namespace)
        sentence = "These decisions require each other in a circle: {circle}."
        reader.compiler.report(names[0], sentence, circle=" → ".join(names))
        graph[circle[0]].discard(circle[1])


def _aliases(readers: Sequence[ElementReader]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for reader in readers:
        for space, alias in reader.sources.imports[reader.name].items():
            found.setdefault(space, set()).add(alias)
    return {space: frozenset(names) for space, names in found.items()}
