"""Policies: versions, addenda of organisations, who was asked to read them, and who confirmed it.

Follows: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CODE = sa.String(64)
PROSE = sa.String(10_000)
IN_FORCE = sa.text("superseded_at IS NULL")
APPEND_ONLY = "acknowledgements"
ACTS = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Create the tables, and keep acknowledgements from being changed."""
    _create_policies()
    _create_addenda()
    _create_readers()
    _protect()


def downgrade() -> None:
    """Take them back."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {APPEND_ONLY}_append_only() CASCADE")
    for table in (APPEND_ONLY, "policy_readers", "policy_addenda", "policy_versions", "policies"):
        op.drop_table(table)


def _create_policies() -> None:
    op.create_table(
        "policies",
        sa.Column("code", CODE, nullable=False),
        sa.Column("organisation", CODE, nullable=True),
        sa.Column("case_id", sa.String(36), nullable=True),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_policies_organisation")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_policies_case_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_policies")),
    )
    op.create_table(
        "policy_versions",
        sa.Column("number", CODE, nullable=False),
        sa.Column("policy", CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("material", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("text", PROSE, nullable=False),
        sa.Column("language", CODE, nullable=False),
        sa.Column("audience_kind", CODE, nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("drafted_by", CODE, nullable=False),
        sa.Column("approved_by", CODE, nullable=False),
        sa.Column("approved_role", CODE, nullable=True),
        sa.Column("approved_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT, nullable=True),
        sa.Column("case_id", sa.String(36), nullable=True),
        sa.CheckConstraint(
            "audience_kind IN ('EVERYBODY', 'ORGANISATIONS', 'AREAS', 'ROLES')", name=op.f("ck_policy_versions_audience_kind")
        ),
        sa.CheckConstraint(
            "generation <= version AND (material = (generation = version))", name=op.f("ck_policy_versions_generation")
        ),
        sa.ForeignKeyConstraint(["policy"], ["policies.code"], name=op.f("fk_policy_versions_policy")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_policy_versions_case_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("policy", "version", name=op.f("uq_policy_versions_policy_version")),
    )
    op.create_index(
        "ix_policy_versions_in_force",
        "policy_versions",
        ["policy"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def _create_addenda() -> None:
    op.create_table(
        "policy_addenda",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", CODE, nullable=False),
        sa.Column("organisation", CODE, nullable=False),
        sa.Column("text", PROSE, nullable=False),
        sa.Column("given_by", CODE, nullable=True),
        sa.ForeignKeyConstraint(["version"], ["policy_versions.number"], name=op.f("fk_policy_addenda_version")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_policy_addenda_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_addenda")),
        sa.UniqueConstraint("version", "organisation", name=op.f("uq_policy_addenda_version_organisation")),
    )


def _create_readers() -> None:
    op.create_table(
        "policy_readers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("policy", CODE, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("person", CODE, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("case_id", sa.String(36), nullable=True),
        sa.ForeignKeyConstraint(["policy"], ["policies.code"], name=op.f("fk_policy_readers_policy")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_policy_readers_person")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_policy_readers_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_readers")),
        sa.UniqueConstraint("policy", "generation", "person", name=op.f("uq_policy_readers_policy_generation_person")),
    )
    op.create_index("ix_policy_readers_person", "policy_readers", ["person"])
    op.create_index("ix_policy_readers_case_id", "policy_readers", ["case_id"])
    op.create_table(
        "acknowledgements",
        sa.Column("reader", sa.String(36), nullable=False),
        sa.Column("version", CODE, nullable=False),
        sa.Column("person", CODE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["reader"], ["policy_readers.id"], name=op.f("fk_acknowledgements_reader")),
        sa.ForeignKeyConstraint(["version"], ["policy_versions.number"], name=op.f("fk_acknowledgements_version")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_acknowledgements_person")),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_acknowledgements")),
    )


def _protect() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ACTS:
            op.execute(
                f"CREATE TRIGGER {APPEND_ONLY}_no_{act.lower()} BEFORE {act} ON {APPEND_ONLY} "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {APPEND_ONLY}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {APPEND_ONLY}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {APPEND_ONLY} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {APPEND_ONLY}_append_only()"
    )
