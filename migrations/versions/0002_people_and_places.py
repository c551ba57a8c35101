"""The first tables: people, roles, areas, organisations and what they register.

Follows: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()


def upgrade() -> None:
    """Create the tables, those that others point to first."""
    _create_air_operators()
    _create_calendars()
    _create_organisations()
    _create_sign_in_attempts()
    _create_training_courses()
    _create_activities()
    _create_areas()
    _create_operator_advice()
    _create_operator_approvals()
    _create_advisories()
    _create_area_states()
    _create_area_within()
    _create_ceiling_ledger()
    _create_ceiling_nights()
    _create_lodgings()
    _create_people()
    _create_absences()
    _create_accounts()
    _create_delegations()
    _create_dependants()
    _create_family_links()
    _create_standing_orders()
    _create_training_records()
    _create_role_holdings()


def downgrade() -> None:
    """Drop everything again."""
    for table in (
        "role_holdings",
        "training_records",
        "standing_orders",
        "family_links",
        "dependants",
        "delegations",
        "accounts",
        "absences",
        "people",
        "lodgings",
        "ceiling_nights",
        "ceiling_ledger",
        "area_within",
        "area_states",
        "advisories",
        "operator_approvals",
        "operator_advice",
        "areas",
        "activities",
        "training_courses",
        "sign_in_attempts",
        "organisations",
        "calendars",
        "air_operators",
    ):
        op.drop_table(table)


def _create_air_operators() -> None:
    op.create_table(
        "air_operators",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("state", sa.String(2)),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_air_operators")),
    )


def _create_calendars() -> None:
    op.create_table(
        "calendars",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("weekend", JSON, nullable=False),
        sa.Column("holidays", JSON, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_calendars")),
    )


def _create_organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("unsms_member", sa.Boolean(), nullable=False),
        sa.Column("flight_cap", sa.Integer(), nullable=False),
        sa.Column("supervisor_step", sa.Boolean(), nullable=False),
        sa.Column("focal_point", sa.String(64)),
        sa.CheckConstraint("flight_cap > 0", name=op.f("ck_organisations_flight_cap_positive")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_organisations")),
    )


def _create_sign_in_attempts() -> None:
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(op.f("ix_sign_in_attempts_address_at"), "sign_in_attempts", ["address", "at"])
    op.create_index(op.f("ix_sign_in_attempts_login_at"), "sign_in_attempts", ["login", "at"])


def _create_training_courses() -> None:
    op.create_table(
        "training_courses",
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("validity_months", sa.Integer()),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_training_courses")),
    )


def _create_activities() -> None:
    op.create_table(
        "activities",
        sa.Column("code", sa.String(48), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("areas", JSON, nullable=False),
        sa.Column("pc_level", sa.String(4), nullable=False),
        sa.Column("pc_valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("pc_level IN ('PC1', 'PC2', 'PC3', 'PC4')", name=op.f("ck_activities_pc_level")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_activities_organisation")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_activities")),
    )
    op.create_index(op.f("ix_activities_organisation"), "activities", ["organisation"])


def _create_areas() -> None:
    op.create_table(
        "areas",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("parent", sa.String(32)),
        sa.Column("designated_area", sa.String(32)),
        sa.Column("name", JSON, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("location_class", sa.String(8), nullable=False),
        sa.Column("zone", sa.String(48), nullable=False),
        sa.Column("calendar", sa.String(32)),
        sa.Column("country_code", sa.String(2)),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("active_from", sa.Date()),
        sa.Column("active_to", sa.Date()),
        sa.Column("contact", sa.String(120)),
        sa.ForeignKeyConstraint(["calendar"], ["calendars.code"], name=op.f("fk_areas_calendar")),
        sa.ForeignKeyConstraint(["designated_area"], ["areas.code"], name=op.f("fk_areas_designated_area")),
        sa.ForeignKeyConstraint(["parent"], ["areas.code"], name=op.f("fk_areas_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_areas")),
    )
    op.create_index(op.f("ix_areas_parent"), "areas", ["parent"])


def _create_operator_advice() -> None:
    op.create_table(
        "operator_advice",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("operator", sa.String(32), nullable=False),
        sa.Column("rating", sa.String(32), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.String(64), nullable=False),
        sa.Column("remarks", sa.String(2000)),
        sa.CheckConstraint(
            "rating IN ('SUITABLE', 'SUITABLE_WITH_REMARKS', 'INSUFFICIENT_INFORMATION', 'NOT_RECOMMENDED')",
            name=op.f("ck_operator_advice_rating"),
        ),
        sa.ForeignKeyConstraint(["operator"], ["air_operators.code"], name=op.f("fk_operator_advice_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_advice")),
    )
    op.create_index(op.f("ix_operator_advice_operator"), "operator_advice", ["operator"])


def _create_operator_approvals() -> None:
    op.create_table(
        "operator_approvals",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("operator", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32)),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("case_number", sa.String(32)),
        sa.Column("route", sa.String(80)),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("kind IN ('LISTED', 'ONCE', 'BLANKET')", name=op.f("ck_operator_approvals_kind")),
        sa.ForeignKeyConstraint(["operator"], ["air_operators.code"], name=op.f("fk_operator_approvals_operator")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_operator_approvals_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_approvals")),
    )
    op.create_index(op.f("ix_operator_approvals_operator_organisation"), "operator_approvals", ["operator", "organisation"])


def _create_advisories() -> None:
    op.create_table(
        "advisories",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", JSON, nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_advisories_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advisories")),
        sa.UniqueConstraint("area", "version", name=op.f("uq_advisories_area_version")),
    )


def _create_area_states() -> None:
    op.create_table(
        "area_states",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("security_level", sa.Integer(), nullable=False),
        sa.Column("residual_risk", sa.String(16), nullable=False),
        sa.Column("clearance_mode", sa.String(8), nullable=False),
        sa.Column("ceiling", sa.Integer()),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("requires_ssafe", sa.Boolean(), nullable=False),
        sa.Column("family_restricted", sa.Boolean(), nullable=False),
        sa.Column("accom_required", sa.Boolean(), nullable=False),
        sa.Column("internal_control", sa.Boolean(), nullable=False),
        sa.Column("checkin_required", sa.Boolean(), nullable=False),
        sa.Column("assessment", sa.String(32)),
        sa.Column("assessment_valid_to", sa.Date()),
        sa.Column("reason", sa.String(500)),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("ceiling IS NULL OR ceiling >= 0", name=op.f("ck_area_states_ceiling")),
        sa.CheckConstraint("clearance_mode IN ('AUTO', 'MANUAL')", name=op.f("ck_area_states_clearance_mode")),
        sa.CheckConstraint(
            "residual_risk IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH', 'UNACCEPTABLE')", name=op.f("ck_area_states_residual_risk")
        ),
        sa.CheckConstraint("security_level BETWEEN 1 AND 6", name=op.f("ck_area_states_security_level")),
        sa.CheckConstraint("status IN ('OPEN', 'SUSPENDED', 'EVACUATED')", name=op.f("ck_area_states_status")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_area_states_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_states")),
        sa.UniqueConstraint("area", "valid_from", name=op.f("uq_area_states_area_valid_from")),
    )


def _create_area_within() -> None:
    op.create_table(
        "area_within",
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("ancestor", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["ancestor"], ["areas.code"], name=op.f("fk_area_within_ancestor")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_area_within_area")),
        sa.PrimaryKeyConstraint("area", "ancestor", name=op.f("pk_area_within")),
    )
    op.create_index(op.f("ix_area_within_ancestor"), "area_within", ["ancestor"])


def _create_ceiling_ledger() -> None:
    op.create_table(
        "ceiling_ledger",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("unit_key", sa.String(48), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(32)),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('RESERVE', 'BEYOND', 'CONSUME', 'RELEASE')", name=op.f("ck_ceiling_ledger_kind")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_ceiling_ledger_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceiling_ledger")),
    )
    op.create_index(op.f("ix_ceiling_ledger_area_night"), "ceiling_ledger", ["area", "night"])
    op.create_index(op.f("ix_ceiling_ledger_unit_key"), "ceiling_ledger", ["unit_key"])


def _create_ceiling_nights() -> None:
    op.create_table(
        "ceiling_nights",
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_ceiling_nights_taken_not_negative")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_ceiling_nights_area")),
        sa.PrimaryKeyConstraint("area", "night", name=op.f("pk_ceiling_nights")),
    )


def _create_lodgings() -> None:
    op.create_table(
        "lodgings",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("address", sa.String(240), nullable=False),
        sa.Column("phone", sa.String(20)),
        sa.Column("cleared_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_lodgings_area")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_lodgings")),
    )
    op.create_index(op.f("ix_lodgings_area"), "lodgings", ["area"])


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(64)),
        sa.Column("post", sa.String(64)),
        sa.Column("contract_type", sa.String(16), nullable=False),
        sa.Column("contract_from", sa.Date()),
        sa.Column("contract_to", sa.Date()),
        sa.Column("duty_area", sa.String(32)),
        sa.Column("supervisor", sa.String(64)),
        sa.Column("grade", sa.String(16)),
        sa.Column("mobile", sa.String(20)),
        sa.Column("head_of_organisation", sa.Boolean(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["duty_area"], ["areas.code"], name=op.f("fk_people_duty_area")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_people_organisation")),
        sa.ForeignKeyConstraint(["supervisor"], ["people.code"], name=op.f("fk_people_supervisor")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_duty_area"), "people", ["duty_area"])
    op.create_index(op.f("ix_people_organisation"), "people", ["organisation"])


def _create_absences() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("substitute", sa.String(64)),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("valid_to", MOMENT, nullable=False),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_absences_period")),
        sa.CheckConstraint("substitute IS NULL OR substitute <> person", name=op.f("ck_absences_substitute_is_another")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_absences_person")),
        sa.ForeignKeyConstraint(["substitute"], ["people.code"], name=op.f("fk_absences_substitute")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_person"), "absences", ["person"])
    op.create_index(op.f("ix_absences_substitute"), "absences", ["substitute"])


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("login", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("signed_in_at", MOMENT),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_accounts_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
        sa.UniqueConstraint("person", name=op.f("uq_accounts_person")),
    )


def _create_delegations() -> None:
    op.create_table(
        "delegations",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("delegator", sa.String(64), nullable=False),
        sa.Column("delegate", sa.String(64)),
        sa.Column("delegate_role", sa.String(16)),
        sa.Column("authority", sa.String(24), nullable=False),
        sa.Column("area", sa.String(32)),
        sa.Column("organisation", sa.String(32)),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("valid_to", MOMENT),
        sa.Column("accepted_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("reason", sa.String(500)),
        sa.CheckConstraint("delegate IS NULL OR delegate <> delegator", name=op.f("ck_delegations_delegate_is_another")),
        sa.CheckConstraint("delegate IS NOT NULL OR delegate_role IS NOT NULL", name=op.f("ck_delegations_delegate_named")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_delegations_period")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_delegations_area")),
        sa.ForeignKeyConstraint(["delegate"], ["people.code"], name=op.f("fk_delegations_delegate")),
        sa.ForeignKeyConstraint(["delegator"], ["people.code"], name=op.f("fk_delegations_delegator")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_delegations_organisation")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_delegations")),
    )
    op.create_index(op.f("ix_delegations_area_role"), "delegations", ["area", "delegate_role"])


def _create_dependants() -> None:
    op.create_table(
        "dependants",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("sponsor", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("relation", sa.String(16), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        sa.Column("recognised_from", sa.Date(), nullable=False),
        sa.Column("recognised_to", sa.Date()),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_dependants_person")),
        sa.ForeignKeyConstraint(["sponsor"], ["people.code"], name=op.f("fk_dependants_sponsor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependants")),
        sa.UniqueConstraint("sponsor", "person", name=op.f("uq_dependants_sponsor_person")),
    )
    op.create_index(op.f("ix_dependants_person"), "dependants", ["person"])
    op.create_index(op.f("ix_dependants_sponsor"), "dependants", ["sponsor"])


def _create_family_links() -> None:
    op.create_table(
        "family_links",
        sa.Column("person_a", sa.String(64), nullable=False),
        sa.Column("person_b", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["person_a"], ["people.code"], name=op.f("fk_family_links_person_a")),
        sa.ForeignKeyConstraint(["person_b"], ["people.code"], name=op.f("fk_family_links_person_b")),
        sa.PrimaryKeyConstraint("person_a", "person_b", name=op.f("pk_family_links")),
    )
    op.create_index(op.f("ix_family_links_person_b"), "family_links", ["person_b"])


def _create_standing_orders() -> None:
    op.create_table(
        "standing_orders",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("signed_by", sa.String(64), nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("valid_to", MOMENT),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_standing_orders_area")),
        sa.ForeignKeyConstraint(["signed_by"], ["people.code"], name=op.f("fk_standing_orders_signed_by")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_standing_orders")),
    )
    op.create_index(op.f("ix_standing_orders_area"), "standing_orders", ["area"])


def _create_training_records() -> None:
    op.create_table(
        "training_records",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("course", sa.String(16), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("verified_by", sa.String(64)),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= issued_on", name=op.f("ck_training_records_period")),
        sa.ForeignKeyConstraint(["course"], ["training_courses.code"], name=op.f("fk_training_records_course")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_training_records_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_records")),
    )
    op.create_index(op.f("ix_training_records_person_course"), "training_records", ["person", "course"])


def _create_role_holdings() -> None:
    op.create_table(
        "role_holdings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("area", sa.String(32)),
        sa.Column("organisation", sa.String(32)),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("valid_to", MOMENT),
        sa.Column("capacity", sa.String(16), nullable=False),
        sa.Column("delegation_id", sa.String(32)),
        sa.Column("source", sa.String(120)),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_role_holdings_period")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_role_holdings_area")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegations.number"], name=op.f("fk_role_holdings_delegation_id")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_role_holdings_organisation")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_role_holdings_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_holdings")),
    )
    op.create_index(op.f("ix_role_holdings_person_role"), "role_holdings", ["person", "role"])
    op.create_index(op.f("ix_role_holdings_role_area"), "role_holdings", ["role", "area"])
