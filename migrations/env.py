"""How Alembic reaches the database: on the connection that `services.database.upgrade` hands over."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from services.models import Base
from services.models.base import UtcDateTime


def render_type(kind: str, subject: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types into a migration as the plain types that they are, so that it never changes afterwards."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(subject, UtcDateTime) else False


def run(connection: sa.Connection) -> None:
    """Run what is missing, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_type,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
