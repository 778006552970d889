"""Every list of the console leads to a workbook that its service gives, for whoever may see the list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.console.routes.excel import SHEETS

DOCUMENTS = Path(__file__).parents[2] / "contract" / "openapi"


@pytest.mark.parametrize("path", SHEETS)
def test_a_lists_page_has_the_workbook_of_its_service(path: str) -> None:
    _, address = SHEETS[path]
    document = json.loads((DOCUMENTS / f"{address.split('/')[1]}.json").read_text(encoding="utf-8"))
    assert f"{address}.xlsx" in document["paths"]
