"""The first tables: processes, cases, tasks, decisions, audit, outbox.

Follows: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()

APPEND_ONLY = ("decisions", "audit")
ACTS = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Create the tables, those that others point to first."""
    _create_counters()
    _create_process_versions()
    _create_request_drafts()
    _create_cases()
    _create_case_incidents()
    _create_case_parties()
    _create_outbox()
    _create_tasks()
    _create_audit()
    _create_decisions()
    _create_task_candidates()
    _create_task_drafts()
    for table in APPEND_ONLY:
        _protect(table)


def downgrade() -> None:
    """Drop everything again."""
    _drop_protection()
    for table in (
        "task_drafts",
        "task_candidates",
        "decisions",
        "audit",
        "tasks",
        "outbox",
        "case_parties",
        "case_incidents",
        "cases",
        "request_drafts",
        "process_versions",
        "counters",
    ):
        op.drop_table(table)


def _create_counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )


def _create_process_versions() -> None:
    op.create_table(
        "process_versions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("manifest", JSON, nullable=False),
        sa.Column("bundle", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("published_by", sa.String(64), nullable=False),
        sa.Column("note", sa.String(10000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_versions")),
        sa.UniqueConstraint("key", "digest", name=op.f("uq_process_versions_key_digest")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_process_versions_key_version")),
    )


def _create_request_drafts() -> None:
    op.create_table(
        "request_drafts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("process_key", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("step", sa.String(120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_drafts")),
    )
    op.create_index(op.f("ix_request_drafts_person"), "request_drafts", ["person", "updated_at"])


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(120), nullable=False),
        sa.Column("process_key", sa.String(64), nullable=False),
        sa.Column("version_id", sa.String(36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("status", sa.String(64)),
        sa.Column("status_since", MOMENT),
        sa.Column("outcome", sa.String(120)),
        sa.Column("subject", sa.String(500), nullable=False),
        sa.Column("area", sa.String(64)),
        sa.Column("organisation", sa.String(64)),
        sa.Column("requester", sa.String(64), nullable=False),
        sa.Column("started_by", sa.String(64), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("wake_at", MOMENT),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.Column("audit_head", sa.String(64), nullable=False),
        sa.Column("decision_head", sa.String(64), nullable=False),
        sa.Column("engine_state", sa.LargeBinary()),
        sa.CheckConstraint("state IN ('OPEN', 'COMPLETED', 'CANCELLED', 'INCIDENT')", name=op.f("ck_cases_state")),
        sa.ForeignKeyConstraint(["version_id"], ["process_versions.id"], name=op.f("fk_cases_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(op.f("ix_cases_process_key_state_status"), "cases", ["process_key", "state", "status"])
    op.create_index(op.f("ix_cases_requester_started_at"), "cases", ["requester", "started_at"])
    op.create_index(
        op.f("ix_cases_wake_at_open"),
        "cases",
        ["wake_at"],
        sqlite_where=sa.text("state = 'OPEN'"),
        postgresql_where=sa.text("state = 'OPEN'"),
    )


def _create_case_incidents() -> None:
    op.create_table(
        "case_incidents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("element", sa.String(120)),
        sa.Column("token", sa.String(36)),
        sa.Column("cause", sa.String(500), nullable=False),
        sa.Column("detail", sa.String(10000), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_incidents_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_incidents")),
    )
    op.create_index(op.f("ix_case_incidents_case_id"), "case_incidents", ["case_id"])


def _create_case_parties() -> None:
    op.create_table(
        "case_parties",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("line", sa.String(120)),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_parties_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_parties")),
        sa.UniqueConstraint("case_id", "person", "kind", "line", name=op.f("uq_case_parties_case_id_person_kind_line")),
    )
    op.create_index(op.f("ix_case_parties_person"), "case_parties", ["person"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("to_person", sa.String(64)),
        sa.Column("to_role", sa.String(64)),
        sa.Column("area", sa.String(64)),
        sa.Column("organisation", sa.String(64)),
        sa.Column("variables", JSON, nullable=False),
        sa.Column("version_id", sa.String(36), nullable=False),
        sa.Column("dedupe", sa.String(500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("failed_at", MOMENT),
        sa.Column("error", sa.String(500)),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outbox_case_id")),
        sa.ForeignKeyConstraint(["version_id"], ["process_versions.id"], name=op.f("fk_outbox_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_outbox_dedupe")),
    )
    op.create_index(op.f("ix_outbox_case_id"), "outbox", ["case_id"])
    op.create_index(
        op.f("ix_outbox_not_before_waiting"),
        "outbox",
        ["not_before"],
        sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
    )


def _create_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(64)),
        sa.Column("assignee", sa.String(64)),
        sa.Column("area", sa.String(64)),
        sa.Column("organisation", sa.String(64)),
        sa.Column("line", sa.String(120)),
        sa.Column("form", sa.String(120)),
        sa.Column("subject", sa.String(500), nullable=False),
        sa.Column("act", sa.String(64)),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("follow_up_at", MOMENT),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("claimed_by", sa.String(64)),
        sa.Column("claimed_at", MOMENT),
        sa.Column("separate_from", JSON, nullable=False),
        sa.Column("card", JSON),
        sa.Column("tables_used", JSON, nullable=False),
        sa.Column("properties", JSON, nullable=False),
        sa.CheckConstraint("state IN ('OPEN', 'DONE', 'CANCELLED')", name=op.f("ck_tasks_state")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tasks_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(
        op.f("ix_tasks_assignee_open"),
        "tasks",
        ["assignee", "due_at"],
        sqlite_where=sa.text("state = 'OPEN'"),
        postgresql_where=sa.text("state = 'OPEN'"),
    )
    op.create_index(op.f("ix_tasks_case_id"), "tasks", ["case_id"])
    op.create_index(
        op.f("ix_tasks_claimed_by_open"),
        "tasks",
        ["claimed_by"],
        sqlite_where=sa.text("state = 'OPEN'"),
        postgresql_where=sa.text("state = 'OPEN'"),
    )
    op.create_index(
        op.f("ix_tasks_role_due_at_open"),
        "tasks",
        ["role", "area", "due_at"],
        sqlite_where=sa.text("state = 'OPEN'"),
        postgresql_where=sa.text("state = 'OPEN'"),
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("task_id", sa.String(36)),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("idempotency_key", sa.String(120)),
        sa.Column("body_hash", sa.String(64)),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_audit_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_audit_task_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("actor", "idempotency_key", name=op.f("uq_audit_actor_idempotency_key")),
    )


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("task_id", sa.String(36)),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("line", sa.String(120)),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(120)),
        sa.Column("conditions", JSON, nullable=False),
        sa.Column("reason_code", sa.String(64)),
        sa.Column("reason_text", sa.String(10000)),
        sa.Column("actor_person", sa.String(64), nullable=False),
        sa.Column("actor_role", sa.String(64)),
        sa.Column("capacity", sa.String(64), nullable=False),
        sa.Column("delegation_id", sa.String(120)),
        sa.Column("area", sa.String(64)),
        sa.Column("conflict_declared", sa.Boolean(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("valid_from", MOMENT),
        sa.Column("valid_to", MOMENT),
        sa.Column("supersedes_id", sa.String(36)),
        sa.Column("tables_used", JSON, nullable=False),
        sa.Column("form_hash", sa.String(64)),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.CheckConstraint(
            "capacity IN ('OWN', 'DELEGATED', 'AD_INTERIM', 'ESCALATED', 'SYSTEM')", name=op.f("ck_decisions_capacity")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name=op.f("ck_decisions_period")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decisions_case_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decisions.id"], name=op.f("fk_decisions_supersedes_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_decisions_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("task_id", name=op.f("uq_decisions_task_id")),
    )
    op.create_index(op.f("ix_decisions_actor_person"), "decisions", ["actor_person", "decided_at"])
    op.create_index(op.f("ix_decisions_case_id"), "decisions", ["case_id", "decided_at"])


def _create_task_candidates() -> None:
    op.create_table(
        "task_candidates",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("task_id", sa.String(36), nullable=False),
        sa.Column("role", sa.String(64)),
        sa.Column("person", sa.String(64)),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.CheckConstraint("(role IS NULL) <> (person IS NULL)", name=op.f("ck_task_candidates_role_or_person")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_candidates_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_candidates")),
        sa.UniqueConstraint("task_id", "role", "person", name=op.f("uq_task_candidates_task_id_role_person")),
    )
    op.create_index(op.f("ix_task_candidates_person"), "task_candidates", ["person"])
    op.create_index(op.f("ix_task_candidates_role"), "task_candidates", ["role"])


def _create_task_drafts() -> None:
    op.create_table(
        "task_drafts",
        sa.Column("task_id", sa.String(36), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_drafts_task_id")),
        sa.PrimaryKeyConstraint("task_id", "person", name=op.f("pk_task_drafts")),
    )


def _protect(table: str) -> None:
    """Let the database itself refuse to change or remove rows of the history."""
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


def _drop_protection() -> None:
    """Triggers fall with their tables; PostgreSQL's functions do not."""
    if op.get_bind().dialect.name != "sqlite":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only() CASCADE")
