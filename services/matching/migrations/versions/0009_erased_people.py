"""People whom the register has forgotten: a mark, so that nothing late brings them back."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCHEMA = "matching"


def upgrade() -> None:
    op.create_table(
        "erased_people", sa.Column("person", sa.Uuid, primary_key=True), sa.Column("on", sa.Date, nullable=False), schema=SCHEMA
    )


def downgrade() -> None:
    op.drop_table("erased_people", schema=SCHEMA)
