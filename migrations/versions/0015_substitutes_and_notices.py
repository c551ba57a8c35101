"""Absences with their scope, and how people want to be told.

Follows: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()
UNREAD = sa.text("read_at IS NULL")
WAITING = sa.text("mail_at IS NOT NULL")
ADDED = ("reported_at", "declined_at", "declared_at", "note", "area", "role", "declaration")


def upgrade() -> None:
    """Create tables and columns. A decision of before says of nobody that it was taken in their place, and keeps its hash."""
    op.add_column("decisions", sa.Column("acted_for", sa.String(64)))
    _widen_absences()
    _create_notices()
    op.create_table(
        "notice_preferences",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("quiet_from", sa.String(5)),
        sa.Column("quiet_to", sa.String(5)),
        sa.Column("working_time", sa.Boolean(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("digested_on", sa.Date()),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name=op.f("ck_notice_preferences_quiet")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_notice_preferences_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_notice_preferences")),
    )


def downgrade() -> None:
    """Take them back; whom a substitute acted for is then no longer known, and such decisions no longer verify."""
    op.drop_table("notice_preferences")
    op.drop_table("notices")
    with op.batch_alter_table("absences") as batch:
        batch.drop_index("ix_absences_valid_to")
        batch.drop_index("ix_absences_declaration")
        batch.drop_constraint(op.f("fk_absences_area"), type_="foreignkey")
        for name in ADDED:
            batch.drop_column(name)
    op.drop_column("decisions", "acted_for")


def _widen_absences() -> None:
    with op.batch_alter_table("absences") as batch:
        batch.add_column(sa.Column("declaration", sa.String(32)))
        batch.add_column(sa.Column("role", sa.String(16)))
        batch.add_column(sa.Column("area", sa.String(32)))
        batch.add_column(sa.Column("note", sa.String(500), nullable=False, server_default=""))
        batch.add_column(sa.Column("declared_at", MOMENT))
        batch.add_column(sa.Column("declined_at", MOMENT))
        batch.add_column(sa.Column("reported_at", MOMENT))
        batch.create_foreign_key(op.f("fk_absences_area"), "areas", ["area"], ["code"])
        batch.create_index("ix_absences_declaration", ["declaration"])
        batch.create_index("ix_absences_valid_to", ["valid_to"])


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("version_id", sa.String(36)),
        sa.Column("variables", JSON, nullable=False),
        sa.Column("address", sa.String(500)),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("mail_at", MOMENT),
        sa.Column("mailed_at", MOMENT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("(case_id IS NULL) = (version_id IS NULL)", name=op.f("ck_notices_case")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notices_case_id")),
        sa.ForeignKeyConstraint(["version_id"], ["process_versions.id"], name=op.f("fk_notices_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("source", "person", name=op.f("uq_notices_source_person")),
    )
    op.create_index("ix_notices_person_told_at", "notices", ["person", "told_at"])
    op.create_index("ix_notices_person_unread", "notices", ["person"], sqlite_where=UNREAD, postgresql_where=UNREAD)
    op.create_index("ix_notices_mail_at_waiting", "notices", ["mail_at"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_notices_case_id", "notices", ["case_id"])
