"""Why a case took the way it took: the row of a table, and the facts it looked at, as a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.presenters.facts import say_codes
from webapp.presenters.roles import ROLE_NAMES
from webapp.presenters.texts import Texts
from webapp.presenters.values import say_value
from webapp.speech import comma, gettext
from workflows.forms.leaves import in_sentence

_MOST_FACTS = 4
#: A value of more words is a sentence, and does not fit into another one.
_MOST_WORDS = 3


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why a step is where it is: the row that sent it there, and every other rule on the way."""

    main: str = ""
    others: list[str] = field(default_factory=list)


def find_reasons(tables_used: Iterable[Mapping[str, Any]] | None, role: str | None, texts: Texts) -> Reasons:
    """Tell the row that named the role of a step from the rules that were looked at besides, in the words of the process."""
    used = [each for each in tables_used or () if each.get("decision") or each.get("table")]
    if not used:
        return Reasons()
    naming = [each for each in used if role and any(role in _outputs(rule) for rule in each.get("rules") or ())]
    main = (naming or used)[0]
    said = _say_table(main, texts)
    others = dict.fromkeys(_say_table(each, texts) for each in used)
    return Reasons(main=said, others=[other for other in others if other != said])


def _outputs(rule: Any) -> list[Any]:
    outputs = rule.get("outputs") if isinstance(rule, Mapping) else None
    flat: list[Any] = []
    for value in (outputs or {}).values():
        flat += value if isinstance(value, list) else [value]
    return flat


def _say_table(used: Mapping[str, Any], texts: Texts) -> str:
    table = str(used.get("decision") or used.get("table"))
    name = texts.table(table, str(used.get("name") or ""))
    titled = (
        gettext("table {table} ({name})").format(table=table, name=name)
        if name and name != table
        else gettext("table {table}").format(table=table)
    )
    rows = _say_rows(used)
    facts = _say_facts(table, used.get("inputs") or {}, texts)
    if facts and rows:
        return gettext("{table}, {rows}, because {facts}").format(table=titled, rows=rows, facts=facts)
    return comma().join(part for part in (titled, rows) if part)


def _say_rows(used: Mapping[str, Any]) -> str:
    numbers = [rule.get("number") if isinstance(rule, Mapping) else rule for rule in used.get("rules") or ()] or [used.get("row")]
    known = [str(number) for number in numbers if number]
    if not known:
        return ""
    return (
        gettext("row {numbers}").format(numbers=comma().join(known))
        if len(known) == 1
        else gettext("rows {numbers}").format(numbers=comma().join(known))
    )


def _say_facts(table: str, inputs: Mapping[str, Any], texts: Texts) -> str:
    known = [(asked, value) for asked, value in inputs.items() if value not in (None, False, "", [], {})]
    return comma().join(_say_fact(texts.column(table, asked), asked, value, texts) for asked, value in known[:_MOST_FACTS])


def _say_fact(name: str, asked: str, value: Any, texts: Texts) -> str:
    """Say what a table found; a condition that holds is said by its name alone."""
    if value is True:
        return name
    said = _say_word(asked, value, texts) if isinstance(value, str) else say_value(value)
    frame = gettext("{fact}: {value}") if len(str(said).split()) > _MOST_WORDS else gettext("{fact} is {value}")
    return frame.format(fact=name, value=said)


def _say_word(asked: str, value: str, texts: Texts) -> str:
    said = texts.value(asked, value) or say_codes([value], texts).get(value, value)
    return said if value in ROLE_NAMES else in_sentence(said)
