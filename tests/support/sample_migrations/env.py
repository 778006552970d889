"""Alembic's way in; see libs.common.migrations."""

from libs.common.migrations import run

run()
