"""The register, its imports, sealed cards and guests.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.common.messaging_tables import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None

SCHEMA = "registry"


def _names(name: str) -> sa.Column[Any]:
    return sa.Column(name, ARRAY(sa.Text), nullable=False, server_default="{}")


def _person_column(**more: Any) -> sa.Column[Any]:
    return sa.Column("person", sa.Uuid, sa.ForeignKey("registry.person.id"), nullable=False, **more)


def upgrade() -> None:
    create_plumbing(op.get_bind(), SCHEMA)
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid, primary_key=True), sa.Column("kind", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False), sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("report", JSONB, nullable=False), sa.Column("refused_sealed", sa.LargeBinary),
        sa.Column("imported_by", sa.Text, nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        schema=SCHEMA,
    )
    op.create_table(
        "household",
        sa.Column("id", sa.Uuid, primary_key=True), sa.Column("number_sealed", sa.LargeBinary, nullable=False),
        sa.Column("number_index", sa.LargeBinary, nullable=False, unique=True), sa.Column("township", sa.Text, nullable=False),
        sa.Column("village", sa.Text, nullable=False), sa.Column("burden", sa.Integer, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("household", sa.Uuid, sa.ForeignKey("registry.household.id"), nullable=False, index=True),
        sa.Column("name_sealed", sa.LargeBinary, nullable=False), sa.Column("number_sealed", sa.LargeBinary, nullable=False),
        sa.Column("number_index", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("name_index", sa.LargeBinary, nullable=False, index=True),
        sa.Column("phone_sealed", sa.LargeBinary), sa.Column("household_phone_sealed", sa.LargeBinary),
        sa.Column("person_no_sealed", sa.LargeBinary), sa.Column("sex", sa.Text, nullable=False),
        sa.Column("birth_date", sa.Date, nullable=False), sa.Column("township", sa.Text, nullable=False),
        sa.Column("village", sa.Text, nullable=False), sa.Column("ethnic_group", sa.Text, nullable=False),
        sa.Column("kinship", sa.Text, nullable=False), sa.Column("education", sa.Text, nullable=False),
        sa.Column("pupil", sa.Text, nullable=False), sa.Column("ability", sa.Text, nullable=False), _names("health"),
        sa.Column("disability", sa.Text, nullable=False), sa.Column("political_status", sa.Text, nullable=False),
        sa.Column("work_employer", sa.Text, nullable=False), sa.Column("work_months", sa.SmallInteger, nullable=False),
        sa.Column("low_income", sa.Boolean, nullable=False), sa.Column("destitute", sa.Boolean, nullable=False),
        sa.Column("labourer", sa.Boolean, nullable=False), _names("reasons"), sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )
    op.create_index("person_township", "person", ["township", "id"], schema=SCHEMA)
    op.create_table(
        "situation",
        _person_column(primary_key=True), sa.Column("since", sa.Date, primary_key=True), sa.Column("work_place", sa.Text),
        sa.Column("channel", sa.Text), sa.Column("source", sa.Text, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "wish",
        sa.Column("id", sa.Uuid, primary_key=True), _person_column(), sa.Column("visited", sa.Date, nullable=False),
        sa.Column("facts", JSONB, nullable=False), sa.Column("partner", sa.Uuid), sa.Column("batch", sa.Uuid, nullable=False),
        sa.UniqueConstraint("person", "visited"),
        schema=SCHEMA,
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Uuid, primary_key=True), _person_column(index=True), sa.Column("batch", sa.Uuid),
        sa.Column("field", sa.Text, nullable=False), sa.Column("before_sealed", sa.LargeBinary, nullable=False),
        sa.Column("after_sealed", sa.LargeBinary, nullable=False), sa.Column("on", sa.Date, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "card",
        sa.Column("introduction", sa.Uuid, primary_key=True), _person_column(), sa.Column("city", sa.Text, nullable=False),
        sa.Column("consent_on", sa.Date, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "guest",
        sa.Column("id", sa.Uuid, primary_key=True), sa.Column("introduction", sa.Uuid, nullable=False, unique=True),
        sa.Column("county", sa.Text, nullable=False), sa.Column("vacancy", sa.Uuid, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary, nullable=False), sa.Column("number_sealed", sa.LargeBinary, nullable=False),
        sa.Column("number_index", sa.LargeBinary, nullable=False), sa.Column("phone_sealed", sa.LargeBinary),
        sa.Column("sex", sa.Text, nullable=False), sa.Column("birth_date", sa.Date, nullable=False),
        sa.Column("ethnic_group", sa.Text, nullable=False), sa.Column("education", sa.SmallInteger, nullable=False),
        sa.Column("occupation", sa.Text), sa.Column("experience", sa.SmallInteger, nullable=False), _names("certificates"),
        _names("groups"), sa.Column("burden", sa.SmallInteger, nullable=False), sa.Column("consent", sa.Text, nullable=False),
        sa.Column("consent_on", sa.Date, nullable=False), sa.Column("received_on", sa.Date, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "post",
        sa.Column("vacancy", sa.Uuid, primary_key=True), sa.Column("employer_uscc", sa.Text, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "statement",
        sa.Column("as_of", sa.Date, primary_key=True), sa.Column("rule", sa.Text, nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("statement", "post", "guest", "card", "change", "wish", "situation", "person", "household", "batch"):
        op.drop_table(table, schema=SCHEMA)
    drop_plumbing(op.get_bind(), SCHEMA)
