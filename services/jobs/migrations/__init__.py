"""The history of jobs' own schema (Alembic)."""
