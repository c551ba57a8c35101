"""Reading the decision tables of a process folder, and asking them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.bpmn.conftest import PROCESSES
from workflows import dmn


class Tables:
    """The tables of one process, with the facts that a check does not name."""

    def __init__(self, process: str, usual: Mapping[str, Mapping[str, Any]]) -> None:
        """Read them from the folder."""
        paths = sorted((PROCESSES / process).glob("*.dmn"))
        models = [dmn.read_model(path.read_bytes(), name=path.name) for path in paths]
        self.models = {decision: model for model in models for decision in model.decisions}
        self.usual = usual

    def decide(self, table: str, **facts: Any) -> Any:
        """Ask a table, with the usual facts but for those given."""
        return self.models[table].decide(table, {**self.usual[table], **facts}).value

    def decide_without_facts(self, table: str) -> list[Any]:
        """Ask a table with nothing, and with nothing known."""
        return [self.models[table].decide(table, facts).value for facts in ({}, dict.fromkeys(self.usual[table]))]

    def faults(self) -> Iterator[str]:
        """Say what is wrong with how the tables are built."""
        if set(self.models) != set(self.usual):
            yield f"The tables are {sorted(self.models)}, not {sorted(self.usual)}."
        for table, model in self.models.items():
            logic = model.decisions[table].logic
            if set(model.decisions[table].reads) != set(self.usual.get(table, ())):
                yield f"{table} reads {sorted(model.decisions[table].reads)}."
            if [rule.id for rule in logic.rules] != [f"{table}_r{number}" for number in range(1, len(logic.rules) + 1)]:
                yield f"The rules of {table} are not numbered by their rows."
            if logic.hit_policy == "FIRST" and logic.rules[-1].tests != ():
                yield f"{table} does not end in a catch-all."
