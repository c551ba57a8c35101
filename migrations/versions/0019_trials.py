"""Walks through a draft that somebody tries, and the evidence that its scenarios and finished cases gave.

Follows: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
RUNNING = sa.text("state = 'RUNNING'")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "trials",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("draft_id", sa.String(36), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("story", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["process_drafts.id"], name=op.f("fk_trials_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
        sa.UniqueConstraint("draft_id", "person", name=op.f("uq_trials_draft_id_person")),
    )
    op.create_table(
        "draft_evidence",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("draft_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.String(64), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('SCENARIOS', 'REPLAY')", name=op.f("ck_draft_evidence_kind")),
        sa.CheckConstraint("state IN ('RUNNING', 'DONE')", name=op.f("ck_draft_evidence_state")),
        sa.ForeignKeyConstraint(["draft_id"], ["process_drafts.id"], name=op.f("fk_draft_evidence_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_evidence")),
        sa.UniqueConstraint("draft_id", "kind", name=op.f("uq_draft_evidence_draft_id_kind")),
    )
    op.create_index("ix_draft_evidence_running", "draft_evidence", ["started_at"], sqlite_where=RUNNING, postgresql_where=RUNNING)
    op.create_index("ix_cases_process_key_ended_at", "cases", ["process_key", "ended_at"])


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_cases_process_key_ended_at", table_name="cases")
    op.drop_table("draft_evidence")
    op.drop_table("trials")
