"""Why a case took the way it took: the row of a table, and the facts it looked at, as a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.presenters.values import say_value
from webapp.speech import gettext

_MOST_FACTS = 4


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why a step is where it is: the row that sent it there, and every other rule on the way."""

    main: str = ""
    others: list[str] = field(default_factory=list)


def find_reasons(tables_used: Iterable[Mapping[str, Any]] | None, role: str | None) -> Reasons:
    """Tell the row that named the role of a step from the rules that were looked at besides."""
    used = [each for each in tables_used or () if each.get("decision") or each.get("table")]
    if not used:
        return Reasons()
    naming = [each for each in used if role and any(role in _outputs(rule) for rule in each.get("rules") or ())]
    main = (naming or used)[0]
    said = _say_table(main)
    return Reasons(main=said, others=[other for other in say_reasons(used) if other != said])


def _outputs(rule: Any) -> list[Any]:
    outputs = rule.get("outputs") if isinstance(rule, Mapping) else None
    flat: list[Any] = []
    for value in (outputs or {}).values():
        flat += value if isinstance(value, list) else [value]
    return flat


def say_reasons(tables_used: Iterable[Mapping[str, Any]] | None) -> list[str]:
    """Say which rows of which tables brought this about, one sentence per table, each sentence once."""
    return list(dict.fromkeys(_say_table(used) for used in tables_used or () if used.get("decision") or used.get("table")))


def _say_table(used: Mapping[str, Any]) -> str:
    table = used.get("decision") or used.get("table")
    name = used.get("name")
    titled = (
        gettext("table {table} ({name})").format(table=table, name=name)
        if name and name != table
        else gettext("table {table}").format(table=table)
    )
    rows = _say_rows(used)
    facts = _say_facts(used.get("inputs") or {})
    if facts and rows:
        return gettext("{table}, {rows}, because {facts}").format(table=titled, rows=rows, facts=facts)
    return ", ".join(part for part in (titled, rows) if part)


def _say_rows(used: Mapping[str, Any]) -> str:
    numbers = [rule.get("number") if isinstance(rule, Mapping) else rule for rule in used.get("rules") or ()] or [used.get("row")]
    known = [str(number) for number in numbers if number]
    if not known:
        return ""
    return (
        gettext("row {numbers}").format(numbers=", ".join(known))
        if len(known) == 1
        else gettext("rows {numbers}").format(numbers=", ".join(known))
    )


def _say_facts(inputs: Mapping[str, Any]) -> str:
    said = [
        gettext("{fact} is {value}").format(fact=fact.replace("_", " "), value=say_value(value))
        for fact, value in inputs.items()
        if value not in (None, False, "", [], {})
    ]
    return ", ".join(said[:_MOST_FACTS])
