"""Alembic enters here; the history is this service's own."""

from libs.common.migrations import run

run()
