"""What a workbook was narrowed to is said in words: every condition of every exported list, and every code that it may be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from libs.common.sheets.columns import ListSheet
from libs.common.sheets.conditions import LABELS, say_conditions
from services.registry.schemas.list_sheets import LABOURERS

CONTRACTS = Path(__file__).parents[2] / "contract" / "openapi"
MODULES = [f"services.{name}.schemas.list_sheets" for name in ("registry", "jobs", "matching", "retention")]
SHEETS = {
    sheet.title: sheet
    for module in [*MODULES, "services.registry.schemas.round_sheets"]
    for sheet in vars(import_module(module)).values()
    if isinstance(sheet, ListSheet)
}
# What the workbook does not say (a name may have been searched for), and what stands by itself above its rows.
ELSEWHERE = {"q", "as_of", "lang"}


def conditions() -> Iterator[tuple[ListSheet, str, list[str]]]:
    """The sheet, the name of the condition, and the codes that it may be."""
    for path in sorted(CONTRACTS.glob("*.json")):
        for address, verbs in json.loads(path.read_bytes())["paths"].items():
            title = verbs.get("get", {}).get("summary", "").partition("导出")[0]
            if address.endswith(".xlsx") and title in SHEETS:
                for each in verbs["get"].get("parameters", []):
                    if each["in"] == "query" and each["name"] not in ELSEWHERE:
                        yield SHEETS[title], each["name"], codes_in(each["schema"])


def codes_in(schema: dict[str, Any]) -> list[str]:
    return [code for one in [schema, *schema.get("anyOf", [])] for code in one.get("enum", [])]


CONDITIONS = [pytest.param(*each, id=f"{each[0].what}-{each[1]}") for each in conditions()]


@pytest.mark.parametrize(("sheet", "name", "codes"), CONDITIONS)
def test_a_condition_and_its_codes_have_words(sheet: ListSheet, name: str, codes: list[str]) -> None:
    assert name in LABELS
    said = [say_conditions(sheet, {name: code}) for code in codes]
    assert [each for each, code in zip(said, codes, strict=True) if code in each] == []


def test_conditions_are_read_as_people_say_them() -> None:
    asked = {
        "township": "花垣镇",
        "labourer": "true",
        "village": "",
        "household": "01890a5d-ac96-774b-bcce-b302099a8001",
    }
    assert say_conditions(LABOURERS, asked) == "乡镇：花垣镇；劳动力：是；户：选定的"
    assert say_conditions(SHEETS["介绍清单"], {"city": "440300"}) == "城市：深圳市"
