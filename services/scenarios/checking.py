"""Whether everything came out as a scenario says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.cases.loading import look_into
from services.models.audit import AuditEntry, Decision
from services.models.cases import Case
from services.outbox import Letter
from services.scenarios.rows import differences, find_rows
from workflows import feel
from workflows.errors import SafeconductError
from workflows.scenarios import CasesExpected, Expect, MailExpected, RowsExpected, RuleFired


def check_expectations(session: Session, expect: Expect, case: Case, letters: Sequence[Letter], *, now: datetime) -> list[str]:
    """Say everything that is not as expected."""
    entries = list(session.scalars(select(AuditEntry).where(AuditEntry.case_id == case.id).order_by(AuditEntry.seq)))
    entered = [element for entry in entries for kind, element in entry.payload.get("trail", ()) if kind == "entered"]
    return [
        *_check_case(expect, case),
        *_check_path(expect, entered),
        *_check_variables(session, expect.variables, case, now),
        *_check_rules(session, expect.decisions, case, entries),
        *(failure for rows in expect.registers for failure in _check_rows(session, rows, case)),
        *_check_mails(expect.mails, letters),
        *(failure for other in expect.cases for failure in _check_other_cases(session, other, case)),
    ]


def is_part_of(expected: Any, actual: Any) -> bool:
    """Say whether a value is as expected; of a context only the entries that are given count."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return all(name in actual and is_part_of(value, actual[name]) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(is_part_of, expected, actual))
    return bool(expected == actual)


def _check_case(expect: Expect, case: Case) -> Iterator[str]:
    if expect.state is not None and case.state.lower() != expect.state:
        yield f"The case is {case.state.lower()}, not {expect.state}."
    reached = case.outcome or case.status
    if expect.outcome is not None and expect.outcome != reached:
        yield f"The outcome is {reached}, not {expect.outcome}."


def _check_path(expect: Expect, entered: list[str]) -> Iterator[str]:
    place = 0
    for element in expect.path:
        try:
            place = entered.index(element, place) + 1
        except ValueError:
            before = "in this order" if element in entered else "at all"
            yield f"The path does not pass {element} {before}. It was: {', '.join(entered)}."
            return
    for element in expect.not_reached:
        if element in entered:
            yield f"{element} was reached."


def _check_variables(session: Session, expected: Mapping[str, Any], case: Case, now: datetime) -> Iterator[str]:
    if not expected:
        return
    known = look_into(session, case, now=now).variables
    for path, value in expected.items():
        try:
            actual = feel.to_json(feel.parse(path).evaluate(known, now=now))
        except SafeconductError as error:
            yield f"{path} cannot be read: {error}"
            continue
        if not is_part_of(value, actual):
            yield f"{path} is {actual!r}, not {value!r}."


def _check_rules(session: Session, expected: Sequence[RuleFired], case: Case, entries: Sequence[AuditEntry]) -> Iterator[str]:
    if not expected:
        return
    fired = [(table["table"], rule) for entry in entries for table in entry.payload.get("tables", ()) for rule in table["rules"]]
    asked = {table["table"] for entry in entries for table in entry.payload.get("tables", ())}
    for decision in session.scalars(select(Decision).where(Decision.case_id == case.id)):
        fired += [(used["decision"], rule["number"]) for used in decision.tables_used for rule in used.get("rules", ())]
        asked |= {used["decision"] for used in decision.tables_used}
    for rule in expected:
        if rule.table not in asked:
            yield f"The table {rule.table} was not asked."
        elif rule.rule is not None and (rule.table, rule.rule) not in fired:
            rows = sorted({row for table, row in fired if table == rule.table})
            yield f"In table {rule.table} row {rule.rule} did not fire; it was {rows or 'none'}."


def _check_rows(session: Session, expected: RowsExpected, case: Case) -> Iterator[str]:
    try:
        rows = find_rows(session, expected.register, expected.where, case=case)
        found = [differences(row, expected.expect, expected.register) for row in rows]
    except SafeconductError as error:
        yield str(error)
        return
    place = f"{expected.register} where {dict(expected.where)}"
    if expected.count is not None and len(rows) != expected.count:
        yield f"{place}: there are {len(rows)} rows, not {expected.count}."
    if expected.count is None and not rows:
        yield f"{place}: there is no such row."
    for said in found:
        if said:
            yield f"{place}: {'; '.join(said)}."


def _check_other_cases(session: Session, expected: CasesExpected, case: Case) -> Iterator[str]:
    wanted = {name: getattr(expected, name) for name in ("state", "area", "status", "outcome")}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    others = session.scalars(select(Case).where(Case.process_key == expected.process, Case.id != case.id).order_by(Case.number))
    found = [other for other in others if all(_said_of(other, name) == value for name, value in wanted.items())]
    if len(found) == expected.count or (expected.count is None and found):
        return
    about = ", ".join(f"{name} {value}" for name, value in wanted.items())
    place = f"{expected.process} ({about})" if about else expected.process
    count = "at least one" if expected.count is None else expected.count
    yield f"There are {len(found)} cases of {place}, not {count}."


def _said_of(case: Case, name: str) -> str | None:
    value: str | None = getattr(case, name)
    return value.lower() if name == "state" and value else value


def _check_mails(expected: Sequence[MailExpected], letters: Sequence[Letter]) -> Iterator[str]:
    sent = {(letter.person, letter.code) for letter in letters}
    for mail in expected:
        if (mail.to, mail.code) not in sent:
            said = ", ".join(sorted(f"{code} to {person}" for person, code in sent)) or "none"
            yield f"{mail.code} was not sent to {mail.to}. Sent were: {said}."
