"""Telling how a case came to where it is: its moves as sentences, with what is marked on the drawing after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.diagrams.soundness.places import State, tokens_of
from workflows.errors import Problem

if TYPE_CHECKING:
    from workflows.diagrams.soundness.moves import Move, Rules

_SENTENCES = {
    "does": "“{step}” is done.",
    "goes": "“{step}” goes on to {next}.",
    "joins": "“{step}” has what it waits for and goes on to {next}.",
    "happens": "“{step}” happens.",
    "begins": "“{step}” begins.",
    "ends": "“{step}” is reached.",
    "stops": "“{step}” ends everything here.",
    "throws": "“{step}” throws an error.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Told(Problem):
    """One move of a story, as a sentence.

    Attributes:
        tokens: The ids of the elements and flows at which tokens are after it.
    """

    tokens: tuple[str, ...] = ()


def tell(rules: Rules, path: Sequence[tuple[Move | None, State]]) -> tuple[Told, ...]:
    """Tell the moves of a path, and at its end what is waited for in vain."""
    told = [_tell_move(rules, move, state) for move, state in path]
    return (*told, *_tell_end(rules, path[-1][1]))


def _tell_move(rules: Rules, move: Move | None, state: State) -> Told:
    tokens = _tokens(state)
    if move is None:
        return Told(where=rules.scope.id, sentence="The case begins.", tokens=tokens)
    following = [rules.scope.diagram.flows[flow].target for flow in move.flows]
    facts: dict[str, Any] = {"step": _name(rules, move.element), "next": ", ".join(_quoted(rules, each) for each in following)}
    return Told(where=move.element, sentence=_SENTENCES[move.kind], facts=facts, tokens=tokens)


def _tell_end(rules: Rules, state: State) -> list[Told]:
    """Say of each join what it has and what never comes."""
    told = []
    flows = rules.scope.diagram.flows
    waiting = [place[1] for place in tokens_of(state) if place[0] == "on"]
    for join in dict.fromkeys(flows[flow].target for flow in waiting):
        missing = [flow for flow in rules.scope.elements[join].incoming if flow not in waiting]
        if missing:
            facts = {"step": _name(rules, join), "from": ", ".join(_quoted(rules, flows[flow].source) for flow in missing)}
            sentence = "“{step}” waits for a token from {from}, and none can come any more."
            told.append(Told(where=join, sentence=sentence, facts=facts, tokens=_tokens(state)))
    return told


def _tokens(state: State) -> tuple[str, ...]:
    return tuple(place[1] for place in tokens_of(state) if place[0] in {"at", "on"})


def _quoted(rules: Rules, element: str) -> str:
    return f"“{_name(rules, element)}”"


def _name(rules: Rules, element: str) -> str:
    known = rules.scope.elements.get(element)
    return (known.name if known else "") or element
