"""Employers, vacancies, hires, imports and stated figures, with the plumbing of events."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.common.messaging_tables import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _words(name: str) -> "sa.Column[Any]":
    return sa.Column(name, ARRAY(sa.Text), nullable=False, server_default="{}")


def _text(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    create_plumbing(op.get_bind(), "jobs")
    op.create_table(
        "employers",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("uscc", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded_name", sa.Text, nullable=False),
        _text("district"), _text("industry"),
        sa.Column("staff", sa.Integer),
        sa.Column("designated", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("base", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("contact", sa.LargeBinary), sa.Column("phone", sa.LargeBinary),
        sa.Column("listed_on", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.UniqueConstraint("city", "uscc", name="employers_city_uscc"),
        schema="jobs",
    )
    op.create_index("employers_name", "employers", ["city", "folded_name"], schema="jobs")
    op.create_table(
        "vacancies",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("employer", sa.Uuid, sa.ForeignKey("jobs.employers.id")),
        sa.Column("employer_uscc", sa.Text),
        sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        _text("district"), _text("industry"), _text("shift"), _text("welfare"), _text("wage_text"),
        sa.Column("occupation", sa.Text),
        sa.Column("openings", sa.Integer, nullable=False),
        sa.Column("openings_left", sa.Integer, nullable=False),
        sa.Column("reserved", JSONB, nullable=False, server_default="{}"),
        sa.Column("wage", sa.Integer), sa.Column("wage_max", sa.Integer),
        sa.Column("wage_basis", sa.Text, nullable=False, server_default="month"),
        sa.Column("age_min", sa.SmallInteger), sa.Column("age_max", sa.SmallInteger),
        sa.Column("education_min", sa.SmallInteger, nullable=False, server_default="0"),
        _words("certificates"), _words("demands"), _words("accommodations"), _words("offers"), _words("insurances"),
        sa.Column("starts_by", sa.Date, nullable=False),
        sa.Column("experience_points", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("refills", sa.Boolean, nullable=False, server_default=sa.text("true")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reasons", JSONB, nullable=False, server_default="[]"),
        sa.Column("vetted_by", sa.Text), sa.Column("vetted_on", sa.Date),
        sa.Column("withdrawn_on", sa.Date), sa.Column("withdrawn_because", sa.Text),
        sa.Column("listed_on", sa.Date, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.UniqueConstraint("city", "fingerprint", name="vacancies_fingerprint"),
        schema="jobs",
    )
    op.create_index("vacancies_state", "vacancies", ["city", "state", "id"], schema="jobs")
    op.create_index("vacancies_employer", "vacancies", ["employer_uscc", "id"], schema="jobs")
    op.create_table(
        "hires",
        sa.Column("introduction", sa.Uuid, primary_key=True),
        sa.Column("vacancy", sa.Uuid, sa.ForeignKey("jobs.vacancies.id"), nullable=False),
        sa.Column("hired_on", sa.Date, nullable=False),
        sa.Column("freed_on", sa.Date),
        schema="jobs",
    )
    op.create_index("ix_jobs_hires_vacancy", "hires", ["vacancy"], schema="jobs")
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("report", JSONB, nullable=False),
        sa.Column("refused", sa.LargeBinary),
        schema="jobs",
    )
    op.create_table(
        "stated",
        sa.Column("division", sa.Text, primary_key=True),
        sa.Column("as_of", sa.Date, primary_key=True),
        schema="jobs",
    )


def downgrade() -> None:
    for table in ("stated", "imports", "hires", "vacancies", "employers"):
        op.drop_table(table, schema="jobs")
    drop_plumbing(op.get_bind(), "jobs")
