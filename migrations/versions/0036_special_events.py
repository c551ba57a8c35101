"""Special events and the people who are expected at them.

Follows: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create both tables; they begin empty."""
    op.create_table(
        "special_events",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("organiser", sa.String(64), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("venue", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("participants", sa.Integer, nullable=False),
        sa.Column("vips", sa.Integer, nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("level", sa.Integer),
        sa.Column("authorised_at", _MOMENT),
        sa.Column("outcome", sa.String(16)),
        sa.Column("incident", sa.Boolean),
        sa.Column("lessons", sa.String(6100)),
        sa.CheckConstraint("kind IN ('INTERNAL', 'EXTERNAL')", name=op.f("ck_special_events_kind")),
        sa.CheckConstraint("participants > 0 AND vips >= 0", name=op.f("ck_special_events_people")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_special_events_period")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('REGISTERED', 'HELD', 'REFUSED', 'CANCELLED', 'BARRED', 'NOT_AUTHORISED')",
            name=op.f("ck_special_events_outcome"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_special_events_case_id")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_special_events_area")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_special_events_organisation")),
        sa.ForeignKeyConstraint(["organiser"], ["people.code"], name=op.f("fk_special_events_organiser")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_special_events")),
    )
    for column in ("case_id", "organiser"):
        op.create_index(op.f(f"ix_special_events_{column}"), "special_events", [column])
    op.create_index("ix_special_events_starts_at", "special_events", ["area", "starts_at"])
    op.create_table(
        "event_accreditations",
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("listed_by", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("organisation", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("first_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("verdict", sa.String(16)),
        sa.Column("reason", sa.String(500)),
        sa.Column("screened_at", _MOMENT),
        sa.Column("screened_by", sa.String(64)),
        sa.CheckConstraint("kind IN ('DELEGATE', 'VISITOR', 'PRESS', 'CONTRACTOR')", name=op.f("ck_event_accreditations_kind")),
        sa.CheckConstraint("verdict IS NULL OR verdict IN ('ADMITTED', 'REFUSED')", name=op.f("ck_event_accreditations_verdict")),
        sa.CheckConstraint(
            "verdict IS NULL OR verdict <> 'REFUSED' OR reason IS NOT NULL", name=op.f("ck_event_accreditations_reason")
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_event_accreditations_days")),
        sa.ForeignKeyConstraint(["event"], ["special_events.number"], name=op.f("fk_event_accreditations_event")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_event_accreditations_case_id")),
        sa.ForeignKeyConstraint(["listed_by"], ["people.code"], name=op.f("fk_event_accreditations_listed_by")),
        sa.ForeignKeyConstraint(["screened_by"], ["people.code"], name=op.f("fk_event_accreditations_screened_by")),
        sa.PrimaryKeyConstraint("event", "no", name=op.f("pk_event_accreditations")),
    )
    op.create_index(op.f("ix_event_accreditations_case_id"), "event_accreditations", ["case_id"])


def downgrade() -> None:
    """Take them back."""
    op.drop_table("event_accreditations")
    op.drop_table("special_events")
