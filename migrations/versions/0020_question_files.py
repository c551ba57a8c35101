"""Files that come with the answer to a question.

Follows: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "question_files",
        sa.Column("attachment_id", sa.String(36), nullable=False),
        sa.Column("question_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name=op.f("fk_question_files_attachment_id")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_question_files_question_id")),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_question_files")),
    )
    op.create_index("ix_question_files_question_id", "question_files", ["question_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("question_files")
