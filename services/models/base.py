"""What every table shares: names of constraints, moments in UTC, JSON, and how ids are made."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any
from uuid import uuid4

from sqlalchemy import JSON, DateTime, MetaData, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out, on both databases. A naive one is refused: it would mean another moment elsewhere."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn it into UTC; SQLite has no zones and gets it bare."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "A moment needs a zone"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give it its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True)
"""JSON as text that keeps its order. Never JSONB, which sorts keys and would break hashes and engine states."""


def new_id() -> str:
    """Make an id that nobody can guess."""
    return uuid4().hex


Id = Annotated[str, mapped_column(String(32), primary_key=True, default=new_id)]
"""Primary key of the tables on the side of the cases. `id: Mapped[Id]`."""
Ref = Annotated[str, mapped_column(String(36))]
"""An id of another table, or a token of the engine, which is written with hyphens."""
Code = Annotated[str, mapped_column(String(64))]
"""A role, area, organisation, person, process or text code."""
Word = Annotated[str, mapped_column(String(120))]
"""An element id, a business key, a file name."""
Line = Annotated[str, mapped_column(String(500))]
"""One line for a person: a title, a subject."""
Prose = Annotated[str, mapped_column(String(10_000))]
"""Several lines for a person."""
Hash = Annotated[str, mapped_column(String(64))]
"""SHA-256 in hexadecimal."""


class Base(DeclarativeBase):
    """The parent of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy wants a plain dictionary here
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
        list[dict[str, Any]]: Json,
        list[str]: Json,
    }

    def __init__(self, **values: Any) -> None:
        """Fill a new row, at once: SQLAlchemy would note of each column that it has changed, which nobody asks of a new row."""
        for name in values.keys() - _plain_columns(type(self)):
            if not hasattr(type(self), name):
                message = f"{type(self).__name__} has no column {name}"
                raise TypeError(message)
            setattr(self, name, values.pop(name))
        self.__dict__.update(values)


@cache
def _plain_columns(model: type[Base]) -> frozenset[str]:
    """Return the names of the columns that are filled as they are given: not those that something else depends on."""
    mapper = model.__mapper__
    return frozenset(mapper.column_attrs.keys()) - mapper.validators.keys()
