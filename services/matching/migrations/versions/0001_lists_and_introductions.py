"""The plumbing, the two lists, introductions and their steps."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.messaging_tables import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "matching"


def upgrade() -> None:
    create_plumbing(op.get_bind(), SCHEMA)
    _lists()
    _introductions()


def downgrade() -> None:
    for name in ("guests", "introduction_steps", "introductions", "changed_lists", "demand", "vacancies", "people"):
        op.drop_table(name, schema=SCHEMA)
    drop_plumbing(op.get_bind(), SCHEMA)


def _names(name: str, server_default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.ARRAY(sa.Text), nullable=False, server_default=server_default)


def _when(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)


def _lists() -> None:
    op.create_table(
        "people",
        sa.Column("person", sa.Uuid, primary_key=True), sa.Column("household", sa.Uuid, nullable=False),
        sa.Column("county", sa.Text, nullable=False), sa.Column("township", sa.Text, nullable=False),
        sa.Column("birth_date", sa.Date, nullable=False), sa.Column("education", sa.Integer, nullable=False),
        sa.Column("labourer", sa.Boolean, nullable=False), sa.Column("employed", sa.Boolean, nullable=False),
        sa.Column("work_place", sa.Text), _names("groups"), sa.Column("burden", sa.Integer, nullable=False),
        sa.Column("willing", sa.Boolean, nullable=False), sa.Column("wish", JSONB), sa.Column("recorded_on", sa.Date, nullable=False),
        schema=SCHEMA,
    )
    op.create_index(
        "people_seeking", "people", ["person"], schema=SCHEMA, postgresql_where=sa.text("labourer AND willing")
    )
    op.create_table(
        "vacancies",
        sa.Column("vacancy", sa.Uuid, primary_key=True), sa.Column("node", sa.Text, nullable=False), sa.Column("city", sa.Text, nullable=False),
        sa.Column("employer", sa.Uuid), sa.Column("employer_uscc", sa.Text), sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False), sa.Column("industry", sa.Text), sa.Column("occupation", sa.Text),
        sa.Column("openings", sa.Integer, nullable=False), sa.Column("openings_left", sa.Integer, nullable=False),
        sa.Column("reserved", JSONB, nullable=False), sa.Column("wage", sa.Integer, nullable=False), sa.Column("wage_max", sa.Integer),
        sa.Column("wage_basis", sa.Text, nullable=False), sa.Column("age_min", sa.Integer), sa.Column("age_max", sa.Integer),
        sa.Column("education_min", sa.Integer, nullable=False), _names("certificates"), _names("demands"), _names("accommodations"),
        sa.Column("starts_by", sa.Date, nullable=False), _names("offers"), sa.Column("experience_points", sa.Integer, nullable=False),
        sa.Column("announced_on", sa.Date, nullable=False), sa.Column("withdrawn_on", sa.Date), sa.Column("withdrawn_reason", sa.Text),
        schema=SCHEMA,
    )
    op.create_index("vacancies_city", "vacancies", ["city", "vacancy"], schema=SCHEMA)
    op.create_index("vacancies_employer", "vacancies", ["employer_uscc"], schema=SCHEMA)
    op.create_table(
        "demand",
        sa.Column("county", sa.Text, primary_key=True), sa.Column("as_of", sa.Date, nullable=False), sa.Column("people", sa.Integer, nullable=False),
        sa.Column("by_occupation", JSONB, nullable=False), sa.Column("by_wage", JSONB, nullable=False),
        sa.Column("by_destination", JSONB, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "changed_lists",
        sa.Column("change", sa.BigInteger, sa.Identity(), primary_key=True), sa.Column("list", sa.Text, nullable=False),
        schema=SCHEMA,
    )


def _introductions() -> None:
    op.create_table(
        "introductions",
        sa.Column("introduction", sa.Uuid, primary_key=True), sa.Column("county", sa.Text, nullable=False),
        sa.Column("city", sa.Text, nullable=False), sa.Column("vacancy", sa.Uuid, nullable=False), sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text), sa.Column("due", sa.Date), sa.Column("changed_on", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"), sa.Column("run", sa.Uuid), sa.Column("number", sa.Integer),
        sa.Column("pseudonym", sa.Text), sa.Column("priority", sa.Integer), sa.Column("weights", sa.Text),
        sa.Column("shared", sa.Integer, nullable=False, server_default="0"), _names("groups", server_default="{}"), sa.Column("seat", sa.Text),
        sa.Column("person", sa.Uuid), sa.Column("declared", JSONB), sa.Column("consent", sa.Text), sa.Column("consent_on", sa.Date),
        sa.Column("guest", sa.Uuid), sa.Column("wage", sa.Integer),
        schema=SCHEMA,
    )
    for column in ("vacancy", "run", "person"):
        op.create_index(f"introductions_{column}", "introductions", [column], schema=SCHEMA)
    op.create_index(
        "introductions_one_yes", "introductions", ["person"], unique=True, schema=SCHEMA,
        postgresql_where=sa.text("state IN ('agreed', 'introduced', 'hired', 'started')"),
    )
    op.create_table(
        "introduction_steps",
        sa.Column("introduction", sa.Uuid, sa.ForeignKey(f"{SCHEMA}.introductions.introduction"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True), sa.Column("state", sa.Text, nullable=False), sa.Column("reason", sa.Text),
        sa.Column("on", sa.Date, nullable=False), sa.Column("by", sa.Text, nullable=False), _when("recorded_at"),
        schema=SCHEMA,
    )
    op.create_table(
        "guests",
        sa.Column("introduction", sa.Uuid, primary_key=True), sa.Column("guest", sa.Uuid, nullable=False),
        sa.Column("county", sa.Text, nullable=False), sa.Column("birth_date", sa.Date, nullable=False),
        sa.Column("education", sa.Integer, nullable=False), sa.Column("occupation", sa.Text), sa.Column("experience", sa.Integer, nullable=False),
        _names("certificates"), _names("groups"), sa.Column("burden", sa.Integer, nullable=False), sa.Column("received_on", sa.Date, nullable=False),
        schema=SCHEMA,
    )
