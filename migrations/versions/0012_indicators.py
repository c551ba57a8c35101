"""What indicators are counted from where no register held it yet, and the values that were frozen.

Follows: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()
FROZEN = ("frozen_periods", "frozen_values")
ACTS = ("UPDATE", "DELETE")
#: In an order in which they can be dropped.
TABLES = (
    "frozen_values",
    "frozen_periods",
    "whereabouts_nights",
    "tool_access",
    "tool_needs",
    "training_assignments",
    "support_contacts",
    "deployments",
    "travel_notifications",
    "access_breaches",
    "premises_entries",
    "premises_survey_answers",
    "premises_surveys",
    "premises",
)


def upgrade() -> None:
    """Create the tables, and let the database itself refuse to change or remove what was frozen."""
    _create_premises()
    _create_support()
    _create_duties()
    _create_measurements()
    for table in FROZEN:
        _protect(table)


def downgrade() -> None:
    """Take them back."""
    if op.get_bind().dialect.name != "sqlite":
        for table in FROZEN:
            op.execute(f"DROP FUNCTION {table}_append_only() CASCADE")
    for table in TABLES:
        op.drop_table(table)


def _protect(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ACTS:
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def _create_premises() -> None:
    op.create_table(
        "premises",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("organisations", JSON, nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("kind IN ('OFFICE', 'COMPOUND', 'CONFERENCE', 'WAREHOUSE')", name=op.f("ck_premises_kind")),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_premises_headcount")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_premises_period")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_premises_area")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_premises")),
    )
    op.create_index(op.f("ix_premises_area"), "premises", ["area"])
    op.create_table(
        "premises_surveys",
        sa.Column("premises", sa.String(32), nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=False),
        sa.Column("surveyor", sa.String(64)),
        sa.ForeignKeyConstraint(["premises"], ["premises.code"], name=op.f("fk_premises_surveys_premises")),
        sa.ForeignKeyConstraint(["surveyor"], ["people.code"], name=op.f("fk_premises_surveys_surveyor")),
        sa.PrimaryKeyConstraint("premises", "surveyed_on", name=op.f("pk_premises_surveys")),
    )
    op.create_table(
        "premises_survey_answers",
        sa.Column("premises", sa.String(32), nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(300), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.CheckConstraint("answer IN ('YES', 'NO', 'NOT_APPLICABLE')", name=op.f("ck_premises_survey_answers_answer")),
        sa.CheckConstraint("weight > 0", name=op.f("ck_premises_survey_answers_weight")),
        sa.ForeignKeyConstraint(
            ["premises", "surveyed_on"],
            ["premises_surveys.premises", "premises_surveys.surveyed_on"],
            name=op.f("fk_premises_survey_answers_premises_surveyed_on"),
        ),
        sa.PrimaryKeyConstraint("premises", "surveyed_on", "no", name=op.f("pk_premises_survey_answers")),
    )
    op.create_table(
        "premises_entries",
        sa.Column("premises", sa.String(32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.CheckConstraint("entries >= 0", name=op.f("ck_premises_entries_entries")),
        sa.ForeignKeyConstraint(["premises"], ["premises.code"], name=op.f("fk_premises_entries_premises")),
        sa.PrimaryKeyConstraint("premises", "month", name=op.f("pk_premises_entries")),
    )
    op.create_table(
        "access_breaches",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("premises", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("what", sa.String(2000), nullable=False),
        sa.Column("measure", sa.String(2000)),
        sa.CheckConstraint("kind IN ('UNAUTHORISED_ENTRY', 'STOPPED_AT_GATE')", name=op.f("ck_access_breaches_kind")),
        sa.CheckConstraint("status IN ('REPORTED', 'CONFIRMED', 'DISMISSED')", name=op.f("ck_access_breaches_status")),
        sa.ForeignKeyConstraint(["premises"], ["premises.code"], name=op.f("fk_access_breaches_premises")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_access_breaches")),
    )
    op.create_index("ix_access_breaches_happened_at", "access_breaches", ["happened_at"])
    op.create_index(op.f("ix_access_breaches_premises"), "access_breaches", ["premises"])


def _create_support() -> None:
    op.create_table(
        "travel_notifications",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("official", sa.String(64), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("notified_at", MOMENT, nullable=False),
        sa.Column("departs_at", MOMENT, nullable=False),
        sa.Column("risk", sa.String(16)),
        sa.Column("assessed_at", MOMENT),
        sa.Column("coordinated_at", MOMENT),
        sa.Column("cancelled_at", MOMENT),
        sa.CheckConstraint(
            "risk IS NULL OR risk IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH')", name=op.f("ck_travel_notifications_risk")
        ),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_travel_notifications_area")),
        sa.ForeignKeyConstraint(["official"], ["people.code"], name=op.f("fk_travel_notifications_official")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_travel_notifications_organisation")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_travel_notifications")),
    )
    op.create_index("ix_travel_notifications_departs_at", "travel_notifications", ["departs_at"])
    op.create_table(
        "deployments",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("need", sa.String(2000), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("approved_at", MOMENT),
        sa.Column("refused_at", MOMENT),
        sa.Column("arrived_at", MOMENT),
        sa.CheckConstraint("kind IN ('EMERGING', 'EXPERTISE')", name=op.f("ck_deployments_kind")),
        sa.CheckConstraint("approved_at IS NULL OR refused_at IS NULL", name=op.f("ck_deployments_one_answer")),
        sa.CheckConstraint(
            "arrived_at IS NULL OR (approved_at IS NOT NULL AND arrived_at >= approved_at)", name=op.f("ck_deployments_arrival")
        ),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_deployments_area")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deployments")),
    )
    op.create_index("ix_deployments_approved_at", "deployments", ["approved_at"])
    op.create_table(
        "support_contacts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("incident", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("reached_at", MOMENT),
        sa.Column("declined_at", MOMENT),
        sa.Column("noted_by", sa.String(64), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.CheckConstraint("reached_at IS NOT NULL OR declined_at IS NOT NULL", name=op.f("ck_support_contacts_outcome")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_support_contacts_person")),
        sa.ForeignKeyConstraint(["noted_by"], ["people.code"], name=op.f("fk_support_contacts_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_contacts")),
        sa.UniqueConstraint("incident", "person", name=op.f("uq_support_contacts_incident_person")),
    )


def _create_duties() -> None:
    op.create_table(
        "training_assignments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("course", sa.String(16), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date()),
        sa.CheckConstraint("audience IN ('MANAGERS', 'SECURITY', 'PERSONNEL')", name=op.f("ck_training_assignments_audience")),
        sa.CheckConstraint("due_on >= assigned_on", name=op.f("ck_training_assignments_period")),
        sa.ForeignKeyConstraint(["course"], ["training_courses.code"], name=op.f("fk_training_assignments_course")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_training_assignments_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_assignments")),
        sa.UniqueConstraint("person", "course", "due_on", name=op.f("uq_training_assignments_person_course_due_on")),
    )
    op.create_index("ix_training_assignments_due_on", "training_assignments", ["due_on"])
    op.create_table(
        "tool_needs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("tool", sa.String(24), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_tool_needs_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_needs")),
        sa.UniqueConstraint("role", "tool", "valid_from", name=op.f("uq_tool_needs_role_tool_valid_from")),
    )
    op.create_table(
        "tool_access",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("tool", sa.String(24), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_tool_access_period")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_tool_access_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_access")),
        sa.UniqueConstraint("person", "tool", "valid_from", name=op.f("uq_tool_access_person_tool_valid_from")),
    )


def _create_measurements() -> None:
    op.create_table(
        "whereabouts_nights",
        sa.Column("duty_station", sa.String(32), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("located", sa.Integer(), nullable=False),
        sa.Column("signs", sa.Integer(), nullable=False),
        sa.Column("measured_at", MOMENT, nullable=False),
        sa.CheckConstraint("located >= 0 AND located <= listed", name=op.f("ck_whereabouts_nights_located")),
        sa.CheckConstraint("signs >= 0 AND signs <= located", name=op.f("ck_whereabouts_nights_signs")),
        sa.ForeignKeyConstraint(["duty_station"], ["duty_stations.code"], name=op.f("fk_whereabouts_nights_duty_station")),
        sa.PrimaryKeyConstraint("duty_station", "night", name=op.f("pk_whereabouts_nights")),
    )
    op.create_index("ix_whereabouts_nights_night", "whereabouts_nights", ["night"])
    op.create_table(
        "frozen_periods",
        sa.Column("period", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("frozen_at", MOMENT, nullable=False),
        sa.Column("frozen_by", sa.String(64), nullable=False),
        sa.Column("frozen_as", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(2000)),
        sa.Column("definitions", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.CheckConstraint("version = 1 OR reason IS NOT NULL", name=op.f("ck_frozen_periods_correction_says_why")),
        sa.CheckConstraint("version > 0", name=op.f("ck_frozen_periods_version")),
        sa.ForeignKeyConstraint(["frozen_by"], ["people.code"], name=op.f("fk_frozen_periods_frozen_by")),
        sa.PrimaryKeyConstraint("period", "version", name=op.f("pk_frozen_periods")),
    )
    op.create_table(
        "frozen_values",
        sa.Column("period", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("part", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer()),
        sa.Column("value", sa.String(32)),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("list_hash", sa.String(64), nullable=False),
        sa.CheckConstraint("denominator IS NULL OR denominator >= 0", name=op.f("ck_frozen_values_denominator")),
        sa.ForeignKeyConstraint(
            ["period", "version"],
            ["frozen_periods.period", "frozen_periods.version"],
            name=op.f("fk_frozen_values_period_version"),
        ),
        sa.PrimaryKeyConstraint("period", "version", "key", "part", name=op.f("pk_frozen_values")),
    )
