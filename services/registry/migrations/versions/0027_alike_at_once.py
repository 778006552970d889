"""Who is perhaps the same person is looked for among entries that stand in the index at once: a list of what was put off was gone
through for each key, and 500 people of a file waited a second for it."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER INDEX registry.search_index_alike SET (fastupdate = off)")
    op.execute("SELECT gin_clean_pending_list('registry.search_index_alike')")


def downgrade() -> None:
    op.execute("ALTER INDEX registry.search_index_alike RESET (fastupdate)")
