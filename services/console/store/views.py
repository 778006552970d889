"""Saved views: whose they are, and which list's page they narrow."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.console.rules.views import SavedView
from services.console.tables import saved_view

_COLUMNS = (saved_view.c.id, saved_view.c.page, saved_view.c.name, saved_view.c.query)


async def list_views(tx: Transaction, owner: str, page: str | None) -> list[SavedView]:
    """Somebody's, of one list or of all, in the order of their names."""
    query = select(*_COLUMNS).where(saved_view.c.owner == owner).order_by(saved_view.c.page, saved_view.c.name)
    if page is not None:
        query = query.where(saved_view.c.page == page)
    return [SavedView(**row._asdict()) for row in await tx.execute(query)]


async def find_view(tx: Transaction, owner: str, id: UUID) -> SavedView | None:
    query = select(*_COLUMNS).where(saved_view.c.owner == owner, saved_view.c.id == id)
    row = (await tx.execute(query)).one_or_none()
    return SavedView(**row._asdict()) if row else None


async def count_views(tx: Transaction, owner: str, page: str, *, but: str) -> int:
    """How many there are of a list besides the one of this name."""
    mine = (saved_view.c.owner == owner, saved_view.c.page == page, saved_view.c.name != but)
    return int((await tx.execute(select(func.count()).where(*mine))).scalar_one())


async def upsert_view(tx: Transaction, owner: str, view: SavedView) -> SavedView:
    """Under a name that is taken the new condition replaces the old one."""
    written = insert(saved_view).values(owner=owner, **vars(view))
    saved = written.on_conflict_do_update(constraint="saved_view_name", set_={"query": view.query}).returning(*_COLUMNS)
    return SavedView(**(await tx.execute(saved)).one()._asdict())


async def delete_view(tx: Transaction, owner: str, id: UUID) -> None:
    await tx.execute(delete(saved_view).where(saved_view.c.owner == owner, saved_view.c.id == id))
