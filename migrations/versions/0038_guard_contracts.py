"""Contracts with vendors of guards, and recognition of good security practice.

Follows: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; they begin empty."""
    _create_contracts()
    _create_recognitions()


def _create_contracts() -> None:
    op.create_table(
        "guard_contracts",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("premises", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("vendor", sa.String(120), nullable=False),
        sa.Column("contract_no", sa.String(60), nullable=False),
        sa.Column("posts", sa.Integer, nullable=False),
        sa.Column("weekly_hours", sa.Integer, nullable=False),
        sa.Column("posts_words", sa.String(2000), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("amount", sa.Integer),
        sa.Column("previous", sa.String(32)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("confirmed_by", sa.String(64)),
        sa.Column("confirmed_at", _MOMENT),
        sa.Column("follows", sa.String(8)),
        sa.Column("ended_on", sa.Date),
        sa.Column("reasons", sa.String(2000)),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_guard_contracts_amount")),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'DROPPED') OR confirmed_by IS NOT NULL", name=op.f("ck_guard_contracts_confirmed")
        ),
        sa.CheckConstraint(
            "follows IS NULL OR follows IN ('RENEW', 'TENDER', 'LET_END')", name=op.f("ck_guard_contracts_follows")
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_guard_contracts_period")),
        sa.CheckConstraint("posts > 0 AND weekly_hours > 0", name=op.f("ck_guard_contracts_posts")),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'IN_FORCE', 'RENEWED', 'ENDED', 'RAN_OUT', 'TERMINATED', 'DROPPED')",
            name=op.f("ck_guard_contracts_status"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_guard_contracts_case_id")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_guard_contracts_organisation")),
        sa.ForeignKeyConstraint(["premises"], ["premises.code"], name=op.f("fk_guard_contracts_premises")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_guard_contracts_area")),
        sa.ForeignKeyConstraint(["previous"], ["guard_contracts.number"], name=op.f("fk_guard_contracts_previous")),
        sa.ForeignKeyConstraint(["entered_by"], ["people.code"], name=op.f("fk_guard_contracts_entered_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people.code"], name=op.f("fk_guard_contracts_confirmed_by")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_guard_contracts")),
    )
    op.create_index(op.f("ix_guard_contracts_case_id"), "guard_contracts", ["case_id"])
    op.create_index(op.f("ix_guard_contracts_ends_on"), "guard_contracts", ["status", "ends_on"])
    op.create_index(op.f("ix_guard_contracts_premises"), "guard_contracts", ["premises"])
    op.create_index(op.f("ix_guard_contracts_previous"), "guard_contracts", ["previous"])
    op.create_table(
        "guard_ratings",
        sa.Column("contract", sa.String(32), nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("manned", sa.String(8)),
        sa.Column("handled", sa.String(8)),
        sa.Column("kept", sa.String(8)),
        sa.Column("rating", sa.String(16), nullable=False),
        sa.Column("reasons", sa.String(2000)),
        sa.Column("follow_up", sa.String(2000)),
        sa.Column("follow_up_on", sa.Date),
        sa.Column("rated_by", sa.String(64)),
        sa.Column("rated_at", _MOMENT),
        sa.CheckConstraint(
            "rating <> 'BAD' OR (reasons IS NOT NULL AND follow_up IS NOT NULL)", name=op.f("ck_guard_ratings_bad")
        ),
        sa.CheckConstraint("(rating = 'NOT_RATED') = (rated_by IS NULL)", name=op.f("ck_guard_ratings_rated")),
        sa.CheckConstraint("rating IN ('GOOD', 'ACCEPTABLE', 'BAD', 'NOT_RATED')", name=op.f("ck_guard_ratings_rating")),
        sa.ForeignKeyConstraint(["contract"], ["guard_contracts.number"], name=op.f("fk_guard_ratings_contract")),
        sa.ForeignKeyConstraint(["rated_by"], ["people.code"], name=op.f("fk_guard_ratings_rated_by")),
        sa.PrimaryKeyConstraint("contract", "until", name=op.f("pk_guard_ratings")),
    )
    op.create_table(
        "guard_incidents",
        sa.Column("contract", sa.String(32), nullable=False),
        sa.Column("incident", sa.String(32), nullable=False),
        sa.Column("happened_at", _MOMENT, nullable=False),
        sa.Column("linked_by", sa.String(64), nullable=False),
        sa.Column("linked_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contract"], ["guard_contracts.number"], name=op.f("fk_guard_incidents_contract")),
        sa.ForeignKeyConstraint(["linked_by"], ["people.code"], name=op.f("fk_guard_incidents_linked_by")),
        sa.PrimaryKeyConstraint("contract", "incident", name=op.f("pk_guard_incidents")),
    )


def _create_recognitions() -> None:
    op.create_table(
        "recognitions",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("team", sa.String(120)),
        sa.Column("done", sa.String(3000), nullable=False),
        sa.Column("nominated_by", sa.String(64), nullable=False),
        sa.Column("nominated_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("outcome", sa.String(16)),
        sa.Column("ended_at", _MOMENT),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_recognitions_ended")),
        sa.CheckConstraint("kind IN ('PERSON', 'TEAM')", name=op.f("ck_recognitions_kind")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('RECOGNISED', 'NOT_SHORTLISTED', 'NOT_RECOGNISED', 'WITHDRAWN')",
            name=op.f("ck_recognitions_outcome"),
        ),
        sa.CheckConstraint("kind = 'PERSON' OR team IS NOT NULL", name=op.f("ck_recognitions_team")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_recognitions_case_id")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_recognitions_organisation")),
        sa.ForeignKeyConstraint(["nominated_by"], ["people.code"], name=op.f("fk_recognitions_nominated_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.code"], name=op.f("fk_recognitions_decided_by")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_recognitions")),
    )
    op.create_index(op.f("ix_recognitions_case_id"), "recognitions", ["case_id"])
    op.create_index(op.f("ix_recognitions_nominated_by"), "recognitions", ["nominated_by"])
    op.create_table(
        "recognition_nominees",
        sa.Column("recognition", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["recognition"], ["recognitions.number"], name=op.f("fk_recognition_nominees_recognition")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_recognition_nominees_person")),
        sa.PrimaryKeyConstraint("recognition", "person", name=op.f("pk_recognition_nominees")),
    )


def downgrade() -> None:
    """Take them back."""
    for table in ("recognition_nominees", "recognitions", "guard_incidents", "guard_ratings", "guard_contracts"):
        op.drop_table(table)
