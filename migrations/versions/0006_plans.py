"""Duty stations, their plans with versions, cycles and exercises, and which cases are confined.

Follows: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()


def upgrade() -> None:
    """Create the tables, those that others point to first."""
    _create_duty_stations()
    _create_plans()
    _create_plan_versions()
    _create_plan_cycles()
    _create_exercises()
    _create_plan_sign_offs()
    _create_exercise_objectives()
    _create_objective_marks()
    _create_after_action_reports()
    _create_corrective_actions()
    _create_case_confinements()


def downgrade() -> None:
    """Drop them again."""
    for table in (
        "case_confinements",
        "corrective_actions",
        "after_action_reports",
        "objective_marks",
        "exercise_objectives",
        "plan_sign_offs",
        "exercises",
        "plan_cycles",
        "plan_versions",
        "plans",
        "duty_stations",
    ):
        op.drop_table(table)


def _create_duty_stations() -> None:
    op.create_table(
        "duty_stations",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("ds_type", sa.String(24), nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("phase_since", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.CheckConstraint(
            "ds_type IN ('HQ_MAIN', 'REGIONAL_COMMISSION', 'FIELD_CAPITAL', 'FIELD_SUB')", name=op.f("ck_duty_stations_ds_type")
        ),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_duty_stations_period")),
        sa.CheckConstraint(
            "phase IN ('STARTUP', 'ESTABLISHED', 'DRAWDOWN', 'CRISIS', 'CLOSED')", name=op.f("ck_duty_stations_phase")
        ),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_duty_stations_area")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_duty_stations")),
    )
    op.create_index(op.f("ix_duty_stations_area"), "duty_stations", ["area"])


def _create_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("code", sa.String(48), nullable=False),
        sa.Column("duty_station", sa.String(32), nullable=False),
        sa.Column("plan_type", sa.String(16), nullable=False),
        sa.Column("scenario", sa.String(24), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("owner", sa.String(64)),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("retired_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_on", sa.Date()),
        sa.Column("tested_on", sa.Date()),
        sa.Column("test_type", sa.String(16)),
        sa.Column("test_is_conditional", sa.Boolean(), nullable=False),
        sa.Column("update_months", sa.Integer(), nullable=False),
        sa.Column("test_months", sa.Integer(), nullable=False),
        sa.Column("min_test", sa.String(16), nullable=False),
        sa.CheckConstraint("plan_type IN ('CRISIS', 'EVACUATION', 'CONTINGENCY')", name=op.f("ck_plans_plan_type")),
        sa.CheckConstraint("version >= 0", name=op.f("ck_plans_version")),
        sa.ForeignKeyConstraint(["duty_station"], ["duty_stations.code"], name=op.f("fk_plans_duty_station")),
        sa.ForeignKeyConstraint(["owner"], ["people.code"], name=op.f("fk_plans_owner")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_plans")),
        sa.UniqueConstraint("duty_station", "plan_type", "scenario", name=op.f("uq_plans_duty_station_plan_type_scenario")),
    )


def _create_plan_versions() -> None:
    op.create_table(
        "plan_versions",
        sa.Column("plan", sa.String(48), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("document", sa.String(500)),
        sa.Column("checklist", JSON, nullable=False),
        sa.Column("contacts_verified_on", sa.Date()),
        sa.Column("prepared_by", sa.String(64), nullable=False),
        sa.Column("prepared_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("approved_at", MOMENT),
        sa.Column("status", sa.String(16), nullable=False),
        sa.CheckConstraint("kind IN ('NEW_VERSION', 'REVIEWED')", name=op.f("ck_plan_versions_kind")),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'RETURNED', 'IN_FORCE', 'SUPERSEDED', 'DROPPED')", name=op.f("ck_plan_versions_status")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_plan_versions_case_id")),
        sa.ForeignKeyConstraint(["plan"], ["plans.code"], name=op.f("fk_plan_versions_plan")),
        sa.PrimaryKeyConstraint("plan", "version", name=op.f("pk_plan_versions")),
    )
    op.create_index(
        op.f("uq_plan_versions_plan_in_force"),
        "plan_versions",
        ["plan"],
        unique=True,
        sqlite_where=sa.text("status = 'IN_FORCE'"),
        postgresql_where=sa.text("status = 'IN_FORCE'"),
    )


def _create_plan_cycles() -> None:
    op.create_table(
        "plan_cycles",
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("plan", sa.String(48), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("update_due", sa.Date(), nullable=False),
        sa.Column("test_due", sa.Date()),
        sa.Column("test_in_cycle", sa.Boolean(), nullable=False),
        sa.Column("min_test", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("update_done_on", sa.Date()),
        sa.Column("update_pending", sa.Boolean(), nullable=False),
        sa.Column("pending_reason", sa.String(500)),
        sa.Column("postponements", sa.Integer(), nullable=False),
        sa.Column("paused_at", MOMENT),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("overdue_since", sa.Date()),
        sa.Column("closed_at", MOMENT),
        sa.Column("result", sa.String(16)),
        sa.CheckConstraint("(closed_at IS NULL) = (result IS NULL)", name=op.f("ck_plan_cycles_closed")),
        sa.CheckConstraint(
            "result IS NULL OR result IN ('TESTED', 'UPDATED', 'LAPSED', 'CANCELLED')", name=op.f("ck_plan_cycles_result")
        ),
        sa.CheckConstraint(
            "stage IN ('UPDATE', 'DESIGN', 'WAIT', 'EVALUATE', 'REPORT', 'GATE', 'CONDITION', 'CLOSED')",
            name=op.f("ck_plan_cycles_stage"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_plan_cycles_case_id")),
        sa.ForeignKeyConstraint(["plan"], ["plans.code"], name=op.f("fk_plan_cycles_plan")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_plan_cycles")),
    )
    op.create_index(op.f("ix_plan_cycles_case_id"), "plan_cycles", ["case_id"])
    op.create_index(
        op.f("uq_plan_cycles_plan_open"),
        "plan_cycles",
        ["plan"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _create_exercises() -> None:
    op.create_table(
        "exercises",
        sa.Column("number", sa.String(72), nullable=False),
        sa.Column("cycle", sa.String(64), nullable=False),
        sa.Column("plan", sa.String(48), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("ex_type", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("design", JSON, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT),
        sa.Column("no_notice", sa.Boolean(), nullable=False),
        sa.Column("meets_min", sa.Boolean(), nullable=False),
        sa.Column("coordinator", sa.String(64)),
        sa.Column("approver", sa.String(16)),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("host_answer", sa.String(16)),
        sa.Column("ran_on", sa.Date()),
        sa.Column("log", JSON, nullable=False),
        sa.Column("attendance", JSON, nullable=False),
        sa.Column("score_pct", sa.Float()),
        sa.Column("critical_unmet", sa.Integer()),
        sa.Column("rating", sa.String(16)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.CheckConstraint(
            "ex_type IN ('ORIENTATION', 'TABLETOP', 'DRILL', 'FUNCTIONAL', 'FULL_SCALE')", name=op.f("ck_exercises_ex_type")
        ),
        sa.CheckConstraint("kind IN ('EXERCISE', 'REAL_EVENT')", name=op.f("ck_exercises_kind")),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_exercises_period")),
        sa.CheckConstraint(
            "status IN ('DESIGNED', 'APPROVED', 'CHANGED', 'REFUSED', 'RUNNING', 'ABORTED', 'RAN',"
            " 'RATED', 'TRAINING', 'FAILED', 'TESTED', 'NO_CREDIT', 'CANCELLED')",
            name=op.f("ck_exercises_status"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_exercises_case_id")),
        sa.ForeignKeyConstraint(["cycle"], ["plan_cycles.number"], name=op.f("fk_exercises_cycle")),
        sa.ForeignKeyConstraint(["plan"], ["plans.code"], name=op.f("fk_exercises_plan")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_exercises")),
    )
    op.create_index(op.f("ix_exercises_case_id"), "exercises", ["case_id"])
    op.create_index(op.f("ix_exercises_plan"), "exercises", ["plan", "starts_at"])


def _create_plan_sign_offs() -> None:
    op.create_table(
        "plan_sign_offs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("cycle", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("exercise", sa.String(72), nullable=False),
        sa.Column("decision", sa.String(24), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("remarks", sa.String(4000)),
        sa.Column("signed_by", sa.String(64), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("conditional_until", MOMENT),
        sa.Column("tested_before", sa.Date()),
        sa.Column("test_type_before", sa.String(16)),
        sa.CheckConstraint(
            "status <> 'CONDITIONAL' OR conditional_until IS NOT NULL", name=op.f("ck_plan_sign_offs_conditional_until")
        ),
        sa.CheckConstraint("decision IN ('SIGN', 'SIGN_CONDITIONAL', 'REFUSE')", name=op.f("ck_plan_sign_offs_decision")),
        sa.CheckConstraint("status IN ('IN_FORCE', 'CONDITIONAL', 'LAPSED', 'REFUSED')", name=op.f("ck_plan_sign_offs_status")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_plan_sign_offs_case_id")),
        sa.ForeignKeyConstraint(["cycle"], ["plan_cycles.number"], name=op.f("fk_plan_sign_offs_cycle")),
        sa.ForeignKeyConstraint(["exercise"], ["exercises.number"], name=op.f("fk_plan_sign_offs_exercise")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_sign_offs")),
    )
    op.create_index(op.f("ix_plan_sign_offs_cycle"), "plan_sign_offs", ["cycle"])


def _create_exercise_objectives() -> None:
    op.create_table(
        "exercise_objectives",
        sa.Column("exercise", sa.String(72), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.String(16)),
        sa.CheckConstraint(
            "mark IS NULL OR mark IN ('MET', 'PARTLY', 'NOT_MET', 'NOT_OBSERVED')", name=op.f("ck_exercise_objectives_mark")
        ),
        sa.ForeignKeyConstraint(["exercise"], ["exercises.number"], name=op.f("fk_exercise_objectives_exercise")),
        sa.PrimaryKeyConstraint("exercise", "no", name=op.f("pk_exercise_objectives")),
    )


def _create_objective_marks() -> None:
    op.create_table(
        "objective_marks",
        sa.Column("exercise", sa.String(72), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("evaluator", sa.String(64), nullable=False),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("evidence", sa.String(2000)),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("mark IN ('MET', 'PARTLY', 'NOT_MET', 'NOT_OBSERVED')", name=op.f("ck_objective_marks_mark")),
        sa.ForeignKeyConstraint(["evaluator"], ["people.code"], name=op.f("fk_objective_marks_evaluator")),
        sa.ForeignKeyConstraint(
            ["exercise", "no"],
            ["exercise_objectives.exercise", "exercise_objectives.no"],
            name=op.f("fk_objective_marks_exercise_no"),
        ),
        sa.PrimaryKeyConstraint("exercise", "no", "evaluator", name=op.f("pk_objective_marks")),
    )


def _create_after_action_reports() -> None:
    op.create_table(
        "after_action_reports",
        sa.Column("exercise", sa.String(72), nullable=False),
        sa.Column("summary", sa.String(4000), nullable=False),
        sa.Column("went_well", sa.String(4000)),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("plan_change_needed", sa.Boolean(), nullable=False),
        sa.Column("reported_by", sa.String(64), nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["exercise"], ["exercises.number"], name=op.f("fk_after_action_reports_exercise")),
        sa.PrimaryKeyConstraint("exercise", name=op.f("pk_after_action_reports")),
    )


def _create_corrective_actions() -> None:
    op.create_table(
        "corrective_actions",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("exercise", sa.String(72), nullable=False),
        sa.Column("plan", sa.String(48), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("closed_by_role", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("evidence", sa.String(4000)),
        sa.Column("done_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.String(64)),
        sa.Column("overdue_since", MOMENT),
        sa.CheckConstraint("(status = 'CLOSED') = (closed_at IS NOT NULL)", name=op.f("ck_corrective_actions_closed")),
        sa.CheckConstraint("priority IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')", name=op.f("ck_corrective_actions_priority")),
        sa.CheckConstraint("status IN ('OPEN', 'DONE', 'CLOSED', 'CANCELLED')", name=op.f("ck_corrective_actions_status")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_corrective_actions_case_id")),
        sa.ForeignKeyConstraint(["exercise"], ["exercises.number"], name=op.f("fk_corrective_actions_exercise")),
        sa.ForeignKeyConstraint(["owner"], ["people.code"], name=op.f("fk_corrective_actions_owner")),
        sa.ForeignKeyConstraint(["plan"], ["plans.code"], name=op.f("fk_corrective_actions_plan")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_corrective_actions")),
    )
    op.create_index(op.f("ix_corrective_actions_exercise"), "corrective_actions", ["exercise"])
    op.create_index(op.f("ix_corrective_actions_owner"), "corrective_actions", ["owner", "status"])


def _create_case_confinements() -> None:
    op.create_table(
        "case_confinements",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("role", sa.String(64)),
        sa.Column("area", sa.String(64)),
        sa.Column("person", sa.String(64)),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT),
        sa.CheckConstraint("(role IS NULL) <> (person IS NULL)", name=op.f("ck_case_confinements_role_or_person")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_confinements_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_confinements")),
        sa.UniqueConstraint("case_id", "role", "person", "since", name=op.f("uq_case_confinements_case_id_role_person_since")),
    )
    op.create_index(
        op.f("ix_case_confinements_case_id_in_force"),
        "case_confinements",
        ["case_id"],
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
