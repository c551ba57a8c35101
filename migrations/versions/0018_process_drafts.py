"""Drafts of processes, and which version is in use since when.

Follows: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# So far the newest version was the one in use.
RELEASE_ALL = sa.text(
    "INSERT INTO process_releases (key, number, version_id, released_at, released_by, note) "
    "SELECT key, version, id, published_at, published_by, note FROM process_versions"
)


def upgrade() -> None:
    """Create the tables, and note every version that was published as one that came into use then."""
    op.create_table(
        "process_releases",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.String(36), nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.Column("released_by", sa.String(64), nullable=False),
        sa.Column("note", sa.String(10_000), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["process_versions.id"], name=op.f("fk_process_releases_version_id")),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("pk_process_releases")),
    )
    op.execute(RELEASE_ALL)
    op.create_table(
        "process_drafts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("process_key", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("base_version_id", sa.String(36), nullable=True),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("saved_by", sa.String(64), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=True),
        sa.CheckConstraint("state IN ('OPEN', 'SENT', 'PUBLISHED', 'DISCARDED')", name=op.f("ck_process_drafts_state")),
        sa.ForeignKeyConstraint(["base_version_id"], ["process_versions.id"], name=op.f("fk_process_drafts_base_version_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_process_drafts_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_drafts")),
        sa.UniqueConstraint("process_key", "number", name=op.f("uq_process_drafts_process_key_number")),
    )
    op.create_table(
        "draft_files",
        sa.Column("draft_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.String(64), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["process_drafts.id"], name=op.f("fk_draft_files_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", "name", name=op.f("pk_draft_files")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("draft_files")
    op.drop_table("process_drafts")
    op.drop_table("process_releases")
