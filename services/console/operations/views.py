"""Saved views: listed, kept under a name, dropped; each person's own."""

from __future__ import annotations

from uuid import UUID

from libs.common.database import Transaction, new_id
from services.console.rules.views import MOST_VIEWS, SavedView, TooManyViews, ViewUnknown, condition_in
from services.console.store import views as store


async def list_views(tx: Transaction, owner: str, page: str | None = None) -> list[SavedView]:
    return await store.list_views(tx, owner, page)


async def get_view(tx: Transaction, owner: str, id: UUID) -> SavedView:
    view = await store.find_view(tx, owner, id)
    if view is None:
        raise ViewUnknown("没有这个常用名单 There is no such saved view of yours.")
    return view


async def save_view(tx: Transaction, owner: str, page: str, name: str, query: str) -> SavedView:
    """A list's condition under a name; a name that is taken stands for the new condition."""
    if await store.count_views(tx, owner, page, but=name) >= MOST_VIEWS:
        raise TooManyViews(
            f"每个名单最多保存 {MOST_VIEWS} 个，请先删除不用的 Of each list {MOST_VIEWS} are kept: drop one that is not used."
        )
    return await store.upsert_view(tx, owner, SavedView(new_id(), page, name, condition_in(query)))


async def drop_view(tx: Transaction, owner: str, id: UUID) -> None:
    await get_view(tx, owner, id)
    await store.delete_view(tx, owner, id)
