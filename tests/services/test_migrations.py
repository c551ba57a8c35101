"""The migrations make exactly the tables of the models."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from services.database import Database, downgrade, upgrade
from services.models import Base


def test_the_migrations_make_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {"compare_type": True, "render_as_batch": True, "include_object": _is_of_both}
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, Base.metadata) == []


def _is_of_both(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Leave out the indexes that only PostgreSQL has; whether they serve is asked where words are searched."""
    return not (kind == "index" and name in {"ix_cases_words", "ix_tasks_words"})


def test_every_constraint_of_the_models_is_in_the_database(database: Database) -> None:
    found = inspect(database.engine)
    for table in Base.metadata.tables.values():
        named = {check["name"] for check in found.get_check_constraints(table.name)}
        wanted = {str(check.name) for check in table.constraints if type(check).__name__ == "CheckConstraint"}
        assert wanted <= named, table.name
        assert len(found.get_foreign_keys(table.name)) == len(table.foreign_key_constraints), table.name


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database.url)

    assert inspect(database.engine).has_table("cases")


def test_everything_can_be_taken_back_and_made_again(database: Database) -> None:
    downgrade(database.url, "base")
    assert set(inspect(database.engine).get_table_names()) == {"alembic_version"}

    upgrade(database.url)
    assert inspect(database.engine).has_table("cases")


def test_no_column_keeps_json_in_a_form_that_sorts_its_keys(database: Database) -> None:
    found = inspect(database.engine)
    kinds = {str(column["type"]) for table in found.get_table_names() for column in found.get_columns(table)}

    assert "JSON" in kinds
    assert "JSONB" not in kinds
