"""The page of an import under way: how many of how many rows, asked for again by htmx or by a link; how it ended, and what is in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from tests.support.console import ANSWERS, app_of, browser, open_console, sign_in
from tests.support.nodes import Nodes

NUMBER = UUID(int=21)
ADDRESS = f"/registry/v1/imports/{NUMBER}"
PROBLEM = {
    "title": "没有找到表头 No header row",
    "status": 422,
    "errors": [{"message": "请检查表头 Look at the header"}],
}


async def shown(nodes: Nodes, monkeypatch: pytest.MonkeyPatch, *said: Mapping[str, Any]) -> list[str]:
    context, pages = await open_console(nodes, "n433124"), []
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        for each in said:
            monkeypatch.setitem(ANSWERS, ADDRESS, {**ANSWERS[ADDRESS], **each})
            pages.append((await client.get(f"/imports/{NUMBER}")).text)
    return pages


async def test_the_bar_knows_the_number_of_rows_and_the_page_ends_by_itself(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = {"rows": 1234, "read": 1234, "judged": 1234, "stored": 500}
    writing, reading, failed, cancelled, done, trying, expired = await shown(
        nodes,
        monkeypatch,
        {"state": "writing", "progress": far},
        {"state": "reading", "progress": {"rows": None, "read": 0, "judged": 0, "stored": 0}},
        {"state": "failed", "progress": {**far, "stored": 0}, "problem": PROBLEM},
        {"state": "cancelled", "progress": far, "problem": None},
        {"state": "done", "progress": far},
        {"state": "trying", "progress": {**far, "judged": 0, "stored": 0}},
        {"state": "expired", "progress": {**far, "stored": 0}},
    )
    assert '<progress max="1234" value="500">' in writing
    assert "500 / 1,234 行" in writing
    assert f'hx-get="/imports/{NUMBER}"' in writing
    assert f'<a href="/imports/{NUMBER}">刷新</a>' in writing
    assert f'action="/imports/{NUMBER}/cancel"' in writing
    assert "确认撤回整批" not in writing
    assert "<progress>" in reading
    assert "没有找到表头" in failed
    assert "请检查表头" in failed
    assert "已取消；已存入 500 行" in cancelled
    assert '<progress max="1234" value="1234">' in trying
    assert "确认导入" not in trying
    assert "文件已删除" in expired
    assert all("<progress" not in page and "hx-trigger" not in page for page in (failed, cancelled, done, expired))
