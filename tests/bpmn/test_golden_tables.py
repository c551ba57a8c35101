"""The decision tables of the golden cases answer as the policy says, whatever process they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.bpmn.tables import HERE, Tables, read_golden

PROCESSES = sorted(path.parent.name for path in HERE.glob("*/golden.yaml"))
read_tables = cache(Tables)


def golden_checks() -> Iterator[Any]:
    for process in PROCESSES:
        for case, checks in read_golden(process)["cases"].items():
            for number, check in enumerate(checks, start=1):
                yield pytest.param(process, check, id=f"{case}-{number}-{check['table']}")


@pytest.mark.parametrize(("process", "check"), [*golden_checks()])
def test_a_golden_case_is_decided_as_expected(process: str, check: dict[str, Any]) -> None:
    value = read_tables(process).outputs(check["table"], **check["facts"])

    assert {name: value[name] for name in check["expected"]} == check["expected"]


def test_the_four_core_processes_have_golden_cases() -> None:
    assert PROCESSES == ["crisis_plan", "residence_claim", "residential_measures", "risk_assessment", "travel_clearance"]


@pytest.mark.parametrize("process", PROCESSES)
def test_the_tables_are_built_as_all_tables_are(process: str) -> None:
    assert list(read_tables(process).faults()) == []


@pytest.mark.parametrize("process", PROCESSES)
def test_missing_facts_never_break_a_table(process: str) -> None:
    tables = read_tables(process)

    for table in tables.usual:
        assert [outcome.trace.decision for outcome in tables.ask_without_facts(table)] == [table, table]
