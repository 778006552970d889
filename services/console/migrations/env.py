"""Alembic's way into the console's history."""

from libs.common.migrations import run

run()
