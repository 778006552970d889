"""Data quality: what does not fit, of whom; the figures of each village; who is to be judged again, which triggers note."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SCHEMA = "registry"
_DUE = "INSERT INTO registry.quality_due"
_THEIRS = f"{_DUE} (household) SELECT DISTINCT p.household FROM written w JOIN registry.person p ON p.id = w.person;"
# People name their household, the old and the new one; what is said of a person names that person's. No id of a person stays.
_NOTED = {
    "person": f"{_DUE} (household) SELECT DISTINCT household FROM written;",
    "situation": _THEIRS,
    "wish": _THEIRS,
}
_TRIGGERS = {
    "insert": ("INSERT", "NEW TABLE AS written"),
    "update": ("UPDATE", "NEW TABLE AS written OLD TABLE AS before"),
    "delete": ("DELETE", "OLD TABLE AS written"),
}


def upgrade() -> None:
    _make_tables()
    for table, body in _NOTED.items():
        for when, (event, rows) in _TRIGGERS.items():
            said = body.replace("FROM written", _BOTH) if (table, when) == ("person", "update") else body
            name = f"registry.note_quality_{table}_{when}"
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {said} RETURN NULL; END $$"
            )
            op.execute(
                f"CREATE TRIGGER quality_{when} AFTER {event} ON registry.{table} REFERENCING {rows} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )


_BOTH = "FROM (SELECT household FROM written UNION SELECT household FROM before) AS both_sides"


def _make_tables() -> None:
    op.create_table(
        "quality_finding",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("household", sa.Uuid, nullable=False),
        *_place(),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("grounds", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="open"),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Text),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.UniqueConstraint("person", "rule", "field"),
        schema=SCHEMA,
    )
    _index("quality_finding", "state", "state", "id")
    _index("quality_finding", "rule", "rule", "state", "id")
    _index("quality_finding", "place", "township", "village", "state", "id")
    op.create_table(
        "quality_person",
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("household", sa.Uuid, nullable=False),
        *_place(),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("again_on", sa.Date),
        schema=SCHEMA,
    )
    op.create_index("ix_registry_quality_person_household", "quality_person", ["household"], schema=SCHEMA)
    turning = sa.text("again_on IS NOT NULL")
    op.create_index("quality_person_again", "quality_person", ["again_on"], schema=SCHEMA, postgresql_where=turning)
    op.create_table(
        "quality_phone",
        sa.Column("household", sa.Uuid, primary_key=True),
        sa.Column("token", sa.LargeBinary, primary_key=True),
        schema=SCHEMA,
    )
    _index("quality_phone", "token", "token", "household")
    op.create_table(
        "quality_figure",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("township", "village", "rule", "figure")),
        sa.Column("amount", sa.BigInteger, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "quality_due",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("household", sa.Uuid, nullable=False),
        schema=SCHEMA,
    )
    op.create_table("quality_version", sa.Column("version", sa.Text, primary_key=True), schema=SCHEMA)


def _place() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in ("township", "village")]


def _index(table: str, name: str, *columns: str) -> None:
    op.create_index(f"{table}_{name}", table, list(columns), schema=SCHEMA)


_TABLES = ("quality_version", "quality_due", "quality_figure", "quality_phone", "quality_person", "quality_finding")


def downgrade() -> None:
    for table in _NOTED:
        for when in _TRIGGERS:
            op.execute(f"DROP TRIGGER quality_{when} ON registry.{table}")
            op.execute(f"DROP FUNCTION registry.note_quality_{table}_{when}()")
    for name in _TABLES:
        op.drop_table(name, schema=SCHEMA)
