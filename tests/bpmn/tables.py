"""Reading the decision tables of a process folder, and asking them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.bpmn.conftest import PROCESSES
from workflows import dmn

HERE = Path(__file__).parent


def read_golden(process: str) -> dict[str, Any]:
    """Read the golden cases of a process: the usual facts of each table, and the checks of each case."""
    return yaml.safe_load((HERE / process / "golden.yaml").read_text(encoding="utf-8"))


class Tables:
    """The tables of one process, with the facts that a check does not name."""

    def __init__(self, process: str, usual: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Read them from the folder; without usual facts those of the golden cases hold."""
        self.paths = sorted((PROCESSES / process).glob("*.dmn"))
        models = [dmn.read_model(path.read_bytes(), name=path.name) for path in self.paths]
        self.models = {decision: model for model in models for decision in model.decisions}
        self.usual = read_golden(process)["usual"] if usual is None else usual

    def ask(self, table: str, **facts: Any) -> dmn.Outcome:
        """Ask a table, with the usual facts but for those given."""
        return self.models[table].decide(table, {**self.usual[table], **facts})

    def decide(self, table: str, **facts: Any) -> Any:
        """Ask a table for its value alone."""
        return self.ask(table, **facts).value

    def outputs(self, table: str, **facts: Any) -> dict[str, Any]:
        """Ask a table for its outputs by their names; of several matching rules, the lists of them."""
        value = self.decide(table, **facts)
        names = self.models[table].decisions[table].logic.outputs
        if len(names) == 1 and not isinstance(value, dict):
            return {names[0]: value}
        return {name: [row[name] for row in value] for name in names} if isinstance(value, list) else value

    def ask_without_facts(self, table: str) -> list[dmn.Outcome]:
        """Ask a table with nothing, and with nothing known."""
        return [self.models[table].decide(table, facts) for facts in ({}, dict.fromkeys(self.usual[table]))]

    def decide_without_facts(self, table: str) -> list[Any]:
        """Ask the same for the values alone."""
        return [outcome.value for outcome in self.ask_without_facts(table)]

    def faults(self) -> Iterator[str]:
        """Say what is wrong with how the tables are built."""
        if set(self.models) != set(self.usual):
            yield f"The tables are {sorted(self.models)}, not {sorted(self.usual)}."
        for table, model in self.models.items():
            logic = model.decisions[table].logic
            if not any(path.name.partition("_")[0] == table for path in self.paths):
                yield f"{table} is not in a file of its own."
            if set(model.decisions[table].reads) != set(self.usual.get(table, ())):
                yield f"{table} reads {sorted(model.decisions[table].reads)}."
            if [rule.id for rule in logic.rules] != [f"{table}_r{number}" for number in range(1, len(logic.rules) + 1)]:
                yield f"The rules of {table} are not numbered by their rows."
            if logic.hit_policy == "FIRST" and logic.rules[-1].tests != ():
                yield f"{table} does not end in a catch-all."
