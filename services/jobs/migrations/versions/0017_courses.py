"""Training places: courses of firms and schools, and the applications of counties for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SCHEMA = "jobs"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _words(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, ARRAY(sa.Text), nullable=False, server_default="{}")


def upgrade() -> None:
    _add_courses()
    op.create_index("courses_running", "courses", ["ends_on"], schema=SCHEMA, postgresql_where=sa.text("state IN ('open', 'closed')"))
    _add_admissions()
    op.create_index("admissions_course", "admissions", ["course", "state", "entered"], schema=SCHEMA)


def _add_courses() -> None:
    op.create_table(
        "courses",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("provider_uscc", sa.Text, nullable=False),
        sa.Column("provider_name", sa.Text, nullable=False),
        _text("licence"),
        sa.Column("employer", sa.Uuid, sa.ForeignKey("jobs.employers.id")),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("occupation", sa.Text),
        sa.Column("places", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Date, nullable=False) for name in ("starts_on", "ends_on", "apply_by")),
        *(sa.Column(name, sa.SmallInteger) for name in ("age_min", "age_max")),
        sa.Column("education_min", sa.SmallInteger, nullable=False, server_default="0"),
        _words("demands"),
        sa.Column("certificate", sa.Text),
        sa.Column("fee", sa.Integer, nullable=False, server_default="0"),
        _text("fee_note"),
        sa.Column("allowance", sa.Integer),
        _text("note"),
        sa.Column("vacancies", ARRAY(sa.Uuid), nullable=False, server_default="{}"),
        sa.Column("behind", sa.Integer),
        sa.Column("state", sa.Text, nullable=False, server_default="open"),
        sa.Column("closed_on", sa.Date),
        _text("closed_because"),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("listed_on", sa.Date, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False, server_default="0"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )


def _add_admissions() -> None:
    op.create_table(
        "admissions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("course", sa.Uuid, sa.ForeignKey("jobs.courses.id"), nullable=False),
        sa.Column("county", sa.Text, nullable=False),
        *(sa.Column(name, sa.SmallInteger, nullable=False) for name in ("age", "education")),
        _words("restrictions"),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("applied_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("changed_on", sa.Date, nullable=False),
        sa.Column("attended", sa.SmallInteger, nullable=False, server_default="0"),
        _text("certificate_number"),
        _text("certificate_level"),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False, server_default="0"),
        sa.Column("entered", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("admissions", schema=SCHEMA)
    op.drop_table("courses", schema=SCHEMA)
