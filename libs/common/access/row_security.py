"""The second layer (行级安全): policies and grants of the database, written from what was said beside each table.

A service's runtime role owns nothing and has no more than these grants; without a reach there is no row. Referential
integrity and the superuser's dumps are PostgreSQL's own business and pass.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, MetaData, Table, Text, case, cast, false, literal_column, true
from sqlalchemy.dialects.postgresql import asyncpg

from libs.common.access.reach import KINDS, Kind
from libs.common.access.rows import condition, rows_of

# As sub-selects, PostgreSQL looks at them once for a statement and not once for a row.
_KIND: ColumnElement[str] = literal_column("(SELECT current_setting('xieli.reach', true))", Text)
_WHOSE: ColumnElement[Any] = cast(
    literal_column("(SELECT string_to_array(current_setting('xieli.whose', true), chr(31)))"), ARRAY(Text)
)
_EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


def is_guarded(table: Table) -> bool:
    """Whether a table has a policy: all do but those that said why they need none."""
    rows = rows_of(table)
    return rows is None or not rows.published


def visible(table: Table) -> ColumnElement[bool]:
    """The rows of a table that the reach of the running transaction takes in, as the database itself judges."""
    kinds: dict[str, tuple[ColumnElement[bool], list[Kind]]] = {}
    for kind in KINDS:
        seen = condition(table, kind, _WHOSE, policies=True)
        if not seen.compare(false()):
            kinds.setdefault(_as_text(seen), (seen, []))[1].append(kind)
    return case(*((_KIND.in_(alike), seen) for seen, alike in kinds.values()), else_=false())


def statements(metadata: MetaData, role: str) -> str:
    """What the owner runs once: grants for the runtime role, and a policy for every table that needs one."""
    lines = [f"GRANT USAGE ON SCHEMA {role} TO {role};"]
    for table in metadata.sorted_tables:
        name = f"{table.schema}.{table.name}"
        rights = "SELECT, INSERT" if table.info.get("append_only") else _EVERYTHING
        lines += [f"REVOKE ALL ON {name} FROM {role};", f"GRANT {rights} ON {name} TO {role};"]
        lines += _guard(table, name) if is_guarded(table) else [f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY;"]
    return "\n".join(lines)


def lift(schema: str) -> str:
    """Takes the policies off while a migration, which is one transaction, changes the tables below them; they come back with its end."""
    return f"""
    DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_policies WHERE schemaname = '{schema}' AND policyname = 'reach' LOOP
        EXECUTE 'DROP POLICY reach ON ' || name;
        EXECUTE 'ALTER TABLE ' || name || ' DISABLE ROW LEVEL SECURITY';
      END LOOP;
      COMMENT ON SCHEMA {schema} IS NULL;
    END $$"""


def digest_of(sql: str) -> str:
    """Kept as the schema's comment, so that a start with nothing new locks no table."""
    return f"row security {sha256(sql.encode()).hexdigest()[:32]}"


def _guard(table: Table, name: str) -> list[str]:
    seen = _as_text(visible(table))
    rows = rows_of(table)
    written = _as_text(true()) if rows and rows.written_freely else seen
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;",
        f"DROP POLICY IF EXISTS reach ON {name};",
        f"CREATE POLICY reach ON {name} USING ({seen}) WITH CHECK ({written});",
    ]


def _as_text(expression: ColumnElement[bool]) -> str:
    return str(expression.compile(dialect=asyncpg.dialect(), compile_kwargs={"literal_binds": True}))  # type: ignore[no-untyped-call]
