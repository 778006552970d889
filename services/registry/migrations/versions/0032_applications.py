"""Counties apply for training places: courses heard of, applications with their consent, students among the guests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _names(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, ARRAY(sa.Text), nullable=False, server_default="{}")


def upgrade() -> None:
    op.add_column("guest", sa.Column("course", sa.Uuid), schema=SCHEMA)
    _add_courses()
    op.create_index("course_open", "course", ["apply_by", "id"], schema=SCHEMA, postgresql_where=sa.text("state = 'open'"))
    _add_applications()
    for column in ("course", "person"):
        op.create_index(f"ix_registry_application_{column}", "application", [column], schema=SCHEMA)


def _add_courses() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Uuid, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("city", "provider_uscc", "provider_name", "title", "kind")),
        sa.Column("occupation", sa.Text),
        sa.Column("vacancies", ARRAY(sa.Uuid), nullable=False, server_default="{}"),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("places", "places_left")),
        *(sa.Column(name, sa.Date, nullable=False) for name in ("apply_by", "starts_on", "ends_on")),
        *(sa.Column(name, sa.SmallInteger) for name in ("age_min", "age_max")),
        sa.Column("education_min", sa.SmallInteger, nullable=False),
        _names("demands"),
        sa.Column("certificate", sa.Text),
        sa.Column("fee", sa.Integer, nullable=False),
        _text("fee_note"),
        sa.Column("allowance", sa.Integer),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("told_on", sa.Date, nullable=False),
        schema=SCHEMA,
    )


def _add_applications() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("course", sa.Uuid, sa.ForeignKey("registry.course.id"), nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("person", sa.Uuid, sa.ForeignKey("registry.person.id"), nullable=False),
        *(sa.Column(name, sa.SmallInteger, nullable=False) for name in ("age", "education")),
        _names("restrictions"),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("consent_on", sa.Date, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("consented_by", "recorded_by")),
        sa.Column("applied_on", sa.Date, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("told", sa.Text),
        sa.Column("told_turn", sa.Integer, nullable=False, server_default="0"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("changed_on", sa.Date, nullable=False),
        sa.Column("attended", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("certificate", sa.Text),
        _text("certificate_number"),
        _text("certificate_level"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("application", schema=SCHEMA)
    op.drop_table("course", schema=SCHEMA)
    op.drop_column("guest", "course", schema=SCHEMA)
