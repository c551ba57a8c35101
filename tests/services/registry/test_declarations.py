"""What holds for every register, also for one not yet declared."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect

from services.registry.declared import registers
from services.registry.queries import expression_of
from services.registry.shape import ANYBODY, FAMILY_TITLES, Kind, Reach, Register
from services.roles import ROLES

ALL = list(registers().values())
PROCESSES = Path(__file__).parents[3] / "bpmn"


def named(register: Register) -> str:
    return register.key


@pytest.mark.parametrize("register", ALL, ids=named)
def test_a_register_names_only_what_there_is(register: Register) -> None:
    attributes = set(inspect(register.model).attrs.keys())
    stored = {column.attribute for column in register.columns if column.value is None}
    columns = {column.attribute for column in register.columns}
    scopes = {place for place in (register.area, register.organisation, register.person, register.case) if isinstance(place, str)}

    assert stored | set(register.identity) <= attributes
    assert scopes <= attributes
    assert {name for name in (register.valid_from, register.valid_to, register.part_of_case) if name} <= attributes
    assert {name.removeprefix("-") for name in register.order} <= columns | attributes
    assert not register.label or register.label in columns
    assert register.family in FAMILY_TITLES
    assert register.process is None or (PROCESSES / register.process).is_dir()
    assert len(columns) == len(register.columns)
    assert all(expression_of(register, column) is not None for column in register.columns)


@pytest.mark.parametrize("register", ALL, ids=named)
def test_a_right_reaches_by_something_that_the_rows_have(register: Register) -> None:
    wanted = {
        Reach.AREA: register.area,
        Reach.ORGANISATION: register.organisation if register.shared_by is None else register.shared_by,
        Reach.OWN: register.person if register.own is None else register.own,
        Reach.CASE: register.case,
    }

    for right in (*register.readers, *register.owners):
        assert right.role == ANYBODY or right.role in ROLES
        assert right.reach is Reach.ALL or wanted[right.reach] is not None, right


@pytest.mark.parametrize("register", ALL, ids=named)
def test_every_register_has_an_owner_or_says_who_writes_it(register: Register) -> None:
    kept = [column for column in register.columns if column.edited or column.entered]

    assert register.owners or register.written_by or register.process
    assert bool(kept) == bool(register.owners)
    assert register.adding or not any(column.entered for column in register.columns)
    # What is worked out from other tables can be said at the beginning, by a function that writes them, and never edited.
    assert all(column.value is None for column in kept if column.edited or register.enter is None)


@pytest.mark.parametrize("register", ALL, ids=named)
def test_the_list_has_columns_and_texts_are_searched(register: Register) -> None:
    searched = {Kind.TEXT, Kind.PROSE, Kind.EMAIL, Kind.NAME, Kind.PERSON, Kind.AREA}

    assert register.readers
    assert register.columns[0].listed
    assert {column.kind for column in register.columns if column.searched} <= searched
    assert all(column.options for column in register.columns if column.kind is Kind.CHOICE)
    for part in register.parts:
        other = registers()[part.register].column(part.attribute)
        assert other is not None
        assert other.filtered


def test_no_register_shows_where_somebody_lives() -> None:
    homes = [register for register in ALL if register.key in {"residences", "residence-surveys"}]

    assert len(homes) == 2
    assert not any("address" in column.attribute for register in homes for column in register.columns)
    assert not any(register.model.__tablename__ == "residence_addresses" for register in ALL)


def test_the_administrator_reads_no_case_and_the_process_owner_only_what_everybody_may() -> None:
    read_by = {role: {one.key for one in ALL if any(right.role == role for right in one.readers)} for role in ("ADM", "PRO")}
    of_cases = {register.key for register in ALL if register.case is not None}

    assert not read_by["ADM"] & of_cases
    assert not read_by["PRO"] & of_cases
