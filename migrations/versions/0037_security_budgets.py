"""Locally cost-shared security budgets: their lines, and the shares of the organisations.

Follows: 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_AGREED = sa.text("outcome = 'AGREED'")
_OUTCOMES = "outcome IS NULL OR outcome IN ('AGREED', 'NOT_AGREED', 'REFUSED', 'WITHDRAWN')"


def upgrade() -> None:
    """Create the three tables; they begin empty."""
    op.create_table(
        "security_budgets",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("census_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("approved_at", _MOMENT),
        sa.Column("outcome", sa.String(16)),
        sa.Column("unsettled", sa.JSON(), nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_security_budgets_year")),
        sa.CheckConstraint("total_cents >= 0 AND version >= 0", name=op.f("ck_security_budgets_amounts")),
        sa.CheckConstraint("(version > 0) = (approved_at IS NOT NULL)", name=op.f("ck_security_budgets_approved")),
        sa.CheckConstraint(_OUTCOMES, name=op.f("ck_security_budgets_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_security_budgets_ended")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_security_budgets_case_id")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_security_budgets_area")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_security_budgets")),
    )
    op.create_index("ix_security_budgets_case_id", "security_budgets", ["case_id"])
    op.create_index(
        "uq_security_budgets_agreed",
        "security_budgets",
        ["area", "year"],
        unique=True,
        sqlite_where=_AGREED,
        postgresql_where=_AGREED,
    )
    op.create_table(
        "security_budget_lines",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("budget", sa.String(32), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("measure", sa.String(48)),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('MEASURE', 'SERVICE')", name=op.f("ck_security_budget_lines_kind")),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_security_budget_lines_amount")),
        sa.ForeignKeyConstraint(["budget"], ["security_budgets.number"], name=op.f("fk_security_budget_lines_budget")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_budget_lines")),
        sa.UniqueConstraint("budget", "no", name=op.f("uq_security_budget_lines_budget_no")),
    )
    _add_shares()


def _add_shares() -> None:
    op.create_table(
        "security_budget_shares",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("budget", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("census_on", sa.Date(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(12)),
        sa.Column("reasons", sa.String(2000)),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("answered_at", _MOMENT),
        sa.CheckConstraint(
            "heads > 0 AND counted >= 0 AND amount_cents >= 0 AND version > 0", name=op.f("ck_security_budget_shares_amounts")
        ),
        sa.CheckConstraint(
            "answer IS NULL OR answer IN ('CONFIRMED', 'OBJECTED', 'NO_ANSWER')", name=op.f("ck_security_budget_shares_answer")
        ),
        sa.CheckConstraint(
            "answer IS NULL OR answer <> 'OBJECTED' OR reasons IS NOT NULL", name=op.f("ck_security_budget_shares_objected")
        ),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_security_budget_shares_answered")),
        sa.ForeignKeyConstraint(["budget"], ["security_budgets.number"], name=op.f("fk_security_budget_shares_budget")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_security_budget_shares_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_budget_shares")),
        sa.UniqueConstraint(
            "budget", "version", "organisation", name=op.f("uq_security_budget_shares_budget_version_organisation")
        ),
    )
    op.create_index("ix_security_budget_shares_organisation", "security_budget_shares", ["organisation"])


def downgrade() -> None:
    """Take them back."""
    op.drop_table("security_budget_shares")
    op.drop_table("security_budget_lines")
    op.drop_table("security_budgets")
