"""The schema that all tables of matching belong to, with the plumbing's tables already in it."""

from __future__ import annotations

from sqlalchemy import MetaData

from libs.common.messaging_tables import plumbing

metadata = MetaData(schema="matching")
plumbing(metadata)
