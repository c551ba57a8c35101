"""Rows of registers, by the name of their table and their natural key, as scenarios write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, LargeBinary, UniqueConstraint, select
from sqlalchemy.orm import Session

from services.models import Base
from services.models.areas import Area, AreaState
from services.models.base import UtcDateTime, new_id
from services.models.cases import Case
from services.scenarios.drafts import REGISTER as DRAFTS
from services.scenarios.drafts import begin_draft
from workflows.errors import SafeconductError
from workflows.scenarios import Given

ANYTHING = "*"
SYNTHETIC = ("id",)


class RegisterUnknown(SafeconductError):
    """There is no register {register}."""


class FieldUnknown(SafeconductError):
    """The register {register} has no {field}."""


def set_row(session: Session, given: Given, *, now: datetime) -> None:
    """Add a row of a register or change it.

    Several natural keys are written with slashes, as in "lina.marchetti/SSAFE". What holds in an area at this moment counts as
    part of the area. A draft of a process is told with what `begin_draft` takes.

    Raises:
        RegisterUnknown, FieldUnknown: The scenario names what is not there.
    """
    model = find_model(given.register)
    values = dict(given.set)
    if given.register == DRAFTS and given.key is not None:
        begin_draft(session, given.key, values, now=now)
        return
    if given.key is None:
        row = model(id=new_id()) if SYNTHETIC[0] in model.__table__.columns else model()
        _apply(row, values, given.register)
        session.add(row)
        session.flush()
        return
    if model is Area:
        state = {name: values.pop(name) for name in list(values) if name not in Area.__table__.columns}
        if state:
            _apply(_state_of(session, given.key, now), state, given.register)
    row = _find_row(session, model, given.key)
    if row is None:
        row = model(**dict(zip(_key_columns(model), given.key.split("/"), strict=True)))
        session.add(row)
    _apply(row, values, given.register)
    session.flush()


def find_rows(session: Session, register: str, where: Mapping[str, Any], *, case: Case) -> list[Any]:
    """Find the rows of a register that fit; in a register that belongs to cases those of this case, unless `case_id` is named."""
    model = find_model(register)
    columns = model.__table__.columns
    found = select(model)
    if "case_id" in columns and "case_id" not in where:
        found = found.where(columns["case_id"] == case.id)
    for name, value in where.items():
        if name == "case" or value == ANYTHING:
            continue
        found = found.where(columns[_known(model, name, register)] == parse(columns[name], value))
    return list(session.scalars(found))


def differences(row: Any, expected: Mapping[str, Any], register: str) -> list[str]:
    """Say in which fields a row is not as expected."""
    said = []
    for name, value in expected.items():
        column = type(row).__table__.columns[_known(type(row), name, register)]
        actual = getattr(row, name)
        if value == ANYTHING:
            if actual is None:
                said.append(f"{name} is empty")
        elif actual != parse(column, value):
            said.append(f"{name} is {actual!r}, not {value!r}")
    return said


def find_model(register: str) -> Any:
    """Find the table of a register."""
    for mapper in Base.registry.mappers:
        if mapper.class_.__tablename__ == register:
            return mapper.class_
    raise RegisterUnknown(register=register)


def parse(column: Any, value: Any) -> Any:
    """Read a value as the column keeps it; moments, dates and the contents of files are texts in a scenario."""
    if isinstance(value, str) and isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(value, str) and isinstance(column.type, LargeBinary):
        return value.encode()
    return value


def _apply(row: Any, values: Mapping[str, Any], register: str) -> None:
    for name, value in values.items():
        setattr(row, _known(type(row), name, register), parse(type(row).__table__.columns[name], value))


def _known(model: Any, name: str, register: str) -> str:
    if name not in model.__table__.columns:
        raise FieldUnknown(register=register, field=name)
    return name


def _find_row(session: Session, model: Any, key: str) -> Any:
    columns = model.__table__.columns
    found = select(model)
    for name, part in zip(_key_columns(model), key.split("/"), strict=True):
        found = found.where(columns[name] == parse(columns[name], part))
    return session.scalars(found).first()


def _key_columns(model: Any) -> list[str]:
    """The natural key: the primary key, or else the columns that are unique together, or whose person has what."""
    primary = [column.name for column in model.__table__.primary_key.columns]
    if tuple(primary) != SYNTHETIC:
        return primary
    unique = [constraint for constraint in model.__table__.constraints if isinstance(constraint, UniqueConstraint)]
    if unique:
        return [column.name for column in min(unique, key=lambda constraint: str(constraint.name)).columns]
    named = [column.name for column in model.__table__.columns if column.foreign_keys]
    return named[:2] or primary


def _state_of(session: Session, area: str, now: datetime) -> AreaState:
    """What holds in an area now."""
    holds = select(AreaState).where(AreaState.area == area, AreaState.valid_from <= now)
    state = session.scalars(holds.order_by(AreaState.valid_from.desc()).limit(1)).first()
    if state is None:
        raise FieldUnknown(register="areas", field=area)
    return state
