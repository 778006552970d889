"""Runs retention's history of migrations against its own schema."""

from libs.common.migrations import run

run()
